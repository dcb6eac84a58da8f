/** The sizes a definition may have. Save refuses `bytes`, `depth` and texts no database can hold; publish refuses the rest. */
export const limits = {
  /** UTF-8 bytes of the definition's JSON. */
  bytes: 1_000_000,
  /** Nesting of arrays and objects in the definition. */
  depth: 64,
  nodes: 500,
  edges: 2_000,
  triggers: 20,
  /** Loops inside loops. */
  loopDepth: 5,
  labelChars: 200,
  notesChars: 10_000,
  /** `name` of an output, a template's field and the like. */
  nameChars: 200,
  switchCases: 50,
  concurrency: 100,
  loopIterations: 10_000,
  maxParallel: 500,
  maxAttempts: 100,
  /** Longest wait between two attempts and longest limit of one attempt. */
  retryMs: 86_400_000,
  stepTimeoutMs: 86_400_000,
  /** Longest limit of a run or loop: a year. */
  runTimeoutMs: 31_536_000_000,
  /** Longest wait of a step; a run lives at most a year. */
  waitMs: 31_104_000_000,
  /** JSON of a compiled plan (04, A1). */
  planBytes: 128 * 1024,
  /** Nodes of one fused group (02). */
  groupNodes: 20,
} as const;

/** Node and trigger ids (03). */
export const idPattern = /^[a-z][a-z0-9_]{0,62}$/;
const refusedIds = new Set(['true', 'false', 'null', 'constructor', 'prototype']);

/** True for an id that may name a node, trigger or port. */
export function isId(text: string): boolean {
  return idPattern.test(text) && !refusedIds.has(text);
}
