/** Temporal's own view of what a proof ran: how long histories grew, and what went wrong in workflow tasks. */
import { Client, Connection } from '@temporalio/client';
import type { HubStack } from './stack.ts';

export interface HistoryFigures {
  /** Executions looked at: each of a chain of continue-as-new counts. */
  executions: number;
  /** The longest and the largest of all. */
  events: number;
  bytes: number;
  /** Failures of workflow tasks, in their own words. */
  taskFailures: string[];
}

/** Every execution of the namespace; for hubs of proofs. */
export async function historyFigures(stack: HubStack): Promise<HistoryFigures> {
  const connection = await Connection.connect({ address: stack.env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const client = new Client({ connection, namespace: stack.env['TEMPORAL_NAMESPACE'] ?? 'default' });
    const figures: HistoryFigures = { executions: 0, events: 0, bytes: 0, taskFailures: [] };
    for await (const { workflowId, runId } of client.workflow.list()) {
      const handle = client.workflow.getHandle(workflowId, runId);
      const { raw } = await handle.describe();
      figures.executions += 1;
      figures.events = Math.max(figures.events, Number(raw.workflowExecutionInfo?.historyLength ?? 0));
      figures.bytes = Math.max(figures.bytes, Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0));
      for (const event of (await handle.fetchHistory()).events ?? []) {
        const failed = event.workflowTaskFailedEventAttributes;
        if (failed) figures.taskFailures.push(`${workflowId}: ${failed.failure?.message ?? String(failed.cause)}`);
      }
    }
    return figures;
  } finally {
    await connection.close();
  }
}
