/** Triggers on real servers, runs stood in for: for tests and proofs only. */
import { fileURLToPath } from 'node:url';
import { actionFor } from '@hub/activities';
import { servicesFor } from '@hub/activities/connectors';
import type { CredentialStore } from '@hub/activities/ports';
import { engineVersion, type Json } from '@hub/dag/planner';
import { asTeam, createFileStore } from '@hub/db';
import { makeTeam, type TestDatabase, testDatabase } from '@hub/db/testing';
import { createStartReader, finishRun, publishWorkflow, createWorkflow, type RunRef, sweep } from '@hub/db/write';
import { createLog } from '@hub/kit';
import { createOutbound, type Outbound, parseAllowList } from '@hub/kit/http';
import { connectTemporal, createRunStarter, type TemporalConnection } from '@hub/kit/temporal';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { startTriggers, type WorkerTriggers } from '../triggers/index.ts';

// What a worker says of its own coming and going is of no use here.
Runtime.install({ logger: new DefaultLogger('ERROR') });

const workflowsPath = fileURLToPath(new URL('./workflows.ts', import.meta.url));
const quiet = (): void => undefined;
const silent = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
let bundle: Promise<WorkflowBundle> | undefined;

export interface Rig {
  db: TestDatabase;
  temporal: TemporalConnection;
  triggers: WorkerTriggers;
  team: string;
  userId: string;
  /** Publishes a workflow with these triggers; again with an id: its next version. */
  publish: (
    triggers: { id: string; type: string; config?: Json }[],
    options?: { id?: string; inputs?: Json; maxConcurrentRuns?: number; overlap?: 'queue' | 'skip' | 'cancel_older' },
  ) => Promise<string>;
  runs: (workflowId: string) => Promise<RigRun[]>;
  /** Waits until it holds, at most `ms`. */
  until: (what: string, holds: () => Promise<boolean>, ms?: number) => Promise<void>;
  /** Ends the worker and starts another. */
  restart: () => Promise<void>;
  stopWorker: () => Promise<void>;
  startWorker: () => Promise<void>;
  close: () => Promise<void>;
}
export interface RigRun {
  id: string;
  status: string;
  input: Record<string, Json>;
  trigger: Record<string, Json>;
  seriesId: string | null;
  chain: string[] | null;
  createdAt: Date;
  errorCode: string | null;
}

const noCredentials: CredentialStore = {
  use: () => Promise.reject(new Error('no credentials here')),
  renew: () => Promise.reject(new Error('no credentials here')),
};

const plan = {
  engine: 1,
  definitionHash: 'rig',
  workflowName: 'Rig',
  nodes: [],
  edges: [],
  triggers: [],
  groups: [],
  outputs: [],
  settings: { timeoutMs: 3_600_000, onFailure: 'stop', maxParallel: 20, compensate: 'never' },
};

