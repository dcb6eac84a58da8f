/** Undoing: when a run undoes, that it does so once and before it ends, and that nothing else moves it meanwhile. */
import { describe, expect, test } from 'vitest';
import { brief, errorOf, planOf, Driver } from '../testing/plans.ts';
import type { Plan } from './types.ts';

const actions = (compensate: string, more: Partial<Plan['settings']> = {}): Plan =>
  planOf({ a: {}, b: {} }, ['a>b'], { settings: { compensate, ...more } });

describe('compensate', () => {
  test.each([
    ['never', []],
    ['failure', []],
    ['cancel', ['undo 1']],
    ['both', ['undo 1']],
    ['cancel failure', ['undo 1']],
  ])('%s: a cancelled run undoes before it ends', (compensate, undone) => {
    const run = new Driver(actions(compensate));
    run.on({ kind: 'completed', path: 'a' });
    run.on({ kind: 'cancel-run' });
    const last = brief(run.on({ kind: 'cancelled', path: 'b' })).filter((line) => !line.startsWith('row '));
    expect(last).toEqual(undone.length > 0 ? undone : ['finish cancelled']);
    if (undone.length > 0) expect(brief(run.on({ kind: 'undone', round: 1, more: false }))).toEqual(['finish cancelled']);
  });

  test.each([
    ['cancel', ['finish failed']],
    ['failure', ['undo 1']],
    ['both', ['undo 1']],
  ])('%s: a failed run undoes before it ends', (compensate, then) => {
    const run = new Driver(actions(compensate));
    run.on({ kind: 'completed', path: 'a' });
    expect(brief(run.on({ kind: 'failed', path: 'b', error: errorOf('boom') })).filter((line) => !line.startsWith('row '))).toEqual(then);
  });

  test('a run that is out of time counts as failed', () => {
    const run = new Driver(actions('failure', { timeoutMs: 1_000 }));
    run.on({ kind: 'timer', key: 'run' });
    expect(brief(run.on({ kind: 'cancelled', path: 'a' }))).toContain('undo 1');
    expect(brief(run.on({ kind: 'undone', round: 1, more: false }))).toEqual(['finish timed_out']);
  });

  test('a completed run, and one without actions, undo nothing', () => {
    const run = new Driver(actions('both'));
    run.on({ kind: 'completed', path: 'a' });
    expect(brief(run.on({ kind: 'completed', path: 'b' }))).toEqual(['finish completed']);
    const reading = new Driver(planOf({ a: { type: 'data_source' } }, [], { settings: { compensate: 'both' } }));
    expect(brief(reading.on({ kind: 'failed', path: 'a', error: errorOf('boom') }))).toEqual(['finish failed']);
  });

  test('rounds follow each other; a late answer of an earlier one, a cancel, a pause and a timer change nothing', () => {
    const run = new Driver(actions('failure', { timeoutMs: 1_000 }));
    run.on({ kind: 'failed', path: 'a', error: errorOf('boom') });
    for (const event of [{ kind: 'cancel-run' }, { kind: 'timer', key: 'run' }, { kind: 'message', message: { n: 1, kind: 'pause' } }] as const)
      expect(brief(run.on(event))).toEqual([]);
    expect(brief(run.on({ kind: 'undone', round: 1, more: true }))).toEqual(['undo 2']);
    expect(brief(run.on({ kind: 'undone', round: 1, more: false }))).toEqual([]);
    expect(brief(run.on({ kind: 'undone', round: 2, more: false }))).toEqual(['finish failed']);
    expect(run.finish?.error?.code).toBe('boom');
  });
});
