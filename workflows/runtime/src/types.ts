/** What crosses between the sandboxed workflow and its activities. Ids, refs and small facts only; never a value, secret or config. */
import type {
  Command,
  GroupNodeResult,
  IterationNote,
  LeftItem,
  LoopFrame,
  Message,
  ParkFacts,
  PendingRow,
  Plan,
  PlanEdge,
  PlanEvent,
  PlanNode,
  ReadRef,
  RetryPolicy,
  RunFailure,
  SourceRef,
  StartOptions,
  StepError,
  WaitReason,
} from '@hub/dag/planner';
import type { Sinks } from '@temporalio/workflow';

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
  /** The run whose subworkflow this one is: it is told of the end. */
  parent?: string;
  /** Version of the engine that decides this execution; left out by histories older than the number: then 1. */
  engine?: number;
  /** Events of one execution before it continues as new; 2,000 where left out. */
  continueAfter?: number;
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
  /** Timers that do not count at the moment, with what is left of them in ms. */
  kept?: { key: string; left: number }[];
  /** What came while it was being carried. */
  inbox?: PlanEvent[];
  /** Nodes that a worker called quick. */
  quick?: string[];
  rows: PendingRow[];
}

/** What `hubRun` needs of an engine: today's `RunLoop`, or one that was frozen at a release. */
export interface Engine {
  hear(messages: Message[]): void;
  requestCancel(): void;
  run(): Promise<LoopEnd>;
  carry(): CarriedState;
}
/** Hears of every turn of the planner: what happened and what follows. It must not touch the workflow (a rebuild listens, ordinary runs have none). */
export type Observe = (event: PlanEvent | null, commands: Command[]) => void;
export type EngineClass = new (input: RunInput, observe?: Observe) => Engine;

/** How one execution of the interpreter ends. */
export type LoopEnd = { kind: 'finished'; finish: Extract<Command, { kind: 'finish' }> } | { kind: 'continue' } | { kind: 'gone' };

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
  /** Lost attempts whose effect a person allowed to be repeated. */
  forgiven?: number;
  /** Attempts that failed as tries, or among the items of a loop: their rows stand, the history does not count them. */
  triedBefore?: number;
  /** Say as well which nodes of this version have been quick. */
  ask?: true;
}
/** Which path a local activity's result is about; absent in histories of before. */
export interface Answer {
  of?: string;
}

export interface StepResult {
  port?: string;
  /** Nodes of this version whose calls this worker has seen end quickly. */
  quick?: string[];
  /** How long a try took. */
  ms?: number;
  /** It cannot go on by itself: it waits, and no attempt is spent. */
  parked?: ParkFacts;
}

/** `later`: it is as if it had never begun, and is for an ordinary activity. */
export interface TryResult extends StepResult, Answer {
  later?: true;
}

export interface ParkInput extends StepPlace {
  sources: SourceRef[];
  type: PlanNode['type'];
}
/** What it waits for; or `done` where there is nothing to wait for. */
export type ParkResult = ({ done: { port: string } } | { parked: ParkFacts }) & Answer;

export interface ReleaseInput extends RunAt {
  nodeId: string;
  path: string;
  frames: LoopFrame[];
  rows: PendingRow[];
  type: PlanNode['type'];
  /** Number of the message, or its time. */
  by: number | 'timer';
}
/**
 * `reopened`: the message had gone to the wait at `takenBy`. `unused`: the wait had been ended without this message, which is free. `error`: it had
 * failed then.
 */
export type ReleaseResult = ({ port: string; unused?: true } | { error: StepError; unused?: true } | { reopened: true; takenBy?: string }) & Answer;

export interface RemindInput extends RunAt {
  nodeId: string;
  path: string;
}
export interface CancelChildInput extends RunAt {
  path: string;
  child: string;
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
  /** Exceptions of items are stored with the loop (chunks), not noted. */
  stored?: true;
}

/** Items `from` to before `to` of a loop whose whole body is one fused group. */
export interface ChunkInput extends StepPlace {
  nodes: PlanNode[];
  edges: PlanEdge[];
  from: number;
  to: number;
  onItemError: 'fail' | 'skip' | 'collect';
}
/** Items before `next` are over and stored; fewer than asked where it was told to stop. */
export interface ChunkResult {
  next: number;
  failure?: StepError & { nodeId: string; path: string };
}

