/** Short hand of the unseen cases. */
import { graph, node, out, type RunCase } from './cases.ts';

export type Part = Record<string, unknown>;
/** Completes with this output. */
export const done = (
  name: string,
  definition: Part,
  output: Record<string, unknown>,
  input: unknown = {},
  more: Partial<RunCase['expect']> = {},
): RunCase => ({
  name: `unseen: ${name}`,
  definition,
  input,
  expect: { status: 'completed', output, ...more },
});
/** One template and what it comes to. */
export const value = (name: string, text: unknown, wanted: unknown, input: unknown = {}): RunCase =>
  done(name, graph([out('v', text)]), { v: wanted }, input);
export const loop = (id: string, config: Part, more: Part = {}): Part => node(id, 'loop', config, more);
/** The loop `l` over items. */
export const each = (items: unknown, more: Part = {}): Part => loop('l', { mode: 'for_each', items, ...more });
export const inL = { parent: 'l' };
