import type { Definition } from '@hub/dag';
import { describe, expect, test } from 'vitest';
import { ApiFault, type Call } from '../api.ts';
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

/** A server that holds one draft; `lost`: so many of its answers to a PATCH never come, though it took them. */
function server(revision: number, definition: Definition, lost = 0) {
  const held = { revision, definition, by: 'Bo', lost, patches: 0 };
  const call = (async (method: string, _path: string, options: { body?: { definition: Definition }; ifMatch?: number } = {}) => {
    await Promise.resolve();
    if (method === 'GET') return { ...held, updatedAt: '2026-11-23T05:00:00.000Z', updatedBy: { name: held.by } };
    held.patches += 1;
    if (options.ifMatch !== held.revision) throw stale;
    Object.assign(held, { revision: held.revision + 1, definition: structuredClone(options.body?.definition) });
    if (held.lost-- > 0) throw new TypeError('network');
    return { revision: held.revision };
  }) as Call;
  return { held, call };
}

describe('sending a draft', () => {
  test('a page that was reloaded meets its own last request, not somebody else', async () => {
    const { held, call } = server(4, draft(1));
    const send = createSending(call, 'w', [draft(1)]);
    expect(await send(draft(2), 3, false)).toEqual({ kind: 'saved', revision: 5 });
    expect(held.definition).toEqual(draft(2));
  });

  test('a page that was reloaded while a save was under way, with a change after it, meets both of its own', async () => {
    const { held, call } = server(4, draft(1));
    const send = createSending(call, 'w', [draft(1), draft(2)]);
    expect(await send(draft(2), 3, false)).toEqual({ kind: 'saved', revision: 5 });
    expect(held.definition).toEqual(draft(2));
  });

  test('an answer that was lost on the way is found again, with and without changes since', async () => {
    const { call } = server(1, draft(0), 1);
    const send = createSending(call, 'w', []);
    expect(await send(draft(1), 1, false)).toEqual({ kind: 'offline' });
    expect(await send(draft(1), 1, false)).toEqual({ kind: 'saved', revision: 2 });
    const other = server(1, draft(0), 1);
    const again = createSending(other.call, 'w', []);
    expect(await again(draft(1), 1, false)).toEqual({ kind: 'offline' });
    expect(await again(draft(2), 1, false)).toEqual({ kind: 'saved', revision: 3 });
    expect(other.held.definition).toEqual(draft(2));
  });

  test('what somebody else saved is a conflict, with their name, also after one of our own was lost', async () => {
    const { held, call } = server(1, draft(0), 1);
    const send = createSending(call, 'w', []);
    await send(draft(1), 1, false);
    Object.assign(held, { revision: 9, definition: draft(7) });
    expect(await send(draft(2), 1, false)).toEqual({ kind: 'stale', revision: 9, by: 'Bo', at: '2026-11-23T05:00:00.000Z' });
    expect(held.definition).toEqual(draft(7));
  });
});
