// The throw-away servers of the tests that need real ones: vitest's globalSetup of the project `int`. The servers belong to a keeper process
// that holds a pipe to us, so they go even when this process is killed. Never used by `npm start`.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ TEST_DATABASE_OWNER_URL?: string, TEST_DATABASE_APP_URL?: string, TEST_DATABASE_AUTH_URL?: string, TEST_TEMPORAL_ADDRESS?: string, TEST_TEMPORAL_NAMESPACE?: string }} TestEnvironment
 * @typedef {{ environment: TestEnvironment, stop: () => Promise<void> }} TestStack
 */

/**
 * Starts a PostgreSQL cluster (fsync off) and an in-memory Temporal dev server on free ports, side by side.
 * @param {{ postgres?: boolean, temporal?: boolean, onSpawn?: (pid: number) => void }} [wanted] both by default; onSpawn: told the keeper, which ends the servers on SIGTERM
 * @returns {Promise<TestStack>}
 */
export async function startTestStack({ postgres = true, temporal = true, onSpawn } = {}) {
  const parts = [...(postgres ? ['postgres'] : []), ...(temporal ? ['temporal'] : [])];
  const keeper = spawn(process.execPath, [fileURLToPath(new URL('./test-stack-keeper.mjs', import.meta.url)), ...parts], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Out of the terminal's group: on Ctrl-C the pipe tells it, after the tests have ended.
    detached: true,
  });
  if (keeper.pid) onSpawn?.(keeper.pid);
  const ended = new Promise((done) => keeper.once('exit', done));
  const answer = await firstLine(keeper.stdout);
  if (answer === undefined) throw new Error('The test servers did not start; the reason stands above.');
  keeper.stdout.resume();
  return {
    environment: JSON.parse(answer),
    async stop() {
      keeper.stdin.end();
      await ended;
    },
  };
}

/**
 * @param {import('node:stream').Readable} stream
 * @returns {Promise<string | undefined>}
 */
async function firstLine(stream) {
  for await (const line of createInterface({ input: stream })) return line;
  return undefined;
}

/** @type {TestStack | undefined} */
let stack;

/** vitest globalSetup. HUB_TEST_STACK=postgres (or temporal) starts only that one. */
export async function setup() {
  const only = process.env.HUB_TEST_STACK;
  stack = await startTestStack(only ? { postgres: only === 'postgres', temporal: only === 'temporal' } : {});
  Object.assign(process.env, stack.environment);
}

/** vitest's counterpart of `setup`. */
export async function teardown() {
  await stack?.stop();
}
