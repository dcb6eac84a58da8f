import { TransientError, UserError } from '@hub/kit/errors';
import type { StepInput } from '@hub/runtime/types';
import type { ApplicationFailure } from '@temporalio/common';
import { afterAll, describe, expect, it } from 'vitest';

import type { actionFor } from '../connectors/registry.ts';
import { at, closeWorlds, makeWorld, type World } from '../testing/activity-world.ts';

afterAll(closeWorlds);

type Run = ReturnType<typeof actionFor>['run'];
const definition = {
  schemaVersion: 1,
  nodes: [{ id: 'a', type: 'data_source', config: { connector: 't', action: 'act', params: {} } }],
  edges: [],
};
const answer: Run = async () => await Promise.resolve({ output: 1 });

function step(path: string, more: Partial<StepInput> = {}): StepInput {
  const place = { ...at, nodeId: 'a', path, frames: [], reads: [], rows: [], sources: [] };
  return { ...place, type: 'data_source', maxAttempts: 3, retry: null, timeoutMs: 5_000, idempotent: true, ...more };
}

/** A world whose worker has seen `a` end quickly; `run` is what it does from then on. */
async function quickWorld(run: Run, more: Parameters<typeof makeWorld>[1] = {}, idempotent: () => boolean = () => true): Promise<World> {
  let now = answer;
  const spec = {
    id: 'act',
    kind: 'either',
    literalParams: [],
    credentialKinds: [],
    params: { safeParse: (data: unknown) => ({ success: true, data }) },
  };
  const connectors = (() => ({ spec: { ...spec, idempotent }, run: async (input: never) => await now(input) })) as unknown as typeof actionFor;
  // Nothing here is called slow because the machine is busy.
  const world = makeWorld(definition, { connectors, tryMs: 120_000, quietMs: 120_000, ...more });
  for (const n of [0, 1, 2]) await world.activities.runStep(step(`l[${n}]`));
  now = run;
  return world;
}

async function failure(work: Promise<unknown>): Promise<ApplicationFailure> {
  return (await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )) as ApplicationFailure;
}

describe('a step as a local activity', () => {
  it('is left to an ordinary activity until its worker has seen it end quickly, and says what is quick', async () => {
    const world = makeWorld(definition, { connectors: (() => ({ spec: {}, run: answer })) as never });
    await expect(world.activities.tryStep(step('a'))).resolves.toMatchObject({ later: true, quick: [] });
    const learned = await quickWorld(answer);
    await expect(learned.activities.tryStep(step('a', { ask: true }))).resolves.toMatchObject({ port: 'out', quick: ['a'] });
    expect(learned.runs.last('a')).toMatchObject({ attempt: 1, status: 'completed', end: { outputText: '1' } });
    expect(learned.runs.whole).toContain('a');
  });

  it('leaves no trace of a call that takes longer than a try may, and is not tried again soon', async () => {
    let stopped = false;
    const slow: Run = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => ((stopped = true), reject(new Error('stopped')))));
    const world = await quickWorld(slow, { tryMs: 50 });
    await expect(world.activities.tryStep(step('a'))).resolves.toMatchObject({ later: true, quick: [] });
    expect(stopped).toBe(true);
    expect(world.runs.last('a')).toBeUndefined();
  });

  it('never makes a call that must not be made twice', async () => {
    let may = true;
    let calls = 0;
    const world = await quickWorld(
      async () => await Promise.resolve({ output: (calls += 1) }),
      {},
      () => may,
    );
    may = false;
    await expect(world.activities.tryStep(step('a'))).resolves.toMatchObject({ later: true });
    expect([calls, world.runs.last('a')]).toEqual([0, undefined]);
  });

  it('counts an attempt that failed by itself, and says when the next is due', async () => {
    const world = await quickWorld(() => Promise.reject(new TransientError('http.unavailable', 'down', { retryAfterMs: 700 })));
    const failed = await failure(world.activities.tryStep(step('a')));
    expect(failed).toMatchObject({ type: 'http.unavailable', nonRetryable: false });
    expect(Number(failed.nextRetryDelay)).toBeGreaterThanOrEqual(700);
    expect(world.runs.last('a')).toMatchObject({ attempt: 1, status: 'failed' });
    await expect(world.activities.tryStep(step('b'))).resolves.toMatchObject({ later: true, quick: [] });
  });

  it('fails for good where repeating cannot help, and stays quick', async () => {
    const world = await quickWorld(() => Promise.reject(new UserError('http.status-404', 'gone')));
    expect(await failure(world.activities.tryStep(step('a')))).toMatchObject({ type: 'http.status-404', nonRetryable: true });
    expect(await failure(world.activities.tryStep(step('b')))).toMatchObject({ nonRetryable: true });
  });

  it('finds what a worker that died had done, in a run that it meets under way', async () => {
    let calls = 0;
    const world = await quickWorld(async () => await Promise.resolve({ output: (calls += 1) }), { facts: { underWay: true } });
    world.runs.attempts.set('a', [{ attempt: 1, status: 'completed', end: null }]);
    await expect(world.activities.tryStep(step('a'))).resolves.toMatchObject({ port: 'out' });
    expect(calls).toBe(0);
    await expect(world.activities.tryStep(step('b'))).resolves.toMatchObject({ port: 'out' });
    expect(calls).toBe(1);
  });

  it('is left to another worker where its own is going, and to an ordinary activity where the database is away', async () => {
    const world = await quickWorld(({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))));
    const going = world.activities.tryStep(step('a'));
    world.cancel(true);
    await expect(going).resolves.toMatchObject({ later: true });
    const away = await quickWorld(answer);
    away.runs.writeWhole = () => Promise.reject(new TransientError('db.unavailable', 'away'));
    expect(await failure(away.activities.tryStep(step('a')))).toMatchObject({ code: 'db.unavailable' });
  });
});
