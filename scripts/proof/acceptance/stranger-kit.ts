/** Short hand of the third reader's cases. */
import type { RunCase } from './cases.ts';
import type { Part } from './unseen-kit.ts';

export const done = (
  name: string,
  definition: object,
  output: Record<string, unknown>,
  more: Partial<RunCase['expect']> = {},
  input: unknown = {},
): RunCase => ({
  name: `stranger: ${name}`,
  definition,
  input,
  expect: { status: 'completed', output, ...more },
});
export const fails = (
  name: string,
  definition: object,
  error: RunCase['expect']['error'],
  more: Partial<RunCase['expect']> = {},
  input: unknown = {},
): RunCase => ({
  name: `stranger: ${name}`,
  definition,
  input,
  expect: { status: 'failed', ...(error === undefined ? {} : { error }), ...more },
});
/** Stands for the far end, whose address is known late. */
export const stub = 'http://far-end.invalid';
export const once = { retry: { maxAttempts: 1 } };
export const off = { disabled: true };
export const on = (mode: string, value?: unknown): Part => ({ onError: { mode, ...(value === undefined ? {} : { value }) } });
