/** A throw-away hub for proofs and benches: real PostgreSQL, real Temporal, the API and workers as processes of their own. Nothing of it is kept. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { freePort } from '../../bootstrap/ports.mjs';
import { findTemporal, startTemporal } from '../../bootstrap/temporal.mjs';
import { startTestStack } from '../../bootstrap/test-stack.mjs';
import { keep, keptFolder, spawnKept } from './kept.ts';
import { killableTemporalServer, wantsTemporalServer } from './temporal-server.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Two cores under load need a while to bundle and start. */
const readyMs = 120_000;
/** The test servers' own keeper ends them in order, if it is asked. */
const keeperEnd = { signal: 'SIGTERM', graceMs: 10_000 } as const;

export interface HubStack {
  url: string;
  apiKey: string;
  folder: string;
  env: Record<string, string>;
  /** Starts one more worker; resolves as soon as the process lives. */
  startWorker: () => ChildProcess;
  workers: () => ChildProcess[];
  apiPid: () => number | undefined;
  /** kill -9 of the API; another begins at once. */
  killApi: () => void;
  isUp: () => Promise<boolean>;
  ready: () => Promise<void>;
  /** How the API's process is, and what it and the workers said last: for a proof that went wrong. */
  lastWords: () => string[];
  close: () => Promise<void>;
}

export interface StackOptions {
  /** Temporal on a SQLite file with WAL, as `npm start` runs it; else in memory. */
  temporalFile?: boolean;
  /** A server of the proof's own instead. */
  temporalAddress?: string;
  /** The URLs of a cluster of the proof's own, by the names of the test stack. */
  databases?: Record<string, string>;
  workers?: number;
  /** Workers find their bundle ready, as with `npm start`: where they are killed it would be made anew each time. */
  bundled?: boolean;
  /** Further environment of api and worker. */
  env?: Record<string, string>;
  /** What the API or a worker alone is told otherwise, once the servers' addresses are known: lines of its own to them. */
  apart?: (env: Record<string, string>) => Promise<Record<'api' | 'worker', Record<string, string>>>;
}

/** Starts everything and waits until it is ready. `close` stops all and removes the folder. */
export async function startStack(options: StackOptions = {}): Promise<HubStack> {
  const folder = keptFolder('workflow-hub-proof-');
  const closers: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const temporalAddress = options.temporalAddress ?? (await ownTemporal(folder, options, closers));
    const servers = await startTestStack({
      postgres: options.databases === undefined,
      temporal: temporalAddress === undefined,
      onSpawn: (pid) => keep(pid, keeperEnd),
    });
    closers.push(servers.stop);
    const env = await environment(
      folder,
      { ...servers.environment, ...options.databases },
      temporalAddress ?? servers.environment.TEST_TEMPORAL_ADDRESS ?? '',
      options.env ?? {},
    );
    if (options.bundled === true) {
      env['HUB_WORKFLOW_BUNDLE'] = join(folder, 'workflow-bundle.js');
      await once('services/worker/src/bundle.ts', env, [env['HUB_WORKFLOW_BUNDLE']]);
    }
    await once('db/migrate.ts', env);
    await once('db/seed/main.ts', env);
    return await startProcesses(folder, env, { count: options.workers ?? 1, apart: await options.apart?.(env) }, closers, close);
  } catch (failure) {
    await close();
    throw failure;
  }
}

