/** The words an expression may start with, and the limits it is held to (03, Expressions). */

/** Names at the top of an expression's data. Anything else reads as missing. */
export const expressionNames = ['input', 'nodes', 'item', 'index', 'iteration', 'previous', 'loops', 'run', 'workflow', 'trigger', 'vars'] as const;
export type ExpressionName = (typeof expressionNames)[number];

/** Keys that read as missing in every path, own or inherited (05, rule 28). */
export const hiddenKeys: ReadonlySet<string> = new Set(['constructor', 'prototype', '__proto__']);

export const limits = {
  /** Text of one expression. */
  expressionBytes: 10 * 1024,
  /** Text of one `code` source. */
  codeBytes: 256 * 1024,
  /** JSON text of one value, in or out of an evaluation. */
  valueBytes: 32 * 1024 * 1024,
  /** Processor time of one evaluation, and of a whole fused group. */
  expressionMs: 2_000,
  /** Wall time of it, however busy the machine is. */
  expressionMostMs: 6_000,
  /** Wall time of one `code` step where the step sets none. */
  codeMs: 10_000,
} as const;

export function isExpressionName(name: string): name is ExpressionName {
  return (expressionNames as readonly string[]).includes(name);
}
