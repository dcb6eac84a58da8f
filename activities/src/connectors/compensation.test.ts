/** Every compensation of the catalogue: it names an action that undoes, with what its action gives. */
import { describe, expect, it } from 'vitest';

import { connectorManifests, findAction } from './catalogue.ts';
import type { ActionSpec, ConnectorManifest } from './types.ts';

const declared = (Object.values(connectorManifests) as ConnectorManifest[]).flatMap(({ id, actions }) =>
  Object.values(actions).flatMap((spec) => (spec.compensation === undefined ? [] : [{ name: `${id}.${spec.id}`, connector: id, spec }])),
);

describe('compensations', () => {
  it.each(declared)('$name is undone by an action of its connector that may be repeated', ({ connector, spec }) => {
    const undo = findAction(connector, spec.compensation?.action ?? '') as ActionSpec;
    expect(undo.kind).not.toBe('read');
    const given = spec.compensation?.from(spec.example.params, spec.example.output);
    const params = undo.params.parse(given);
    expect(typeof undo.idempotent === 'boolean' ? undo.idempotent : undo.idempotent(params)).toBe(true);
    // The credential of the step must do for it.
    expect(spec.credentialKinds.filter((kind) => !undo.credentialKinds.includes(kind))).toEqual([]);
  });

  it('of inserted rows never deletes more than were written', () => {
    const from = (findAction('postgres', 'insert-rows') as ActionSpec).compensation?.from;
    const params = { table: 'orders', rows: [{ a: 1 }, { a: 2 }], returning: ['id'] };
    expect(from?.(params, { count: 2, rows: [{ id: 7 }, { id: 8 }] })).toEqual({
      table: 'orders',
      filters: [{ field: 'id', op: 'in', value: [7, 8] }],
      atMost: 2,
    });
    expect(from?.({ ...params, returning: [] }, { count: 2 })).toBeNull();
    expect(from?.(params, { count: 0, rows: [] })).toBe('nothing');
  });
});
