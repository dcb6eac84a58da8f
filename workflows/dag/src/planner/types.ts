/**
 * The words the planner, the sandboxed runtime and the activities share. Plain data only: it crosses Temporal payloads and
 * continue-as-new, so no classes, no dates, no dependency. Paths are `l[2].m[0].b` (top level: `b`; item 2 of a `forEach` node `x`: `x[2]`).
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export const nodeTypes = [
  'data_source',
  'action',
  'prompt',
  'transform',
  'code',
  'condition',
  'switch',
  'merge',
  'loop',
  'subworkflow',
  'wait',
  'approval',
  'batch_prompt',
  'evaluate',
  'notify',
  'respond',
  'output',
] as const;
export type NodeType = (typeof nodeTypes)[number];

export type NodeStatus = 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'skipped' | 'cancelled';
export type RunStatus = 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled' | 'timed_out';

/** Why a node, and with it a run, is parked. */
export type WaitReason = 'approval' | 'signal' | 'timer' | 'child' | 'budget' | 'incident' | 'unknown-outcome';

/** Why a step, loop or run failed. `message` is at most 500 characters; more stands in the step's row. */
export interface StepError {
  code: string;
  message: string;
  /** Failed attempts so far, from 1. */
  attempt: number;
}

export interface RetryPolicy {
  maxAttempts: number;
  backoff: 'exponential' | 'fixed';
  initialMs: number;
  maxMs: number;
}

/** How a node repeats. `body: 'self'` is `forEach` on data_source, action, prompt: the node is its own body. */
export interface LoopPlan {
  mode: 'for_each' | 'while' | 'until';
  body: 'self' | 'nodes';
  concurrency: number;
  onItemError: 'fail' | 'skip' | 'collect';
  /** The body's only sink, whose value is an iteration's result; null where `result` is an expression. */
  sink: string | null;
  maxIterations: number;
  onMax: 'fail' | 'continue';
  /**
   * The fused group that is the whole body of a `for_each`: its items are computed many at a time (a chunk), and their exceptions are stored
   * rather than noted, so that the planner's memory is a cursor however many items there are.
   */
  chunk?: number;
  /**
   * The one step that is the whole body of a `for_each` (of a `forEach` node itself): one activity runs it for many items, as many at a time as the
   * loop allows.
   */
  step?: string;
}

export interface PlanNode {
  id: string;
  type: NodeType;
  label: string;
  /** The loop whose body this node is in; null in the run's own graph. */
  parent: string | null;
  /**
   * step: an activity of its own. pure: computed by a local activity, alone or fused. loop: a scope (also a `forEach` node). park: opened by
   * a local activity, then it waits in the workflow.
   */
  work: 'step' | 'pure' | 'loop' | 'park';
  join: 'any' | 'all';
  disabled: boolean;
  /** Index into `Plan.groups`, null when not fused. */
  group: number | null;
  /** True for a merge of mode `first`: it runs at its first live edge. */
  first: boolean;
  ports: string[];
  retry: RetryPolicy;
  /** Limit of one attempt; on what loops or parks, of the whole (0: none). */
  timeoutMs: number;
  onError: 'fail' | 'continue' | 'fallback' | 'branch';
  /** The port a `fallback` value takes. */
  fallbackPort: string;
  idempotent: boolean;
  /** Ids of upstream nodes whose output or error this node's config reads (all ancestors where access is dynamic), sorted. */
  reads: string[];
  loop: LoopPlan | null;
}

export interface PlanEdge {
  /** A node id or a trigger id. */
  from: string;
  fromPort: string;
  to: string;
}

/** What a run executes: topology, policies, reads; no config. Compiled once at publish, at most 128 KB of JSON. */
export interface Plan {
  engine: 1;
  definitionHash: string;
  workflowName: string;
  /** Sorted by id. */
  nodes: PlanNode[];
  /** In the definition's order; merges depend on it. */
  edges: PlanEdge[];
  /** Trigger ids and types, in the definition's order. */
  triggers: { id: string; type: string }[];
  /** Fused groups in topological order: single entry (every node but the first has all its incoming edges inside), at most 20 nodes. */
  groups: string[][];
  /** Names of the run's output, in the order in which `output` nodes stand in the definition. */
  outputs: { name: string; nodeId: string }[];
  settings: { timeoutMs: number; onFailure: 'stop' | 'finish'; maxParallel: number; compensate: string };
}

/**
 * Where the value of a settled node is found. `row`: the step row at `path`. `fallback`: `onError.value` of the node at `path`. `input`: the
 * run's input. `error`: the value is `error` itself (a disabled node behind an edge from `error`), and there is no `nodes.<id>.error`.
 */
