import type { StepInput } from '@hub/runtime/types';
import { afterAll, describe, expect, it } from 'vitest';

import type { StepCacheStore } from '../ports.ts';
import { at, closeWorlds, makeWorld, type World } from '../testing/activity-world.ts';

afterAll(closeWorlds);

const definition = {
  schemaVersion: 1,
  nodes: [
    { id: 'js', type: 'code', config: { source: 'return ctx.input.id * 2' }, cache: { ttlMs: 60_000 } },
    { id: 'plain', type: 'code', config: { source: 'return ctx.input.id * 2' } },
  ],
  edges: [],
};

const step = (nodeId: string): StepInput => ({
  ...at,
  nodeId,
  path: nodeId,
  frames: [],
  reads: [],
  rows: [],
  sources: [],
  type: 'code',
  maxAttempts: 1,
  retry: null,
  timeoutMs: 5_000,
  idempotent: true,
});

/** A cache in memory, filled from the rows of its world. */
class MemoryCache implements StepCacheStore {
  readonly kept = new Map<string, string>();
  world: World | null = null;
  broken = false;

  async find(_team: string, key: string): ReturnType<StepCacheStore['find']> {
    if (this.broken) throw new Error('down');
    const outputText = this.kept.get(key);
    const from = { runId: 'earlier', at: '2026-11-22T10:00:00.000Z', tokens: 5, costUsd: 0.1 };
    return await Promise.resolve(outputText === undefined ? null : { port: 'out', outputText, from });
  }

  async keep({ path, key }: Parameters<StepCacheStore['keep']>[0]): Promise<void> {
    if (this.broken) throw new Error('down');
    this.kept.set(key, this.world?.runs.attempts.get(path)?.at(-1)?.end?.outputText ?? '');
    await Promise.resolve();
  }
}

function world(cache: MemoryCache, id: number, generations: { nodeId: string; within: null; n: number }[] = []): World {
  cache.world = makeWorld(definition, { stepCache: cache, facts: { inputText: JSON.stringify({ id }), generations } });
  return cache.world;
}

const endOf = (made: World, path: string) =>
  made.runs.attempts.get(path)?.at(-1)?.end as { outputText: string; cached?: { runId: string } } | undefined;

describe('the step cache', () => {
  it('takes the output that was made from the same, and says whose it was', async () => {
    const cache = new MemoryCache();
    await world(cache, 3).activities.runStep(step('js'));
    const second = world(cache, 3);
    await second.activities.runStep(step('js'));
    expect(endOf(second, 'js')).toMatchObject({ outputText: '6', cached: { runId: 'earlier' } });
    const other = world(cache, 4);
    await other.activities.runStep(step('js'));
    expect(endOf(other, 'js')?.outputText).toBe('8');
    expect(endOf(other, 'js')?.cached).toBeUndefined();
    expect(cache.kept.size).toBe(2);
  });

  it('is not asked for a step without cache, and runs a step that a person asked to run again', async () => {
    const cache = new MemoryCache();
    await world(cache, 3).activities.runStep(step('plain'));
    expect(cache.kept.size).toBe(0);
    await world(cache, 3).activities.runStep(step('js'));
    for (const key of cache.kept.keys()) cache.kept.set(key, '"old"');
    const again = world(cache, 3, [{ nodeId: 'js', within: null, n: 1 }]);
    await again.activities.runStep(step('js'));
    expect(endOf(again, 'js')?.outputText).toBe('6');
    expect([...cache.kept.values()]).toEqual(['6']);
  });

  it('is no failure of the step where it cannot be reached', async () => {
    const cache = new MemoryCache();
    cache.broken = true;
    const made = world(cache, 3);
    await made.activities.runStep(step('js'));
    expect(endOf(made, 'js')?.outputText).toBe('6');
  });
});
