/** What one file may hold (05, rule 30). Values between steps are capped at 32 MB; the rest keeps memory flat while reading. */
export const fileLimits = {
  maxFileBytes: 50 * 1_048_576,
  maxRows: 100_000,
  maxColumns: 1_000,
  maxCellChars: 1_000_000,
  maxHeaderChars: 200,
  maxOutputChars: 32 * 1_048_576,
  maxDepth: 64,
} as const;

/** Names no object of ours may carry (05, rule 28). */
export const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
