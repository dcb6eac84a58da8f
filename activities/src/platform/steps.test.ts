import type { PlanNode } from '@hub/dag/planner';
import { TransientError, UserError } from '@hub/kit/errors';
import type { GroupInput, StepInput } from '@hub/runtime/types';
import { CancelledFailure } from '@temporalio/common';
import type { ApplicationFailure } from '@temporalio/common';
import { afterAll, describe, expect, it, vi } from 'vitest';

import type { actionFor } from '../connectors/registry.ts';
import { at, closeWorlds, makeWorld } from '../testing/activity-world.ts';
import type { WaitStore } from '../wait-ports.ts';
import { retryDelayMs } from './failures.ts';

afterAll(closeWorlds);

type Run = ReturnType<typeof actionFor>['run'];

/** An action `t.act` that takes anything and runs `run`. */
function connector(run: Run, idempotent = true): typeof actionFor {
  return () => ({ spec: { ...specOf(), idempotent } as never, run });
}
function specOf(): object {
  return {
    id: 'act',
    kind: 'either',
    literalParams: ['sql'],
    credentialKinds: [],
    params: { safeParse: (data: unknown) => ({ success: true, data }) },
  };
}

const definition = {
  schemaVersion: 1,
  nodes: [
    {
      id: 'a',
      type: 'action',
      config: { connector: 't', action: 'act', params: { url: 'https://x/{{ input.id }}', n: '{{ nodes.src.output.n }}', sql: '{{ input.id }}' } },
    },
    { id: 'sum', type: 'action', config: { connector: 't', action: 'act', params: { total: '{{ $sum(nodes.src.output.list) }}' } } },
    { id: 'js', type: 'code', config: { source: 'return ctx.nodes.src.output.n + ctx.input.id' } },
    { id: 'loop', type: 'loop', config: { mode: 'for_each', items: '{{ input.list }}' } },
    {
      id: 'x',
      type: 'action',
      parent: 'loop',
      config: { connector: 't', action: 'act', params: { v: '{{ item.v }}-{{ index }}-{{ loops.loop.item.v }}' } },
    },
    { id: 't', type: 'transform', config: { expression: '$sum(nodes.src.output.list)' } },
    { id: 'c', type: 'condition', config: { left: '{{ nodes.t.output }}', op: 'gt', right: 5 } },
    { id: 'o', type: 'output', config: { name: 'total', value: { sum: '{{ nodes.t.output }}', text: 'is {{ nodes.t.output }}' } } },
    { id: 'names', type: 'output', config: { name: 'names', value: '{{ $keys(nodes)[] }}' } },
    { id: 'bomb', type: 'transform', config: { expression: '$pad("x", 500000000)' } },
    { id: 'own', type: 'transform', config: { expression: 'input.id + 1' }, retry: { maxAttempts: 2 } },
  ],
  edges: [],
};

/** Waits that open as they are asked. */
const waits: WaitStore = {
  open: ({ facts }) => Promise.resolve({ facts }),
  close: () => Promise.resolve({ outcome: 'gone' }),
  end: () => Promise.resolve(),
  remind: () => Promise.resolve(),
  shown: () => Promise.resolve(),
  tell: () => Promise.resolve(),
};

const src = { id: 'src', path: 'src', as: 'row' as const };

function step(nodeId: string, more: Partial<StepInput> = {}): StepInput {
  return {
    ...at,
    nodeId,
    path: nodeId,
    frames: [],
    reads: [src],
    rows: [],
    sources: [],
    type: 'action',
    maxAttempts: 3,
    retry: null,
    timeoutMs: 5_000,
    idempotent: true,
    ...more,
  };
}

function world(more: Parameters<typeof makeWorld>[1] = {}): ReturnType<typeof makeWorld> {
  const made = makeWorld(definition, { facts: { inputText: '{"id":7,"list":[{"v":"p"},{"v":"q"}]}' }, ...more });
  made.runs.attempts.set('src', [{ attempt: 1, status: 'completed', end: { outputText: '{"n":5,"list":[1,2,3]}' } as never }]);
  return made;
}

async function failure(work: Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error === null) throw new Error('It was expected to fail');
  return error as ApplicationFailure;
}

