/**
 * Compiled JSONata, kept by text. Runs only inside the pool's children and, for the plain reads it never sees, nowhere else.
 * `constructor`, `prototype`, `__proto__` are taken out of the tree and out of `$lookup`; `$eval` is off; built-in functions are frozen,
 * because `~> |$sum|{"implementation": …}|` could otherwise change them for every later evaluation in the process.
 */
import jsonata from 'jsonata';

import { UserError } from '@hub/kit/errors';

import { allowedWallMs } from './clock.ts';
import { hiddenKeys, limits } from './names.ts';
import { isLonger } from '../values/json.ts';
import { astFacts } from './reads.ts';
import type { AstNode } from './reads.ts';

export interface Compiled {
  evaluate(root: object): Promise<unknown>;
  /** It changes values in place, so it needs a copy of its own. */
  mutates: boolean;
}

/** Depth of nested evaluation; deeper ends with JSONata's D1011. */
const maxDepth = 1_500;
const maxCached = 500;
const cache = new Map<string, Compiled>();
/** JSONata's own guard; the pool's kill comes a little later and ends what the guard cannot see. */
const options = Object.freeze({
  get timeout() {
    return allowedWallMs();
  },
  stack: maxDepth,
});
const hidden = Symbol('hidden');

/** Throws UserError `expression.syntax` | `expression.too-long` | `expression.bracket-string` | `expression.eval` | `expression.too-deep`. */
export function compile(text: string): Compiled {
  const known = cache.get(text);
  if (known !== undefined) {
    cache.delete(text);
    cache.set(text, known);
    return known;
  }
  const made = build(text);
  if (cache.size >= maxCached) cache.delete(cache.keys().next().value ?? '');
  cache.set(text, made);
  return made;
}

function build(text: string): Compiled {
  if (isLonger(text, limits.expressionBytes))
    throw new UserError('expression.too-long', `An expression is at most ${limits.expressionBytes} bytes of text`);
  const { expression, facts } = parsed(text);
  if (facts.fault !== null) throw new UserError(facts.fault.code, facts.fault.message);
  expression.registerFunction('eval', () => {
    throw new UserError('expression.eval', '$eval is not available in expressions');
  });
  expression.registerFunction('lookup', safeLookup, '<x-s:x>');
  return { mutates: facts.mutates, evaluate: async (root) => await (expression.evaluate(root) as Promise<unknown>) };
}

function parsed(text: string): { expression: jsonata.Expression; facts: ReturnType<typeof astFacts> } {
  try {
    const expression = jsonata(text, options);
    const tree = expression.ast() as AstNode;
    const facts = astFacts(tree);
    hideNames(tree);
    return { expression, facts };
  } catch (error) {
    if (error instanceof RangeError) throw new UserError('expression.too-deep', 'The expression is nested too deeply', { cause: error });
    const { message, position } = error as { message?: unknown; position?: unknown };
    throw new UserError('expression.syntax', `${String(message)} (at ${String(position ?? 0)}) in ${shorten(text)}`);
  }
}

/** A name that reads as missing is replaced by a symbol, which no data has. */
function hideNames(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const part of node) hideNames(part);
    return;
  }
  const { type, value } = node as { type?: unknown; value?: unknown };
  if (type === 'name' && typeof value === 'string' && hiddenKeys.has(value)) (node as { value: unknown }).value = hidden;
  for (const part of Object.values(node)) hideNames(part);
}

interface Focus {
  createSequence(): unknown[];
}

/** JSONata's `$lookup`, but the hidden keys are missing. */
function safeLookup(this: unknown, input: unknown, key: string): unknown {
  if (hiddenKeys.has(key)) return undefined;
  if (Array.isArray(input)) {
    const found = (this as Focus).createSequence();
    for (const element of input as unknown[]) {
      const value = safeLookup.call(this, element, key);
      if (Array.isArray(value)) for (const part of value as unknown[]) found.push(part);
      else if (value !== undefined) found.push(value);
    }
    return found;
  }
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, key) || '_jsonata_lambda' in input || '_jsonata_function' in input)
    return undefined;
  return (input as Record<string, unknown>)[key];
}

interface Environment {
  lookup(name: string): unknown;
}

/** Locks every built-in. To be called once, before the first evaluation of something foreign. */
export async function lockBuiltins(): Promise<void> {
  const probe = jsonata('$probe()');
  probe.registerFunction('probe', function (this: { environment: Environment }) {
    for (const name of builtins) lockFunction(this.environment.lookup(name));
    return null;
  });
  await probe.evaluate({});
}

/** JSONata notes `token` and `position` on the function it calls, for messages; everything else is read-only from here on. */
function lockFunction(definition: unknown): void {
  if (typeof definition !== 'object' || definition === null || Object.isFrozen(definition)) return;
  const nothing = (): void => undefined;
  for (const note of ['token', 'position'])
    Object.defineProperty(definition, note, { get: nothing, set: nothing, enumerable: false, configurable: false });
  deepFreeze(definition);
}

function deepFreeze(value: unknown): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
}

/** Every function of JSONata 2.2.2; a test compares this with what the engine has. */
export const builtins = [
  'sum',
  'count',
  'max',
  'min',
  'average',
  'string',
  'substring',
  'substringBefore',
  'substringAfter',
  'lowercase',
  'uppercase',
  'length',
  'trim',
  'pad',
  'match',
  'contains',
  'replace',
  'split',
  'join',
  'formatNumber',
  'formatBase',
  'formatInteger',
  'parseInteger',
  'number',
  'floor',
  'ceil',
  'round',
  'abs',
  'sqrt',
  'power',
  'random',
  'boolean',
  'not',
  'map',
  'zip',
  'filter',
  'single',
  'reduce',
  'sift',
  'keys',
  'lookup',
  'append',
  'exists',
  'spread',
  'merge',
  'reverse',
  'each',
  'error',
  'assert',
  'type',
  'sort',
  'shuffle',
  'distinct',
  'base64encode',
  'base64decode',
  'encodeUrlComponent',
  'encodeUrl',
  'decodeUrlComponent',
  'decodeUrl',
  'eval',
  'toMillis',
  'fromMillis',
  'clone',
  'now',
  'millis',
] as const;

export function shorten(text: string, most = 80): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
