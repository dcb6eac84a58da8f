// vitest globalSetup of the project `e2e`: the whole hub, started by the launcher itself as a newcomer would start it, in a state folder of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './ports.mjs';
import { removeOutside } from './servers.mjs';
import { readJson, statePaths } from './state.mjs';

/** @type {(() => Promise<void>) | undefined} */
let stopHub;

/** Starts the hub; the tests find it by HUB_E2E_URL and HUB_E2E_DEMO (path of its demo.json). */
export async function setup() {
  const data = mkdtempSync(join(tmpdir(), 'workflow-hub-e2e-'));
  const entry = fileURLToPath(new URL('./main.mjs', import.meta.url));
  const env = { ...process.env, HUB_DATA: data, PORT: String(await freePort()) };
  // With a channel: when the tests are killed it closes, and the launcher stops by itself.
  const launcher = spawn(process.execPath, [entry, 'start', '--json'], { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'], detached: true });
  const ended = new Promise((done) => launcher.once('exit', done));
  stopHub = async () => {
    launcher.kill('SIGTERM');
    await ended;
    await removeOutside(statePaths(data));
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  };
  const said = [];
  let ready = false;
  const output = /** @type {import('node:stream').Readable} */ (launcher.stdout);
  for await (const line of createInterface({ input: output })) {
    said.push(line);
    ready = /"event":"ready"/.test(line);
    if (ready) break;
  }
  if (!ready) {
    await stopHub();
    throw new Error(`The hub did not start for the browser tests:\n${said.slice(-12).join('\n')}`);
  }
  output.resume();
  const paths = statePaths(data);
  Object.assign(process.env, { HUB_E2E_URL: String(readJson(paths.demo)?.url), HUB_E2E_DEMO: paths.demo });
}

/** vitest's counterpart of `setup`. */
export async function teardown() {
  await stopHub?.();
}
