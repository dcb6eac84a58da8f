/** The API process: settings, connections, server, sweeper, orderly end within 5 s. */
import { engineVersion } from '@hub/dag/planner';
import { collectEarly, createLog, createMetrics, type Logger, onShutdown, startPeriodic, tellStartFault } from '@hub/kit';
import { createKeyRing } from '@hub/kit/crypto';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import { connectTemporal, createRunStarter, openCodec } from '@hub/kit/temporal';
import { checkBoot, openDatabase } from '@hub/db';
import { createInbox, createStartReader, sweep } from '@hub/db/write';
import { createMailer } from './auth/mailer.ts';
import { type ApiEnv, readApiEnv } from './env.ts';
import { createTemporalPort } from './runs/temporal.ts';
import { buildServer } from './server.ts';
import { tellOfEnds } from './credentials/endings.ts';
import { createDispatcher } from './triggers/dispatcher.ts';
import { type ApiSettings, defaultRates } from './settings.ts';

const stopMs = 5_000;
const sweepMs = 2_000;
const endingsMs = 600_000;
const megabyte = 1_000_000;

function settingsOf(env: ApiEnv, log: Pick<Logger, 'error'>): ApiSettings {
  return {
    url: env.HUB_URL,
    temporalUiUrl: env.TEMPORAL_UI_URL ?? null,
    namespace: env.TEMPORAL_NAMESPACE,
    sessionKey: env.HUB_SESSION_KEY,
    blobKey: env.HUB_BLOB_KEY,
    credentialKeys: createKeyRing(env.HUB_CREDENTIAL_KEYS, (err) =>
      log.error({ err }, 'the file of the credential keys cannot be used; the keys stay as they were'),
    ),
    webhookKey: env.HUB_WEBHOOK_KEY,
    launcherToken: env.HUB_LAUNCHER_TOKEN ?? null,
    demoEmail: env.HUB_DEMO_EMAIL ?? null,
    operatorEmail: env.HUB_OPERATOR_EMAIL ?? env.HUB_DEMO_EMAIL ?? null,
    defaultPlan: env.HUB_DEFAULT_PLAN,
    modelKeys: env.HUB_MODEL_KEYS,
    webDist: env.HUB_WEB_DIST ?? null,
    bodyLimitBytes: megabyte,
    uploadLimitBytes: 50 * megabyte,
    rates: defaultRates(env.HUB_RATE_PER_MINUTE),
  };
}

function readEnvOrEnd(): ApiEnv {
  try {
    return readApiEnv();
  } catch (error) {
    process.exit(tellStartFault(error));
  }
}

async function main(): Promise<void> {
  collectEarly();
  const env = readEnvOrEnd();
  const log = createLog({ name: 'api', level: env.HUB_LOG_LEVEL });
  const settings = settingsOf(env, log);
  const sql = openDatabase({ url: env.DATABASE_URL, max: 20, applicationName: 'hub-api' });
  const authSql = openDatabase({ url: env.DATABASE_AUTH_URL, max: 5, applicationName: 'hub-api-auth' });
  await checkBoot(sql);
  const codec = openCodec({
    keys: env.HUB_CODEC_KEYS,
    mode: env.HUB_CODEC,
    onFault: (err) => log.error({ err }, 'the file of the codec keys cannot be used; the keys stay as they were'),
  });
  const temporal = await connectTemporal({ address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE, codec });
  const starter = createRunStarter({
    client: temporal.client,
    hubUrl: env.HUB_URL,
    readStarts: createStartReader(sql),
    engine: engineVersion,
    continueAfter: env.HUB_CONTINUE_AFTER,
    plainFailures: !codec.seals,
  });
  const http = createOutbound({ allow: parseAllowList(env.HUB_OUTBOUND_ALLOW) });
  const mailer = createMailer({ smtpUrl: env.SMTP_URL ?? null, from: env.HUB_MAIL_FROM, log });
  const triggers = createDispatcher(sql, temporal.client, log, { sealedBy: codec.sealedBy });
  const temporalPort = createTemporalPort(temporal.client, env.TEMPORAL_NAMESPACE);
  const server = await buildServer({
    settings,
    sql,
    authSql,
    log,
    metrics: createMetrics({ processName: 'api' }),
    starter,
    temporal: temporalPort,
    triggers,
    codec: codec.codec,
    mailer,
    http,
  });
  // The repair, not the way (02, "Start of a run").
  const sweeper = startPeriodic({ name: 'sweep', everyMs: sweepMs, work: async () => starter.start(await sweep(sql)), log });
  const inbox = createInbox(sql, {
    send: (run, messages) => temporalPort.tell(run, messages),
    onError: (err) => log.warn({ err }, 'a message to a run was not delivered'),
  });
  const inboxSweeper = startPeriodic({ name: 'inbox', everyMs: sweepMs, work: () => inbox.repair(), log });
  const triggerSweeper = startPeriodic({ name: 'triggers', everyMs: sweepMs, work: async () => void (await triggers.dispatch()), log });
  const endings = startPeriodic({ name: 'endings', everyMs: endingsMs, work: () => tellOfEnds({ sql, mailer, url: env.HUB_URL }), log });
  onShutdown({
    timeoutMs: stopMs - 500,
    log,
    steps: [
      { name: 'sweeper', run: () => sweeper.close() },
      { name: 'inbox', run: () => inboxSweeper.close() },
      { name: 'triggers', run: () => triggerSweeper.close() },
      { name: 'endings', run: () => endings.close() },
      { name: 'server', run: () => server.close() },
      {
        name: 'connections',
        run: async () => {
          mailer.close();
          await Promise.all([http.close(), temporal.close(), sql.end({ timeout: 1 }), authSql.end({ timeout: 1 })]);
        },
      },
    ],
  });
  await server.listen({ host: env.HUB_HOST, port: env.PORT });
  if (env.HUB_INSECURE_HTTP === '1') log.warn('HUB_INSECURE_HTTP=1: sessions travel readable over plain http');
  log.info({ url: env.HUB_URL, pid: process.pid }, 'api is ready');
}

await main().catch((error: unknown) => {
  process.exit(tellStartFault(error));
});