export interface UndoInput extends RunAt {
  /** Rows to write along (idempotent upserts). */
  rows: PendingRow[];
}
/** `more`: not all has been undone yet. */
export interface UndoResult {
  more: boolean;
}

/** Items of a loop whose whole body is one step. */
export interface ItemsInput extends StepPlace {
  /** The step; of a `forEach` node the node itself. */
  step: PlanNode;
  /** Live edges into a `forEach` node. */
  sources: SourceRef[];
  self: boolean;
  from: number;
  to: number;
  /** At most so many at a time. */
  places: number;
  onItemError: 'fail' | 'skip' | 'collect';
}
/** Items before `next` are over, but for those `left`; fewer than asked where it stopped. */
export interface ItemsResult {
  next: number;
  left: LeftItem[];
  failure?: StepError & { nodeId: string; path: string; index: number };
  slow?: true;
}

export interface WriteRowsInput extends RunAt {
  rows: PendingRow[];
  /** The run shows as waiting, for this reason. */
  waits?: WaitReason | 'pause';
}

export interface FinishRunInput extends RunAt {
  status: 'completed' | 'failed' | 'cancelled' | 'timed_out';
  error: RunFailure | null;
  outputs: { name: string; ref: ReadRef }[];
  rows: PendingRow[];
  /** The run that is told of the end. */
  parent?: string;
}

/** The hub's activities, as registered with the worker. All throw `ApplicationFailure` whose `type` is the error's stable code. */
export interface HubActivities {
  /** Ordinary activity: one attempt of a step that does work. Retries until the attempts are used; then non-retryable. */
  runStep: (input: StepInput) => Promise<StepResult>;
  /** Local: the same for a short read. What fails in a way that may be retried goes on as `runStep`. */
  tryStep: (input: StepInput) => Promise<TryResult>;
  /** Local activity. */
  runGroup: (input: GroupInput) => Promise<GroupResult>;
  /** Local: evaluates `items` / `forEach`, stores them with the loop's row. */
  openLoop: (input: OpenLoopInput) => Promise<{ count: number }>;
  /** Local: a `while` / `until` condition. */
  checkLoop: (input: CheckLoopInput) => Promise<{ holds: boolean }>;
  /** Local: evaluates `result` of an iteration. */
  closeIteration: (input: CloseIterationInput) => Promise<Answer>;
  /** Ordinary: many items of a loop with a pure body. */
  runChunk: (input: ChunkInput) => Promise<ChunkResult>;
  /** Ordinary: many items of a loop whose body is one step, each with its own attempts, rows and effect keys. */
  runItems: (input: ItemsInput) => Promise<ItemsResult>;
  /** Ordinary: gathers the items' results in order into the loop's output. */
  closeLoop: (input: CloseLoopInput) => Promise<void>;
  /** Ordinary: undoes completed actions, last first; goes on where an earlier call of it stopped. */
  undoRun: (input: UndoInput) => Promise<UndoResult>;
  /** Local: evaluates what a node waits for and opens its row. */
  park: (input: ParkInput) => Promise<ParkResult>;
  /** Local: the end of a wait, with what the node gives. Fails as the node fails. */
  release: (input: ReleaseInput) => Promise<ReleaseResult>;
  /** Local: reminds the people who are asked. */
  remind: (input: RemindInput) => Promise<void>;
  /** Local: passes a cancel down. */
  cancelChild: (input: CancelChildInput) => Promise<void>;
  /** Local: rows that would otherwise wait for the next write. */
  writeRows: (input: WriteRowsInput) => Promise<void>;
  /** Local: the guarded end of the run, its output, totals, and the slot handed on. */
  finishRun: (input: FinishRunInput) => Promise<void>;
}

/** What a run tells the process that decides for it; never during a replay. */
export interface WorkerSinks extends Sinks {
  /** It has just asked Temporal to stop activities of its own. */
  steps: { stopping: () => void };
}
