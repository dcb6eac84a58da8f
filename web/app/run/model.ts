/** A run as its page shows it: node rows gathered per node, strip, totals. Pure; runs in loaders only. */
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
  port?: string | null;
  startedAt: string | null;
  completedAt: string | null;
  tokens: number | null;
  costUsd: number | null;
  model: string | null;
  error: Record<string, unknown> | null;
  seeded?: boolean;
}

export interface NodeView {
  id: string;
  type: string;
  label: string;
  words: string;
  parent: string | null;
  disabled: boolean;
  state: State;
  /** Never begun: no row yet. */
  idle: boolean;
  /** Items of a loop or `forEach`, by last state; null where the node runs once. */
  items: Partial<Record<State, number>> | null;
  itemCount: number;
  attempts: number;
  startedAt: string | null;
  completedAt: string | null;
  tokens: number;
  costUsd: number | null;
  model: string | null;
  /** The port it took. */
  port: string | null;
  error: string | null;
}

/** Last attempt per path. */
export function lastAttempts(rows: readonly Row[]): Row[] {
  const last = new Map<string, Row>();
  for (const row of rows) {
    const before = last.get(row.path);
    if (!before || row.attempt >= before.attempt) last.set(row.path, row);
  }
  return [...last.values()];
}

const earliest = (rows: readonly Row[]): string | null => rows.reduce<string | null>((least, { startedAt }) => (startedAt && (!least || startedAt < least) ? startedAt : least), null);
const latest = (rows: readonly Row[]): string | null => rows.reduce<string | null>((most, { completedAt }) => (completedAt && (!most || completedAt > most) ? completedAt : most), null);

function stateOf(own: Row | undefined, items: readonly Row[], runState: State): State {
  if (own) return own.seeded ? 'kept' : own.status === 'lost' ? 'running' : toState(own.status);
  if (items.length === 0) return isSettled(runState) ? 'skipped' : 'queued';
  const has = (status: string): boolean => items.some((row) => row.status === status);
  if (has('running') && !isSettled(runState)) return 'running';
  if (has('waiting') && !isSettled(runState)) return 'waiting';
  if (items.every((row) => row.status === 'failed')) return 'failed';
  if (has('completed') || has('failed')) return 'completed';
  return toState(items[0]?.status ?? 'queued');
}

function costOf(rows: readonly Row[]): number | null {
  const known = rows.filter((row) => row.costUsd !== null);
  if (known.length > 0) return known.reduce((sum, row) => sum + (row.costUsd ?? 0), 0);
  // A model ran but nobody knows its price: not nothing.
  return rows.some((row) => row.model !== null && (row.tokens ?? 0) > 0) ? null : 0;
}

function viewOf(node: DefinitionView['nodes'][number], rows: readonly Row[], runState: State): NodeView {
  const ownRows = rows.filter((row) => !row.path.includes('['));
  const itemRows = rows.filter((row) => row.path.includes('['));
  const own = lastAttempts(ownRows)[0];
  const items = lastAttempts(itemRows);
  const counts: Partial<Record<State, number>> = {};
  for (const row of items) counts[toState(row.status)] = (counts[toState(row.status)] ?? 0) + 1;
  // A loop's own row may carry its items' sums: count each only once.
  const paying = itemRows.some((row) => row.tokens !== null) ? itemRows : rows;
  const state = stateOf(own, items, runState);
  const error = own?.error ?? items.find((row) => row.status === 'failed')?.error;
  return {
    id: node.id, type: node.type, label: node.label, words: describeNode(node), parent: node.parent, disabled: node.disabled,
    state, idle: rows.length === 0, items: items.length > 0 ? counts : null, itemCount: items.length,
    attempts: Math.max(0, ...rows.map((row) => row.attempt)),
    startedAt: earliest(rows), completedAt: isSettled(state) ? latest(rows) : null,
    tokens: paying.reduce((sum, row) => sum + (row.tokens ?? 0), 0), costUsd: costOf(paying),
    model: rows.find((row) => row.model)?.model ?? null, port: own?.port ?? null,
    error: typeof error?.['message'] === 'string' ? error['message'] : null,
  };
}

/** One view per node of the definition, in its order. Rows of nodes that it does not have are left out. */
export function nodeViews(definition: DefinitionView, rows: readonly Row[], runState: State): NodeView[] {
  const byNode = Map.groupBy(rows, (row) => row.nodeId);
  return definition.nodes.map((node) => viewOf(node, byNode.get(node.id) ?? [], runState));
}

/** The strip of a run: its own nodes that began, by time. */
export function stripOf(nodes: readonly NodeView[], startedAt: string | null): StripPart[] {
  if (!startedAt) return [];
  const zero = Date.parse(startedAt);
  return nodes.filter((node) => node.startedAt && !node.parent).map((node) => ({
    id: node.id, label: node.label, state: node.state,
    startMs: Math.max(0, Date.parse(node.startedAt ?? startedAt) - zero),
    endMs: node.completedAt ? Math.max(0, Date.parse(node.completedAt) - zero) : null,
  }));
}

export type EdgeState = 'idle' | 'taken' | 'dead';

/** Whether an edge was taken: its source settled on that port. */
export function edgeState(source: NodeView | undefined, fromPort: string, runSettled: boolean): EdgeState {
  if (!source) return 'idle';
  if (source.state === 'completed' || source.state === 'kept') return (source.port ?? 'out') === fromPort ? 'taken' : 'dead';
  if (source.state === 'failed' && source.port === 'error' && fromPort === 'error') return 'taken';
  return isSettled(source.state) || runSettled ? 'dead' : 'idle';
}

/** Sentence about a run that does not run: why it waits or ended. */
export function reasonWords(reason: string | null): string | null {
  const words: Record<string, string> = {
    approval: 'for an approval', signal: 'for a signal', timer: 'for a timer', budget: 'for money in the budget', incident: 'for a connector that is down',
    pause: 'because it was paused', 'unknown-outcome': 'for a decision: a step may or may not have done its work',
  };
  return reason ? (words[reason] ?? reason) : null;
}
