/** Reading, writing and converting files, against a store that fails as a store may. */
import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';

import { fileWorld } from '../../testing/contract/own-suite.ts';
import type { OwnAction, OwnKit, OwnWorld } from '../../testing/contract/own-suite.ts';

const many = 20_000;
const pieceBytes = 4_096;

const file = (world: OwnWorld): Json => named(world, 'id,name\n7,Ada\n8,Bob\n');
const large = (world: OwnWorld): Json => named(world, `id,name\n${Array.from({ length: many }, (_, id) => `${id},n${id}\n`).join('')}`, pieceBytes);
/** A CSV file by name and type, as an upload has them. */
function named(world: OwnWorld, text: string, piece?: number): Json {
  const id = world.files.put(text, piece);
  const stored = world.files.contents.get(id);
  if (stored !== undefined) Object.assign(stored.handle, { name: 'table.csv', mime: 'text/csv' });
  return { $file: id };
}
const ofStore: OwnAction['faults'] = {
  missing: { code: 'file.not-found', kind: 'user' },
  failure: { code: 'database.unavailable', kind: 'transient' },
  truncated: { code: 'database.unavailable', kind: 'transient' },
};
const written = (output: Json, { files }: OwnWorld): string =>
  files.contents.get((output as { file: { $file: string } }).file.$file)?.bytes.toString('utf8') ?? '';

export const fileKit: OwnKit = {
  connector: 'file',
  world: fileWorld,
  actions: {
    'read-rows': {
      params: (world) => ({ file: file(world) }),
      check: (output) =>
        assert.deepEqual((output as { rows: Json[] }).rows, [
          { id: 7, name: 'Ada' },
          { id: 8, name: 'Bob' },
        ]),
      faults: ofStore,
      pieces: { params: (world) => ({ file: large(world) }), rows: many, rowsOf: (output) => (output as { rows: Json[] }).rows.length },
    },
    'write-file': {
      params: () => ({ name: 'out', content: [{ id: 7, name: '=Ada' }] }),
      check: (output, world) => assert.equal(written(output, world), "\uFEFFid,name\r\n7,'=Ada\r\n"),
      faults: { failure: { code: 'database.unavailable', kind: 'transient' } },
    },
    'convert-file': {
      params: (world) => ({ file: file(world), to: 'jsonl', give: 'file' }),
      check: (output, world) => assert.equal(written(output, world), '{"id":7,"name":"Ada"}\n{"id":8,"name":"Bob"}\n'),
      faults: ofStore,
      pieces: {
        params: (world) => ({ file: large(world), to: 'jsonl', give: 'file' }),
        rows: many,
        rowsOf: (output, world) => written(output, world).trim().split('\n').length,
      },
    },
  },
};
