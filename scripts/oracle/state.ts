// What the interpreter knows at one moment: scopes (the run's own graph, each iteration) and the nodes in them.
import type { RuleId } from './rules.ts';
import type {
  Definition,
  Edge,
  InterpretOptions,
  Item,
  Json,
  MergeResult,
  NodeDefinition,
  NodeStatus,
  OnItemError,
  RunError,
  Script,
  Value,
} from './types.ts';

export interface NodeState {
  readonly node: NodeDefinition;
  readonly path: string;
  readonly scope: Scope;
  status: 'pending' | 'running' | NodeStatus;
  /** Number of the event in which it settled (see `Run.tick`); the order of two of them is the order in time. */
  settledTick: number;
  /** Number of the event in which it started; -1 where it never did. */
  startedTick: number;
  /** Why it was skipped: by its edges (rule 2), by a stop, or downstream of a failure under `finish`. */
  skippedBy?: 'edges' | 'stop' | 'finish' | 'test';
  port?: string;
  value: Value;
  recovered?: true;
  pinned?: true;
  seeded?: true;
  /** In flight, but nothing is done: a wait, an approval, an unknown outcome. */
  parked?: Parked;
  /** The call of a step was answered once as of unknown outcome. */
  calledBefore?: true;
  merge?: MergeResult;
  items?: readonly Item[];
  previous?: readonly Value[];
  last?: Value;
  error?: RunError;
  loop?: LoopState;
}

/** The run's own graph, or one iteration of a loop, or one item of a `forEach` (a body that is that node alone). */
export interface Scope {
  readonly prefix: string;
  readonly owner?: { readonly loop: NodeState; readonly index: number; readonly isForEach: boolean };
  /** In order of node id. */
  nodes: NodeState[];
  closed: boolean;
}

export interface Parked {
  readonly reason: 'timer' | 'signal' | 'approval' | 'unknown-outcome' | 'child';
  /** The order in which they were parked: the smallest has waited longest. */
  readonly since: number;
  readonly signal?: string;
}

export interface LoopState {
  /** Set on `while` and `until`; on these `count` is what the condition alone would give. */
  readonly rounds?: { readonly mode: 'while' | 'until'; readonly max: number; readonly onMax: 'fail' | 'continue'; readonly checkFailsAt: number };
  /** The result of the last iteration; at first `initial` or null. */
  last: Value;
  readonly previous: Value[];
  readonly count: number;
  readonly concurrency: number;
  readonly onItemError: OnItemError;
  next: number;
  readonly active: Map<number, Scope>;
  readonly ended: Map<number, Item>;
  /** Only with the reading `in-flight-end`: an item failed, nothing more is started. */
  stopping: boolean;
}

export interface Event {
  readonly at: number;
  readonly path: string;
  /** `elapsed`: the time of a wait is over; `timeout`: nobody answered or signalled in time; `limit`: `timeoutMs` of a loop or subworkflow. */
  readonly kind: 'end' | 'open' | 'cancel' | 'time-out' | 'elapsed' | 'timeout' | 'limit' | 'message' | 'pause' | 'resume' | 'outcome';
  readonly state?: NodeState;
  readonly message?: Message;
}

export interface Message {
  readonly messageId: string;
  readonly path?: string;
  readonly signal?: string;
  readonly decision?: 'approved' | 'rejected';
}

export interface Run {
  readonly definition: Definition;
  readonly script: Script;
  readonly options: InterpretOptions;
  readonly trigger: string | undefined;
  readonly triggerIds: ReadonlySet<string>;
  readonly incoming: ReadonlyMap<string, readonly Edge[]>;
  readonly maxParallel: number;
  readonly root: Scope;
  readonly scopes: Scope[];
  readonly events: Event[];
  readonly starts: [number, string][];
  readonly outputs: Map<string, string>;
  readonly met: Set<RuleId>;
  now: number;
  /** Number of the event being processed; 0 before the first. What settles in one event settles in one moment. */
  tick: number;
  error: RunError | null;
  paused: boolean;
  /** While what a pause held back begins: conditions are asked, not answered yet. */
  asking: boolean;
  /** Timers that came due while the run was paused. */
  readonly due: Event[];
  readonly messagesSeen: Set<string>;
  /** Signals that nothing waited for, oldest first. */
  readonly keptSignals: Message[];
  readonly childrenCancelled: string[];
  /** Time that was not spent waiting, up to `now`; what `settings.timeoutMs` counts. */
  activeMs: number;
  /** When that reached its limit in a pause. */
  timedOutAt: number;
  /** When it waited. */
  /** When timers of waits and approvals came. */
  readonly timersAt: number[];
  readonly waited: (readonly [from: number, to: number])[];
  readonly limitMs: number;
  ended?: 'failed' | 'cancelled' | 'timed_out';
}

