/** What a run that should be over still has open, as the database and Temporal know it: so that a proof that hangs shows why. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asTeam, openDatabase } from '@hub/db';
import { Client, Connection } from '@temporalio/client';
import { demoTeam } from './team.ts';

const mostRuns = 4;
const lastEvents = 40;

/** Lines about at most four of these runs that have not ended. Never throws: it is called where something is wrong already. */
export async function describeOpen(env: Record<string, string>, runs: string[]): Promise<string[]> {
  try {
    return await describe(env, runs);
  } catch (failure) {
    return [`What is open could not be read: ${String(failure)}`];
  }
}

async function describe(env: Record<string, string>, runs: string[]): Promise<string[]> {
  const sql = openDatabase({ url: env['DATABASE_URL'] ?? '', applicationName: 'proof-open', max: 1 });
  const connection = await Connection.connect({ address: env['TEMPORAL_ADDRESS'] ?? '' });
  try {
    const team = await demoTeam(env);
    const open = await asTeam(
      sql,
      team,
      (tx) => tx<{ id: string; status: string; messages: number }[]>`
      select id, status, messages from workflow_executions where id = any(${runs}::uuid[]) and status not in ('completed', 'failed', 'cancelled', 'timed_out') order by id`,
    );
    const lines = [`${open.length} of ${runs.length} runs are open`];
    for (const { id, status, messages } of open.slice(0, mostRuns)) {
      lines.push(`run ${id}: ${status}, ${messages} messages`);
      const asked = await asTeam(sql, team, async (tx) => ({
        waits:
          await tx`select path, attempt, reason, signal_name, answered_n, opened_at from run_waits where run_id = ${id} and closed_at is null order by path`,
        messages: await tx`select n, kind, path, decision, sent_at is not null as sent, taken_path from run_messages
          where run_id = ${id} and (sent_at is null or (kind = 'signal' and taken_path is null)) order by n limit 20`,
        untaken:
          await tx`select m.n, m.kind, m.path, w.closed_at is null as open from run_messages m join run_waits w on w.run_id = m.run_id and w.answered_n = m.n
          where m.run_id = ${id} and w.closed_at is null order by m.n limit 20`,
        steps: await tx`select path, node_type, status, attempt_number, port, started_at from node_executions
          where workflow_execution_id = ${id} and status in ('queued', 'running', 'waiting') order by path`,
        counts: await tx`select node_id, status, count(*)::int from node_executions where workflow_execution_id = ${id} group by 1, 2 order by 1, 2`,
      }));
      for (const [what, rows] of Object.entries(asked)) for (const row of rows) lines.push(`  ${what}: ${JSON.stringify(row)}`);
      lines.push(...(await temporalOf(new Client({ connection }), id)));
    }
    return lines;
  } finally {
    await connection.close();
    await sql.end();
  }
}

async function temporalOf(client: Client, id: string): Promise<string[]> {
  const handle = client.workflow.getHandle(id);
  const { raw } = await handle.describe();
  const task = raw.pendingWorkflowTask;
  const lines = [
    `  temporal: ${raw.workflowExecutionInfo?.status ?? '?'}, ${String(raw.workflowExecutionInfo?.historyLength)} events, ${raw.pendingActivities?.length ?? 0} activities, task ${
      task ? `${task.state ?? ''} attempt ${task.attempt ?? 0}` : 'none'
    }`,
  ];
  const { events } = await client.workflow.getHandle(id, raw.workflowExecutionInfo?.execution?.runId ?? undefined).fetchHistory();
  lines.push(`  the whole history: ${keepHistory(id, events ?? [])}`);
  for (const event of (events ?? []).slice(-lastEvents)) {
    const summary = event.userMetadata?.summary?.data;
    const details = Object.entries(event).find(([key, value]) => key.endsWith('Attributes') && value !== null)?.[1] as object | undefined;
    const failure = (details as { failure?: { message?: string } } | undefined)?.failure?.message ?? '';
    const cause = (details as { cause?: unknown } | undefined)?.cause ?? '';
    lines.push(
      `  ${String(event.eventId)} ${Object.keys(event).find((key) => key.endsWith('Attributes')) ?? ''} ${summary ? Buffer.from(summary).toString() : ''} ${markerOf(details)} ${failure} ${String(cause)}`,
    );
  }
  return lines;
}

/** The whole of it in a file, for whoever looks for the reason; answers where. */
function keepHistory(id: string, events: readonly object[]): string {
  const file = join(tmpdir(), `workflow-hub-history-${id}.json`);
  const asText = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString() : value);
  writeFileSync(file, JSON.stringify(events, asText));
  return file;
}

/** A local activity's marker carries its input's kind; values are cut short. */
function markerOf(details: object | undefined): string {
  const data = (details as { details?: Record<string, { payloads?: { data?: Uint8Array }[] }> } | undefined)?.details;
  if (data === undefined || data === null) return '';
  return Object.entries(data)
    .map(
      ([key, { payloads }]) =>
        `${key}=${Buffer.from(payloads?.[0]?.data ?? [])
          .toString()
          .slice(0, 200)}`,
    )
    .join(' ');
}