describe('runStep', () => {
  it('fills the config, keeps types and literal params, and ends the row with input and output', async () => {
    const { activities, runs } = world({ connectors: connector(async ({ params }) => await Promise.resolve({ output: params as never })) });
    await expect(activities.runStep(step('a'))).resolves.toEqual({ port: 'out' });
    const { status, end } = runs.last('a') ?? {};
    expect(status).toBe('completed');
    expect(JSON.parse(end?.outputText ?? '')).toEqual({ url: 'https://x/7', n: 5, sql: '{{ input.id }}' });
    expect(end?.inputText).toBe(end?.outputText);
  });

  it('writes the row of a short call that may be repeated once, at its end; of the first work of a run it never does', async () => {
    const { activities, runs } = world({ quietMs: 60_000, connectors: connector(async () => await Promise.resolve({ output: 1 })) });
    await activities.runStep(step('a'));
    expect(runs.whole).toEqual([]);
    await activities.runStep(step('a', { path: 'b' }));
    expect(runs.whole).toEqual(['b']);
    await activities.runStep(step('a', { path: 'c', forgiven: 0 }));
    await activities.runStep(step('a', { path: 'd', idempotent: false }));
    expect(runs.whole).toEqual(['b']);
  });

  it('has the row before the call where the call must not be repeated, and while it runs where it takes long', async () => {
    const seen: unknown[] = [];
    const status = (): unknown => made.runs.last('b')?.status ?? null;
    const begun = Promise.withResolvers<void>();
    const made: ReturnType<typeof world> = world({
      quietMs: 1,
      connectors: connector(async () => {
        seen.push(status());
        await begun.promise;
        seen.push(status());
        return { output: 1 };
      }),
    });
    const begin = made.runs.begin.bind(made.runs);
    made.runs.begin = async (attempt) => {
      const answer = await begin(attempt);
      begun.resolve();
      return answer;
    };
    await made.activities.runStep(step('a', { idempotent: false }));
    await made.activities.runStep(step('a', { path: 'b', idempotent: false }));
    expect(seen).toEqual([null, null, 'running', 'running']);

    // A call that ends only once its row stands.
    let slow = Promise.withResolvers<void>();
    const late = world({ quietMs: 1, connectors: connector(async () => await slow.promise.then(() => ({ output: 1 }))) });
    const beginLate = late.runs.begin.bind(late.runs);
    late.runs.begin = async (attempt) => {
      const answer = await beginLate(attempt);
      slow.resolve();
      return answer;
    };
    await late.activities.runStep(step('a'));
    slow = Promise.withResolvers<void>();
    await late.activities.runStep(step('a', { path: 'b' }));
    expect([late.runs.last('b')?.status, late.runs.whole]).toEqual(['completed', []]);
  });

  it('leaves the row of a short call that failed, with its attempt', async () => {
    let fails = false;
    const { activities, runs } = world({
      connectors: connector(async () => {
        if (fails) throw new UserError('t.no', 'no');
        return await Promise.resolve({ output: 1 });
      }),
    });
    await activities.runStep(step('a'));
    fails = true;
    expect((await failure(activities.runStep(step('a', { path: 'b' })))).type).toBe('t.no');
    expect(runs.last('b')).toMatchObject({ attempt: 1, status: 'failed' });
  });

  it('asks the pool where an expression is more than a path', async () => {
    const { activities, runs } = world({ connectors: connector(async ({ params }) => await Promise.resolve({ output: params as never })) });
    await activities.runStep(step('sum'));
    expect(runs.last('sum')?.end?.outputText).toBe('{"total":6}');
  });

  it('runs code with what it reads', async () => {
    const { activities, runs } = world();
    await activities.runStep(step('js', { type: 'code', maxAttempts: 1 }));
    expect(runs.last('js')?.end?.outputText).toBe('12');
  });

  it('runs a pure kind that has its own retry', async () => {
    const { activities, runs } = world();
    await activities.runStep(step('own', { type: 'transform' }));
    expect(runs.last('own')?.end?.outputText).toBe('8');
  });

  it('gives item, index and loops inside a loop', async () => {
    const { activities, runs } = world({ connectors: connector(async ({ params }) => await Promise.resolve({ output: params as never })) });
    await activities.openLoop({ ...at, nodeId: 'loop', path: 'loop', frames: [], reads: [], rows: [] });
    await activities.runStep(step('x', { path: 'loop[1].x', frames: [{ loop: 'loop', path: 'loop', index: 1 }] }));
    expect(runs.last('loop[1].x')?.end?.outputText).toBe('{"v":"q-1-q"}');
    expect(runs.last('loop[1].x')?.end?.iteration).toBe(1);
  });

  it('counts failed attempts and stops at the last', async () => {
    const { activities, runs } = world({
      connectors: connector(() => {
        throw new TransientError('http.status-503', 'busy', { didNothing: true, retryAfterMs: 30_000 });
      }),
    });
    const first = await failure(activities.runStep(step('a', { maxAttempts: 2 })));
    expect([first.type, first.nonRetryable, Number(first.nextRetryDelay)]).toEqual(['http.status-503', false, 30_000]);
    const second = await failure(activities.runStep(step('a', { maxAttempts: 2 })));
    expect([second.nonRetryable, second.details]).toEqual([true, [{ attempt: 2 }]]);
    expect(runs.attempts.get('a')?.map(({ status }) => status)).toEqual(['failed', 'failed']);
  });

  it('never retries what the author must change', async () => {
    const { activities } = world({
      connectors: connector(() => {
        throw new UserError('http.status-404', 'not there');
      }),
    });
    expect((await failure(activities.runStep(step('a')))).nonRetryable).toBe(true);
  });

  it('does not repeat a call whose outcome is not known', async () => {
    const { activities } = world({
      waits,
      connectors: connector(() => {
        throw new TransientError('http.reset', 'gone');
      }, false),
    });
    expect(await activities.runStep(step('a', { idempotent: false }))).toEqual({ parked: { reason: 'unknown-outcome', lost: 1 } });
  });

  it('does not repeat a call that was lost with its worker and is not idempotent', async () => {
    let calls = 0;
    const { activities, runs } = world({
      waits,
      connectors: connector(() => {
        calls += 1;
        return Promise.resolve({ output: 1 });
      }, false),
    });
    runs.attempts.set('a', [{ attempt: 1, status: 'running', end: null }]);
    expect(await activities.runStep(step('a', { idempotent: false }))).toEqual({ parked: { reason: 'unknown-outcome', lost: 2 } });
    expect(calls).toBe(0);
    // A person let it repeat what was lost.
    expect(await activities.runStep(step('a', { idempotent: false, forgiven: 2 }))).toEqual({ port: 'out' });
    expect(calls).toBe(1);
  });

  it('gives up after the sixth lost worker', async () => {
    const { activities, runs } = world();
    runs.attempts.set(
      'a',
      Array.from({ length: 6 }, (_, index) => ({ attempt: index + 1, status: 'lost' as const, end: null })),
    );
    expect((await failure(activities.runStep(step('a')))).type).toBe('step.worker-lost');
  });

  it('ends in time even where the action does not listen', async () => {
    const { activities } = world({ connectors: connector(async () => await new Promise(() => undefined)) });
    const failed = await failure(activities.runStep(step('a', { timeoutMs: 50 })));
    expect([failed.type, failed.nonRetryable]).toEqual(['step.timeout', false]);
  });

  it('records a cancelled attempt and passes the cancellation on', async () => {
    const made = world({
      connectors: connector(async () => {
        made.cancel();
        return await new Promise(() => undefined);
      }),
    });
    expect(await failure(made.activities.runStep(step('a')))).toBeInstanceOf(CancelledFailure);
    expect(made.runs.last('a')?.status).toBe('cancelled');
  });

  it('lets a call that may not be repeated end, for as long as the cancel leaves it', async () => {
    const made = world({
      connectors: connector(async () => {
        made.runs.cancelledForMs = 60_000;
        made.cancel();
        return await new Promise((end) => setTimeout(end, 50, { output: { ok: true } }));
      }, false),
    });
    expect(await made.activities.runStep(step('a', { idempotent: false }))).toEqual({ port: 'out' });
    const hangs = world({
      connectors: connector(async () => {
        hangs.runs.cancelledForMs = 60_000;
        hangs.cancel();
        return await new Promise(() => undefined);
      }, false),
    });
    const from = performance.now();
    expect(await failure(hangs.activities.runStep(step('a', { idempotent: false })))).toBeInstanceOf(CancelledFailure);
    expect(performance.now() - from).toBeLessThan(50_000);
    expect(hangs.runs.last('a')?.end?.error?.code).toBe('step.unknown-outcome');
  });

  it('leaves the row open when the worker goes, so that the attempt counts as lost', async () => {
    const made = world({
      connectors: connector(async () => {
        made.cancel(true);
        return await new Promise(() => undefined);
      }),
    });
    expect(await failure(made.activities.runStep(step('a')))).toBeInstanceOf(CancelledFailure);
    expect(made.runs.last('a')?.status).toBe('running');
  });

  it('reports a step that is completed already without doing it again', async () => {
    const { activities, runs } = world({
      connectors: connector(() => {
        throw new Error('must not be called');
      }),
    });
    runs.attempts.set('a', [{ attempt: 1, status: 'completed', end: { port: 'out', outputText: '1' } as never }]);
    await expect(activities.runStep(step('a'))).resolves.toEqual({ port: 'out' });
  });

  it('says run.gone where the run has ended', async () => {
    const { activities, runs } = world();
    runs.gone = true;
    expect((await failure(activities.runStep(step('a')))).type).toBe('run.gone');
  });

  it('sends one effect key for every attempt', async () => {
    const keys: string[] = [];
    const { activities } = world({
      connectors: connector(({ idempotencyKey }) => {
        keys.push(idempotencyKey);
        throw new TransientError('x.y', 'again');
      }),
    });
    await failure(activities.runStep(step('a')));
    await failure(activities.runStep(step('a')));
    expect(keys).toEqual(['t/r0/a/0', 't/r0/a/0']);
  });
});