export function newRun(definition: Definition, script: Script, options: InterpretOptions): Run {
  const incoming = new Map<string, Edge[]>(definition.nodes.map((node) => [node.id, []]));
  for (const edge of definition.edges ?? []) incoming.get(edge.to)?.push(edge);
  const root: Scope = { prefix: '', nodes: [], closed: false };
  root.nodes = bodyOf(definition, undefined).map((node) => newState(node, node.id, root));
  return {
    definition,
    script,
    options,
    incoming,
    root,
    scopes: [root],
    events: [],
    starts: [],
    outputs: new Map(),
    met: new Set(),
    trigger: options.trigger ?? defaultTrigger(definition),
    triggerIds: new Set((definition.triggers ?? []).map((trigger) => trigger.id)),
    maxParallel: definition.settings?.maxParallel ?? 20,
    now: 0,
    tick: 0,
    error: null,
    paused: false,
    asking: false,
    due: [],
    messagesSeen: new Set(),
    keptSignals: [],
    childrenCancelled: [],
    activeMs: 0,
    timedOutAt: Infinity,
    timersAt: [],
    waited: [],
    limitMs: options.timeoutMs ?? definition.settings?.timeoutMs ?? 3_600_000,
  };
}

/** "A manual start counts as the first manual or api trigger, else the first trigger, unless it names one." */
export function defaultTrigger(definition: Definition): string | undefined {
  const triggers = definition.triggers ?? [];
  return (triggers.find((trigger) => trigger.type === 'manual' || trigger.type === 'api') ?? triggers[0])?.id;
}

/** A new iteration of the loop, or a new item of the `forEach` node, with nothing started. */
export function newIteration(run: Run, loop: NodeState, index: number): Scope {
  const isForEach = loop.node.type !== 'loop';
  const path = `${loop.path}[${index}]`;
  const scope: Scope = { prefix: `${path}.`, owner: { loop, index, isForEach }, nodes: [], closed: false };
  if (isForEach) {
    const { id, type } = loop.node;
    scope.nodes = [newState({ id, type, config: {} }, path, scope)];
  } else {
    scope.nodes = bodyOf(run.definition, loop.node.id).map((node) => newState(node, scope.prefix + node.id, scope));
  }
  run.scopes.push(scope);
  return scope;
}

/** Whether this node runs others: a loop, or a node with `forEach`. */
export function opens(node: NodeDefinition): boolean {
  return node.type === 'loop' || node.config['forEach'] !== undefined;
}

/** Whether this node is opened and then only waits: for a time, a signal, people, or its child run. */
export function parks(node: NodeDefinition): boolean {
  return node.type === 'wait' || node.type === 'approval' || hasChild(node);
}

/** Whether a child run belongs to this node, which ends with it. */
export function hasChild(node: NodeDefinition): boolean {
  return node.type === 'subworkflow' && node.config['wait'] !== false;
}

export function isSettled(state: NodeState): boolean {
  return state.status !== 'pending' && state.status !== 'running';
}

export function isPinned(run: Run, state: NodeState): boolean {
  return run.options.pinned !== undefined && Object.hasOwn(run.options.pinned, state.node.id) && !state.scope.owner?.isForEach;
}

/** The nodes of the run's own graph, or of a loop's body, in order of node id. */
export function bodyOf(definition: Definition, parent: string | undefined): NodeDefinition[] {
  return definition.nodes.filter((node) => node.parent === parent).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function newState(node: NodeDefinition, path: string, scope: Scope): NodeState {
  return { node, path, scope, status: 'pending', settledTick: -1, startedTick: -1, value: null };
}

/** Rule 5: "where an output is given its port is read from it". */
export function portOfGiven(node: NodeDefinition, value: Json): string {
  const field = { condition: 'result', switch: 'port', approval: 'decision' }[node.type as string];
  if (field === undefined) return 'out';
  const given = typeof value === 'object' && value !== null ? (value as { readonly [key: string]: Json })[field] : undefined;
  if (typeof given !== 'string' && typeof given !== 'boolean') throw new Error(`what is given for ${node.id} fits none of its ports`);
  return String(given);
}
