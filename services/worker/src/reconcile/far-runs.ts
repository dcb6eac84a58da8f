/** What Temporal says of runs. Lists come from its visibility store, which lags; the verdict is always taken from the execution itself. */
import { randomUUID } from 'node:crypto';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { RunRef } from '@hub/db/write';
import { searchAttributeKeys } from '@hub/kit/temporal';
import type { FarStatus } from './verdict.ts';

const callMs = 10_000;
const listPage = 200;
const historyPage = 200;
/** Attempts of one workflow task from which it is taken for one that cannot succeed. */
const hopelessAttempts = 5;

export interface FarRuns {
  /** Of these runs, those that the list shows as open. */
  openAmong: (runs: string[]) => Promise<Set<string>>;
  /** All runs that the list shows as open, in pages. */
  openPages: () => AsyncIterable<RunRef[]>;
  /** The truth about one run, the reason of a termination, whether its cancel has arrived, and the workflow task with which it is about to decide something: its name changes when it is given out again. */
  look: (run: string) => Promise<{ status: FarStatus; why?: string; cancelAsked?: boolean; decides?: string }>;
  terminate: (run: string, reason: string) => Promise<void>;
  /** Whether nothing of a run is under way there, and has not been for a while: no activity, no workflow task but one that has failed again and again. */
  rests: (run: string) => Promise<boolean>;
  /** Sets a run back to its first workflow task: its history is heard anew from there, and what was said to it is said again. */
  setBack: (run: string, reason: string) => Promise<void>;
}

/** Over a connected client; every call has its time limit. What rests has had no event for `restMs`. */
export function createFarRuns(client: Client, { restMs = 20_000 } = {}): FarRuns {
  const bounded = <T>(work: () => Promise<T>): Promise<T> => client.connection.withDeadline(Date.now() + callMs, work);
  const { namespace } = client.options;
  const list = (query: string, pageSize: number, nextPageToken?: Uint8Array) =>
    bounded(() => client.workflowService.listWorkflowExecutions({ namespace, query, pageSize, ...(nextPageToken ? { nextPageToken } : {}) }));
  const idsOf = (executions: { execution?: { workflowId?: string | null } | null }[]): string[] =>
    executions.flatMap(({ execution }) => (execution?.workflowId ? [execution.workflowId] : []));

  async function* openPages(): AsyncGenerator<RunRef[]> {
    for (let token: Uint8Array | undefined; ; ) {
      const page = await list(`WorkflowType = 'hubRun' AND ExecutionStatus = 'Running'`, listPage, token);
      yield (page.executions ?? []).map(refOf);
      token = page.nextPageToken ?? undefined;
      if (token === undefined || token.length === 0) return;
    }
  }

  return {
    async openAmong(runs) {
      const among = runs.map((run) => `'${run}'`).join(', ');
      const { executions } = await list(`WorkflowId IN (${among}) AND ExecutionStatus = 'Running'`, runs.length);
      return new Set(idsOf(executions ?? []));
    },
    openPages,
    async look(run) {
      try {
        const { status, raw } = await bounded(() => client.workflow.getHandle(run).describe());
        if (status.name === 'TERMINATED') return { status: status.name, why: await reasonOf(client, run, bounded) };
        const decides = taskName(raw.pendingWorkflowTask);
        return { status: status.name, cancelAsked: raw.workflowExtendedInfo?.cancelRequested === true, ...(decides === null ? {} : { decides }) };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { status: null };
        throw error;
      }
    },
    async terminate(run, reason) {
      try {
        await bounded(() => client.workflow.getHandle(run).terminate(reason));
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
    async rests(run) {
      const { raw } = await bounded(() => client.workflow.getHandle(run).describe());
      const attempt = raw.pendingWorkflowTask?.attempt ?? null;
      if ((raw.pendingActivities ?? []).length > 0) return false;
      if (attempt !== null) return attempt >= hopelessAttempts;
      const execution = { workflowId: run };
      const last = await bounded(() => client.workflowService.getWorkflowExecutionHistoryReverse({ namespace, execution, maximumPageSize: 1 }));
      return Date.now() - Number(last.history?.events?.[0]?.eventTime?.seconds ?? 0) * 1000 >= restMs;
    },
    async setBack(run, reason) {
      const workflowTaskFinishEventId = await firstTaskEnd(client, run, bounded);
      if (workflowTaskFinishEventId === null) return;
      const workflowExecution = { workflowId: run };
      const request = { namespace, workflowExecution, reason, workflowTaskFinishEventId, requestId: randomUUID() };
      await bounded(() => client.workflowService.resetWorkflowExecution(request));
    },
  };
}

interface PendingTask {
  attempt?: number | null;
  scheduledTime?: { seconds?: unknown; nanos?: unknown } | null;
}

/** Null where there is none, or none that can succeed. */
function taskName(task: PendingTask | null | undefined): string | null {
  const attempt = task?.attempt ?? hopelessAttempts;
  return attempt < hopelessAttempts ? `${attempt} ${String(task?.scheduledTime?.seconds)}.${String(task?.scheduledTime?.nanos)}` : null;
}

type EventId = NonNullable<Parameters<Client['workflowService']['resetWorkflowExecution']>[0]['workflowTaskFinishEventId']>;

/** The event with which the first workflow task ended, however it did; null where none has. */
async function firstTaskEnd(client: Client, run: string, bounded: <T>(work: () => Promise<T>) => Promise<T>): Promise<EventId | null> {
  let nextPageToken: Uint8Array | undefined;
  do {
    const request = { namespace: client.options.namespace, execution: { workflowId: run }, maximumPageSize: historyPage };
    const page = await bounded(() => client.workflowService.getWorkflowExecutionHistory({ ...request, ...(nextPageToken ? { nextPageToken } : {}) }));
    for (const event of page.history?.events ?? []) {
      const end = event.workflowTaskCompletedEventAttributes ?? event.workflowTaskTimedOutEventAttributes ?? event.workflowTaskFailedEventAttributes;
      if (end) return event.eventId ?? null;
    }
    nextPageToken = page.nextPageToken && page.nextPageToken.length > 0 ? page.nextPageToken : undefined;
  } while (nextPageToken !== undefined);
  return null;
}

interface Listed {
  execution?: { workflowId?: string | null } | null;
  searchAttributes?: { indexedFields?: Record<string, { data?: Uint8Array | null }> | null } | null;
}

/** Its team stands in a search attribute; an execution of something else has none. */
function refOf({ execution, searchAttributes }: Listed): RunRef {
  const data = searchAttributes?.indexedFields?.[searchAttributeKeys.team.name]?.data;
  return { run: execution?.workflowId ?? '', team: data ? String(JSON.parse(Buffer.from(data).toString())) : '' };
}

/** The words of whoever terminated it: the last event of the history. Nothing where it cannot be read. */
async function reasonOf(client: Client, run: string, bounded: <T>(work: () => Promise<T>) => Promise<T>): Promise<string> {
  const closeEvents = 2;
  const answer = await bounded(() =>
    client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: run },
      historyEventFilterType: closeEvents,
    }),
  );
  return answer.history?.events?.at(-1)?.workflowExecutionTerminatedEventAttributes?.reason ?? '';
}