function planNode(id: string, type: PlanNode['type'], more: Partial<PlanNode> = {}): PlanNode {
  return {
    id,
    type,
    label: id,
    parent: null,
    work: 'pure',
    join: 'any',
    disabled: false,
    group: 0,
    first: false,
    ports: ['out'],
    timeoutMs: 0,
    onError: 'fail',
    fallbackPort: 'out',
    retry: { maxAttempts: 1, backoff: 'fixed', initialMs: 1, maxMs: 1 },
    idempotent: true,
    reads: [],
    loop: null,
    ...more,
  };
}

describe('runGroup', () => {
  const input: GroupInput = {
    ...at,
    scope: '',
    frames: [],
    reads: [src],
    sources: [],
    rows: [],
    nodes: [planNode('t', 'transform', { reads: ['src'] }), planNode('c', 'condition', { reads: ['t'] }), planNode('o', 'output', { reads: ['t'] })],
    edges: [
      { from: 't', fromPort: 'out', to: 'c' },
      { from: 'c', fromPort: 'true', to: 'o' },
    ],
  };

  it('computes neighbours in one go and writes their final rows', async () => {
    const { activities, runs } = world();
    const { results } = await activities.runGroup(input);
    expect(results).toEqual([
      { nodeId: 't', status: 'completed', port: 'out' },
      { nodeId: 'c', status: 'completed', port: 'true' },
      { nodeId: 'o', status: 'completed', port: 'out' },
    ]);
    expect(runs.last('o')?.end?.outputText).toBe('{"sum":6,"text":"is 6"}');
    expect(runs.last('c')?.end?.inputText).toBe('{"left":6,"op":"gt","right":5}');
  });

  it('finds the node that took the child down, and keeps what others gave', async () => {
    const { activities, runs } = world();
    const [t, , o] = input.nodes;
    const nodes = [t!, planNode('bomb', 'transform', { onError: 'continue' }), o!];
    const edges = [
      { from: 't', fromPort: 'out', to: 'bomb' },
      { from: 'bomb', fromPort: 'out', to: 'o' },
    ];
    const { results } = await activities.runGroup({ ...input, nodes, edges });
    expect(results.map(({ nodeId, status, error }) => [nodeId, status, error?.code])).toEqual([
      ['t', 'completed', undefined],
      ['bomb', 'failed', expect.stringMatching(/expression\.(memory|timeout)/)],
      ['o', 'completed', undefined],
    ]);
    expect(runs.last('o')?.end?.outputText).toBe('{"sum":6,"text":"is 6"}');
  });

  it('passes a disabled node through, with the value of its only source', async () => {
    const { activities, runs } = world();
    const { results } = await activities.runGroup({
      ...input,
      nodes: input.nodes.map((node) => (node.id === 'c' ? { ...node, disabled: true } : node)),
    });
    expect(results.map(({ nodeId, port }) => [nodeId, port])).toEqual([
      ['t', 'out'],
      ['c', 'true'],
      ['o', 'out'],
    ]);
    expect(runs.pending).toMatchObject([{ nodeId: 'c', disabled: true, value: { path: 't', as: 'row' } }]);
  });

  it('lets each step see what is upstream of it, not what its neighbours read or gave', async () => {
    const { activities, runs } = world();
    const nodes = [planNode('t', 'transform', { reads: ['src'] }), planNode('names', 'output', { reads: ['t'] })];
    await activities.runGroup({ ...input, nodes, edges: [{ from: 't', fromPort: 'out', to: 'names' }] });
    expect(runs.last('names')?.end?.outputText).toBe('["t"]');
  });

  it('fails with run.gone where the run has ended', async () => {
    const { activities, runs } = world();
    await activities.runGroup(input);
    runs.gone = true;
    expect((await failure(activities.runGroup(input))).type).toBe('run.gone');
  });
});

