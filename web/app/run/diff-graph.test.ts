import { describe, expect, it } from 'vitest';
import { readDefinition } from './definition.ts';
import { markDiff } from './diff-graph.ts';

const node = (id: string) => ({ id, type: 'transform', config: {} });

describe('two versions as one graph', () => {
  it('keeps what was removed, with its edges, and says what became of each node', () => {
    const before = readDefinition({ nodes: [node('a'), node('b')], edges: [{ from: 'a', to: 'b' }] });
    const after = readDefinition({ nodes: [node('a'), node('c')], edges: [{ from: 'a', to: 'c' }] });
    const { nodes, edges } = markDiff(before, after, {
      nodes: { added: [{ id: 'c' }], removed: [{ id: 'b' }], changed: [{ id: 'a', fields: [{ name: 'config.expression' }, { name: 'label' }] }] },
    });
    expect(nodes.map(({ id, mark, words }) => [id, mark, words])).toEqual([
      ['a', 'changed', 'Changed: expression, label'],
      ['c', 'added', 'Added'],
      ['b', 'removed', 'Removed'],
    ]);
    expect(edges.map(({ from, to }) => `${from} ${to}`)).toEqual(['a c', 'a b']);
  });
});
