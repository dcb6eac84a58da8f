/** A run as its page shows it: one view per node, strip, edges. Pure; runs in loaders. */
import type { State } from '../ui/state.tsx';
import { isSettled, toState } from '../ui/state.tsx';
import type { StripPart } from '../ui/strip-layout.ts';
import { type DefinitionView, describeNode } from './definition.ts';

/** What is read of a node row (03); values are not needed here. */
export interface Row {
  nodeId: string;
  path: string;
  iteration: number | null;
  attempt: number;
  status: string;
  port?: string | null | undefined;
  startedAt: string | null;
  completedAt: string | null;
  tokens: number | null;
  costUsd: number | null;
  model: string | null;
  error: Record<string, unknown> | null;
  /** Kept from an earlier run, not paid again. */
  seeded?: boolean;
}

/** What is read of the API's sum per node. */
export interface Summary {
  nodeId: string;
  status: string;
  counts: Record<string, number>;
  items: number | null;
  attempts: number;
  startedAt: string | null;
  completedAt: string | null;
  tokens: number;
  costUsd: number | null;
  model: string | null;
  port?: string | null | undefined;
  kept?: boolean | undefined;
  /** What its first open path waits for. */
  waits?: { for: string; until: string | null; signal: string | null; path?: string; childRunId?: string | null } | null | undefined;
}

export interface NodeView {
  id: string;
  type: string;
  label: string;
  words: string;
  parent: string | null;
  disabled: boolean;
  state: State;
  /** Never begun. */
  idle: boolean;
  /** Items of a loop or `forEach` by last state; null where the node runs once. */
  items: Partial<Record<State, number>> | null;
  itemCount: number;
  attempts: number;
  startedAt: string | null;
  completedAt: string | null;
  tokens: number;
  /** null: the price is not known. */
  costUsd: number | null;
  model: string | null;
  /** The port it took. */
  port: string | null;
  /** Of a node that waits: for what; until when and for which signal where that is known. */
  waitsFor: string | null;
  until: string | null;
  signal: string | null;
  /** The path that waits, and the run that it waits for. */
  waitPath: string | null;
  childRunId: string | null;
  /** In a comparison of versions: what became of it. */
  mark?: 'added' | 'removed' | 'changed';
}

/** Last attempt per path. */
export function lastAttempts<R extends Row>(rows: readonly R[]): R[] {
  const last = new Map<string, R>();
  for (const row of rows) {
    const before = last.get(row.path);
    if (!before || row.attempt >= before.attempt) last.set(row.path, row);
  }
  return [...last.values()];
}

function countsOf(summary: Summary): Partial<Record<State, number>> {
  const counts: Partial<Record<State, number>> = {};
  for (const [status, count] of Object.entries(summary.counts)) counts[toState(status)] = (counts[toState(status)] ?? 0) + count;
  return counts;
}

function stateOf(summary: Summary | undefined, runState: State): State {
  if (!summary) return isSettled(runState) ? 'skipped' : 'queued';
  if (summary.kept) return 'kept';
  // A lost attempt of a live run is about to be repeated.
  if (summary.status === 'lost') return isSettled(runState) ? 'lost' : 'running';
  return toState(summary.status);
}

function viewOf(node: DefinitionView['nodes'][number], summary: Summary | undefined, runState: State): NodeView {
  const state = stateOf(summary, runState);
  const repeats = summary !== undefined && summary.items !== null;
  return {
    id: node.id,
    type: node.type,
    label: node.label,
    words: describeNode(node),
    parent: node.parent,
    disabled: node.disabled,
    state,
    idle: !summary?.startedAt,
    items: repeats ? countsOf(summary) : null,
    itemCount: summary?.items ?? 0,
    attempts: summary?.attempts ?? 0,
    startedAt: summary?.startedAt ?? null,
    completedAt: isSettled(state) ? (summary?.completedAt ?? null) : null,
    tokens: summary?.tokens ?? 0,
    costUsd: summary ? summary.costUsd : 0,
    model: summary?.model ?? null,
    port: summary?.port ?? null,
    waitsFor: summary?.waits?.for ?? null,
    until: summary?.waits?.until ?? null,
    waitPath: summary?.waits?.path ?? null,
    childRunId: summary?.waits?.childRunId ?? null,
    signal: summary?.waits?.signal ?? (typeof node.config['signal'] === 'string' ? node.config['signal'] : null),
  };
}

/** One view per node of the definition, in its order. Summaries of nodes that it does not have are left out. */
export function nodeViews(definition: DefinitionView, summaries: readonly Summary[], runState: State): NodeView[] {
  const byNode = new Map(summaries.map((summary) => [summary.nodeId, summary]));
  return definition.nodes.map((node) => viewOf(node, byNode.get(node.id), runState));
}

/** A kept step ran before its run; of the others a clock may be off. */
const atLeast = (state: State, ms: number): number => (state === 'kept' ? ms : Math.max(0, ms));

/** The strip of a run: its own nodes that began, by time. */
export function stripOf(nodes: readonly NodeView[], startedAt: string | null): StripPart[] {
  if (!startedAt) return [];
  const zero = Date.parse(startedAt);
  return nodes
    .filter((node) => node.startedAt && !node.parent)
    .map((node) => ({
      id: node.id,
      label: node.label,
      state: node.state,
      startMs: atLeast(node.state, Date.parse(node.startedAt ?? startedAt) - zero),
      endMs: node.completedAt ? atLeast(node.state, Date.parse(node.completedAt) - zero) : null,
    }));
}

export type EdgeState = 'idle' | 'taken' | 'dead';

/** Whether an edge was taken: its source settled on that port. Where the port is not told, a target that began proves it. */
export function edgeState(source: NodeView | undefined, fromPort: string, target: NodeView | undefined, runSettled: boolean): EdgeState {
  if (!source) return 'idle';
  const done = source.state === 'completed' || source.state === 'kept';
  const port = source.port ?? (done && fromPort === 'out' ? 'out' : null);
  if (done || source.state === 'failed') {
    if (port !== null) return port === fromPort ? 'taken' : 'dead';
    if (done && target && target.state !== 'skipped' && !target.idle) return 'taken';
  }
  return isSettled(source.state) || runSettled ? 'dead' : 'idle';
}

/** Which step of how many it is: all that does not come after it counts as before, so that the last one to go wrong is the last. Of a step in a loop, the loop. Null for what is not there. */
export function placeOf(
  nodes: readonly Pick<NodeView, 'id' | 'parent'>[],
  edges: readonly { from: string; to: string }[],
  id: string | null,
): { at: number; of: number } | null {
  const node = nodes.find((each) => each.id === id);
  if (!node) return null;
  const steps = new Set(nodes.flatMap((each) => (each.parent === null ? [each.id] : [])));
  const start = node.parent ?? node.id;
  const after = new Set<string>();
  const look = [start];
  for (let from = look.pop(); from !== undefined; from = look.pop())
    for (const edge of edges)
      if (edge.from === from && edge.to !== start && steps.has(edge.to) && !after.has(edge.to)) {
        after.add(edge.to);
        look.push(edge.to);
      }
  return { at: steps.size - after.size, of: steps.size };
}
