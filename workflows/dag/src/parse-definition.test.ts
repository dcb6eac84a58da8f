import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import type { Definition } from './definition.ts';
import { migrate } from './migrate.ts';
import { parseDefinition } from './parse-definition.ts';

const faultsOf = (json: unknown): string[] => {
  const parsed = parseDefinition(json);
  return parsed.ok ? [] : parsed.faults.map((fault) => `${fault.code} ${fault.path}`);
};
const node = { id: 'a', type: 'prompt', config: {} };

test('an unfinished definition of the right shape is saved', () => {
  expect(faultsOf({ schemaVersion: 1, nodes: [] })).toEqual([]);
  expect(faultsOf({ schemaVersion: 1, nodes: [{ ...node, type: 'nothing we know' }], edges: [{ from: 'x', to: 'y' }] })).toEqual([]);
});

test.each<[string, unknown, string[]]>([
  ['no object', [], ['definition.shape /']],
  ['nothing', null, ['definition.shape /']],
  ['an empty object', {}, ['definition.missing-field /schemaVersion', 'definition.missing-field /nodes']],
  ['another version', { schemaVersion: 2, nodes: [] }, ['definition.version /schemaVersion']],
  ['an unknown top field', { schemaVersion: 1, nodes: [], name: 'x' }, ['definition.unknown-field /name']],
  [
    'an unknown node field',
    { schemaVersion: 1, nodes: [{ ...node, typ: 1, 'a/b': 2 }] },
    ['definition.unknown-field /nodes/0/typ', 'definition.unknown-field /nodes/0/a~1b'],
  ],
  ['an unknown edge field', { schemaVersion: 1, nodes: [], edges: [{ from: 'a', to: 'b', port: 'x' }] }, ['definition.unknown-field /edges/0/port']],
  [
    'wrongly typed fields',
    { schemaVersion: 1, nodes: [{ ...node, disabled: 'yes', config: [] }] },
    ['definition.wrong-value /nodes/0/config', 'definition.wrong-value /nodes/0/disabled'],
  ],
  ['a missing id', { schemaVersion: 1, nodes: [{ type: 'prompt', config: {} }] }, ['definition.missing-field /nodes/0/id']],
  ['nodes as an object', { schemaVersion: 1, nodes: {} }, ['definition.wrong-value /nodes']],
  ['a NUL character', { schemaVersion: 1, nodes: [{ ...node, label: 'a\u0000' }] }, ['definition.bad-text /nodes/0/label']],
  ['half a character', { schemaVersion: 1, nodes: [{ ...node, label: '\ud800' }] }, ['definition.bad-text /nodes/0/label']],
  ['a prototype key', JSON.parse('{"schemaVersion":1,"nodes":[],"ui":{"__proto__":{}}}'), ['definition.bad-key /ui/__proto__']],
  ['over a megabyte', { schemaVersion: 1, nodes: [{ ...node, notes: 'x'.repeat(1_000_000) }] }, ['definition.too-large /nodes']],
])('%s is refused', (_what, json, expected) => {
  expect(faultsOf(json)).toEqual(expected);
});

test('hostile depth is refused without reaching the stack', () => {
  let deep: unknown = 1;
  for (let at = 0; at < 100_000; at++) deep = [deep];
  expect(faultsOf({ schemaVersion: 1, nodes: [{ ...node, config: { deep } }] })[0]).toMatch(/^definition.too-deep \/nodes\/0/);
});

test('the canonical text leaves ui out and does not depend on the order of keys', () => {
  const one: Definition = { schemaVersion: 1, nodes: [{ id: 'a', type: 'merge', config: { mode: 'append' } }], ui: { x: 1 } };
  const other: Definition = { nodes: [{ config: { mode: 'append' }, type: 'merge', id: 'a' }], schemaVersion: 1 };
  expect(canonicalJson(one)).toBe(canonicalJson(other));
});

test('migrate passes version 1 on and refuses others', () => {
  expect(migrate({ schemaVersion: 1, nodes: [] })).toEqual({ schemaVersion: 1, nodes: [] });
  expect(() => migrate({ schemaVersion: 3 })).toThrow(/schemaVersion 1/);
  expect(() => migrate(null)).toThrow(/schemaVersion 1/);
});
