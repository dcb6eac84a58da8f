/** A run's whole history from Temporal: every execution of the chain that continue-as-new made. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { UserError } from '@hub/kit/errors';
import type { TemporalCodec } from '@hub/kit/temporal';

export type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

const callMs = 60_000;

/**
 * Oldest execution first.
 * @throws UserError `run.no-history` where Temporal does not know the run (any more)
 */
export async function readHistories(client: Client, run: string): Promise<History[]> {
  const bounded = <T>(work: () => Promise<T>): Promise<T> => client.connection.withDeadline(Date.now() + callMs, work);
  try {
    const { raw } = await bounded(() => client.workflow.getHandle(run).describe());
    const chain: History[] = [];
    // From the last one back: an execution that was set back is not the one that the next went on from.
    for (let execution = raw.workflowExecutionInfo?.execution?.runId ?? ''; execution !== ''; ) {
      const history = await bounded(() => client.workflow.getHandle(run, execution).fetchHistory());
      chain.unshift(history);
      execution = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
    }
    return chain;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new UserError('run.no-history', `Temporal has no history of the run ${run} (any more); nothing was changed.`, { status: 404 });
  }
}

/** How often each step's activity was begun, by path: the number of its last attempt. */
export async function attemptsOf(histories: History[], codec?: TemporalCodec['codec']): Promise<Map<string, number>> {
  const attempts = new Map<string, number>();
  for (const { events } of histories) {
    const pathOf = new Map<string, { path: string; triedBefore: number }>();
    for (const event of events ?? []) {
      const scheduled = event.activityTaskScheduledEventAttributes;
      if (scheduled?.activityType?.name === 'runStep') {
        const payload = scheduled.input?.payloads?.[0];
        const [input] = payload ? await (codec?.decode([payload]) ?? [payload]) : [];
        const step = input?.data ? readStep(Buffer.from(input.data).toString()) : null;
        if (step !== null) pathOf.set(String(event.eventId), step);
      }
      const started = event.activityTaskStartedEventAttributes;
      const step = pathOf.get(String(started?.scheduledEventId));
      if (step !== undefined) attempts.set(step.path, (attempts.get(step.path) ?? step.triedBefore) + Number(started?.attempt ?? 1));
    }
  }
  return attempts;
}

/** Null where the input is not plain JSON (sealed, and no codec to open it): then the rows that are there say it. */
function readStep(text: string): { path: string; triedBefore: number } | null {
  try {
    const { path, triedBefore } = JSON.parse(text) as { path?: unknown; triedBefore?: unknown };
    return typeof path === 'string' ? { path, triedBefore: typeof triedBefore === 'number' ? triedBefore : 0 } : null;
  } catch {
    return null;
  }
}
