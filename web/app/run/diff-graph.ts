/** Two versions as one graph: all nodes of both, each saying what became of it. Pure. */
import type { DefinitionEdge, DefinitionNode, DefinitionView } from './definition.ts';
import { type NodeView, nodeViews } from './model.ts';

export type Mark = 'added' | 'removed' | 'changed';

interface Changes {
  nodes: { added: { id: string }[]; removed: { id: string }[]; changed: { id: string; fields: { name: string }[] }[] };
}

const edgeKey = ({ from, fromPort, to }: DefinitionEdge): string => `${from} ${fromPort} ${to}`;

/** Removed nodes stand where they stood; a node whose loop is gone stands outside. */
export function markDiff(
  before: DefinitionView,
  after: DefinitionView,
  diff: Changes,
): { view: DefinitionView; nodes: NodeView[]; edges: DefinitionEdge[] } {
  const gone = new Set(diff.nodes.removed.map(({ id }) => id));
  const all: DefinitionNode[] = [...after.nodes, ...before.nodes.filter(({ id }) => gone.has(id) && !after.nodes.some((node) => node.id === id))];
  const known = new Set(all.map(({ id }) => id));
  const nodes = all.map((node) => ({ ...node, place: null, parent: node.parent && known.has(node.parent) ? node.parent : null }));
  const edges = [...after.edges, ...before.edges.filter((edge) => gone.has(edge.from) || gone.has(edge.to))].filter(
    (edge, index, list) => list.findIndex((other) => edgeKey(other) === edgeKey(edge)) === index,
  );
  const view: DefinitionView = { nodes, edges, inputs: after.inputs };
  const marks = new Map<string, { mark: Mark; words: string }>([
    ...diff.nodes.added.map(({ id }) => [id, { mark: 'added', words: 'Added' }] as const),
    ...diff.nodes.removed.map(({ id }) => [id, { mark: 'removed', words: 'Removed' }] as const),
    ...diff.nodes.changed.map(
      ({ id, fields }) => [id, { mark: 'changed', words: `Changed: ${fields.map(({ name }) => name.replace(/^config\./, '')).join(', ')}` }] as const,
    ),
  ]);
  return { view, edges, nodes: nodeViews(view, [], 'queued').map((node) => ({ ...node, ...marks.get(node.id) })) };
}
