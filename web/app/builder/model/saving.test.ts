import type { Definition } from '@hub/dag';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Backup, createSaving, type SaveAnswer, type SaveState } from './saving.ts';

const draft = (n: number): Definition => ({ schemaVersion: 1, nodes: [], settings: { n } });

function setUp(answers: (SaveAnswer | Promise<SaveAnswer>)[]) {
  const sent: { definition: Definition; revision: number; last: boolean }[] = [];
  const states: SaveState['kind'][] = [];
  let kept: Backup | null = null;
  const base = draft(0);
  const saving = createSaving({
    revision: 1,
    saved: base,
    send: async (definition, revision, last) => {
      sent.push({ definition, revision, last });
      return answers.shift() ?? { kind: 'saved', revision: revision + 1 };
    },
    keep: (backup) => (kept = backup),
    onState: ({ kind }) => states.push(kind),
  });
  return { saving, sent, states, base, kept: () => kept };
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
    expect(kept()).toEqual({ revision: 1, definition: last });
    await vi.advanceTimersByTimeAsync(800);
    expect(sent).toEqual([{ definition: last, revision: 1, last: false }]);
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

  test('what is kept in the browser during a save says what is under way, until its answer is known', async () => {
    let answer: (value: SaveAnswer) => void = () => undefined;
    const { saving, kept } = setUp([new Promise((resolve) => (answer = resolve)), { kind: 'offline' }]);
    saving.changed(draft(1));
    await vi.advanceTimersByTimeAsync(800);
    saving.changed(draft(2));
    expect(kept()).toEqual({ revision: 1, definition: draft(2), sent: draft(1) });
    answer({ kind: 'saved', revision: 2 });
    await vi.advanceTimersByTimeAsync(0);
    expect(kept()).toEqual({ revision: 2, definition: draft(2) });
    await vi.advanceTimersByTimeAsync(800);
    saving.changed(draft(3));
    expect(kept()).toEqual({ revision: 2, definition: draft(3), sent: draft(2) });
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
    const { saving, sent, states } = setUp([{ kind: 'stale', revision: 9, by: 'Bo', at: null }]);
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
    const { saving, states, kept } = setUp([{ kind: 'stale', revision: 9, by: 'Bo', at: null }]);
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
});
