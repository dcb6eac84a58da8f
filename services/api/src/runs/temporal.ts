/** The API's side of Temporal: starting runs that hold a slot, asking runs to cancel, looking whether server and worker are there. */
import type { Sql } from '@hub/db';
import { createStartReader } from '@hub/db/write';
import { createRunStarter } from '@hub/kit/temporal';
import type { StartRuns } from '@hub/kit/temporal';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { TemporalPort } from '../settings.ts';

const taskQueue = 'hub';
const workflowQueue = 1;
/** A poller that has not asked for this long is gone. */
const pollerAgeMs = 90_000;

/** The starter of kit over the start reader of db. */
export function createStarter(options: { sql: Sql; client: Client; url: string }): StartRuns {
  const read = createStartReader(options.sql);
  return createRunStarter({
    client: options.client,
    loadStart: async (team, run) => {
      const [start] = await read([{ team, run }]);
      if (!start) return null;
      return {
        team,
        workflowId: start.workflowId,
        workflowName: start.workflowName,
        version: start.version ?? 0,
        trigger: start.triggerType,
        priority: start.priority ?? 3,
        input: {
          team,
          run,
          rootRun: start.rootRun,
          versionId: start.versionId,
          workflowId: start.workflowId,
          version: start.version ?? 0,
          plan: start.plan,
          start: start.start,
          runUrl: `${options.url}/runs/${run}`,
        },
      };
    },
  });
}

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
