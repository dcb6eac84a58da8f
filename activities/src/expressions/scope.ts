/** One evaluation place: data, strictness, and the warnings that end up on the step. */
import { UserError } from '@hub/kit/errors';

import type { Warning } from '../ports.ts';
import { compile, shorten } from './compile.ts';
import type { Compiled } from './compile.ts';
import type { DataContext } from './context.ts';
import type { ExpressionName } from './names.ts';
import { parsePlainPath, readPlainPath } from './plain-path.ts';
import type { PathStep } from './plain-path.ts';
import { throughJson } from '../values/json.ts';

/** Evaluates one expression, already known not to be answerable by our own reader. */
export type Engine = (text: string) => Compiled;

export class Scope {
  readonly warnings: Warning[] = [];
  readonly #data: DataContext;
  readonly #strict: boolean;
  readonly #engine: Engine;

  constructor(data: DataContext, settings: { strict: boolean; engine?: Engine }) {
    this.#data = data;
    this.#strict = settings.strict;
    this.#engine = settings.engine ?? compile;
  }

  /**
   * The JSON value of an expression; undefined where there is none. `item` values stand in for names of the context.
   * Throws UserError: what JSONata says, or `expression.not-json`.
   */
  async evaluate(text: string, item?: Partial<Record<ExpressionName, unknown>>): Promise<unknown> {
    const root = item === undefined ? this.#data.shared() : this.#data.with(item);
    const steps = plainPath(text);
    if (steps !== null) {
      const answer = readPlainPath(root, steps);
      if (answer.kind === 'value') return answer.value;
      if (answer.kind === 'missing') return undefined;
    }
    const compiled = this.#engine(text);
    const result = await this.#run(text, compiled, compiled.mutates ? this.#own(item) : root);
    return result === undefined ? undefined : throughJson(result, shorten(text));
  }

  /** Like `evaluate`; a missing result is null, with a warning or, under `strict`, an error. */
  async required(text: string, item?: Partial<Record<ExpressionName, unknown>>): Promise<unknown> {
    const value = await this.evaluate(text, item);
    if (value !== undefined) return value;
    this.missing(text);
    return null;
  }

  missing(text: string): void {
    const message = `${shorten(text)} gives nothing`;
    if (this.#strict) throw new UserError('expression.missing', message);
    this.warn('expression.missing', message);
  }

  /** At most 50 different warnings are kept. */
  warn(code: string, message: string): void {
    if (this.warnings.length < 50 && !this.warnings.some((known) => known.code === code && known.message === message))
      this.warnings.push({ code, message });
  }

  #own(item: Partial<Record<ExpressionName, unknown>> | undefined): object {
    const root = this.#data.fresh();
    for (const [name, value] of Object.entries(item ?? {})) root[name] = structuredClone(value);
    return root;
  }

  async #run(text: string, compiled: Compiled, root: object): Promise<unknown> {
    try {
      return await compiled.evaluate(root);
    } catch (error) {
      this.#data.dropShared();
      throw evaluationError(error, text);
    }
  }
}

const paths = new Map<string, PathStep[] | null>();

function plainPath(text: string): PathStep[] | null {
  const known = paths.get(text);
  if (known !== undefined) return known;
  const steps = parsePlainPath(text);
  if (paths.size >= 2_000) paths.clear();
  paths.set(text, steps);
  return steps;
}

/** JSONata throws plain objects; they must not cross a process that way. */
function evaluationError(error: unknown, text: string): Error {
  if (error instanceof UserError) return error;
  if (error instanceof RangeError)
    return new UserError('expression.too-deep', `${shorten(text)} is nested or recurses too deeply, or makes a text that is too long`, {
      cause: error,
    });
  const { code, message, position } = error as { code?: unknown; message?: unknown; position?: unknown };
  if (code === 'D1012') return new UserError('expression.timeout', `${shorten(text)} ran longer than 2 s`);
  if (code === 'D1011') return new UserError('expression.too-deep', `${shorten(text)} recurses too deeply: write the recursion as a tail call`);
  const said = typeof message === 'string' && message !== '' ? message : 'The expression failed';
  return new UserError('expression.failed', `${said}${typeof position === 'number' ? ` (at ${position})` : ''} in ${shorten(text)}`, {
    details: { jsonata: typeof code === 'string' ? code : null },
  });
}