async function startProcesses(
  folder: string,
  env: Record<string, string>,
  { count, apart }: { count: number; apart: Record<'api' | 'worker', Record<string, string>> | undefined },
  closers: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<HubStack> {
  const workers: ChildProcess[] = [];
  const startWorker = (): ChildProcess => {
    const child = start('services/worker/src/main.ts', { ...env, ...apart?.worker }, join(folder, 'worker.log'));
    workers.push(child);
    return child;
  };
  const startApi = (): ChildProcess => start('services/api/src/main.ts', { ...env, ...apart?.api }, join(folder, 'api.log'));
  const apis = [startApi()];
  closers.push(async () => {
    await Promise.all([...apis, ...workers].map(stop));
  });
  for (let n = 0; n < count; n += 1) startWorker();
  const url = env['HUB_URL'] ?? '';
  const ready = (): Promise<void> => waitReady(url, folder, [...apis, ...workers]);
  if (count > 0) await ready();
  return {
    url,
    apiKey: env['HUB_DEMO_API_KEY'] ?? '',
    folder,
    env,
    startWorker,
    workers: () => workers.filter((child) => child.exitCode === null && child.signalCode === null),
    apiPid: () => apis.at(-1)?.pid,
    killApi: () => {
      apis.at(-1)?.kill('SIGKILL');
      apis.push(startApi());
    },
    isUp: () => isReady(url).then((answer) => answer === true),
    ready,
    lastWords: () => [`api: ${apis.map(fate).join(', ')}`, `workers: ${workers.map(fate).join(', ')}`, ...saidLast(folder)],
    close,
  };
}

function fate({ exitCode, signalCode, pid }: ChildProcess): string {
  return signalCode ?? (exitCode === null ? `lives (${pid ?? 'no pid'})` : `exit code ${exitCode}`);
}

/** The server that the proof's call or its kind asks for; none where the one of the tests does. */
async function ownTemporal(folder: string, options: StackOptions, closers: (() => Promise<void> | void)[]): Promise<string | undefined> {
  if (!wantsTemporalServer()) return options.temporalFile === true ? await fileTemporal(folder, closers) : undefined;
  const server = await killableTemporalServer((line) => console.log(line));
  closers.push(server.stop);
  return server.at;
}

async function fileTemporal(folder: string, closers: (() => Promise<void> | void)[]): Promise<string> {
  const binary = findTemporal();
  if (binary === undefined) throw new Error('There is no Temporal CLI yet: run `npm start` or `npm test` once.');
  const port = await freePort();
  const server = await startTemporal(binary, { port, dbFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log'), onSpawn: keep });
  closers.push(() => stop(server));
  return `127.0.0.1:${port}`;
}

async function environment(
  folder: string,
  servers: Record<string, string | undefined>,
  temporalAddress: string,
  extra: Record<string, string>,
): Promise<Record<string, string>> {
  const name = `hub_proof_${randomBytes(4).toString('hex')}`;
  const owner = servers['TEST_DATABASE_OWNER_URL'] ?? '';
  const sql = postgres(owner, { max: 1, onnotice: () => undefined });
  await sql.unsafe(`create database ${name}`);
  await sql.end();
  const at = (url: string | undefined): string => (url ?? '').replace(/\/postgres$/, `/${name}`);
  const key = (): string => randomBytes(32).toString('base64');
  const port = await freePort();
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
    DATABASE_URL: at(servers['TEST_DATABASE_APP_URL']),
    DATABASE_AUTH_URL: at(servers['TEST_DATABASE_AUTH_URL']),
    DATABASE_OWNER_URL: at(owner),
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_UI_URL: 'http://127.0.0.1:1',
    HUB_URL: `http://127.0.0.1:${port}`,
    HUB_HOST: '127.0.0.1',
    PORT: String(port),
    HUB_SESSION_KEY: key(),
    HUB_CREDENTIAL_KEYS: `k1:${key()}`,
    HUB_WEBHOOK_KEY: key(),
    HUB_BLOB_KEY: key(),
    HUB_CODEC_KEYS: `k1:${key()}`,
    HUB_CODEC: 'off',
    HUB_LAUNCHER_TOKEN: randomBytes(32).toString('base64url'),
    HUB_DEMO_EMAIL: 'demo@workflow-hub.invalid',
    HUB_DEMO_PASSWORD: randomBytes(18).toString('base64url'),
    HUB_DEMO_API_KEY: `hub_${randomBytes(32).toString('base64url')}`,
    HUB_DATA: folder,
    // A clone whose pages are not built serves none: most proofs want none.
    HUB_WEB_DIST: existsSync(join(root, 'web/dist/server/index.js')) ? join(root, 'web/dist') : '',
    ...extra,
  };
}

function start(file: string, env: Record<string, string>, logFile: string): ChildProcess {
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = spawnKept(process.execPath, [join(root, file)], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  child.once('exit', (code, signal) => log.write(`ended with ${signal ?? `exit code ${code}`}\n`));
  return child;
}

async function once(file: string, env: Record<string, string>, args: string[] = []): Promise<void> {
  const child = spawnKept(process.execPath, [join(root, file), ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new Error(`${file} ended with ${String(code)}:\n${said}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 25_000);
  await ended;
  clearTimeout(late);
}

/** True, or what is wrong. */
async function isReady(url: string): Promise<true | string> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    return answer.ok || (await answer.text());
  } catch (failure) {
    return String(failure);
  }
}

async function waitReady(url: string, folder: string, children: ChildProcess[]): Promise<void> {
  const end = Date.now() + readyMs;
  let last = 'no answer';
  // A process that broke will not become ready; one that was killed, or ended in order, has a follower.
  while (Date.now() < end && !children.some((child) => child.exitCode !== null && child.exitCode !== 0)) {
    const answer = await isReady(url);
    if (answer === true) return;
    last = answer;
    await delay(100);
  }
  throw new Error(`The hub did not become ready within ${readyMs / 1000} s (${last}).\n${saidLast(folder).join('\n')}`);
}

function saidLast(folder: string): string[] {
  return ['api.log', 'worker.log'].map((name) => `${name}:\n${lastLines(join(folder, name))}`);
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-8).join('\n');
  } catch {
    return '(no log)';
  }
}
