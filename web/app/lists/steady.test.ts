import { describe, expect, it } from 'vitest';
import { follow, type Rows, take, told } from './steady.ts';

const page = (ids: string, nextCursor: string | null = null, state = 'running'): Rows<{ id: string; state: string }> => ({
  rows: [...ids].map((id) => ({ id, state })),
  nextCursor,
});
const idsOf = ({ rows }: { rows: readonly { id: string }[] }): string => rows.map(({ id }) => id).join('');

describe('a list that lives', () => {
  it('lets new rows wait, and shows them when asked', () => {
    const held = follow(take('v', page('cba')), 'v', page('edcba'));
    expect([idsOf(held), held.fresh, held.isMore]).toEqual(['cba', 2, false]);
    expect(idsOf(take('v', held.latest))).toBe('edcba');
  });

  it('changes the rows that are shown where they stand', () => {
    const held = follow(take('v', page('cba')), 'v', page('dcba', null, 'completed'));
    expect(held.rows).toEqual(page('cba', null, 'completed').rows);
  });

  it('keeps a row that left the list, in its place and as it last was, until the list is taken anew', () => {
    const held = follow(take('v', page('cba')), 'v', page('ca', null, 'waiting'));
    expect(held.rows.map(({ id, state }) => `${id} ${state}`)).toEqual(['c waiting', 'b running', 'a waiting']);
    expect([[...held.gone], held.untold, held.fresh]).toEqual([['b'], ['b'], 0]);
    const again = follow(held, 'v', page('cba'));
    expect([[...again.gone], again.untold]).toEqual([[], []]);
    expect(idsOf(take('v', held.latest))).toBe('ca');
  });

  it('does not take for gone what new rows pushed off the page', () => {
    const held = follow(take('v', page('cba', 'a')), 'v', page('edc', 'c'));
    expect([idsOf(held), [...held.gone], held.untold, held.fresh]).toEqual(['cba', [], ['b', 'a'], 2]);
    // The next page begins after what is shown.
    expect(held.nextCursor).toBe('a');
  });

  it('says that there may be more where new rows fill the whole page', () => {
    const held = follow(take('v', page('cba', 'a')), 'v', page('fed', 'd'));
    expect([held.fresh, held.isMore, [...held.gone]]).toEqual([3, true, []]);
  });

  it('does not count what comes up from the next page for one that left', () => {
    const held = follow(take('v', page('dcb', 'b')), 'v', page('dba', 'a'));
    expect([idsOf(held), held.fresh, [...held.gone]]).toEqual(['dcb', 0, ['c']]);
  });

  it('takes all of it for another page, view or visit, and where there was nothing', () => {
    expect(idsOf(follow(take('v', page('cba')), 'w', page('dc')))).toBe('dc');
    const first = follow(take('v', page('')), 'v', page('a'));
    expect([idsOf(first), first.fresh]).toEqual(['a', 0]);
    const emptied = follow(take('v', page('a')), 'v', page(''));
    expect([idsOf(emptied), [...emptied.gone]]).toEqual(['a', ['a']]);
  });

  it('puts in what was read by itself of the rows that the list does not tell of', () => {
    const held = told(follow(take('v', page('cb')), 'v', page('c')), page('b', null, 'completed').rows);
    expect(held.rows.map(({ id, state }) => `${id} ${state}`)).toEqual(['c running', 'b completed']);
    expect([...held.gone]).toEqual(['b']);
  });
});
