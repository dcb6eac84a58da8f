import type { Definition } from '@hub/dag';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { printOf } from './print.ts';
import { type Backup, createSaving, type SaveAnswer, type SaveState, type Sent } from './saving.ts';

const draft = (n: number): Definition => ({ schemaVersion: 1, nodes: [], settings: { n } });

const prints = (...all: Definition[]): string[] => all.map(printOf);

function setUp(answers: (SaveAnswer | Promise<SaveAnswer>)[], earlier?: string[]) {
  const sent: Sent[] = [];
  const states: SaveState['kind'][] = [];
  let kept: Backup | null = null;
  const base = draft(0);
  const known: number[] = [];
  const saving = createSaving({
    revision: 1,
    saved: base,
    earlier,
    send: async (each) => {
      sent.push(each);
      return answers.shift() ?? { kind: 'saved', revision: each.revision + 1 };
    },
    onSaved: (_definition, revision) => known.push(revision),
    keep: (backup) => (kept = backup),
    onState: ({ kind }) => states.push(kind),
  });
  return { saving, sent, states, base, known, kept: () => kept };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('saving the draft', () => {
  test('waits until the hand rests, then sends the last state once, on the revision it was made on', async () => {
    const { saving, sent, states, kept } = setUp([]);
    saving.changed(draft(1));
    await vi.advanceTimersByTimeAsync(500);
    const last = draft(2);
    saving.changed(last);
    expect(kept()).toEqual({ revision: 1, definition: last, mine: prints(draft(0)) });
    await vi.advanceTimersByTimeAsync(800);
    expect(sent).toEqual([{ definition: last, revision: 1, mine: prints(draft(0), draft(2)), last: false }]);
    expect(states).toEqual(['dirty', 'saving', 'saved']);
    expect([saving.revision(), kept()]).toEqual([2, null]);
  });

  test('one who never rests is saved after ten seconds', async () => {
    const { saving, sent } = setUp([]);
    for (let n = 1; n <= 30; n++) {
      saving.changed(draft(n));
      await vi.advanceTimersByTimeAsync(400);
    }
    expect(sent.length).toBeGreaterThanOrEqual(1);
  });

  test('a change during a save is saved after it, on the new revision', async () => {
    let answer: (value: SaveAnswer) => void = () => undefined;
    const { saving, sent } = setUp([new Promise((resolve) => (answer = resolve))]);
    saving.changed(draft(1));
    await vi.advanceTimersByTimeAsync(800);
    saving.changed(draft(2));
    answer({ kind: 'saved', revision: 7 });
    await vi.advanceTimersByTimeAsync(2000);
    expect(sent.map(({ revision }) => revision)).toEqual([1, 7]);
  });

  test('what is kept in the browser names all that may have arrived, until the answer is known', async () => {
    let answer: (value: SaveAnswer) => void = () => undefined;
    const { saving, kept } = setUp([new Promise((resolve) => (answer = resolve)), { kind: 'offline' }]);
    saving.changed(draft(1));
    await vi.advanceTimersByTimeAsync(800);
    expect(kept()).toEqual({ revision: 1, definition: draft(1), mine: prints(draft(0), draft(1)) });
    saving.changed(draft(2));
    expect(kept()).toEqual({ revision: 1, definition: draft(2), mine: prints(draft(0), draft(1)) });
    answer({ kind: 'saved', revision: 2 });
    await vi.advanceTimersByTimeAsync(0);
    expect(kept()).toEqual({ revision: 2, definition: draft(2), mine: prints(draft(1)) });
    await vi.advanceTimersByTimeAsync(800);
    saving.changed(draft(3));
    expect(kept()).toEqual({ revision: 2, definition: draft(3), mine: prints(draft(1), draft(2)) });
  });

  test('a visit that goes on from an earlier one remembers what that one sent, also for the visit after it', async () => {
    const earlier = prints(draft(-1), draft(0));
    const { saving, kept, sent } = setUp([{ kind: 'offline' }], earlier);
    saving.changed(draft(1));
    expect(kept()?.mine).toEqual(earlier);
    saving.leave();
    expect(sent).toMatchObject([{ last: true, mine: [...earlier, ...prints(draft(1))] }]);
    expect(kept()?.mine).toEqual([...earlier, ...prints(draft(1))]);
  });

  test('without network it tries again by itself and keeps the draft in the browser', async () => {
    const { saving, sent, states, kept } = setUp([{ kind: 'offline' }, { kind: 'offline' }]);
    saving.changed(draft(1));
    await vi.advanceTimersByTimeAsync(800);
    expect(states.at(-1)).toBe('offline');
    expect(kept()).not.toBeNull();
    await vi.advanceTimersByTimeAsync(2000 + 5000);
    expect(sent).toHaveLength(3);
    expect(states.at(-1)).toBe('saved');
  });

  test('a conflict stops saving until a person decides; mine then goes out on their revision', async () => {
    const { saving, sent, states } = setUp([{ kind: 'stale', revision: 9, by: 'Bo', own: false, at: null }]);
    saving.changed(draft(1));
    await vi.advanceTimersByTimeAsync(800);
    saving.changed(draft(2));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent).toHaveLength(1);
    expect(states.at(-1)).toBe('conflict');
    expect(await saving.flush()).toBe(false);
    expect(await saving.force()).toBe(true);
    expect(sent.map(({ revision }) => revision)).toEqual([1, 9]);
    expect(saving.revision()).toBe(10);
  });

  test('taking theirs drops mine', async () => {
    const { saving, states, kept } = setUp([{ kind: 'stale', revision: 9, by: 'Bo', own: false, at: null }]);
    saving.changed(draft(1));
    await vi.advanceTimersByTimeAsync(800);
    saving.reset(draft(5), 9);
    expect([states.at(-1), kept(), saving.revision()]).toEqual(['saved', null, 9]);
  });

  test('undoing back to what is saved needs no request, and leaving sends what is open', async () => {
    const { saving, sent, base, states } = setUp([]);
    saving.changed(draft(1));
    saving.changed(base);
    await vi.advanceTimersByTimeAsync(5000);
    expect([sent, states.at(-1)]).toEqual([[], 'saved']);
    saving.changed(draft(2));
    saving.leave();
    expect(sent).toMatchObject([{ last: true, revision: 1 }]);
  });

  test('a page that was left and lives on goes on from what it sent as it went', async () => {
    const { saving, sent, known, kept } = setUp([]);
    saving.changed(draft(1));
    saving.leave();
    await vi.advanceTimersByTimeAsync(0);
    expect([kept(), known]).toEqual([null, [2]]);
    saving.changed(draft(2));
    await vi.advanceTimersByTimeAsync(800);
    expect(sent.map(({ revision }) => revision)).toEqual([1, 2]);
  });

  test('one that was stopped neither sends nor keeps: what the next one keeps stays', async () => {
    let answer: (value: SaveAnswer) => void = () => undefined;
    const { saving, sent, kept } = setUp([new Promise((resolve) => (answer = resolve))]);
    saving.changed(draft(1));
    await vi.advanceTimersByTimeAsync(800);
    saving.changed(draft(2));
    saving.stop();
    answer({ kind: 'saved', revision: 2 });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sent).toHaveLength(1);
    expect(kept()).toMatchObject({ definition: draft(2) });
  });
});
