/** The worker process. Ends with code 0 after SIGTERM, 78 where its settings are wrong, 1 where it broke. */
import { collectEarly, createLog, onShutdown, tellStartFault } from '@hub/kit';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { readWorkerEnv } from './env.ts';
import { startWorker } from './worker.ts';

collectEarly();

const env = readEnvOrEnd();
const log = createLog({ name: 'worker', level: env.HUB_LOG_LEVEL });
Runtime.install({
  // An error among the facts is told as one, with its message: a payload whose key is missing says so here.
  logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
    const { error, ...temporal } = { ...meta };
    log[level === 'ERROR' ? 'error' : 'warn']({ temporal, ...(error === undefined ? {} : { err: error }) }, message);
  }),
  shutdownSignals: [],
});

const worker = await startWorker(env, log).catch((error: unknown) => process.exit(tellStartFault(error)));
const end = onShutdown({ timeoutMs: 35_000, log, steps: [{ name: 'worker', run: () => worker.stop() }] });
log.info({ pid: process.pid }, 'worker is ready');
worker.ended.catch((error: unknown) => {
  log.fatal({ err: error }, 'the worker broke');
  void end('broken').finally(() => process.exit(1));
});

function readEnvOrEnd(): ReturnType<typeof readWorkerEnv> {
  try {
    return readWorkerEnv(process.env);
  } catch (error) {
    process.exit(tellStartFault(error));
  }
}
