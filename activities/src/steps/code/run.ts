/** code: the body of `async (ctx) => …` in QuickJS, inside a child of the expression pool. Nothing in it is filled. */
import { limits } from '../../expressions/names.ts';
import { usesOf } from '../../platform/uses.ts';
import type { OutwardStep } from '../outward-step.ts';

export const code: OutwardStep = {
  toFill: () => ({ value: null, literal: [] }),
  uses: (node) => usesOf(node, 'code', node.config['source'] ?? ''),
  seesData: true,
  isIdempotent: () => true,
  run: async ({ node, data, signal, timeoutMs, deps }) => {
    const limitMs = Math.min(timeoutMs > 0 ? timeoutMs : limits.codeMs, limits.codeMs);
    const job = { kind: 'code', data, source: String(node.config['source']), timeoutMs: limitMs } as const;
    const { valueText, warnings } = await deps.pool.run(job, { timeoutMs: limitMs, signal });
    return { outputText: valueText, port: 'out', warnings };
  },
};
