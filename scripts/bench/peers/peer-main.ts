/** The peer's two processes, as the hub has two: `peer-main.ts worker` and `peer-main.ts api` (POST /<workflow> answers with the result). */
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import fastify from 'fastify';
import postgres from 'postgres';
import { peerActivities } from './peer-activities.ts';

const taskQueue = 'peer';
const address = process.env['TEMPORAL_ADDRESS'] ?? '';

async function worker(): Promise<void> {
  const sql = postgres(process.env['PEER_DATABASE_URL'] ?? '', { max: 10, onnotice: () => undefined });
  await sql`create table if not exists peer_rows (id bigint generated always as identity primary key, run text, step int, output jsonb, at timestamptz default now())`;
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL('./peer-workflows.ts', import.meta.url)) });
  const made = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue,
    workflowBundle,
    activities: peerActivities(sql),
    maxConcurrentActivityTaskExecutions: 100,
    maxConcurrentLocalActivityExecutions: 100,
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentWorkflowTaskPolls: 20,
    nonStickyToStickyPollRatio: 0.5,
    maxCachedWorkflows: 200,
    maxEagerActivityReservationsPerWorkflowTask: 20,
  });
  await made.run();
  await sql.end();
}

async function api(): Promise<void> {
  const client = new Client({ connection: await Connection.connect({ address }) });
  const server = fastify({ logger: false });
  server.get('/readyz', () => ({ ok: true }));
  server.post<{ Params: { workflow: string }; Body: { id: string; input: object } }>('/:workflow', async (request) => {
    const result = await client.workflow.execute(request.params.workflow, { taskQueue, workflowId: request.body.id, args: [request.body.input] });
    return { result };
  });
  await server.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
  process.once('SIGTERM', () => void server.close());
}

await (process.argv[2] === 'worker' ? worker() : api());
