import { describe, expect, it } from 'vitest';
import { cursorRule, itemsOf, type PollPlace, remember, whatIsNew } from './news.ts';

const rising = cursorRule({ key: 'id', order: 'rising' });
const seen = cursorRule('id');
const ids = (...list: (string | number)[]) => list.map((id) => ({ id }));
const place = (more: Partial<PollPlace> = {}): PollPlace => ({ source: 's', ...more });

describe('a poll in rising order', () => {
  it('compares numbers as numbers, also where they are written as text, and of any length', () => {
    expect(whatIsNew(ids('9', '10', '11'), rising, place({ last: '9' })).fresh).toEqual(ids('10', '11'));
    expect(whatIsNew(ids('9007199254740993', '9007199254740992'), rising, place({ last: '9007199254740992' })).fresh).toEqual(
      ids('9007199254740993'),
    );
    expect(remember(place(), rising, ids('9', '10', '2')).last).toBe('10');
  });

  it('compares times as times, whatever their offset', () => {
    const at = (text: string) => ({ id: text });
    const items = [at('2026-03-01T12:00:00+02:00'), at('2026-03-01T11:00:00Z'), at('2026-03-01T10:00:00.000Z')];
    expect(whatIsNew(items, rising, place({ last: '2026-03-01T10:30:00Z' })).fresh).toEqual([at('2026-03-01T11:00:00Z')]);
  });

  it('gives what shares the key of the last one together with it: after it nobody would ask for them', () => {
    const items = Array.from({ length: 1_005 }, (_, n) => ({ id: n < 998 ? n : 5_000, n }));
    const { fresh, after } = whatIsNew(items, rising, place());
    expect(fresh).toHaveLength(1_005);
    expect(after.last).toBe(5_000);
  });

  it('gives at most 1,000 and the rest with the next poll', () => {
    const items = ids(...Array.from({ length: 1_500 }, (_, n) => n));
    const first = whatIsNew(items, rising, place());
    const second = whatIsNew(items, rising, first.after);
    expect([first.fresh.length, second.fresh.length, whatIsNew(items, rising, second.after).fresh.length]).toEqual([1_000, 500, 0]);
  });
});

describe('a poll that remembers what was seen', () => {
  it('gives an item once, however many others come and go around it', () => {
    let here = remember(place(), seen, ids('stays'));
    for (let round = 0; round < 12; round += 1) {
      const passing = ids('stays', ...Array.from({ length: 999 }, (_, n) => `${round}-${n}`));
      const { fresh, after } = whatIsNew(passing, seen, here);
      expect(fresh).toHaveLength(999);
      here = after;
    }
    expect(whatIsNew(ids('stays'), seen, here).fresh).toEqual([]);
    expect(here.seen).toHaveLength(10_000);
  });

  it('refuses an answer that is longer than what can be remembered, and says the way out', () => {
    expect(() => itemsOf(ids(...Array.from({ length: 10_001 }, (_, n) => n)), seen)).toThrow(expect.objectContaining({ code: 'poll.too-many' }));
    expect(itemsOf(ids(...Array.from({ length: 10_001 }, (_, n) => n)), rising)).toHaveLength(10_001);
  });
});

describe('the list in an answer', () => {
  it('is found where it is the only one, or named', () => {
    expect(itemsOf({ files: ids(1), next: null }, seen)).toEqual(ids(1));
    expect(itemsOf({ status: 200, body: { items: ids(2) } }, seen)).toEqual(ids(2));
    expect(() => itemsOf({ a: [], b: [] }, seen)).toThrow(expect.objectContaining({ code: 'poll.no-list' }));
    expect(itemsOf({ a: [], b: ids(3) }, cursorRule({ key: 'id', items: 'b' }))).toEqual(ids(3));
  });
});
