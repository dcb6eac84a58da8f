/** Composition: database, activities and the interpreter's bundle into one Temporal worker. The only place that knows them all. */
import { existsSync } from 'node:fs';
import { actionFor, createActivities, createExpressionPool, createModels } from '@hub/activities';
import { servicesFor } from '@hub/activities/connectors';
import {
  checkBoot,
  createFileStore,
  createRunNotifier,
  createRunStore,
  createStepCache,
  createUndoStore,
  createWaitStore,
  openDatabase,
  type Sql,
} from '@hub/db';
import { createInbox, createStartReader, giveAnswer, noticeFailedRun, prune, pruneRuns, sweep, type RunRef } from '@hub/db/write';
import { startPeriodic, type Logger } from '@hub/kit';
import { createOutbound, parseAllowList, type Outbound } from '@hub/kit/http';
import { type KeyRing, resumeToken } from '@hub/kit/crypto';
import {
  connectTemporal,
  createMessenger,
  createRunStarter,
  openCodec,
  type StartRuns,
  type TemporalCodec,
  type TemporalConnection,
} from '@hub/kit/temporal';
import { engineVersion } from '@hub/dag/planner';
import type { WorkerSinks } from '@hub/runtime/types';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { type InjectedSinks, NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { buildBundle } from './bundle.ts';
import { createChildRuns } from './child-runs.ts';
import { createFarRuns, createReconciler, reconcileEveryMs } from './reconcile/index.ts';
import { createCredentialStore, rewrapWork, workerRing } from './credential-store.ts';
import { startTriggers, type WorkerTriggers } from './triggers/index.ts';
import type { WorkerEnv } from './env.ts';
import { createMailPort } from './mail.ts';

/** Task queue of the hub's workflow and steps. */
export const taskQueue = 'hub';

export interface HubWorker {
  /** Resolves when the worker has drained; rejects where it broke. */
  ended: Promise<void>;
  /** Takes no more work, lets steps in flight end (20 s), closes everything. */
  stop: () => Promise<void>;
}

interface Parts {
  sql: Sql;
  temporal: TemporalConnection;
  native: NativeConnection;
  http: Outbound;
  activities: ReturnType<typeof createActivities>;
  triggers: WorkerTriggers;
  periodic: { close: () => Promise<void> }[];
  notifier: { close: () => Promise<void> };
  mail: { close: () => void };
}

/** Connects, checks the database's walls, and begins to poll. Throws where anything of it is missing. */
export async function startWorker(env: WorkerEnv, log: Logger): Promise<HubWorker> {
  const codec = openCodec({
    keys: env.HUB_CODEC_KEYS,
    mode: env.HUB_CODEC,
    onFault: (err) => log.error({ err }, 'the file of the codec keys cannot be used; the keys stay as they were'),
  });
  const [workflowBundle, parts] = await Promise.all([readyBundle(env), connect(env, log, codec)]);
  const sinks: InjectedSinks<WorkerSinks> = { steps: { stopping: { fn: ({ workflowId }) => parts.activities.stopping(workflowId) } } };
  const worker = await Worker.create({
    connection: parts.native,
    namespace: env.TEMPORAL_NAMESPACE,
    taskQueue,
    workflowBundle,
    dataConverter: codec.converter,
    activities: { ...parts.activities, ...parts.triggers.activities },
    sinks,
    shutdownGraceTime: '20s',
    shutdownForceTime: '30s',
    maxConcurrentActivityTaskExecutions: env.HUB_WORKER_STEPS,
    maxConcurrentLocalActivityExecutions: env.HUB_WORKER_STEPS,
    // What a worker holds is served at random, what waits in Temporal's queue by team (fairness): few here, so that a team's burst waits there (F15).
    maxConcurrentWorkflowTaskExecutions: env.HUB_WORKER_WORKFLOW_TASKS,
    maxConcurrentWorkflowTaskPolls: Math.min(20, env.HUB_WORKER_WORKFLOW_TASKS),
    // Most runs are one workflow task, which comes by the queue that is not sticky: two pollers (the default) would start 25 runs a second at most.
    nonStickyToStickyPollRatio: 0.5,
    maxCachedWorkflows: env.HUB_WORKER_CACHE,
    maxEagerActivityReservationsPerWorkflowTask: 20,
    // Cancellation reaches a step with its heartbeats, at once where this worker decided it (infra/decisions/034): at the default throttle it would come
    // after 8 s and more (04, rule 12), and the run is to be over within 10 s (F9).
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
  });
  const ended = worker.run();
  return {
    ended,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended.catch(() => undefined);
      await closeAll(parts);
    },
  };
}

