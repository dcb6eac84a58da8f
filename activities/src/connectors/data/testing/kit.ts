/** The steps on rows, against files whose store fails as a store may. */
import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';

import { fileWorld } from '../../testing/contract/own-suite.ts';
import type { OwnAction, OwnKit, OwnWorld } from '../../testing/contract/own-suite.ts';

/** Rows are worked on by the thousand: 20,000 are twenty batches. */
const many = 20_000;
/** Pieces as the store gives them, small enough that a cancel falls between two. */
const pieceBytes = 4_096;

const source = (world: OwnWorld): Json => ({ $file: world.files.put('id,kind\n1,a\n2,b\n2,b\n3,c\n') });
const large = (world: OwnWorld): Json => ({
  $file: world.files.put(`id,kind\n${Array.from({ length: many }, (_, id) => `${id},k${id % 7}\n`).join('')}`, pieceBytes),
});
const faults: OwnAction['faults'] = {
  missing: { code: 'file.not-found', kind: 'user' },
  failure: { code: 'database.unavailable', kind: 'transient' },
  truncated: { code: 'database.unavailable', kind: 'transient' },
};
const count = (output: Json): number => (output as { count: number }).count;
const isCount =
  (wanted: number) =>
  (output: Json): void =>
    assert.equal(count(output), wanted);
const schema = { type: 'object', required: ['id'], properties: { id: { type: 'integer', minimum: 2 } } };
const measures = [{ name: 'rows', op: 'count' }];
const other = [{ id: 2, name: 'Ada' }];

export const dataKit: OwnKit = {
  connector: 'data',
  world: fileWorld,
  actions: {
    'validate-rows': {
      params: (world) => ({ source: source(world), schema }),
      check: (output) => {
        const { count: kept, rejectedCount } = output as { count: number; rejectedCount: number };
        assert.deepEqual([kept, rejectedCount], [3, 1]);
      },
      faults,
      pieces: { params: (world) => ({ source: large(world), schema: { type: 'object' } }), rows: many, rowsOf: count },
    },
    'dedupe-rows': {
      params: (world) => ({ source: source(world) }),
      check: isCount(3),
      faults,
      pieces: { params: (world) => ({ source: large(world), by: ['id'] }), rows: many, rowsOf: count },
    },
    'join-rows': {
      params: (world) => ({ source: source(world), other, on: ['id'] }),
      check: isCount(2),
      faults,
      pieces: { params: (world) => ({ source: large(world), other, on: ['id'], keep: 'all' }), rows: many, rowsOf: count },
    },
    'aggregate-rows': {
      params: (world) => ({ source: source(world), groupBy: ['kind'], measures }),
      check: isCount(3),
      faults,
      pieces: { params: (world) => ({ source: large(world), measures }), rows: many, rowsOf: (output) => (output as { of: number }).of },
    },
    'split-rows': {
      params: (world) => ({ source: source(world), size: 2 }),
      check: isCount(2),
      faults,
      pieces: {
        params: (world) => ({ source: large(world), size: 1_000 }),
        rows: many,
        rowsOf: (output) => (output as { parts: { count: number }[] }).parts.reduce((sum, part) => sum + part.count, 0),
      },
    },
  },
};
