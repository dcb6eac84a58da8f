/** What waiting needs from the outside (see ports.ts): the rows of waits, child runs, links that people follow. */
import type { Json, NodeType, ParkFacts, PendingRow, StepError } from '@hub/dag/planner';
import type { Warning } from './ports.ts';

export interface OpenWait {
  team: string;
  run: string;
  nodeId: string;
  nodeType: NodeType;
  path: string;
  iteration: number | null;
  rows: PendingRow[];
  facts: ParkFacts;
  /** JSON text of what the step waits for, as people see it. */
  inputText: string;
  warnings: Warning[];
  /** SHA-256 of its one-time link's token, hex. */
  tokenHash?: string;
  approval?: { title: string; body: string | null; form: Json; approvers: string[] };
  /** A step's own attempt that cannot go on; absent: the wait makes its row. */
  attempt?: number;
  error?: StepError;
}

/** How a wait ended; texts are JSON. */
export interface ClosedWait {
  outcome: 'closed';
  /** It had been closed by another message before; the one named now is free. */
  unused: boolean;
  reason: ParkFacts['reason'];
  attempt: number;
  /** It was waited for a signal. */
  signal: boolean;
  message?: { text: string | null; decision: string | null; by: string | null; at: string };
  child?: { run: string; status: string; text: string | null; code: string | null; message: string | null };
}

/** It had ended before, by a decision that was lost with its worker: what was done stands. */
export interface EndedWait {
  outcome: 'ended';
  end: { port: string } | { error: StepError };
  /** The message named now had no part in it. */
  unused: boolean;
}

export interface EndWait {
  team: string;
  run: string;
  nodeId: string;
  path: string;
  iteration: number | null;
  attempt: number;
  status: 'completed' | 'failed';
  port: string | null;
  outputText: string | null;
  error: StepError | null;
}

export interface WaitStore {
  /** Writes row and wait in one transaction; a repeat answers as the first time. `done`, `failed`: the step has ended already, so. */
  open(wait: OpenWait): Promise<{ gone: true } | { done: string } | { failed: StepError } | { facts: ParkFacts }>;
  /**
   * Ends a wait by message `by`, or by its time (null). An answer that was accepted in time wins over the clock. Repeatable. `reopened`: the message
   * had gone to the wait at `takenBy`.
   */
  close(
    team: string,
    run: string,
    path: string,
    by: number | null,
  ): Promise<ClosedWait | EndedWait | { outcome: 'reopened'; takenBy: string | null } | { outcome: 'gone' }>;
  /** The step's row, after `close`. */
  end(end: EndWait): Promise<void>;
  remind(team: string, run: string, path: string): Promise<void>;
  /** Shows the run as waiting. */
  shown(team: string, run: string, reason: string): Promise<void>;
  /** Tells Temporal what was said to a run and has not been told; never throws. */
  tell(team: string, run: string): Promise<void>;
}

export interface NewChild {
  team: string;
  parent: string;
  /** Where the parent waits; null: it does not. */
  path: string | null;
  workflowId: string;
  version: number | null;
  input: Json;
  /** The same for every attempt. */
  key: string;
}

export interface ChildRuns {
  /** Makes and starts a child, once per `key`. Throws UserError for what is not there, `run.invalid-input`, `subworkflow.too-deep`. */
  start(child: NewChild): Promise<{ run: string }>;
  cancel(team: string, run: string): Promise<void>;
}

/** The one-time links of waits. */
export interface ResumeLinks {
  token(place: { team: string; run: string; path: string }): string;
  url(token: string): string;
}
