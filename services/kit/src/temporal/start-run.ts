/** Starts the Temporal workflow of runs that hold a slot. Idempotent: the workflow id is the run id. */
import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { SearchAttributeType, WorkflowIdConflictPolicy, WorkflowIdReusePolicy, defineSearchAttributeKey } from '@temporalio/common';

/** Registered with the server at start (all are keywords but the version). Never encrypted, so they hold ids only. */
export const searchAttributeKeys = {
  team: defineSearchAttributeKey('HubTeam', SearchAttributeType.KEYWORD),
  workflow: defineSearchAttributeKey('HubWorkflow', SearchAttributeType.KEYWORD),
  trigger: defineSearchAttributeKey('HubTrigger', SearchAttributeType.KEYWORD),
  version: defineSearchAttributeKey('HubVersion', SearchAttributeType.INT),
} as const;

/** What a start needs to know of a run. */
export interface RunStart<Input> {
  /** The workflow's argument, `RunInput` of `@hub/runtime/types`. */
  input: Input;
  team: string;
  workflowId: string;
  workflowName: string;
  version: number;
  /** Type of the trigger that started the run, e.g. `api`. */
  trigger: string;
  /** 1 (first) to 5. */
  priority: number;
}

/** Structurally the `RunStarter` of `@hub/activities/ports`. */
export interface StartRuns {
  start(runs: { team: string; run: string }[]): Promise<void>;
}

export interface RunStarterOptions<Input> {
  client: Client;
  /** One bounded read of the run's row; null when the run is gone or already terminal, then it is not started. */
  loadStart: (team: string, run: string) => Promise<RunStart<Input> | null>;
  taskQueue?: string;
}

/** A backstop only; the run's own limit is a timer inside it. */
const executionTimeout = '365 days';
const maxStaticSummary = 200;

/**
 * A starter. Runs are started side by side; a run that already has its workflow counts as started.
 * @throws the first failure, after all were tried: the sweep starts what is left.
 */
export function createRunStarter<Input>(options: RunStarterOptions<Input>): StartRuns {
  const startOne = async (team: string, run: string): Promise<void> => {
    const start = await options.loadStart(team, run);
    if (start === null) return;
    try {
      await options.client.workflow.start('hubRun', {
        workflowId: run,
        taskQueue: options.taskQueue ?? 'hub',
        args: [start.input],
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowExecutionTimeout: executionTimeout,
        typedSearchAttributes: [
          { key: searchAttributeKeys.team, value: start.team },
          { key: searchAttributeKeys.workflow, value: start.workflowId },
          { key: searchAttributeKeys.trigger, value: start.trigger },
          { key: searchAttributeKeys.version, value: start.version },
        ],
        staticSummary: `${start.workflowName} · v${start.version}`.slice(0, maxStaticSummary),
        priority: { priorityKey: start.priority },
      });
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  };
  return {
    async start(runs) {
      const tried = await Promise.allSettled(runs.map(({ team, run }) => startOne(team, run)));
      const failed = tried.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
  };
}
