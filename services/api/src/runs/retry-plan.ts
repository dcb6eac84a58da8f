/**
 * What a retry keeps and what it runs again (03, `POST /runs/:id/retry`). Pure.
 *
 * Kept are completed nodes of the run's own graph, and completed items of loops that did not end. Run again are: the node named (with all
 * downstream of it), nodes that another version changed (likewise), everything downstream of an output set by hand or of a failure that an edge
 * had handled, and whatever had not completed. A loop around a node that runs again runs too, and keeps its other completed items.
 *
 * What is downstream of a change may come out the same. That cannot be said beforehand without running what is between, so such a step decides when it
 * begins, by its step key (activities/src/platform/step-key.ts). Downstream of the node named there is no such look: somebody asked for it.
 *
 * A call that must not be repeated and of which nobody knows how it went asks a person before it is made again, but where it was asked for by name.
 */
import { type Definition, type DefinitionNode, type Graph, graphOf, kindOf, sameJson } from '@hub/dag';
import type { Plan } from '@hub/dag/planner';

/** How a node of the run's own graph ended. `keyed`: its output may be compared by what it was made from. */
export interface RootState {
  nodeId: string;
  status: string;
  port: string | null;
  disabled: boolean;
  keyed?: boolean;
}

export type Why = 'unsure' | 'asked' | 'changed' | 'undone' | 'failed' | 'downstream' | 'not-run' | 'loop';

export interface RetryChoice {
  fromNode?: string | undefined;
  /** Of the outermost loop around `fromNode`. */
  iteration?: number | undefined;
  /** Ids of nodes whose output is set by hand. */
  byHand: readonly string[];
  /** Ids of nodes whose effects were undone: what they gave does not stand any more. */
  undone?: readonly string[];
  /** Ids of nodes that were to keep what a run before the one that is continued gave; it may not have come to them. */
  earlier?: ReadonlySet<string>;
  /** Ids of nodes of which nobody knows how a call went. */
  unsure?: ReadonlySet<string>;
}

export interface RetryPlan {
  /** Nodes that are completed from the start, with their ports. */
  kept: { nodeId: string; port: string }[];
  /** Nodes whose completed items are kept, although their loop runs; `except` is the path of the one iteration in which they run again. */
  keptItems: { nodeId: string; except: string | null }[];
  /** Nodes that run, with the reason. */
  runs: { nodeId: string; why: Why }[];
  /** Those of them whose output is kept after all where their filled config comes out the same: decided step by step, when the run comes to them. */
  same: string[];
  /** Nodes that ask a person before they call. */
  unsure: string[];
  /** Nodes that must not be answered with what they did before: their effects count anew, everywhere or in one iteration only. */
  again: { nodeId: string; within: string | null }[];
}

const outward = new Set(['step', 'park']);

/** `keyedItems`: nodes of which an item's output may be compared by what it was made from. */
export function planRetry(
  before: Definition,
  after: Definition,
  plan: Plan,
  states: readonly RootState[],
  choice: RetryChoice,
  keyedItems: ReadonlySet<string> = new Set(),
): RetryPlan {
  const walk = new Walk(graphOf(after));
  for (const node of after.nodes) if (changed(before, after, node)) walk.again(node.id, 'changed', changesItems(before, node));
  const undone = new Set(choice.undone);
  for (const { id } of after.nodes) if (undone.has(id)) walk.again(id, 'undone', true);
  if (choice.fromNode !== undefined) walk.again(choice.fromNode, 'asked', true);
  for (const id of choice.byHand) walk.after(id, 'downstream');
  const ended = new Map(states.map((state) => [state.nodeId, state]));
  for (const { nodeId, status, port } of states) if (status === 'failed' && port === 'error') walk.again(nodeId, 'failed', false);
  const byHand = new Set(choice.byHand);
  const root = after.nodes.filter((node) => node.parent === undefined);
  const kept = root.flatMap(({ id }) => {
    const state = ended.get(id);
    const keeps = state?.status === 'completed' && state.port !== null && !state.disabled && !byHand.has(id) && !walk.why.has(id);
    return keeps ? [{ nodeId: id, port: state.port ?? 'out' }] : [];
  });
  const isKept = new Set([...kept.map(({ nodeId }) => nodeId), ...byHand]);
  const work = new Map(plan.nodes.map((node) => [node.id, node]));
  const forced = new Walk(graphOf(after));
  if (choice.fromNode !== undefined) forced.again(choice.fromNode, 'asked', true);
  const running = after.nodes.filter((node) => !isKept.has(outermost(after, node).id));
  const unsure = running.map(({ id }) => id).filter((id) => choice.unsure?.has(id) && !forced.wholly.has(id) && work.get(id)?.idempotent === false);
  const runs = running.map(({ id }) => ({
    nodeId: id,
    why: unsure.includes(id) ? ('unsure' as const) : (walk.why.get(id) ?? whyOf(ended.get(id)?.status)),
  }));
  const only = singleIteration(walk, after, choice);
  const keptItems = after.nodes
    .filter((node) => !isKept.has(outermost(after, node).id) && (!walk.wholly.has(node.id) || only.has(node.id)))
    .filter((node) => (node.parent === undefined ? work.get(node.id)?.loop?.body === 'self' : outward.has(work.get(node.id)?.work ?? '')))
    .map(({ id }) => ({ nodeId: id, except: only.get(id) ?? null }));
  const again = [...walk.wholly].sort().map((id) => ({ nodeId: id, within: only.get(id) ?? null }));
  const isKeyed = ({ id }: DefinitionNode): boolean => walk.wholly.has(id) && (ended.get(id)?.keyed === true || keyedItems.has(id));
  const maySame = (node: DefinitionNode): boolean =>
    !isKept.has(outermost(after, node).id) &&
    !forced.wholly.has(node.id) &&
    !undone.has(node.id) &&
    (isKeyed(node) || choice.earlier?.has(node.id) === true);
  const same = after.nodes.filter((node) => maySame(node) && isMadeAlike(before, node)).map(({ id }) => id);
  return { kept, keptItems, runs, again, same, unsure };
}