export interface ReadRef {
  /** The node id under which the reader sees it. */
  id: string;
  path: string;
  as: 'row' | 'null' | 'input' | 'fallback' | 'pinned' | 'error';
  /** Set when the node settled with an error (`nodes.<id>.error`). */
  error?: StepError;
}

/** A live incoming edge, for merge and pass-through. `port: 'error'` carries the error object. */
export interface SourceRef extends ReadRef {
  port: string;
}

/** The loops around a step, outermost first. */
export interface LoopFrame {
  loop: string;
  /** Path of the loop's own row, where its items are kept. */
  path: string;
  index: number;
}

/** A row of a node that has no activity of its own (skipped, disabled, pinned, recovered, cancelled, loop ends). */
export interface PendingRow {
  nodeId: string;
  path: string;
  status: NodeStatus;
  port?: string;
  recovered?: boolean;
  disabled?: boolean;
  pinned?: boolean;
  /** Where its output is taken from. */
  value?: ReadRef;
  error?: StepError;
  /**
   * No row of a node, but what the iteration at `path` gave, to be kept with the results of the loop at `loop`: its JSON text, null where it is
   * dropped; absent: `value`.
   */
  kept?: { loop: string; index: number; text?: string | null };
}

/** How an iteration ended where it differs from "its sink's row holds the result". */
export interface IterationNote {
  index: number;
  outcome: 'dropped' | 'error' | 'value';
  error?: StepError & { nodeId: string; path: string };
  value?: ReadRef;
}

/** What a node that parks waits for, as the activity that opened it found out. Ids and hashes only. */
export interface ParkFacts {
  reason: WaitReason;
  /** When its time is up, in ms since the epoch; absent: never. */
  at?: number;
  /** The signals that release it; `key` is a hash. */
  signal?: { name: string; key: string | null };
  /** People are reminded this often. */
  remindMs?: number;
  /** The child run it waits for. */
  child?: string;
  /** Attempts lost so far, of a step whose outcome is not known. */
  lost?: number;
}

/**
 * Something said to a run from outside; its content stands in the database. `n` counts the run's messages from 1: each is acted on once,
 * however often it comes.
 */
export interface Message {
  n: number;
  kind: 'signal' | 'answer' | 'child' | 'pause' | 'resume';
  /** Of a signal. */
  name?: string;
  key?: string | null;
  /** The one node that it is for. */
  path?: string;
  /** Of an answer: the step is to be run again. */
  again?: boolean;
}

export interface RunFailure {
  code: string;
  message: string;
  nodeId: string | null;
  path: string | null;
}

/**
 * What the runtime must do next. Order is stable: replay depends on it. `frames` of run-step, run-group and open-loop are the loops around
 * the node (an item `x[2]` of a `forEach` node has its own frame last); of check-loop and close-iteration the loop's own frame is the last.
 * run-step may name a pure node (a group that cannot run whole); `forgiven` is how many lost attempts a person allowed it to repeat; `after`: it was begun
 * among the items of a loop, `failed` of its attempts count, and it goes on in `ms`. close-loop: an index without a note and without a sink row is null.
 */
