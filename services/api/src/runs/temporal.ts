/** The API's side of Temporal: asking runs to cancel, looking whether server and worker are there. */
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { createMessenger } from '@hub/kit/temporal';
import type { TemporalPort } from '../settings.ts';

const taskQueue = 'hub';
const workflowQueue = 1;
/** A poller that has not asked for this long is gone. */
const pollerAgeMs = 90_000;

/** Cancel and health over a connected client. */
export function createTemporalPort(client: Client, namespace: string): TemporalPort {
  return {
    async cancel(run) {
      try {
        await client.workflow.getHandle(run).cancel();
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
    tell: createMessenger(client),
    async check() {
      try {
        const answer = await client.connection.withDeadline(Date.now() + 2_000, () =>
          client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: workflowQueue }),
        );
        const oldest = Date.now() - pollerAgeMs;
        const worker = (answer.pollers ?? []).some((poller) => Number(poller.lastAccessTime?.seconds ?? 0) * 1000 > oldest);
        return { temporal: true, worker };
      } catch {
        return { temporal: false, worker: false };
      }
    },
  };
}
