/**
 * The planner's memory: plain JSON, so it crosses continue-as-new and shows in the time-travel view. A node that is absent from its
 * scope has not started. A finished iteration leaves nothing behind but its exceptions (`notes`).
 */
import type { IterationNote, Message, ParkFacts, ReadRef, StepError, WaitReason } from './types.ts';

/** A failure with the place it came from: `nodeId` and `path` are the innermost failing node's. */
export interface Failure extends StepError {
  nodeId: string;
  path: string;
}

/** Where a settled node's value stands when not in its own row. */
export type ValueAt = Pick<ReadRef, 'path' | 'as' | 'error'>;

export interface NodeState {
  status: 'queued' | 'running' | 'completed' | 'failed' | 'skipped' | 'cancelled';
  /** The port taken. Absent: no outgoing edge is live. */
  port?: string;
  /** Why it failed (also where the failure was handled). */
  error?: StepError;
  value?: ValueAt;
  /** Queued merge of mode `first`: index in `plan.edges` of the edge that won. */
  won?: number;
  /** The fused group that this node, as its first, runs for. */
  group?: number;
  /** Asked to stop; the answer is awaited. */
  stopping?: true;
  loop?: LoopState;
  park?: ParkState;
}

/** A node that parks: opened, then parked, then released. */
export interface ParkState {
  phase: 'opening' | 'parked' | 'closing';
  facts?: ParkFacts;
  /** Its place among all that parked in this run. */
  since?: number;
  /** Its time limit is over: it fails as soon as that can be done. */
  late?: true;
  /** Its child run was told to stop. */
  told?: true;
  /** The message that is releasing it. */
  by?: Message;
}

/** What a run keeps of its waiting; absent until there is any. */
export interface WaitsState {
  /** Parked and not being released, longest first. */
  parked: { path: string; since: number; facts: ParkFacts }[];
  /** Messages that nobody takes yet, oldest first. */
  kept: Message[];
  /** Every message up to `upTo` was seen, and those in `more`. */
  seen: { upTo: number; more: number[] };
  /** How many nodes parked so far. */
  count: number;
  paused: boolean;
  /** Timers that came while paused. */
  due: string[];
  /** Why the run shows as waiting; null: it does not. */
  shown: WaitReason | 'pause' | null;
}

export interface ScopeState {
  nodes: Record<string, NodeState>;
  /** Ready nodes that wait for a place (`maxParallel`), sorted by id. Only ever filled in the run's own graph. */
  ready: string[];
  /** Nodes in flight: a loop and a fused group count as one. */
  busy: number;
  /** Of these, parked: they take no place of `maxParallel`. */
  parked?: number;
  /** Nodes not yet settled. */
  left: number;
  /** Starts nothing more; ends when nothing is in flight. */
  stopping?: true;
}

export interface IterationState extends ScopeState {
  /** Set once all of the body is settled and the iteration's result is being evaluated. */
  closing?: true;
  failure?: Failure;
}

export interface LoopState {
  phase: 'opening' | 'checking' | 'items' | 'closing';
  /** Number of items (`for_each`), known once opened. */
  count: number;
  /** Index of the next iteration to start. */
  cursor: number;
  open: Record<string, IterationState>;
  notes: IterationNote[];
  /** Further notes are kept in the database. */
  stored?: true;
  /** A chunk of items is in flight. */
  chunk?: true;
  /** Its items take long: each is a step by itself from here on. */
  slow?: true;
  /** Set when the loop is stopping: by an item's failure (its index), by its time-out (index -1), or from outside. */
  end?: { index: number; failure: Failure } | 'cancelled';
}

export interface RunState {
  engine: 1;
  trigger: string | null;
  given: Record<string, { port: string; as: 'pinned' | 'row'; error?: StepError }>;
  /** Nodes that may run; null: all. */
  only: string[] | null;
  /** Edges from triggers and from nodes outside of `only` hold nothing back. */
  alone?: true;
  root: ScopeState;
  /** Output nodes in the order in which they completed: of two with one name the later wins (rule 10). */
  outputs: string[];
  /** The first unhandled failure in the run's own graph. */
  failure: Failure | null;
  /** Set when the run was told to stop before its end. */
  stopped: 'failed' | 'cancelled' | 'timed_out' | null;
  finished: boolean;
  /** Its actions are being undone in this round (from 1), or have been (0). Absent: nothing is undone. */
  undo?: number;
  waits?: WaitsState;
}
