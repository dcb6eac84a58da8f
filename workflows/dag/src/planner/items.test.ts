import { describe, expect, it } from 'vitest';
import { brief, Driver, errorOf, planOf, type NodeSketch } from '../testing/plans.ts';
import type { LeftItem, PlanEvent, StartOptions } from './index.ts';

const loopOf = (loop: NodeSketch['loop'] = {}, start: Partial<StartOptions> = {}, count = 5): Driver => {
  const run = new Driver(
    planOf({ l: { loop: { sink: 'b', step: 'b', concurrency: 3, ...loop } }, b: { parent: 'l', reads: ['a'] }, a: {} }, ['a>l']),
    start,
  );
  run.done('a');
  run.on({ kind: 'loop-opened', path: 'l', count });
  return run;
};
const ended = (next: number, more: Partial<Extract<PlanEvent, { kind: 'chunk-ended' }>> = {}): PlanEvent => ({
  kind: 'chunk-ended',
  path: 'l',
  next,
  ...more,
});
const unknown: LeftItem['parked'] = { reason: 'unknown-outcome', lost: 1 };

describe('items of a loop whose body is one step', () => {
  it('share an activity, which is told what they read and how many may run at a time', () => {
    const run = loopOf();
    expect(brief(run.last)).toEqual(['items l 0 5 in 3']);
    expect(run.last[0]).toMatchObject({ nodeId: 'l', step: 'b', frames: [], reads: [{ id: 'a', path: 'a', as: 'row' }], sources: [] });
    expect(brief(run.on(ended(5)))).toEqual(['close l']);
    expect(run.last[0]).toMatchObject({ count: 5, sink: 'b', notes: [], stored: true });
    expect(brief(run.on({ kind: 'loop-closed', path: 'l' }))).toEqual(['finish completed']);
  });

  it('go on where the activity stopped, a thousand at most in each', () => {
    const run = loopOf({}, {}, 2_500);
    expect(brief(run.last)).toEqual(['items l 0 1000 in 3']);
    expect(brief(run.on(ended(700)))).toEqual(['items l 700 1700 in 3']);
    expect(brief(run.on(ended(1_700)))).toEqual(['items l 1700 2500 in 3']);
  });

  it('run one by one where there is one, where they are slow, or where a test gives the step', () => {
    expect(brief(loopOf({}, {}, 1).last)).toEqual(['run l[0].b']);
    const slow = loopOf();
    expect(brief(slow.on(ended(1, { slow: true })))).toEqual(['run l[1].b', 'run l[2].b', 'run l[3].b']);
    const given = loopOf({}, { given: [{ nodeId: 'b', port: 'out', as: 'pinned' }] }, 2);
    expect(brief(given.last)).toEqual(['row l[0].b completed', 'row l[1].b completed', 'close l']);
  });

  it('that were left keep their places, and go on by themselves', () => {
    const run = loopOf();
    const commands = run.on(ended(2, { left: [{ index: 1, afterMs: 400, failed: 2 }] }));
    expect(brief(commands)).toEqual(['items l 2 5 in 2', 'run l[1].b']);
    expect(commands[1]).toMatchObject({ after: { ms: 400, failed: 2 }, frames: [{ loop: 'l', path: 'l', index: 1 }] });
    expect(brief(run.on(ended(5)))).toEqual([]);
    expect(brief(run.fails('l[1].b'))).toEqual(['row l failed', 'finish failed']);
    expect(run.finish?.error).toMatchObject({ path: 'l[1].b' });
  });

  it('whose outcome is not known wait for a person while the others go on', () => {
    const run = loopOf({ onItemError: 'skip' });
    expect(brief(run.on(ended(1, { left: [{ index: 0, parked: unknown }] })))).toEqual(['items l 1 5 in 2']);
    expect(brief(run.on(ended(5)))).toEqual(['waits unknown-outcome']);
    expect(brief(run.on({ kind: 'message', message: { n: 1, kind: 'answer', path: 'l[0].b' } }))).toEqual(['release l[0].b 1']);
    expect(brief(run.done('l[0].b'))).toEqual(['close l']);
  });

  it('keep an answer that comes before the activity has told that they wait', () => {
    const run = loopOf();
    expect(brief(run.on({ kind: 'message', message: { n: 1, kind: 'answer', path: 'l[2].b', again: true } }))).toEqual([]);
    expect(brief(run.on(ended(3, { left: [{ index: 2, parked: unknown }] })))).toEqual(['items l 3 5 in 2', 'run l[2].b']);
  });

  it('begin no more in a pause; those that are left go on', () => {
    const run = loopOf();
    run.on({ kind: 'message', message: { n: 1, kind: 'pause' } });
    expect(brief(run.on(ended(2, { left: [{ index: 0, afterMs: 5, failed: 1 }] })))).toEqual(['run l[0].b']);
    expect(brief(run.done('l[0].b'))).toEqual(['waits pause']);
    expect(brief(run.on({ kind: 'message', message: { n: 2, kind: 'resume' } }))).toEqual(['items l 2 5 in 3']);
  });

  it('fail their loop with the lowest index, once all is quiet', () => {
    const failure = { ...errorOf('boom'), nodeId: 'b', path: 'l[1].b', index: 1 };
    const run = loopOf();
    run.on(ended(1, { left: [{ index: 0, afterMs: 5, failed: 1 }] }));
    expect(brief(run.on(ended(4, { failure })))).toEqual(['cancel l[0].b']);
    expect(brief(run.on({ kind: 'cancelled', path: 'l[0].b' }))).toEqual(['row l failed', 'row l[0].b cancelled', 'finish failed']);
    expect(run.finish?.error).toEqual({ code: 'boom', message: 'boom', nodeId: 'b', path: 'l[1].b' });
  });

  it('that failed by themselves stop the activity; what it had left is cancelled', () => {
    const run = loopOf();
    run.on(ended(1, { left: [{ index: 0, afterMs: 5, failed: 1 }] }));
    expect(brief(run.fails('l[0].b'))).toEqual(['cancel l']);
    expect(brief(run.on(ended(3, { left: [{ index: 2, parked: unknown }] })))).toEqual(['row l[2].b cancelled', 'row l failed', 'finish failed']);
    expect(run.finish?.error).toMatchObject({ path: 'l[0].b' });
  });

  it('end with their run: a cancel is for the activity and for those that are left', () => {
    const run = loopOf();
    run.on(ended(1, { left: [{ index: 0, afterMs: 5, failed: 1 }] }));
    expect(brief(run.on({ kind: 'cancel-run' }))).toEqual(['cancel l', 'cancel l[0].b']);
    expect(brief(run.on(ended(2)))).toEqual([]);
    expect(brief(run.on({ kind: 'cancelled', path: 'l[0].b' }))).toEqual(['row l cancelled', 'row l[0].b cancelled', 'finish cancelled']);
  });

  it('are ended with the loop where their activity could not do it at all', () => {
    const run = loopOf();
    run.on(ended(1, { left: [{ index: 0, afterMs: 5, failed: 1 }] }));
    expect(brief(run.fails('l', 'step.worker-lost'))).toEqual(['cancel l[0].b']);
    expect(brief(run.on({ kind: 'cancelled', path: 'l[0].b' }))).toEqual(['row l failed', 'row l[0].b cancelled', 'finish failed']);
    expect(run.finish?.error).toMatchObject({ code: 'step.worker-lost', path: 'l' });
  });

  it('of a forEach node see the edges into it', () => {
    const run = new Driver(planOf({ a: {}, x: { type: 'prompt', loop: { body: 'self', step: 'x' } } }, ['a>x']));
    run.done('a');
    run.on({ kind: 'loop-opened', path: 'x', count: 2 });
    expect(run.last).toMatchObject([{ kind: 'run-items', step: 'x', places: 10, sources: [{ id: 'a', port: 'out' }] }]);
    const [again] = run.on({ kind: 'chunk-ended', path: 'x', next: 2, left: [{ index: 1 }] });
    expect(again).toMatchObject({ kind: 'run-step', path: 'x[1]', nodeId: 'x', sources: [{ id: 'a' }], after: { ms: 0, failed: 0 } });
  });
});
