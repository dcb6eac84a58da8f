/** What crosses between the sandboxed workflow and its activities. Ids, refs and small facts only; never a value, secret or config. */
import type {
  Command,
  GroupNodeResult,
  IterationNote,
  LoopFrame,
  PendingRow,
  Plan,
  PlanEdge,
  PlanNode,
  ReadRef,
  RetryPolicy,
  RunFailure,
  SourceRef,
  StartOptions,
} from '@hub/dag/planner';

/** Which run, of which frozen definition. */
export interface RunAt {
  team: string;
  run: string;
  /** The first run of a retry chain: effect keys are made from it. */
  rootRun: string;
  versionId: string;
}

/** Input of the workflow `hubRun`. */
export interface RunInput extends RunAt {
  workflowId: string;
  version: number;
  plan: Plan;
  start: StartOptions;
  /** Absolute URL of the run's page, for the Temporal Web UI's details. */
  runUrl: string;
  /** Carried over continue-as-new. */
  carried?: CarriedState;
}

/** Planner state and deadlines over continue-as-new; `state` is the planner's own JSON. */
export interface CarriedState {
  state: unknown;
  /** Commands that were not begun yet, in order. */
  held: Command[];
  /** Open timers by key, as absolute times in ms since epoch. */
  deadlines: { key: string; at: number }[];
  rows: PendingRow[];
}

interface StepPlace extends RunAt {
  nodeId: string;
  path: string;
  frames: LoopFrame[];
  reads: ReadRef[];
  /** Rows to write along (idempotent upserts). */
  rows: PendingRow[];
}

export interface StepInput extends StepPlace {
  sources: SourceRef[];
  type: PlanNode['type'];
  maxAttempts: number;
  /** Spacing of attempts; null where `maxAttempts` is 1. */
  retry: RetryPolicy | null;
  timeoutMs: number;
  idempotent: boolean;
}
export interface StepResult {
  port?: string;
}

/** Pure neighbours computed in one local activity. `nodes` and `edges` are the slice of the plan it needs. */
export interface GroupInput extends RunAt {
  scope: string;
  nodes: PlanNode[];
  edges: PlanEdge[];
  frames: LoopFrame[];
  /** Values from outside the group. */
  reads: ReadRef[];
  /** Live edges into the group's first node. */
  sources: SourceRef[];
  rows: PendingRow[];
}
export interface GroupResult {
  results: GroupNodeResult[];
}

export interface OpenLoopInput extends StepPlace {}
export interface CheckLoopInput extends StepPlace {
  index: number;
}
export interface CloseIterationInput extends StepPlace {
  index: number;
}
export interface CloseLoopInput extends StepPlace {
  count: number;
  sink: string | null;
  notes: IterationNote[];
}

export interface WriteRowsInput extends RunAt {
  rows: PendingRow[];
}

export interface FinishRunInput extends RunAt {
  status: 'completed' | 'failed' | 'cancelled' | 'timed_out';
  error: RunFailure | null;
  outputs: { name: string; ref: ReadRef }[];
  rows: PendingRow[];
}

/** The hub's activities, as registered with the worker. All throw `ApplicationFailure` whose `type` is the error's stable code. */
export interface HubActivities {
  /** Ordinary activity: one attempt of a step that does work. Retries until the attempts are used; then non-retryable. */
  runStep: (input: StepInput) => Promise<StepResult>;
  /** Local activity. */
  runGroup: (input: GroupInput) => Promise<GroupResult>;
  /** Local: evaluates `items` / `forEach`, stores them with the loop's row. */
  openLoop: (input: OpenLoopInput) => Promise<{ count: number }>;
  /** Local: a `while` / `until` condition. */
  checkLoop: (input: CheckLoopInput) => Promise<{ holds: boolean }>;
  /** Local: evaluates `result` of an iteration. */
  closeIteration: (input: CloseIterationInput) => Promise<void>;
  /** Ordinary: gathers the items' results in order into the loop's output. */
  closeLoop: (input: CloseLoopInput) => Promise<void>;
  /** Local: rows that would otherwise wait for the next write. */
  writeRows: (input: WriteRowsInput) => Promise<void>;
  /** Local: the guarded end of the run, its output, totals, and the slot handed on. */
  finishRun: (input: FinishRunInput) => Promise<void>;
}
