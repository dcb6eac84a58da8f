// A hub that a test or proof starts as a person would: by the launcher, in a state folder of its own. It goes when the test is killed.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './paths.mjs';
import { freePort } from './ports.mjs';
import { removeOutside } from './servers.mjs';
import { readJson, statePaths } from './state.mjs';

/**
 * @typedef {import('./finish.mjs').Demo} Demo
 * @typedef {{ url: string, demoFile: string, demo: Demo, data: string, seconds: number, stages: { name: string, seconds: number }[], stop: () => Promise<void> }} LaunchedHub
 */

/**
 * Starts a hub and waits until it has run (or shown) the example.
 * @param {{ clone?: string, data?: string, env?: NodeJS.ProcessEnv, node?: string, onSpawn?: (pid: number) => void }} [options] clone: another clone than this one;
 *   data: a state folder that is kept; node: which Node types the command; onSpawn: told the launcher, which stops the hub on SIGTERM
 * @returns {Promise<LaunchedHub>} seconds: from the command typed to ready. Throws with the launcher's last lines
 */
export async function launchHub({ clone = root, data: kept, env = process.env, node = process.execPath, onSpawn } = {}) {
  const data = kept ?? mkdtempSync(join(tmpdir(), 'workflow-hub-'));
  // mkdtemp closes it to all others; PostgreSQL under root is one, and would go to /var/tmp.
  if (!kept) chmodSync(data, 0o711);
  const typedAt = performance.now();
  // With a channel: when we are killed it closes, and the launcher stops by itself.
  const launcher = spawn(node, [join(clone, 'scripts/bootstrap/main.mjs'), 'start', '--json'], {
    cwd: clone,
    env: { ...env, HUB_DATA: data, PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    detached: true,
  });
  if (launcher.pid) onSpawn?.(launcher.pid);
  const ended = new Promise((done) => launcher.once('exit', done));
  const stop = async () => {
    launcher.kill('SIGTERM');
    await ended;
    if (kept) return;
    await removeOutside(statePaths(data));
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  };
  const output = /** @type {import('node:stream').Readable} */ (launcher.stdout);
  const { said, ready } = await untilReady(output);
  if (!ready) {
    await stop();
    throw new Error(
      `The hub did not start:\n${said
        .map((event) => JSON.stringify(event))
        .slice(-12)
        .join('\n')}`,
    );
  }
  output.resume();
  const seconds = (performance.now() - typedAt) / 1000;
  const demoFile = statePaths(data).demo;
  const demo = /** @type {Demo} */ (readJson(demoFile));
  const stages = said.flatMap((event) =>
    event.event === 'stage' && event.state === 'done' ? [{ name: String(event.name), seconds: Number(event.seconds) }] : [],
  );
  return { url: demo.url, demoFile, demo, data, seconds, stages, stop };
}

/** @param {import('node:stream').Readable} output */
async function untilReady(output) {
  /** @type {Record<string, unknown>[]} */
  const said = [];
  for await (const line of createInterface({ input: output })) {
    const event = parse(line);
    said.push(event);
    if (event.event === 'ready') return { said, ready: true };
  }
  return { said, ready: false };
}

/** @param {string} line @returns {Record<string, unknown>} */
function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return { line };
  }
}