export type Command =
  | {
      kind: 'run-step';
      path: string;
      nodeId: string;
      frames: LoopFrame[];
      reads: ReadRef[];
      sources: SourceRef[];
      forgiven?: number;
      after?: { ms: number; failed: number };
    }
  /** Opens a node that parks; answered by `parked`, or by `completed` where there is nothing to wait for. */
  | { kind: 'park'; path: string; nodeId: string; frames: LoopFrame[]; reads: ReadRef[]; sources: SourceRef[] }
  /** Ends a parked node by message `by`, or by its time; answered by `completed`, `failed`, or `reopened` where the message went elsewhere. */
  | { kind: 'release'; path: string; nodeId: string; frames: LoopFrame[]; by: number | 'timer' }
  /** Reminds the people asked; nothing is answered. */
  | { kind: 'remind'; path: string; nodeId: string; frames: LoopFrame[] }
  /** Passes a cancel down; answered by `cancelled`. */
  | { kind: 'cancel-child'; path: string; nodeId: string; frames: LoopFrame[]; child: string }
  | { kind: 'run-group'; group: number; scope: string; frames: LoopFrame[]; reads: ReadRef[]; sources: SourceRef[] }
  | { kind: 'open-loop'; path: string; nodeId: string; frames: LoopFrame[]; reads: ReadRef[] }
  | { kind: 'check-loop'; path: string; nodeId: string; index: number; frames: LoopFrame[]; reads: ReadRef[] }
  | { kind: 'close-iteration'; path: string; nodeId: string; index: number; frames: LoopFrame[]; reads: ReadRef[] }
  | {
      kind: 'close-loop';
      path: string;
      nodeId: string;
      frames: LoopFrame[];
      count: number;
      sink: string | null;
      notes: IterationNote[];
      stored?: true;
    }
  /** Items `from` to before `to` of a loop whose body is the group `group`; answered by `chunk-ended` with how far it came. */
  | { kind: 'run-chunk'; path: string; nodeId: string; group: number; from: number; to: number; frames: LoopFrame[]; reads: ReadRef[] }
  /** Items from `from` on, none from `to` on, of a loop whose whole body is the step `step`, at most `places` at a time; answered by `chunk-ended`. */
  | {
      kind: 'run-items';
      path: string;
      nodeId: string;
      step: string;
      from: number;
      to: number;
      places: number;
      frames: LoopFrame[];
      reads: ReadRef[];
      sources: SourceRef[];
    }
  | { kind: 'write-rows'; rows: PendingRow[] }
  | { kind: 'start-timer'; key: string; ms: number }
  /** `at`: ms since the epoch; one that is past comes at once. */
  | { kind: 'start-timer-at'; key: string; at: number }
  | { kind: 'stop-timer'; key: string }
  /** What is left of a timer is kept, and counts on from `release-timer`. */
  | { kind: 'hold-timer'; key: string }
  | { kind: 'release-timer'; key: string }
  /** All that is in flight is parked: the run shows as waiting. It shows as running again with the next write of a step. */
  | { kind: 'run-waits'; reason: WaitReason | 'pause' }
  /** Undo completed actions, last first; answered by `undone`. `path` is the run's own graph. */
  | { kind: 'undo'; path: ''; round: number }
  /** Stop the work in flight at `path` (a step, a group, a loop's opening); the runtime answers with `cancelled`. */
  | { kind: 'cancel'; path: string }
  | {
      kind: 'finish';
      status: 'completed' | 'failed' | 'cancelled' | 'timed_out';
      error: RunFailure | null;
      outputs: { name: string; ref: ReadRef }[];
    };

/** An item that was begun with others and goes on by itself: it waits for a person (`parked`), or for its next attempt. */
export interface LeftItem {
  index: number;
  parked?: ParkFacts;
  /** Its next attempt begins after so many ms; `failed` of its attempts count. */
  afterMs?: number;
  failed?: number;
}

/** One node of a fused group, as the local activity found it: raw, `failed` also where `onError` recovers (the planner applies it). */
export interface GroupNodeResult {
  nodeId: string;
  status: 'completed' | 'failed' | 'skipped';
  port?: string;
  error?: StepError;
}

/** What happened. `path` of a group is `<scope>#<group>` (`groupPath`). */
export type PlanEvent =
  /** `unused`: of a release; the message that was to release it had not been needed and is free. */
  | { kind: 'completed'; path: string; port?: string; unused?: true }
  | { kind: 'failed'; path: string; error: StepError; unused?: true }
  | { kind: 'cancelled'; path: string }
  | { kind: 'group-settled'; path: string; results: GroupNodeResult[] }
  | { kind: 'loop-opened'; path: string; count: number }
  | { kind: 'loop-checked'; path: string; index: number; holds: boolean }
  | { kind: 'iteration-closed'; path: string; index: number; error?: StepError }
  /**
   * Items before `next` are over, but for those `left`. `failure`: the item `index` (`next - 1` where it does not say) failed, and `onItemError` is
   * `fail`. `slow`: items take so long that each is better off by itself.
   */
  | {
      kind: 'chunk-ended';
      path: string;
      next: number;
      failure?: StepError & { nodeId: string; path: string; index?: number };
      left?: LeftItem[];
      slow?: true;
    }
  | { kind: 'loop-closed'; path: string; error?: StepError }
  | { kind: 'parked'; path: string; facts: ParkFacts }
  | { kind: 'reopened'; path: string; takenBy?: string }
  | { kind: 'message'; message: Message }
  /** `more`: another round is needed. */
  | { kind: 'undone'; round: number; more: boolean }
  | { kind: 'timer'; key: string }
  | { kind: 'cancel-run' };

export interface StartOptions {
  /** Id of the trigger that started the run. */
  trigger: string | null;
  /**
   * Nodes that do not run, with the port taken. `pinned` (tests) stands in for the node where it would run; `row` (kept by a retry) is
   * completed from the start, with the `error` that `onError` had turned into a completion.
   */
  given?: { nodeId: string; port: string; as: 'pinned' | 'row'; error?: StepError }[];
  /** Test runs: only these nodes run, others are skipped. */
  only?: string[];
  /** With `only`: these nodes run whatever led to them; an edge from a trigger or from a node that does not run holds nothing back. */
  alone?: boolean;
}
