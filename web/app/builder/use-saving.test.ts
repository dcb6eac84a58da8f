import type { Definition } from '@hub/dag';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { printOf } from './model/print.ts';
import { openDraft } from './use-saving.ts';

const draft = (n: number): Definition => ({ schemaVersion: 1, nodes: [], settings: { n } });

function storage(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const held = new Map<string, string>();
  return { getItem: (key) => held.get(key) ?? null, setItem: (key, value) => void held.set(key, value), removeItem: (key) => void held.delete(key) };
}
const keep = (definition: Definition, revision: number, ...mine: Definition[]): void =>
  localStorage.setItem('hub-draft:w', JSON.stringify({ revision, definition, mine: mine.map(printOf) }));

beforeEach(() => {
  vi.stubGlobal('localStorage', storage());
  vi.stubGlobal('sessionStorage', storage());
  return () => vi.unstubAllGlobals();
});

describe('opening a draft', () => {
  test('as the server gave it, where nothing else is known', () => {
    expect(openDraft('w', { definition: draft(1), revision: 4 }, true)).toEqual({ definition: draft(1), revision: 4, backup: null, mine: undefined });
  });

  test('as this tab saved it, where the server was read before that save', () => {
    sessionStorage.setItem('hub-saved', JSON.stringify({ id: 'w', revision: 5, definition: draft(2) }));
    expect(openDraft('w', { definition: draft(1), revision: 4 }, true)).toMatchObject({ definition: draft(2), revision: 5 });
    expect(openDraft('w', { definition: draft(3), revision: 6 }, true)).toMatchObject({ definition: draft(3), revision: 6 });
    expect(openDraft('other', { definition: draft(1), revision: 4 }, true)).toMatchObject({ definition: draft(1), revision: 4 });
  });

  test("what was not saved goes on, from what stands there where that is one's own", () => {
    keep(draft(3), 4, draft(1), draft(2));
    expect(openDraft('w', { definition: draft(2), revision: 5 }, true)).toMatchObject({
      backup: draft(3),
      revision: 5,
      mine: [draft(1), draft(2)].map(printOf),
    });
  });

  test('and from where it was made, where somebody else saved since: that is a conflict', () => {
    keep(draft(3), 4, draft(1), draft(2));
    expect(openDraft('w', { definition: draft(7), revision: 9 }, true)).toMatchObject({ backup: draft(3), revision: 4 });
  });

  test('what arrived after all, and what only a reader sees, is left', () => {
    keep(draft(3), 4, draft(1));
    expect(openDraft('w', { definition: draft(1), revision: 4 }, false).backup).toBeNull();
    expect(openDraft('w', { definition: draft(3), revision: 5 }, true)).toMatchObject({ backup: null, revision: 5 });
    expect(localStorage.getItem('hub-draft:w')).toBeNull();
  });
});
