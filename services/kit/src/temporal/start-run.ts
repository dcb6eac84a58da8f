/** Starts the Temporal workflow of runs that hold a slot. Idempotent: the workflow id is the run id. */
import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { SearchAttributeType, WorkflowIdConflictPolicy, WorkflowIdReusePolicy, defineSearchAttributeKey } from '@temporalio/common';

/** Registered with the server at start (all are keywords but the two versions). Never encrypted, so they hold ids only. */
export const searchAttributeKeys = {
  team: defineSearchAttributeKey('HubTeam', SearchAttributeType.KEYWORD),
  workflow: defineSearchAttributeKey('HubWorkflow', SearchAttributeType.KEYWORD),
  trigger: defineSearchAttributeKey('HubTrigger', SearchAttributeType.KEYWORD),
  version: defineSearchAttributeKey('HubVersion', SearchAttributeType.INT),
  engine: defineSearchAttributeKey('HubEngine', SearchAttributeType.INT),
} as const;

/** What a start needs to know of a run, as `createStartReader` of @hub/db reads it. */
export interface RunStart {
  team: string;
  run: string;
  rootRun: string;
  versionId: string;
  workflowId: string;
  workflowName: string;
  /** 0 for a test run's snapshot. */
  version: number;
  plan: unknown;
  start: unknown;
  /** E.g. `api`. */
  triggerType: string;
  /** 1 (first) to 5. */
  priority: number;
  /** The run that waits for this one. */
  parent?: string | null;
}

/** Structurally the `RunStarter` of `@hub/activities/ports`. */
export interface StartRuns {
  start(runs: { team: string; run: string }[]): Promise<void>;
}

export interface RunStarterOptions {
  client: Client;
  /** Public origin of the hub: a run's page is linked from the Temporal Web UI. */
  hubUrl: string;
  /** One bounded read; runs that are gone or already terminal are left out, then they are not started. */
  readStarts: (runs: { team: string; run: string }[]) => Promise<RunStart[]>;
  /** Version of the engine that new runs begin under: `engineVersion` of the planner. */
  engine: number;
  taskQueue?: string;
  /** The codec is off: failures stay readable in the Temporal Web UI. */
  plainFailures?: boolean;
  /** Events of one Temporal execution before a run continues as new; the engine's own measure where left out. */
  continueAfter?: number | undefined;
}

/** A backstop only; the run's own limit is a timer inside it. */
const executionTimeout = '365 days';
const maxStaticSummary = 200;

/**
 * A starter. Runs are started side by side; a run that already has its workflow counts as started.
 * @throws the first failure, after all were tried: the sweep starts what is left.
 */
export function createRunStarter(options: RunStarterOptions): StartRuns {
  const startOne = async (start: RunStart): Promise<void> => {
    try {
      await options.client.workflow.start('hubRun', {
        workflowId: start.run,
        taskQueue: options.taskQueue ?? 'hub',
        args: [inputOf(start, options)],
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowExecutionTimeout: executionTimeout,
        typedSearchAttributes: [
          { key: searchAttributeKeys.team, value: start.team },
          { key: searchAttributeKeys.workflow, value: start.workflowId },
          { key: searchAttributeKeys.trigger, value: start.triggerType },
          { key: searchAttributeKeys.version, value: start.version },
          { key: searchAttributeKeys.engine, value: options.engine },
        ],
        staticSummary: `${start.workflowName} · v${start.version}`.slice(0, maxStaticSummary),
        ...(options.plainFailures === true ? { memo: { plainFailures: true } } : {}),
        // Between teams the server gives turns where matching.enableFairness is on (04, rule 24).
        priority: { priorityKey: start.priority, fairnessKey: start.team },
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  };
  return {
    async start(runs) {
      if (runs.length === 0) return;
      const tried = await Promise.allSettled((await options.readStarts(runs)).map(startOne));
      const failed = tried.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}

/** The workflow's argument: `RunInput` of @hub/runtime/types. */
function inputOf({ team, run, rootRun, versionId, workflowId, version, plan, start, parent }: RunStart, options: RunStarterOptions): object {
  const above = parent === undefined || parent === null ? {} : { parent };
  const knob = options.continueAfter === undefined ? {} : { continueAfter: options.continueAfter };
  return {
    team,
    run,
    rootRun,
    versionId,
    workflowId,
    version,
    engine: options.engine,
    plan,
    start,
    runUrl: `${options.hubUrl}/runs/${run}`,
    ...above,
    ...knob,
  };
}
