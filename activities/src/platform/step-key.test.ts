import type { StepInput } from '@hub/runtime/types';
import { afterAll, describe, expect, it } from 'vitest';

import { at, closeWorlds, makeWorld } from '../testing/activity-world.ts';
import { DefinitionView } from './definition.ts';
import { stepKey } from './step-key.ts';

afterAll(closeWorlds);

const js = { id: 'js', type: 'code', config: { source: 'return ctx.input.id * 2' } };
const definition = { schemaVersion: 1, nodes: [js], edges: [] };
const step: StepInput = {
  ...at,
  nodeId: 'js',
  path: 'js',
  frames: [],
  reads: [],
  rows: [],
  sources: [],
  type: 'code',
  maxAttempts: 1,
  retry: null,
  timeoutMs: 5_000,
  idempotent: true,
};

describe('the key of a step', () => {
  const keyOf = (node: object, filled: object = { a: 1 }): string => {
    const made = { id: 'n', type: 'prompt', config: { model: 'm' }, ...node };
    return stepKey({ node: new DefinitionView({ nodes: [made] } as never).node(made.id), filled: filled as never, data: null });
  };

  it('is what the output is made from: kind, config, filled config', () => {
    expect(keyOf({})).toBe(keyOf({ label: 'other', notes: 'n', timeoutMs: 5, id: 'renamed' }));
    expect(keyOf({ config: { model: 'm', temperature: 0 } })).toBe(keyOf({ config: { temperature: 0, model: 'm' } }));
    expect(keyOf({ config: { model: 'm', concurrency: 3, forEach: '{{ input }}' } })).toBe(keyOf({}));
    const others = [keyOf({ config: { model: 'n' } }), keyOf({ type: 'action' }), keyOf({ strict: true }), keyOf({}, { a: 2 })];
    expect(new Set([keyOf({}), ...others]).size).toBe(5);
  });
});

describe('a step of a run that continues another', () => {
  const from = { runId: 'earlier', at: '2026-11-22T10:00:00.000Z', tokens: 5, costUsd: 0.1 };

  it('takes the output that was made from the same, and says whose it is', async () => {
    const world = makeWorld(definition, { facts: { inputText: '{"id":3}', sameAs: [{ run: 'earlier', nodes: ['js'] }] } });
    world.runs.same = { port: 'out', outputText: '"as before"', from };
    await world.activities.runStep(step);
    expect(world.runs.attempts.get('js')?.at(-1)?.end).toMatchObject({ outputText: '"as before"', cached: { ...from, by: 'run' } });
  });

  it('runs where there is none, or where it was not among those that may keep theirs', async () => {
    const world = makeWorld(definition, { facts: { inputText: '{"id":3}', sameAs: [{ run: 'earlier', nodes: ['js'] }] } });
    await world.activities.runStep(step);
    const other = makeWorld(definition, { facts: { inputText: '{"id":3}', sameAs: [{ run: 'earlier', nodes: ['else'] }] } });
    other.runs.same = { port: 'out', outputText: '"as before"', from };
    await other.activities.runStep(step);
    const [one, two] = [world, other].map(({ runs }) => runs.attempts.get('js')?.at(-1)?.end as { outputText: string; stepKey?: string });
    expect([one?.outputText, two?.outputText]).toEqual(['6', '6']);
    expect(one?.stepKey).toMatch(/^[\w-]{43}$/);
    expect(two?.stepKey).toBe(one?.stepKey);
  });
});
