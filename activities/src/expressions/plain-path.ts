/**
 * Our own reader for plain paths, `name(.name|[n])*`: most templates are one, and they need no engine. It gives exactly what JSONata gives
 * (a property test holds the two equal) or says `engine`, where a name meets an array or an index meets something else.
 */
import { hiddenKeys, isExpressionName } from './names.ts';

export type PathStep = string | number;

/** JSONata reads these as operators or literals, not as names. */
const words = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);
const stepPattern = /\.([A-Za-z_][A-Za-z0-9_]*)|\[(0|[1-9][0-9]{0,8})\]/y;
const headPattern = /^\s*([a-z]+)/;

/** The steps of a plain path whose first name is one of ours; null for every other expression. */
export function parsePlainPath(expression: string): PathStep[] | null {
  const head = headPattern.exec(expression);
  if (head?.[1] === undefined || !isExpressionName(head[1])) return null;
  const text = expression.trimEnd();
  const steps: PathStep[] = [head[1]];
  let at = head[0].length;
  while (at < text.length) {
    stepPattern.lastIndex = at;
    const step = stepPattern.exec(text);
    if (step === null) return null;
    const name = step[1];
    if (name !== undefined && words.has(name)) return null;
    steps.push(name ?? Number(step[2]));
    at = stepPattern.lastIndex;
  }
  return steps;
}

/** What a plain path gives: a value, nothing, or "ask JSONata". */
export type PathAnswer = { kind: 'value'; value: unknown } | { kind: 'missing' } | { kind: 'engine' };

const missing: PathAnswer = { kind: 'missing' };
const engine: PathAnswer = { kind: 'engine' };

/** Reads own properties only. `root` is an object with the expression names. */
export function readPlainPath(root: unknown, steps: readonly PathStep[]): PathAnswer {
  let value = root;
  for (const step of steps) {
    if (typeof step === 'number') {
      if (!Array.isArray(value)) return engine;
      if (step >= value.length) return missing;
      value = value[step] as unknown;
    } else {
      if (Array.isArray(value)) return engine;
      if (typeof value !== 'object' || value === null || hiddenKeys.has(step) || !Object.hasOwn(value, step)) return missing;
      if (isMarked(value)) return engine;
      value = (value as Record<string, unknown>)[step];
      if (value === undefined) return missing;
    }
  }
  return { kind: 'value', value };
}

/** JSONata takes an object with one of these for a function. */
function isMarked(value: object): boolean {
  return Object.hasOwn(value, '_jsonata_function') || Object.hasOwn(value, '_jsonata_lambda');
}
