/** What crosses between the workflows of triggers and their activities. */

/** One trigger of one workflow; `triggerId` as in the definition. */
export interface TriggerPlace {
  team: string;
  workflowId: string;
  triggerId: string;
}

/** What a Temporal Schedule starts its workflow with. `local`: nothing outside is asked, so the work is done within the workflow task. */
export interface FirePlace extends TriggerPlace {
  local?: boolean;
}

export interface FireInput extends TriggerPlace {
  /** The nominal time, ISO 8601. */
  at: string;
}

/** A continuous trigger's driver, as it goes over continue-as-new. */
export interface SeriesInput extends TriggerPlace {
  carried?: SeriesState;
}
export interface SeriesState {
  /** One logical run in the lists: from being set going to its stop. */
  series: string;
  cycle: number;
  /** In a row. */
  failures: number;
  /** Milliseconds since the epoch; null before the first run. */
  lastEndAt: number | null;
  lastRun: string | null;
  /** The run it waits for. */
  current: string | null;
}

export type CycleBegun =
  | { kind: 'started'; run: string }
  /** Not yet: look again after this time, or when woken. */
  | { kind: 'wait'; ms: number }
  /** The trigger is paused, gone, or stopped after failures. */
  | { kind: 'stop' };

export type RunEndStatus = 'completed' | 'failed' | 'cancelled' | 'timed_out';

export interface TriggerActivities {
  /** Starts the run of a schedule's time, or reads a poll's source. Ends quietly where there is nothing to fire. */
  fireTrigger: (input: FireInput) => Promise<void>;
  /** The same as a local activity. */
  fireSchedule: (input: FireInput) => Promise<void>;
  startCycle: (input: TriggerPlace & SeriesState) => Promise<CycleBegun>;
  /** Null while it is open. */
  readRunEnd: (input: { team: string; run: string }) => Promise<RunEndStatus | null>;
}
