import type { Json } from '@hub/dag/planner';
import { afterAll, describe, expect, it } from 'vitest';

import { at, closeWorlds, makeWorld } from '../../testing/activity-world.ts';

afterAll(closeWorlds);

async function score(config: Record<string, Json>, input: Json = { text: 'Thank you all', n: 3, list: [1, 2] }) {
  const made = makeWorld(
    { schemaVersion: 1, nodes: [{ id: 'e', type: 'evaluate', config }], edges: [] },
    { facts: { inputText: JSON.stringify(input) } },
  );
  const result = await made.activities.runStep({
    ...at,
    nodeId: 'e',
    path: 'e',
    frames: [],
    reads: [],
    rows: [],
    sources: [],
    type: 'evaluate',
    maxAttempts: 1,
    retry: null,
    timeoutMs: 5_000,
    idempotent: true,
  });
  const output = JSON.parse(made.runs.last('e')?.end?.outputText ?? 'null') as {
    score: number;
    passed: boolean;
    scores: { score: number; reason: string | null; name: string }[];
  };
  return { port: result.port, ...output };
}
const one = async (scorer: Record<string, Json>, value: Json = '{{ input.text }}') =>
  (await score({ value, scorers: [scorer as Json] })).scores[0]?.score;

describe('evaluate', () => {
  it('weighs its scorers and takes the port failed below the gate', async () => {
    const scorers: Json = [
      { type: 'length', max: 20, weight: 3 },
      { type: 'regex', pattern: 'sorry', name: 'apology' },
    ];
    expect(await score({ value: '{{ input.text }}', scorers, gate: { minScore: 0.75 } })).toMatchObject({ port: 'out', score: 0.75, passed: true });
    const low = await score({ value: '{{ input.text }}', scorers, gate: { minScore: 0.76 } });
    expect(low).toMatchObject({ port: 'failed', score: 0.75, passed: false });
    expect(low.scores[1]).toEqual({ name: 'apology', type: 'regex', weight: 1, score: 0, reason: 'The pattern is not found' });
    expect(await score({ value: '{{ input.text }}', scorers })).toMatchObject({ port: 'out', passed: false });
  });

  it('adds weights without the errors of binary fractions', async () => {
    const scorers = [0.1, 0.2, 0.7].map((weight, at): Json => ({ type: 'length', [at < 2 ? 'max' : 'min']: 1000, weight }));
    expect(await score({ value: 'x', scorers, gate: { minScore: 0.3 } })).toMatchObject({ score: 0.3, passed: true });
  });

  it('judges rules with the operators and expressions of conditions', async () => {
    expect(await one({ type: 'rule', when: { left: '{{ input.n }}', op: 'gte', right: 3 } })).toBe(1);
    expect(await one({ type: 'rule', when: { expression: '$sum(input.list) > 3' } })).toBe(0);
    expect(
      await one({
        type: 'rule',
        when: { all: [{ left: '{{ input.text }}', op: 'contains', right: 'you' }, { not: { left: 1, op: 'eq', right: 2 } }] },
      }),
    ).toBe(1);
  });

  it('judges schemas, patterns by RE2, and lengths of text, words and lists', async () => {
    expect(await one({ type: 'schema', schema: { type: 'string', maxLength: 5 } })).toBe(0);
    expect(await one({ type: 'schema', schema: { type: 'number' }, value: '{{ input.n }}' })).toBe(1);
    expect(await one({ type: 'regex', pattern: '(?i)THANK' })).toBe(1);
    expect(await one({ type: 'regex', pattern: '(?i)THANK', absent: true })).toBe(0);
    expect(await one({ type: 'regex', pattern: '^(a+)+$', value: `${'a'.repeat(50_000)}!` })).toBe(0);
    expect(await one({ type: 'length', of: 'words', min: 3, max: 3 })).toBe(1);
    expect(await one({ type: 'length', max: 1, value: '{{ input.list }}' })).toBe(0);
    expect(await one({ type: 'length', of: 'characters', max: 1, value: '👍' })).toBe(1);
  });

  it('does not fill patterns and schemas', async () => {
    expect(await one({ type: 'regex', pattern: '\\{\\{ input' }, 'literal \\{{ input }}')).toBe(1);
  });

  it('names a pattern that RE2 does not take', async () => {
    await expect(score({ value: 'x', scorers: [{ type: 'regex', pattern: '(?=a)' }] })).rejects.toThrow(/RE2/);
  });
});