/** How a node repeats says nothing about what one item is made from. */
const repeats = new Set(['forEach', 'concurrency', 'onItemError']);

/** A step whose key can be what it was: kind, config and strictness are. */
function isMadeAlike(before: Definition, node: DefinitionNode): boolean {
  const old = before.nodes.find((other) => other.id === node.id);
  if (old === undefined || old.type !== node.type || kindOf(node.type)?.work !== 'step' || (old.strict ?? false) !== (node.strict ?? false))
    return false;
  const part = ({ config }: DefinitionNode): object => Object.fromEntries(Object.entries(config).filter(([name]) => !repeats.has(name)));
  return sameJson(part(old), part(node));
}

/** Nodes that run again in one iteration of the outermost loop only, with its path: those of the same body, at or after the node named. */
function singleIteration(walk: Walk, after: Definition, { fromNode, iteration }: RetryChoice): Map<string, string> {
  const named = after.nodes.find(({ id }) => id === fromNode);
  if (named === undefined || iteration === undefined || named.parent === undefined) return new Map();
  const loop = outermost(after, named).id;
  const inside = after.nodes.filter((node) => node.id !== loop && outermost(after, node).id === loop);
  const asked = inside.filter(({ id }) => walk.wholly.has(id) && ['asked', 'downstream', 'loop'].includes(walk.why.get(id) ?? ''));
  return new Map(asked.map(({ id }) => [id, `${loop}[${iteration}]`]));
}

class Walk {
  readonly why = new Map<string, Why>();
  /** Nodes that run wholly again; the loops around them are in `why` only. */
  readonly wholly = new Set<string>();
  readonly #graph: Graph;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** `withItems` false: a loop whose items may be kept. */
  again(id: string, why: Why, withItems: boolean): void {
    const known = this.why.get(id);
    if (known !== undefined && (this.wholly.has(id) || !withItems)) return;
    if (known === undefined) this.why.set(id, why);
    const body = this.#graph.body.get(id) ?? [];
    if (withItems || body.length === 0) this.wholly.add(id);
    if (withItems) for (const inner of body) this.again(inner, 'downstream', true);
    this.after(id, 'downstream');
    const parent = this.#graph.node.get(id)?.parent;
    if (parent !== undefined) this.again(parent, 'loop', false);
  }

  after(id: string, why: Why): void {
    for (const next of this.#graph.after.get(id) ?? []) this.again(next, why, true);
  }
}

/** The node of the run's own graph that a node lies in; itself where it lies in no loop. */
export function outermost(definition: Definition, node: DefinitionNode): DefinitionNode {
  const parent = definition.nodes.find((other) => other.id === node.parent);
  return parent === undefined ? node : outermost(definition, parent);
}

function whyOf(status: string | undefined): Why {
  return status === 'failed' || status === 'completed' ? 'failed' : 'not-run';
}

const meaning = ['type', 'parent', 'join', 'disabled', 'strict', 'onError'] as const;

/** True for a node whose output may differ in the other version: its meaning or what leads to it. Labels, notes, retry and time limits do not count. */
function changed(before: Definition, after: Definition, node: DefinitionNode): boolean {
  const old = before.nodes.find((other) => other.id === node.id);
  if (old === undefined) return true;
  if (!sameJson(old.config, node.config) || meaning.some((field) => !sameJson(old[field] ?? null, node[field] ?? null))) return true;
  return !sameJson(edgesInto(before, node.id), edgesInto(after, node.id));
}

function edgesInto(definition: Definition, id: string): string[] {
  return (definition.edges ?? [])
    .filter((edge) => edge.to === id)
    .map((edge) => `${edge.from} ${edge.fromPort ?? 'out'}`)
    .sort();
}

/** Of a changed loop: false where its items stay what they were (another `result`, `concurrency` or policy). */
function changesItems(before: Definition, node: DefinitionNode): boolean {
  const old = before.nodes.find((other) => other.id === node.id);
  if (node.type !== 'loop' || old?.type !== 'loop') return true;
  return ['mode', 'items', 'condition', 'initial'].some((field) => !sameJson(old.config[field] ?? null, node.config[field] ?? null));
}
