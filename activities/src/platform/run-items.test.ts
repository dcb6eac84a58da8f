import type { Json, PlanNode } from '@hub/dag/planner';
import { TransientError, UserError } from '@hub/kit/errors';
import type { ItemsInput, ItemsResult } from '@hub/runtime/types';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, describe, expect, it } from 'vitest';

import type { actionFor } from '../connectors/registry.ts';
import { at, closeWorlds, makeWorld, type World } from '../testing/activity-world.ts';
import type { WaitStore } from '../wait-ports.ts';
import type { AttemptContext } from './attempt-context.ts';

afterAll(closeWorlds);

type Run = ReturnType<typeof actionFor>['run'];
type Call = { index: number; key: string };

const plan: PlanNode = {
  id: 'call',
  type: 'action',
  label: 'call',
  parent: 'each',
  work: 'step',
  join: 'any',
  disabled: false,
  group: null,
  first: false,
  ports: ['out'],
  retry: { maxAttempts: 3, backoff: 'fixed', initialMs: 1, maxMs: 1 },
  timeoutMs: 5_000,
  onError: 'fail',
  fallbackPort: 'out',
  idempotent: true,
  reads: [],
  loop: null,
};
const waits: WaitStore = {
  open: ({ facts }) => Promise.resolve({ facts }),
  close: () => Promise.resolve({ outcome: 'gone' }),
  end: () => Promise.resolve(),
  remind: () => Promise.resolve(),
  shown: () => Promise.resolve(),
  tell: () => Promise.resolve(),
};

interface Options {
  input?: Partial<ItemsInput>;
  step?: Partial<PlanNode>;
  loop?: { [name: string]: Json };
  onError?: Json;
  context?: Partial<AttemptContext>;
  facts?: Parameters<typeof makeWorld>[1] extends infer M ? (M extends { facts?: infer F } ? F : never) : never;
  before?: (world: World) => void;
}

/** Five items whose step calls `run`. */
async function items(run: (call: Call) => Promise<Json>, options: Options = {}): Promise<{ world: World; calls: Call[]; result: ItemsResult }> {
  const { input = {}, step = {}, loop = {}, onError, context = {}, facts, before } = options;
  const definition = {
    schemaVersion: 1,
    nodes: [
      { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ input.list }}', ...loop } },
      {
        id: 'call',
        type: 'action',
        parent: 'each',
        config: { connector: 't', action: 'act', params: { index: '{{ index }}' } },
        ...(onError === undefined ? {} : { onError }),
      },
    ],
    edges: [],
  };
  const calls: Call[] = [];
  const act: Run = async ({ params, idempotencyKey }) => {
    const call = { index: (params as { index: number }).index, key: idempotencyKey };
    calls.push(call);
    return { output: (await run(call)) as never };
  };
  const spec = {
    id: 'act',
    kind: 'either',
    literalParams: [],
    credentialKinds: [],
    params: { safeParse: (data: unknown) => ({ success: true, data }) },
  };
  const connectors = (() => ({ spec: { ...spec, idempotent: step.idempotent ?? true }, run: act })) as unknown as typeof actionFor;
  const never = new AbortController().signal;
  const cancelled = new Promise<never>((_, reject) => context.signal?.addEventListener('abort', () => reject(new CancelledFailure('CANCELLED'))));
  cancelled.catch(() => undefined);
  const made: AttemptContext = { delivery: 1, signal: never, isShuttingDown: () => false, heartbeat: () => undefined, cancelled, ...context };
  const world = makeWorld(definition, { connectors, waits, context: () => made, quietMs: 60_000, ...(facts === undefined ? {} : { facts }) });
  world.runs.items.set('each', '[10,11,12,13,14]');
  before?.(world);
  const place = { ...at, nodeId: 'each', path: 'each', frames: [], reads: [], rows: [], sources: [] };
  const result = await world.activities.runItems({
    ...place,
    step: { ...plan, ...step },
    self: false,
    from: 0,
    to: 5,
    places: 2,
    onItemError: 'fail',
    ...input,
  });
  return { world, calls, result };
}

const fine = async ({ index }: Call): Promise<Json> => await Promise.resolve(index);
const statuses = (world: World): (string | undefined)[] => [0, 1, 2, 3, 4].map((index) => world.runs.last(`each[${index}].call`)?.status);

