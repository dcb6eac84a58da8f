/** Which item of a loop is looked at, and what its steps did for that item. Pure. */
import type { NodeRow, NodeSummary } from '@hub/contract';
import type { Definition } from '@hub/dag';
import { readDefinition } from '../../run/definition.ts';
import { nodeViews, type NodeView } from '../../run/model.ts';
import type { State } from '../../ui/state.tsx';
import { loopsOf, nodeOf } from './graph.ts';

/** By loop (or a step with `forEach`): the item, counted from 0. */
export type Rounds = Readonly<Record<string, number>>;

/** What repeats a step: the innermost loop around it, or itself where it goes over a list; null where it runs once. */
export function repeatedBy(definition: Definition, id: string): string | null {
  const node = nodeOf(definition, id);
  if (node?.config['forEach'] !== undefined) return id;
  return loopsOf(definition, id)[0]?.id ?? null;
}

/** The last attempt of each step in a loop's body for one item, as the canvas draws it. */
export function roundViews(definition: Definition, loop: string, rows: readonly NodeRow[], runState: State): Map<string, NodeView> {
  const inside = new Set(definition.nodes.filter((node) => node.parent === loop).map(({ id }) => id));
  const last = new Map<string, NodeRow>();
  for (const row of rows) {
    const before = last.get(row.nodeId);
    if (inside.has(row.nodeId) && (!before || row.attempt >= before.attempt)) last.set(row.nodeId, row);
  }
  const summaries = [...last.values()].map(
    (row): NodeSummary => ({
      nodeId: row.nodeId,
      nodeType: row.nodeType,
      status: row.status,
      counts: {},
      items: null,
      attempts: row.attempt,
      startedAt: row.startedAt,
      completedAt: row.completedAt,
      tokens: row.tokens ?? 0,
      costUsd: row.costUsd ?? 0,
      model: row.model,
      port: row.port ?? null,
      waits: null,
    }),
  );
  const views = nodeViews(readDefinition(definition), summaries, runState);
  return new Map(views.flatMap((view) => (inside.has(view.id) ? [[view.id, view]] : [])));
}