/** Starts all of it on the test stack's servers. `end` says how a run ends, by its input (default: `input.status`, else completed). */
export async function startRig({
  outboundAllow = '',
  sweeps = true,
  hubUrl = 'http://rig.test',
  http = createOutbound({ allow: parseAllowList(outboundAllow) }) as Outbound,
  credentials = noCredentials,
  end = async (input: Record<string, Json>) => String(input['status'] ?? 'completed'),
} = {}): Promise<Rig> {
  const db = await testDatabase();
  const { team, userId } = await makeTeam(db);
  const address = process.env['TEST_TEMPORAL_ADDRESS'] ?? '';
  const temporal = await connectTemporal({ address, namespace: 'default' });
  const native = await NativeConnection.connect({ address });
  const log = createLog({ name: 'rig', level: 'silent' });
  const blobKey = Buffer.alloc(32, 5);
  const starter = createRunStarter({
    client: temporal.client,
    hubUrl,
    readStarts: createStartReader(db.sql),
    engine: engineVersion,
  });
  const carryOut = async (start: RunRef[]): Promise<void> => starter.start(start);
  const triggers = startTriggers(
    {
      sql: db.sql,
      blobKey,
      http,
      files: createFileStore(db.sql, { blobKey }),
      credentials,
      hubUrl,
      services: servicesFor,
      connectors: actionFor,
      log,
      carryOut,
      client: temporal.client,
    },
    { sweeps },
  );
  const endRun = async ({ team: of, run }: { team: string; run: string }): Promise<void> => {
    const [row] = await asTeam(
      db.sql,
      of,
      (tx) => tx<{ input: Record<string, Json> }[]>`select input_data as input from workflow_executions where team_id = ${of} and id = ${run}`,
    );
    const status = (await end(row?.input ?? {})) as 'completed' | 'failed';
    const error = status === 'failed' ? { code: 'rig.failed', message: 'as asked', nodeId: '', path: '' } : null;
    const { start } = await finishRun(db.sql, { blobKey }, { team: of, run, status, error: error as never, outputText: '{"a":1}', rows: [] });
    triggers.nudgeEnds();
    await starter.start(start);
  };
  bundle ??= bundleWorkflowCode({ workflowsPath, logger: silent });
  const workflowBundle = await bundle;
  let worker: { instance: Worker; ended: Promise<void> } | null = null;
  const startWorker = async (): Promise<void> => {
    const instance = await Worker.create({
      connection: native,
      namespace: 'default',
      taskQueue: 'hub',
      workflowBundle,
      activities: { ...triggers.activities, endRun },
      shutdownGraceTime: '1s',
    });
    worker = { instance, ended: instance.run() };
  };
  const stopWorker = async (): Promise<void> => {
    worker?.instance.shutdown();
    await worker?.ended;
    worker = null;
  };
  await startWorker();
  let count = 0;
  return {
    db,
    temporal,
    triggers,
    team,
    userId,
    async publish(list, { id, inputs, maxConcurrentRuns = 100, overlap = 'queue' } = {}) {
      count += 1;
      const definition = { schemaVersion: 1, ...(inputs === undefined ? {} : { inputs }), triggers: list, nodes: [], count } as unknown as Json;
      const workflowId = id ?? (await createWorkflow(db.sql, { team, userId, name: `Rig ${count}`, definition, hash: `${count}`, nodes: [] })).id;
      const published = await publishWorkflow(db.sql, {
        team,
        id: workflowId,
        userId,
        note: '',
        definition,
        hash: `published ${count}`,
        plan: plan as unknown as Json,
        warnings: [],
        triggers: list.map((one) => ({ triggerId: one.id, type: one.type, config: one.config ?? {} })),
        settings: { maxConcurrentRuns, timeoutMs: 3_600_000, overlap, priority: 3 },
      });
      if (published.outcome !== 'ok') throw new Error(published.outcome);
      return workflowId;
    },
    runs: (workflowId) =>
      asTeam(db.sql, team, async (tx) => [
        ...(await tx<RigRun[]>`
          select id, status, input_data as input, trigger, series_id as "seriesId", chain::text[] as chain, created_at as "createdAt", error_code as "errorCode" from workflow_executions
          where team_id = ${team} and workflow_id = ${workflowId} order by id`),
      ]),
    async until(what, holds, ms = 120_000) {
      const end = Date.now() + ms;
      while (!(await holds())) {
        if (Date.now() > end) throw new Error(`did not come within ${ms} ms: ${what}`);
        await new Promise((done) => setTimeout(done, 50));
        await starter.start(await sweep(db.sql));
      }
    },
    startWorker,
    stopWorker,
    async restart() {
      await stopWorker();
      await startWorker();
    },
    async close() {
      await triggers.close();
      await stopWorker();
      for await (const { scheduleId } of temporal.client.schedule.list())
        if (scheduleId.includes(team)) await temporal.client.schedule.getHandle(scheduleId).delete().catch(quiet);
      await http.close();
      await native.close();
      await temporal.close();
      await db.close();
    },
  };
}
