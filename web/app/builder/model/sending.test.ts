import type { Definition } from '@hub/dag';
import { describe, expect, test } from 'vitest';
import { ApiFault, type Call } from '../api.ts';
import { printOf } from './print.ts';
import type { Sent } from './saving.ts';
import { createSending } from './sending.ts';

const draft = (n: number): Definition => ({ schemaVersion: 1, nodes: [], settings: { n } });
const stale = new ApiFault({
  code: 'request.stale',
  detail: 'Somebody else saved.',
  status: 412,
  requestId: null,
  retryAfterSeconds: null,
  errors: [],
});
const at = '2026-11-23T05:00:00.000Z';

/** A server that holds one draft. `late`: requests sent earlier, each of which arrives just before the next PATCH. */
function server(revision: number, definition: Definition, late: Definition[] = []) {
  const held = { revision, definition, by: { id: 'bo', name: 'Bo' } };
  const call = (async (method: string, _path: string, options: { body?: { definition: Definition }; ifMatch?: number } = {}) => {
    await Promise.resolve();
    if (method === 'GET') return { revision: held.revision, definition: held.definition, updatedAt: at, updatedBy: held.by };
    const before = late.shift();
    if (before) Object.assign(held, { revision: held.revision + 1, definition: before });
    if (options.ifMatch !== held.revision) throw stale;
    Object.assign(held, { revision: held.revision + 1, definition: structuredClone(options.body?.definition) });
    return { revision: held.revision };
  }) as Call;
  return { held, send: createSending(call, 'w', 'ann') };
}

const sent = (n: number, revision: number, mine: number[]): Sent => ({
  definition: draft(n),
  revision,
  mine: mine.map((each) => printOf(draft(each))),
  last: false,
});

describe('sending a draft', () => {
  test("an earlier draft of one's own that arrived is no conflict, whichever of them it was", async () => {
    for (const arrived of [1, 2, 3]) {
      const { held, send } = server(4, draft(arrived));
      expect(await send(sent(9, 3, [0, 1, 2, 3]))).toEqual({ kind: 'saved', revision: 5 });
      expect(held.definition).toEqual(draft(9));
    }
  });

  test('one that arrives between the answer and the next try is none either', async () => {
    const { held, send } = server(4, draft(1), [draft(2), draft(3)]);
    expect(await send(sent(9, 3, [0, 1, 2, 3]))).toEqual({ kind: 'saved', revision: 7 });
    expect(held.definition).toEqual(draft(9));
  });

  test('the very draft stands there already: it is saved', async () => {
    const { held, send } = server(4, draft(9));
    expect(await send(sent(9, 3, [0]))).toEqual({ kind: 'saved', revision: 4 });
    expect(held.revision).toBe(4);
  });

  test('a workflow that was renamed, with its draft as it was, is no conflict', async () => {
    const { held, send } = server(8, draft(0));
    expect(await send(sent(1, 3, [0]))).toEqual({ kind: 'saved', revision: 9 });
    expect(held.definition).toEqual(draft(1));
  });

  test('what somebody else saved is a conflict with their name, and stays', async () => {
    const { held, send } = server(9, draft(7));
    expect(await send(sent(2, 1, [0, 1]))).toEqual({ kind: 'stale', revision: 9, by: 'Bo', own: false, at });
    expect(held.definition).toEqual(draft(7));
  });

  test("so is what somebody else saves after a draft of one's own arrived", async () => {
    const { held, send } = server(4, draft(1), [draft(1), draft(7)]);
    expect(await send(sent(2, 3, [0, 1]))).toMatchObject({ kind: 'stale', by: 'Bo' });
    expect(held.definition).toEqual(draft(7));
  });

  test("what one saved oneself elsewhere is a conflict, and is told as one's own", async () => {
    const { held, send } = server(9, draft(7));
    held.by = { id: 'ann', name: 'Ann' };
    expect(await send(sent(2, 1, [0, 1]))).toMatchObject({ kind: 'stale', own: true });
  });
});
