import type { Json, PlanNode } from '@hub/dag/planner';
import type { ChunkInput } from '@hub/runtime/types';
import { afterAll, describe, expect, it } from 'vitest';

import { at, closeWorlds, makeWorld } from '../testing/activity-world.ts';

afterAll(closeWorlds);

const node = (id: string, type: PlanNode['type'], more: Partial<PlanNode> = {}): PlanNode => ({
  id,
  type,
  label: id,
  parent: 'each',
  work: 'pure',
  join: 'any',
  disabled: false,
  group: 0,
  first: false,
  ports: ['out'],
  retry: { maxAttempts: 1, backoff: 'fixed', initialMs: 1, maxMs: 1 },
  timeoutMs: 0,
  onError: 'fail',
  fallbackPort: 'out',
  idempotent: true,
  reads: [],
  loop: null,
  ...more,
});

function definition(expression: string, loop: { [name: string]: Json } = {}, onError?: Json): Json {
  return {
    schemaVersion: 1,
    nodes: [
      { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ input.list }}', ...loop } },
      { id: 'twice', type: 'transform', parent: 'each', config: { expression }, ...(onError === undefined ? {} : { onError }) },
      { id: 'big', type: 'condition', parent: 'each', config: { left: '{{ nodes.twice.output }}', op: 'gt', right: 4 } },
    ],
    edges: [{ from: 'twice', to: 'big' }],
  };
}

async function chunk(items: Json[], expression: string, more: Partial<ChunkInput> = {}, loop: { [name: string]: Json } = {}, onError?: Json) {
  const world = makeWorld(definition(expression, loop, onError));
  world.runs.items.set('each', JSON.stringify(items));
  const input: ChunkInput = {
    ...at,
    nodeId: 'each',
    path: 'each',
    frames: [],
    reads: [],
    rows: [],
    nodes: [
      node('twice', 'transform', onError === undefined ? {} : { onError: 'fallback' }),
      node('big', 'condition', { ports: ['true', 'false'], reads: ['twice'] }),
    ],
    edges: [{ from: 'twice', fromPort: 'out', to: 'big' }],
    from: 0,
    to: items.length,
    onItemError: 'fail',
    ...more,
  };
  return { world, input, result: await world.activities.runChunk(input) };
}

const outputAt = (world: Awaited<ReturnType<typeof chunk>>['world'], path: string): string | null | undefined =>
  world.runs.last(path)?.end?.outputText;

describe('a chunk of a loop', () => {
  it('computes each item as if it stood alone, and writes its rows', async () => {
    const { world, result } = await chunk([1, 2, 3], 'item * 2 + index + $count(loops.each.item)');
    expect(result).toEqual({ next: 3 });
    expect([0, 1, 2].map((index) => outputAt(world, `each[${index}].twice`))).toEqual(['3', '6', '9']);
    expect(outputAt(world, 'each[2].big')).toBe('{"result":true}');
    expect(world.runs.last('each[0].big')?.end).toMatchObject({ port: 'false', iteration: 0, attempt: 1 });
  });

  it('starts where it is told to and evaluates the result of each iteration with its body in sight', async () => {
    const { world, result } = await chunk(
      [1, 2, 3],
      'item * 2',
      { from: 1 },
      { result: { v: '{{ nodes.twice.output }}', big: '{{ nodes.big.output.result }}' } },
    );
    expect(result).toEqual({ next: 3 });
    expect([...world.runs.saved]).toEqual([
      ['each[1]', '{"v":4,"big":false}'],
      ['each[2]', '{"v":6,"big":true}'],
    ]);
    expect(outputAt(world, 'each[0].twice')).toBeUndefined();
  });

  it('stops at the first item that fails; later items are as if they never began', async () => {
    const { world, result } = await chunk([1, 2, 0, 4], 'item = 0 ? $error("no") : item');
    expect(result).toMatchObject({ next: 3, failure: { nodeId: 'twice', path: 'each[2].twice' } });
    expect(world.runs.last('each[2].twice')?.status).toBe('failed');
    expect(world.runs.last('each[3].twice')).toBeUndefined();
  });

  it('drops or collects items that fail, as the loop says', async () => {
    const skipped = await chunk([1, 0], 'item = 0 ? $error("no") : item', { onItemError: 'skip' });
    expect([...skipped.world.runs.saved]).toEqual([['each[1]', null]]);
    const collected = await chunk([1, 0], 'item = 0 ? $error("no") : item', { onItemError: 'collect' });
    const kept = JSON.parse(collected.world.runs.saved.get('each[1]') ?? '') as { error: { nodeId: string; path: string } };
    expect(kept.error).toMatchObject({ nodeId: 'twice', path: 'each[1].twice', attempt: 1 });
    const loop = { ...collected.input, count: 2, sink: 'twice', notes: [], stored: true as const };
    collected.world.runs.attempts.set('each', [{ attempt: 1, status: 'running', end: null }]);
    await collected.world.activities.closeLoop(loop);
    expect(JSON.parse(outputAt(collected.world, 'each') ?? '')).toEqual([1, kept]);
  });

  it('tells of failures that a fallback recovered', async () => {
    const { world, result } = await chunk([0], '$error("no")', {}, {}, { mode: 'fallback', value: 9 });
    expect(result).toEqual({ next: 1 });
    expect(world.runs.pending).toMatchObject([{ path: 'each[0].twice', status: 'completed', recovered: true, value: { as: 'fallback' } }]);
    expect(outputAt(world, 'each[0].big')).toBe('{"result":true}');
  });

  it('loses one item to an expression that takes its process down, not its neighbours', async () => {
    const { world, result } = await chunk([1, 2, 3], 'item = 2 ? $pad("x", 500000000) : item', { onItemError: 'skip' });
    expect(result).toEqual({ next: 3 });
    expect([...world.runs.saved]).toEqual([['each[1]', null]]);
    expect([0, 2].map((index) => outputAt(world, `each[${index}].twice`))).toEqual(['1', '3']);
  });

  it('starts nothing more once it is told to stop, and says how far it came', async () => {
    const world = makeWorld(definition('item'));
    world.runs.items.set('each', '[1,2]');
    world.cancel();
    const { input } = await chunk([], 'item');
    await expect(world.activities.runChunk({ ...input, to: 2 })).resolves.toEqual({ next: 0 });
  });
});