describe('loops and the end', () => {
  const place = { ...at, nodeId: 'loop', path: 'loop', frames: [], reads: [], rows: [] };

  it('gathers results in order of items, as the texts they are, with notes applied', async () => {
    const { activities, runs } = world();
    await activities.openLoop(place);
    for (const index of [3, 1, 0])
      runs.attempts.set(`loop[${index}].x`, [{ attempt: 1, status: 'completed', end: { outputText: `{"v": ${index}.0}` } as never }]);
    const error = { code: 'a.b', message: 'no', attempt: 1, nodeId: 'x', path: 'loop[2].x' };
    await activities.closeLoop({
      ...place,
      count: 5,
      sink: 'x',
      notes: [
        { index: 1, outcome: 'dropped' },
        { index: 2, outcome: 'error', error },
      ],
    });
    expect(runs.last('loop')?.end?.outputText).toBe(`[{"v": 0.0},{"error":${JSON.stringify(error)}},{"v": 3.0},null]`);
  });

  it('composes the output, and starts the runs that got a slot', async () => {
    const { activities, runs, started } = world();
    runs.finish = async (end) => await Promise.resolve({ changed: true, start: ((runs.finished = end), [{ team: 't', run: 'next' }]) });
    const outputs = [
      { name: 'first', ref: src },
      { name: 'none', ref: { id: 'z', path: 'z', as: 'null' as const } },
      { name: 'first', ref: { id: 'i', path: '', as: 'input' as const } },
    ];
    await activities.finishRun({ ...at, status: 'completed', error: null, outputs, rows: [] });
    expect(JSON.parse(runs.finished?.outputText ?? '')).toEqual({ first: { id: 7, list: [{ v: 'p' }, { v: 'q' }] }, none: null });
    expect(started).toEqual([{ team: 't', run: 'next' }]);
    // It keeps nothing of a run that has ended: whoever asks reads its facts anew.
    const read = vi.spyOn(runs, 'facts');
    await activities.finishRun({ ...at, status: 'completed', error: null, outputs, rows: [] });
    expect(read).toHaveBeenCalledOnce();
  });
});

describe('the wait before the next attempt', () => {
  it('doubles up to its limit, with 20% jitter, and heeds Retry-After up to 15 minutes', () => {
    const policy = { maxAttempts: 5, backoff: 'exponential' as const, initialMs: 1_000, maxMs: 5_000 };
    expect([1, 2, 3, 4, 9].map((failed) => retryDelayMs(failed, policy, 0, () => 0.5))).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
    expect([0, 0.999].map((chance) => retryDelayMs(1, policy, 0, () => chance))).toEqual([800, 1_200]);
    expect(retryDelayMs(1, policy, 3_600_000, () => 0.5)).toBe(900_000);
    expect(retryDelayMs(4, { ...policy, backoff: 'fixed' }, 0, () => 0.5)).toBe(1_000);
  });
});
