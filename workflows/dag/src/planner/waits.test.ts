import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brief, Driver, planOf, type NodeSketch } from '../testing/plans.ts';
import type { Message, ParkFacts } from './types.ts';

const wait: NodeSketch = { type: 'wait', work: 'park', ports: ['out', 'timeout'] };
const approval: NodeSketch = { type: 'approval', work: 'park', ports: ['approved', 'rejected', 'timeout'] };
const child: NodeSketch = { type: 'subworkflow', work: 'park' };
const forSignal = (name = 'go', key: string | null = null): ParkFacts => ({ reason: 'signal', signal: { name, key } });
const asked: ParkFacts = { reason: 'approval' };

class Waiting extends Driver {
  #n = 0;

  parks(path: string, facts: ParkFacts): string[] {
    return brief(this.on({ kind: 'parked', path, facts }));
  }

  says(message: Omit<Message, 'n'>, n = (this.#n += 1)): string[] {
    return brief(this.on({ kind: 'message', message: { n, ...message } }));
  }

  times(key: string): string[] {
    return brief(this.on({ kind: 'timer', key }));
  }

  ends(path: string, port = 'out'): string[] {
    return brief(this.done(path, port));
  }
}

describe('a node that parks', () => {
  it('is opened, shows the run as waiting, and goes on by a signal of its name', () => {
    const run = new Waiting(planOf({ a: wait, b: {} }, ['a>b']));
    expect(brief(run.last)).toEqual(['park a']);
    expect(run.parks('a', forSignal())).toEqual(['waits signal']);
    expect(run.says({ kind: 'signal', name: 'other' })).toEqual([]);
    expect(run.says({ kind: 'signal', name: 'go' })).toEqual(['release a 2']);
    expect(run.ends('a')).toEqual(['run b']);
    expect(run.ends('b')).toEqual(['finish completed']);
  });

  it('takes a signal that came before it, the oldest first, and each once', () => {
    const run = new Waiting(planOf({ a: wait, b: wait }, ['a>b']));
    run.says({ kind: 'signal', name: 'go' });
    run.says({ kind: 'signal', name: 'go' }, 1);
    run.says({ kind: 'signal', name: 'go' }, 3);
    expect(run.parks('a', forSignal())).toEqual(['release a 1']);
    run.ends('a');
    expect(run.parks('b', forSignal())).toEqual(['release b 3']);
    expect(run.says({ kind: 'signal', name: 'go' }, 3)).toEqual([]);
  });

  it('with a key takes only its own, and any signal without a key', () => {
    const run = new Waiting(planOf({ a: wait, b: wait }, []));
    run.parks('a', forSignal('go', 'k1'));
    run.parks('b', forSignal('go', 'k2'));
    expect(run.says({ kind: 'signal', name: 'go', key: 'k3' })).toEqual([]);
    expect(run.says({ kind: 'signal', name: 'go', key: 'k2' })).toEqual(['release b 2']);
    expect(run.says({ kind: 'signal', name: 'go' })).toEqual(['release a 3']);
  });

  it('waits in its old place where the message had gone elsewhere', () => {
    const run = new Waiting(planOf({ a: wait, b: wait }, []));
    run.parks('a', { ...forSignal(), at: 50 });
    run.parks('b', forSignal());
    expect(run.says({ kind: 'signal', name: 'go' })).toEqual(['stop-timer a', 'release a 1']);
    expect(brief(run.on({ kind: 'reopened', path: 'a' }))).toEqual(['timer a at 50', 'waits signal']);
    expect(run.says({ kind: 'signal', name: 'go' })).toEqual(['stop-timer a', 'release a 2']);
  });

  it('follows what a lost decision had carried out: the message releases the wait that had it', () => {
    const run = new Waiting(planOf({ a: wait, b: wait }, []));
    run.parks('a', forSignal());
    run.parks('b', forSignal());
    expect(run.says({ kind: 'signal', name: 'go' })).toEqual(['release a 1']);
    expect(brief(run.on({ kind: 'reopened', path: 'a', takenBy: 'b' }))).toContain('release b 1');
    run.ends('b');
    expect(run.says({ kind: 'signal', name: 'go' })).toEqual(['release a 2']);
    expect(run.ends('a')).toEqual(['finish completed']);
  });

  it('takes an answer that came before it: the wait that was answered had been opened by a decision that is lost', () => {
    const run = new Waiting(planOf({ l: { loop: { concurrency: 1 } }, ok: { ...approval, parent: 'l' }, b: approval }, ['l>b']));
    run.says({ kind: 'answer', path: 'b' });
    run.says({ kind: 'answer', path: 'l[1].ok' });
    run.on({ kind: 'loop-opened', path: 'l', count: 2 });
    expect(run.parks('l[0].ok', asked)).toEqual(['waits approval']);
    expect(run.says({ kind: 'answer', path: 'l[0].ok' })).toContain('release l[0].ok 3');
    run.ends('l[0].ok', 'approved');
    run.on({ kind: 'iteration-closed', path: 'l', index: 0 });
    expect(run.parks('l[1].ok', asked)).toEqual(['release l[1].ok 2']);
    // What is over has nobody to wait for.
    run.says({ kind: 'answer', path: 'l[0].ok' });
    expect(run.state.waits?.kept.map(({ n }) => n)).toEqual([1]);
  });

  it('gives back a message that was not needed, to another wait or to a later one', () => {
    const run = new Waiting(planOf({ a: wait, b: wait, c: wait }, ['a>c']));
    run.parks('a', forSignal());
    run.parks('b', forSignal());
    run.says({ kind: 'signal', name: 'go' });
    run.says({ kind: 'signal', name: 'go' });
    // The lost decisions were the other way round: b had message 1, a had message 2.
    expect(brief(run.on({ kind: 'reopened', path: 'a', takenBy: 'b' }))).toEqual([]);
    expect(brief(run.on({ kind: 'completed', path: 'b', port: 'out', unused: true }))).toContain('release a 2');
    run.ends('a');
    expect(run.parks('c', forSignal())).toEqual(['waits signal']);
    expect(run.says({ kind: 'signal', name: 'go' })).toEqual(['release c 3']);
  });

  it('gives back the message where it had failed without it, and where its release never began', () => {
    const run = new Waiting(planOf({ a: { ...wait, onError: 'continue' }, b: wait }, ['a>b']));
    run.parks('a', forSignal());
    run.says({ kind: 'signal', name: 'go' });
    run.on({ kind: 'failed', path: 'a', error: { code: 'x', message: 'x', attempt: 1 }, unused: true });
    expect(run.parks('b', forSignal())).toEqual(['release b 1']);
    run.on({ kind: 'cancelled', path: 'b' });
    expect(run.state.waits?.kept.map(({ n }) => n)).toEqual([1]);
  });

  it('takes the port that the end of its time gives', () => {
    const run = new Waiting(planOf({ a: wait, late: {}, ok: {} }, ['a:timeout>late', 'a>ok']));
    expect(run.parks('a', { ...forSignal(), at: 1_000 })).toEqual(['timer a at 1000', 'waits signal']);
    expect(run.times('a')).toEqual(['stop-timer a', 'release a timer']);
    expect(run.ends('a', 'timeout')).toEqual(['row ok skipped', 'run late']);
    expect(run.times('a')).toEqual([]);
  });

  it('reminds as often as it was told to', () => {
    const run = new Waiting(planOf({ a: approval }, []));
    expect(run.parks('a', { ...asked, remindMs: 60 })).toEqual(['timer remind:a 60', 'waits approval']);
    expect(run.times('remind:a')).toEqual(['remind a', 'timer remind:a 60']);
    expect(run.says({ kind: 'answer', path: 'a' })).toEqual(['stop-timer remind:a', 'release a 1']);
    expect(run.times('remind:a')).toEqual([]);
  });

  it('fails with its limit, in any phase, and tells a child first', () => {
    const run = new Waiting(planOf({ a: { ...wait, timeoutMs: 5 } }, []));
    expect(brief(run.last)).toEqual(['park a', 'timer limit:a 5']);
    expect(run.times('limit:a')).toEqual([]);
    expect(run.parks('a', forSignal())).toEqual(['row a failed', 'finish failed']);
    const parent = new Waiting(planOf({ c: { ...child, timeoutMs: 5 } }, []));
    parent.parks('c', { reason: 'child', child: 'r2' });
    expect(parent.times('limit:c')).toEqual(['cancel-child c r2']);
    expect(brief(parent.on({ kind: 'cancelled', path: 'c' }))).toEqual(['row c failed', 'stop-timer limit:c', 'finish failed']);
    expect(parent.finish?.error?.code).toBe('step.timeout');
  });

  it('takes no place of maxParallel while it waits', () => {
    const run = new Waiting(planOf({ a: wait, b: wait, c: {} }, [], { settings: { maxParallel: 1 } }));
    expect(brief(run.last)).toEqual(['park a']);
    expect(run.parks('a', forSignal())).toEqual(['park b']);
    expect(run.parks('b', forSignal())).toEqual(['run c']);
    expect(run.ends('c')).toEqual(['waits signal']);
  });

  it('ends with its run, and passes a cancel down to a child', () => {
    const run = new Waiting(planOf({ a: wait, b: child }, []));
    run.parks('a', { ...forSignal(), at: 9 });
    run.parks('b', { reason: 'child', child: 'r2' });
    expect(brief(run.on({ kind: 'cancel-run' }))).toEqual(['row a cancelled', 'stop-timer a', 'cancel-child b r2']);
    expect(brief(run.on({ kind: 'cancelled', path: 'b' }))).toEqual(['row b cancelled', 'finish cancelled']);
  });

  it('that is being opened when its run ends is ended as soon as it is open', () => {
    const run = new Waiting(planOf({ a: approval }, []));
    expect(brief(run.on({ kind: 'cancel-run' }))).toEqual(['cancel a']);
    expect(run.parks('a', asked)).toEqual(['row a cancelled', 'finish cancelled']);
  });

  it('fails as its activity fails, and onError is heard', () => {
    const run = new Waiting(planOf({ a: { ...child, onError: 'branch' }, b: {} }, ['a:error>b']));
    run.parks('a', { reason: 'child', child: 'r2' });
    expect(run.says({ kind: 'child', path: 'a' })).toEqual(['release a 1']);
    expect(brief(run.fails('a', 'subworkflow.failed'))).toEqual(['row a failed', 'run b']);
  });
});

describe('in loops', () => {
  it('the iteration that an answer names goes on, and no other', () => {
    const run = new Waiting(planOf({ l: { loop: { concurrency: 3, sink: 'ok' } }, ok: { ...approval, parent: 'l' } }, []));
    run.on({ kind: 'loop-opened', path: 'l', count: 3 });
    for (const index of [0, 1, 2]) run.parks(`l[${index}].ok`, asked);
    expect(run.says({ kind: 'answer', path: 'l[1].ok' })).toEqual(['release l[1].ok 1']);
    expect(run.ends('l[1].ok', 'approved')).toEqual(['waits approval']);
    expect(Object.keys(run.state.root.nodes['l']?.loop?.open ?? {})).toEqual(['0', '2']);
  });

  it('a signal with a path waits for that iteration to come', () => {
    const run = new Waiting(planOf({ l: { loop: { concurrency: 1, sink: 'w' } }, w: { ...wait, parent: 'l' } }, []));
    run.on({ kind: 'loop-opened', path: 'l', count: 2 });
    run.parks('l[0].w', forSignal());
    expect(run.says({ kind: 'signal', name: 'go', path: 'l[1].w' })).toEqual([]);
    run.says({ kind: 'signal', name: 'go' });
    run.ends('l[0].w');
    expect(run.parks('l[1].w', forSignal())).toEqual(['release l[1].w 1']);
  });
});

describe('a step whose outcome is not known', () => {
  it('waits for a person: again, or an end', () => {
    const run = new Waiting(planOf({ a: {}, b: {} }, ['a>b']));
    expect(run.parks('a', { reason: 'unknown-outcome', lost: 2 })).toEqual(['waits unknown-outcome']);
    expect(run.says({ kind: 'answer', path: 'a', again: true })).toEqual(['run a']);
    expect(run.last[0]).toMatchObject({ kind: 'run-step', forgiven: 2 });
    run.parks('a', { reason: 'unknown-outcome', lost: 3 });
    expect(run.says({ kind: 'answer', path: 'a' })).toEqual(['release a 2']);
    expect(run.ends('a')).toEqual(['run b']);
  });
});

describe('a pause', () => {
  it('tells a child once that it is to stop, whatever stops it', () => {
    const run = new Waiting(planOf({ a: { ...child, timeoutMs: 50 }, b: { ...child, timeoutMs: 60 } }, []));
    run.parks('a', { reason: 'child', child: 'run-a' });
    run.parks('b', { reason: 'child', child: 'run-b' });
    expect(run.times('limit:a')).toContain('cancel-child a run-a');
    expect(run.times('limit:b')).toContain('cancel-child b run-b');
    expect(brief(run.on({ kind: 'cancelled', path: 'a' })).filter((line) => line.startsWith('cancel-child'))).toEqual([]);
    expect(brief(run.on({ kind: 'cancelled', path: 'b' }))).toContain('finish failed');
  });

  it('ends a loop whose time limit came while it was held back', () => {
    const run = new Waiting(planOf({ l: { loop: { sink: 'b', concurrency: 1 }, timeoutMs: 50 }, b: { parent: 'l' } }, []));
    run.on({ kind: 'loop-opened', path: 'l', count: 2 });
    run.says({ kind: 'pause' });
    run.ends('l[0].b');
    run.times('l');
    expect(run.says({ kind: 'resume' })).toEqual(['row l failed', 'finish failed']);
  });

  it('begins nothing at its end that its due timers stop', () => {
    const run = new Waiting(planOf({ l: { loop: { sink: 'b', concurrency: 1 } }, b: { parent: 'l' } }, [], { settings: { timeoutMs: 1_000 } }));
    run.on({ kind: 'loop-opened', path: 'l', count: 2 });
    run.says({ kind: 'pause' });
    run.times('run');
    expect(run.ends('l[0].b')).toEqual(['hold-timer run', 'waits pause']);
    expect(run.says({ kind: 'resume' })).toEqual(['row l cancelled', 'finish timed_out']);
  });

  it('starts nothing, lets what is in flight end, and goes on where it stood', () => {
    const run = new Waiting(planOf({ a: {}, b: {} }, ['a>b'], { settings: { timeoutMs: 9 } }));
    expect(run.says({ kind: 'pause' })).toEqual([]);
    expect(run.ends('a')).toEqual(['hold-timer run', 'waits pause']);
    expect(run.says({ kind: 'resume' })).toEqual(['run b', 'release-timer run']);
    expect(run.ends('b')).toEqual(['finish completed']);
  });

  it('acts at its end on the timers that came meanwhile', () => {
    const run = new Waiting(planOf({ a: wait, late: {} }, ['a:timeout>late']));
    run.parks('a', { ...forSignal(), at: 5 });
    expect(run.says({ kind: 'pause' })).toEqual(['waits pause']);
    expect(run.times('a')).toEqual([]);
    expect(run.says({ kind: 'resume' })).toEqual(['stop-timer a', 'release a timer']);
  });

  it('holds items and conditions back, and a cancel ends what it held', () => {
    const plan = planOf({ l: { loop: { concurrency: 1, sink: 'b' } }, b: { parent: 'l' } }, []);
    const run = new Waiting(plan);
    run.on({ kind: 'loop-opened', path: 'l', count: 3 });
    run.says({ kind: 'pause' });
    expect(run.ends('l[0].b')).toEqual(['waits pause']);
    expect(run.says({ kind: 'resume' })).toEqual(['run l[1].b']);
    run.says({ kind: 'pause' });
    run.ends('l[1].b');
    expect(brief(run.on({ kind: 'cancel-run' }))).toEqual(['row l cancelled', 'finish cancelled']);
    const until = new Waiting(planOf({ l: { loop: { mode: 'until', sink: 'b' } }, b: { parent: 'l' } }, []));
    until.on({ kind: 'loop-opened', path: 'l', count: 0 });
    until.ends('l[0].b');
    until.says({ kind: 'pause' });
    until.on({ kind: 'iteration-closed', path: 'l', index: 0 });
    expect(brief(until.last)).toEqual(['waits pause']);
    expect(until.says({ kind: 'resume' })).toEqual(['check l 0']);
  });

  it('counts no time of the run while all of it is parked', () => {
    const run = new Waiting(planOf({ a: wait }, [], { settings: { timeoutMs: 9 } }));
    expect(run.parks('a', forSignal())).toEqual(['hold-timer run', 'waits signal']);
    expect(run.says({ kind: 'signal', name: 'go' })).toEqual(['release a 1', 'release-timer run']);
  });
});

describe('whatever the order', () => {
  it('every signal goes to exactly one wait, every wait takes one, and the run ends', () => {
    const order = fc.array(fc.nat(1_000), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }), order, (count, concurrency, picks) => {
        const run = new Waiting(planOf({ l: { loop: { concurrency, sink: 'w' } }, w: { ...wait, parent: 'l' } }, []));
        run.on({ kind: 'loop-opened', path: 'l', count });
        const todo = Array.from({ length: count }, (_, n) => n + 1);
        const opening = new Set<string>();
        const taken: number[] = [];
        const see = (): void => {
          for (const command of run.last) {
            if (command.kind === 'park') opening.add(command.path);
            if (command.kind === 'release') releases.push([command.path, command.by as number]);
          }
        };
        const releases: [string, number][] = [];
        for (const command of run.all) if (command.kind === 'park') opening.add(command.path);
        for (let step = 0; step < 400 && !run.finish; step += 1) {
          const pick = (picks[step % picks.length] ?? 0) + step;
          const way = pick % 4;
          if (way === 0 && todo.length > 0) run.says({ kind: 'signal', name: 'go' }, todo.splice(pick % todo.length, 1)[0]);
          else if (way === 1 && opening.size > 0) {
            const path = [...opening][pick % opening.size] ?? '';
            opening.delete(path);
            run.parks(path, forSignal());
          } else if (way === 2 && releases.length > 0) {
            const [path, by] = releases.splice(pick % releases.length, 1)[0] ?? ['', 0];
            taken.push(by);
            run.ends(path);
          } else if (way === 3 && taken.length > 0) run.says({ kind: 'signal', name: 'go' }, taken[pick % taken.length]);
          else continue;
          see();
          if (run.last.some(({ kind }) => kind === 'close-loop')) run.on({ kind: 'loop-closed', path: 'l' });
        }
        expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
        expect(run.finish?.status).toBe('completed');
      }),
      { numRuns: 300 },
    );
  });
});