describe('many items in one activity', () => {
  it('each have their own row, their own effect key, and at most as many are in flight as there are places', async () => {
    let open = 0;
    let most = 0;
    const { world, calls, result } = await items(async ({ index }) => {
      open += 1;
      most = Math.max(most, open);
      await new Promise(setImmediate);
      open -= 1;
      return index;
    });
    expect(result).toEqual({ next: 5, left: [] });
    expect(most).toBe(2);
    expect(statuses(world)).toEqual(Array(5).fill('completed'));
    expect(calls.map(({ key }) => key)).toEqual([0, 1, 2, 3, 4].map((index) => `t/r0/each[${index}].call/0`));
    expect(world.runs.last('each[3].call')?.end).toMatchObject({ iteration: 3, attempt: 1, outputText: '3', port: 'out' });
    expect(world.runs.whole).toHaveLength(5);
  });

  it('given out again go on where the rows end: what is over is not called', async () => {
    const { world, calls, result } = await items(fine, {
      context: { delivery: 2 },
      input: { onItemError: 'collect' },
      before: ({ runs }) => {
        runs.attempts.set('each[0].call', [{ attempt: 1, status: 'completed', end: null }]);
        runs.saved.set('each[1]', '{"error":{}}');
        runs.attempts.set('each[2].call', [{ attempt: 1, status: 'running', end: null }]);
      },
    });
    expect(result).toEqual({ next: 5, left: [] });
    expect(calls.map(({ index }) => index)).toEqual([2, 3, 4]);
    expect(world.runs.attempts.get('each[2].call')?.map(({ status }) => status)).toEqual(['lost', 'completed']);
  });

  it('that a continued run keeps are not called either', async () => {
    const { calls } = await items(fine, {
      facts: { continues: true },
      before: ({ runs }) => void runs.attempts.set('each[0].call', [{ attempt: 1, status: 'completed', end: null }]),
    });
    expect(calls.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
  });

  it('are tried again as often as their step says, within the activity', async () => {
    const failed = new Map<number, number>();
    const { world, calls, result } = await items(async ({ index }) => {
      const times = failed.get(index) ?? 0;
      failed.set(index, times + 1);
      if (index === 1 && times < 2) throw new TransientError('http.status', '503');
      return await Promise.resolve(index);
    });
    expect(result).toEqual({ next: 5, left: [] });
    expect(calls.filter(({ index }) => index === 1)).toHaveLength(3);
    expect(world.runs.attempts.get('each[1].call')?.map(({ status }) => status)).toEqual(['failed', 'failed', 'completed']);
  });

  it('whose next attempt is far off are left, with nothing more begun', async () => {
    const far = { maxAttempts: 3, backoff: 'fixed' as const, initialMs: 60_000, maxMs: 60_000 };
    const { result } = await items(
      async ({ index }) => {
        if (index === 0) throw new TransientError('http.status', '503');
        return await Promise.resolve(index);
      },
      { input: { places: 1 }, step: { retry: far } },
    );
    expect(result).toMatchObject({ next: 1, left: [{ index: 0, failed: 1 }] });
    expect(result.left[0]?.afterMs).toBeGreaterThan(40_000);
  });

  it('fail their loop at once: what is in flight is stopped, the lowest index counts', async () => {
    const { world, result } = await items(async ({ index }) => {
      if (index === 1) throw new UserError('http.not-found', '404');
      return await new Promise<Json>(() => undefined);
    });
    expect(result).toMatchObject({
      next: 2,
      left: [],
      failure: { index: 1, nodeId: 'call', path: 'each[1].call', code: 'http.not-found', attempt: 1 },
    });
    expect(statuses(world)).toEqual(['cancelled', 'failed', undefined, undefined, undefined]);
  });

  it('are dropped or collected where the loop says so', async () => {
    const odd = async ({ index }: Call): Promise<Json> => {
      if (index % 2 === 1) throw new UserError('http.not-found', '404');
      return await Promise.resolve(index);
    };
    const skipped = await items(odd, { input: { onItemError: 'skip' } });
    expect([...skipped.world.runs.saved]).toEqual([
      ['each[1]', null],
      ['each[3]', null],
    ]);
    const collected = await items(odd, { input: { onItemError: 'collect' } });
    expect(JSON.parse(collected.world.runs.saved.get('each[3]') ?? '')).toMatchObject({
      error: { code: 'http.not-found', nodeId: 'call', path: 'each[3].call' },
    });
  });

  it('recover by onError of their step, and see that in the result of the iteration', async () => {
    const { world, result } = await items(
      async ({ index }) => {
        if (index === 2) throw new UserError('http.not-found', '404');
        return await Promise.resolve(index);
      },
      { step: { onError: 'fallback' }, onError: { mode: 'fallback', value: -1 }, loop: { result: '{{ nodes.call.output * 2 }}' } },
    );
    expect(result).toEqual({ next: 5, left: [] });
    expect(world.runs.pending).toMatchObject([{ path: 'each[2].call', status: 'completed', recovered: true }]);
    expect([0, 1, 2, 3, 4].map((index) => world.runs.saved.get(`each[${index}]`))).toEqual(['0', '2', '-2', '6', '8']);
  });

  it('fail where their result cannot be evaluated', async () => {
    const { result } = await items(fine, { loop: { result: '{{ $error("no") }}' }, input: { places: 1 } });
    expect(result).toMatchObject({ next: 1, failure: { index: 0, nodeId: 'each', path: 'each[0]' } });
  });

  it('of unknown outcome are left to a person', async () => {
    const { result } = await items(
      async ({ index }) => {
        if (index === 0) throw new TransientError('http.reset', 'reset');
        return await Promise.resolve(index);
      },
      { step: { idempotent: false }, input: { places: 1 } },
    );
    expect(result).toEqual({ next: 1, left: [{ index: 0, parked: { reason: 'unknown-outcome', lost: 1 } }] });
  });

  it('are stopped by a cancel, and say how far it came', async () => {
    const stop = new AbortController();
    const { world, result } = await items(
      async () => {
        stop.abort();
        return await new Promise<Json>(() => undefined);
      },
      { context: { signal: stop.signal } },
    );
    expect(result.left).toEqual([]);
    expect(
      statuses(world)
        .slice(0, result.next)
        .every((status) => status === 'cancelled'),
    ).toBe(true);
    expect(world.runs.attempts.size).toBe(result.next);
  });

  it('are left by a worker that goes, for the next one to go on with', async () => {
    const stop = new AbortController();
    const { result } = await items(
      async () => {
        stop.abort();
        return await new Promise<Json>(() => undefined);
      },
      { context: { signal: stop.signal, isShuttingDown: () => stop.signal.aborted }, input: { places: 1 } },
    );
    expect(result).toEqual({ next: 1, left: [{ index: 0 }] });
  });

  it('run one at a time where the activity was lost again and again, so that the guilty one is found', async () => {
    let open = 0;
    let most = 0;
    await items(
      async ({ index }) => {
        open += 1;
        most = Math.max(most, open);
        await new Promise(setImmediate);
        open -= 1;
        return index;
      },
      { context: { delivery: 4 } },
    );
    expect(most).toBe(1);
  });

  it('let the activity fail where the store is away, and a run that has ended is gone', async () => {
    const away = items(fine, {
      before: ({ runs }) => {
        runs.writeWholes = async () => await Promise.reject(new UserError('run.gone', 'gone'));
      },
    });
    await expect(away).rejects.toMatchObject({ type: 'run.gone' });
  });

  it('of a forEach node are at x[i], and their failure is the loop’s to judge', async () => {
    const { world, result } = await items(
      async ({ index }) => {
        if (index === 1) throw new UserError('http.not-found', '404');
        return await Promise.resolve(index);
      },
      {
        input: { self: true, nodeId: 'call', path: 'call', onItemError: 'skip' },
        step: { onError: 'continue' },
        before: ({ runs }) => void runs.items.set('call', '[1,2,3,4,5]'),
      },
    );
    expect(result).toEqual({ next: 5, left: [] });
    expect(world.runs.last('call[4]')?.status).toBe('completed');
    expect([...world.runs.saved]).toEqual([['call[1]', null]]);
  });
});
