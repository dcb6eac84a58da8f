/** evaluate: scores a value by rules, schemas, patterns and lengths. Nothing goes outside; conditions are judged in the pool. */
import type { Json } from '@hub/dag/planner';

import type { Warning } from '../../ports.ts';
import { isObject, own } from '../../values/json.ts';
import type { OutwardInput, OutwardStep } from '../outward-step.ts';
import { judge, type Verdict } from './scorers.ts';

/** Handed on as they stand: patterns, schemas and conditions are not text to be filled. */
const literalFields = ['schema', 'pattern', 'when', 'name', 'type', 'of'];

export const evaluate: OutwardStep = {
  toFill: (config) => {
    const scorers = Array.isArray(config['scorers']) ? config['scorers'] : [];
    return {
      value: { value: config['value'] ?? null, scorers },
      literal: scorers.flatMap((_, at) => literalFields.map((name) => `/scorers/${at}/${name}`)),
    };
  },
  seesData: true,
  isIdempotent: () => true,
  run: async (input) => {
    const { filled, node } = input;
    const scorers = own(filled, 'scorers');
    const common = own(filled, 'value') ?? null;
    const scores: (Verdict & { name: string; type: string; weight: number })[] = [];
    const warnings: Warning[] = [];
    for (const scorer of Array.isArray(scorers) ? scorers : []) {
      const type = String(own(scorer, 'type'));
      const weight = own(scorer, 'weight');
      const verdict = type === 'rule' ? await rule(input, own(scorer, 'when') ?? null, warnings) : judge(scorer, own(scorer, 'value') ?? common);
      scores.push({ name: String(own(scorer, 'name') ?? type), type, weight: typeof weight === 'number' ? weight : 1, ...verdict });
    }
    const total = scores.reduce((sum, { weight }) => sum + weight, 0);
    // Weights of 0 only: nothing was asked, so nothing is wanting.
    const score = total === 0 ? 1 : rounded(scores.reduce((sum, one) => sum + one.score * one.weight, 0) / total);
    const gate = node.config['gate'];
    const minScore = isObject(gate) ? Number(own(gate, 'minScore')) : 1;
    const passed = score >= minScore;
    return { outputText: JSON.stringify({ score, passed, scores }), port: isObject(gate) && !passed ? 'failed' : 'out', warnings };
  },
};

/** 0.1 + 0.2 must pass a gate of 0.3. */
const rounded = (score: number): number => Math.round(score * 1e9) / 1e9;

async function rule({ deps, data, node, signal }: OutwardInput, when: Json, found: Warning[]): Promise<Verdict> {
  const { holds, warnings } = await deps.pool.run({ kind: 'condition', data, strict: node.strict, text: JSON.stringify(when) }, { signal });
  found.push(...warnings);
  return { score: holds ? 1 : 0, reason: holds ? null : 'The condition does not hold' };
}
