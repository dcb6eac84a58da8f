import { describe, expect, test } from 'vitest';
import type { Definition } from './definition.ts';
import { describeNode } from './describe.ts';
import { diffDefinitions } from './diff.ts';
import { applyOperation, type Operation } from './operations.ts';
import { definitionOf } from './testing/check-ports.ts';

function after(definition: Definition, ...operations: Operation[]): Definition {
  const frozen = JSON.stringify(definition);
  const applied = applyOperation(definition, { op: 'batch', operations });
  expect(JSON.stringify(definition)).toBe(frozen);
  if (!applied.ok) throw new Error(applied.fault.message);
  return applied.definition;
}
const prompt = (content: string) => ({ type: 'prompt', config: { model: 'm', messages: [{ role: 'user', content }] } });

describe('edit operations', () => {
  test('removing a loop removes its body, its edges and its place', () => {
    const definition = definitionOf({ l: { type: 'loop' }, b: { parent: 'l' }, c: { parent: 'l' }, z: {} }, ['b>c', 'l>z'], {
      ui: { nodes: { b: { x: 1 }, z: { x: 2 } } },
    });
    const next = after(definition, { op: 'remove-nodes', ids: ['l'] });
    expect(next.nodes.map((node) => node.id)).toEqual(['z']);
    expect(next.edges).toEqual([]);
    expect(next.ui).toEqual({ nodes: { z: { x: 2 } } });
  });

  test('renaming a node follows it into edges, bodies, places and expressions, but not into quoted text or prose', () => {
    const definition = definitionOf(
      {
        l: { type: 'loop', config: { mode: 'for_each', items: '{{ nodes.old.output }}' } },
        old: {},
        older: prompt('nodes.old is prose. {{ nodes.old.output & "nodes.old" & nodes.older.x }} {{ nodes.`old`.output }}'),
        code: { type: 'code', config: { source: 'return ctx.nodes.old.output' } },
      },
      ['old>older'],
      { ui: { nodes: { old: { x: 5, y: 6 } } } },
    );
    const next = after(definition, { op: 'rename-node', id: 'old', to: 'fresh' });
    expect(next.edges).toEqual([{ from: 'fresh', to: 'older' }]);
    expect(next.ui).toEqual({ nodes: { fresh: { x: 5, y: 6 } } });
    expect(next.nodes[0]?.config['items']).toBe('{{ nodes.fresh.output }}');
    expect(JSON.stringify(next.nodes[2]?.config)).toContain(
      JSON.stringify('nodes.old is prose. {{ nodes.fresh.output & "nodes.old" & nodes.older.x }} {{ nodes.`fresh`.output }}').slice(1, -1),
    );
    expect(next.nodes[3]?.config['source']).toBe('return ctx.nodes.fresh.output');
  });

  test('inserting on an edge splits it', () => {
    const next = after(definitionOf({ a: {}, b: {} }, ['a:true>b']), {
      op: 'insert-on-edge',
      edge: { from: 'a', fromPort: 'true', to: 'b' },
      node: { id: 'm', type: 'merge', config: {} },
      position: { x: 1, y: 2 },
    });
    expect(next.edges).toEqual([
      { from: 'a', fromPort: 'true', to: 'm' },
      { from: 'm', to: 'b' },
    ]);
    expect(next.ui).toEqual({ nodes: { m: { x: 1, y: 2 } } });
  });

  test('a patch sets fields, and removes those that are null', () => {
    const next = after(definitionOf({ a: { label: 'A', disabled: true } }), { op: 'patch-node', id: 'a', patch: { label: 'B', disabled: null } });
    expect(next.nodes[0]).toMatchObject({ label: 'B' });
    expect(next.nodes[0]).not.toHaveProperty('disabled');
  });

  test.each<[string, Operation, string]>([
    ['a taken id', { op: 'add-node', node: { id: 'a', type: 'merge', config: {} } }, 'graph.duplicate-id'],
    ['a bad id', { op: 'rename-node', id: 'a', to: 'A b' }, 'graph.invalid-id'],
    ['a node that is not there', { op: 'set-config', id: 'x', config: {} }, 'operation.no-node'],
    ['an edge that is there', { op: 'connect', edge: { from: 'a', to: 'b' } }, 'operation.edge-exists'],
    ['an unknown operation', { op: 'explode' } as never, 'operation.unknown'],
    [
      'a batch with one bad step',
      {
        op: 'batch',
        operations: [
          { op: 'remove-nodes', ids: ['b'] },
          { op: 'set-config', id: 'b', config: {} },
        ],
      },
      'operation.no-node',
    ],
  ])('%s is refused', (_what, operation, code) => {
    expect(applyOperation(definitionOf({ a: {}, b: {} }, ['a>b']), operation)).toMatchObject({ ok: false, fault: { code } });
  });
});

test('a diff names what changed, by node and field, and tells layout from meaning', () => {
  const before = definitionOf({ a: {}, b: prompt('x'), c: {} }, ['a>b'], { settings: { maxParallel: 5 } });
  const now = definitionOf({ b: { ...prompt('y'), label: 'B' }, a: {}, d: {} }, ['b>a'], { settings: { maxParallel: 6 }, ui: { x: 1 } });
  expect(diffDefinitions(before, now)).toEqual({
    nodes: { added: ['d'], removed: ['c'], changed: [{ id: 'b', fields: ['label', 'config.messages'] }] },
    edges: { added: [{ from: 'b', to: 'a' }], removed: [{ from: 'a', to: 'b' }] },
    triggers: { added: [], removed: [], changed: [] },
    settings: ['maxParallel'],
    inputs: false,
    ui: true,
  });
});

test('a node is described in a few words, whatever its state', () => {
  expect(describeNode({ id: 'a', type: 'prompt', config: { model: 'demo/echo', forEach: '{{ x }}' }, disabled: true })).toBe(
    'Ask a model: demo/echo per item (disabled)',
  );
  expect(describeNode({ id: 'a', type: 'prompt', config: {} })).toBe('Ask a model: …');
  expect(describeNode({ id: 'a', type: 'x', config: {} })).toBe('Unknown type x');
});