async function connect(env: WorkerEnv, log: Logger, codec: TemporalCodec): Promise<Parts> {
  const blobKey = Buffer.from(env.HUB_BLOB_KEY, 'base64');
  const sql = openDatabase({ url: env.DATABASE_URL, max: 20, applicationName: 'hub-worker' });
  await checkBoot(sql);
  const [temporal, native] = await connectBoth(env, codec);
  const continueAfter = env.HUB_CONTINUE_AFTER;
  const starter = createRunStarter({
    client: temporal.client,
    hubUrl: env.HUB_URL,
    readStarts: createStartReader(sql),
    engine: engineVersion,
    continueAfter,
    plainFailures: !codec.seals,
  });
  const notifier = createRunNotifier(sql);
  const http = createOutbound({ allow: parseAllowList(env.HUB_OUTBOUND_ALLOW) });
  const mail = createMailPort({ sql, smtpUrl: env.SMTP_URL ?? null, from: env.HUB_MAIL_FROM });
  const files = createFileStore(sql, { blobKey });
  const ring = workerRing(env.HUB_CREDENTIAL_KEYS, log);
  const credentials = createCredentialStore(sql, ring, http);
  const carryOut = async (start: RunRef[], cancel: RunRef[]): Promise<void> => {
    for (const { team, run } of [...start, ...cancel]) notifier.note(team, run);
    const tried = await Promise.allSettled([starter.start(start), ...cancel.map(({ run }) => cancelInTemporal(temporal.client, run))]);
    for (const one of tried)
      if (one.status === 'rejected') log.warn({ err: one.reason as unknown }, 'a run could not be started or cancelled at once');
  };
  const triggers = startTriggers({
    sql,
    blobKey,
    http,
    files,
    credentials,
    connectors: actionFor,
    log,
    carryOut,
    client: temporal.client,
    hubUrl: env.HUB_URL,
    services: servicesFor,
    sealedBy: codec.sealedBy,
  });
  const runs = createRunStore(sql, { blobKey, notifier });
  const inbox = createInbox(sql, {
    send: createMessenger(temporal.client),
    onError: (error) => log.warn({ err: error }, 'a message to a run was not delivered at once; the sweep tries again'),
  });
  const linkKey = Buffer.from(env.HUB_WEBHOOK_KEY, 'base64');
  const finish: typeof runs.finish = (end) => runs.finish(end).finally(() => triggers.nudgeEnds());
  const activities = createActivities({
    runs: { ...runs, finish },
    files,
    credentials,
    waits: createWaitStore(sql, { blobKey, notifier, tell: (ref) => inbox.deliver(ref) }),
    undo: createUndoStore(sql, notifier),
    children: createChildRuns({ sql, blobKey, carryOut }),
    links: { token: (place) => resumeToken(linkKey, place), url: (token) => `${env.HUB_URL}/resume/${token}` },
    stepCache: createStepCache(sql),
    answers: { give: (given) => giveAnswer(sql, given) },
    mail,
    starter,
    pool: createExpressionPool(),
    http,
    connectors: actionFor,
    models: createModels({ openai: env.OPENAI_API_KEY, anthropic: env.ANTHROPIC_API_KEY }),
    log,
    noticeFailure: (team, run) => noticeFailedRun(sql, team, run),
  });
  const reconcile = createReconciler({
    sql,
    far: createFarRuns(temporal.client),
    log,
    carryOut,
    async ended({ team, run }) {
      notifier.noteEnd(team, run);
      triggers.nudgeEnds();
      await noticeFailedRun(sql, team, run);
    },
  });
  const periodic = beats({ sql, ring, log, starter, inbox, reconcile, cached: activities.cached });
  return { sql, temporal, native, http, activities, triggers, periodic, notifier, mail };
}

/** A server that restarts in this moment is waited for: a worker that ends with it would have to be started again. */
const reachMs = 30_000;

/** The client's line to Temporal, and the worker's own, which does not wait by itself. */
async function connectBoth(
  { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace }: WorkerEnv,
  codec: TemporalCodec,
): Promise<[TemporalConnection, NativeConnection]> {
  const temporal = await connectTemporal({ address, namespace, codec, timeoutMs: reachMs });
  return [temporal, await NativeConnection.connect({ address })];
}

interface Repeated {
  sql: Sql;
  ring: KeyRing;
  log: Logger;
  starter: StartRuns;
  inbox: ReturnType<typeof createInbox>;
  reconcile: () => Promise<unknown>;
  cached: ReturnType<typeof createActivities>['cached'];
}

function beats({ sql, ring, log, starter, inbox, reconcile, cached }: Repeated): Parts['periodic'] {
  // The repair of run starts, not the way (02), and the hourly removal of what nobody needs any more.
  const repair = async (): Promise<void> => starter.start(await sweep(sql));
  const clean = async (): Promise<void> => log.info({ rows: await prune(sql), ...(await pruneRuns(sql)) }, 'pruned');
  // For whoever looks for a leak; the proof `soak` reads it.
  const tell = async (): Promise<void> => log.debug({ ...process.memoryUsage(), cached: cached() }, 'memory');
  return [
    startPeriodic({ name: 'rewrap', everyMs: 300_000, work: rewrapWork(sql, ring, log), log }),
    startPeriodic({ name: 'sweep', everyMs: 2_000, work: repair, log }),
    startPeriodic({ name: 'inbox', everyMs: 2_000, work: () => inbox.repair(), log }),
    startPeriodic({ name: 'reconcile', everyMs: reconcileEveryMs, work: async () => void (await reconcile()), log }),
    startPeriodic({ name: 'prune', everyMs: 3_600_000, work: clean, log }),
    startPeriodic({ name: 'memory', everyMs: 15_000, work: tell, log }),
  ];
}

async function cancelInTemporal(client: Client, run: string): Promise<void> {
  try {
    await client.workflow.getHandle(run).cancel();
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

async function readyBundle(env: WorkerEnv): Promise<WorkflowBundleOption> {
  const codePath = env.HUB_WORKFLOW_BUNDLE;
  return codePath !== undefined && existsSync(codePath) ? { codePath } : buildBundle();
}

async function closeAll(parts: Parts): Promise<void> {
  await Promise.all(parts.periodic.map((one) => one.close()));
  await parts.triggers.close();
  await parts.notifier.close();
  await parts.activities.close();
  parts.mail.close();
  await parts.http.close();
  await parts.native.close();
  await parts.temporal.close();
  await parts.sql.end({ timeout: 5 });
}
