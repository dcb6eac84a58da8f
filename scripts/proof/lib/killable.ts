/** Servers of a proof that may be killed and come back on the same data: durable, as `npm start` runs them. */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../bootstrap/ports.mjs';
import { createCluster, startServer } from '../../bootstrap/postgres.mjs';
import { choosePlace } from '../../bootstrap/postgres-place.mjs';
import { findTemporal, startTemporal } from '../../bootstrap/temporal.mjs';
import { keep, keepFolder, keptFolder } from './kept.ts';

export interface Killable<A> {
  /** What the hub is told of it. */
  at: A;
  /** Kills it this way and starts it again; resolves when it answers. */
  kill: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Ends a process this way; resolves when it is gone. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await gone;
}

/** A folder that PostgreSQL's user may walk into. */
export function ownFolder(): string {
  const folder = keptFolder('workflow-hub-kill-');
  // PostgreSQL may run as another user, who must be able to walk in.
  chmodSync(folder, 0o711);
  return folder;
}

/** Temporal's dev server on a SQLite file; killed with -9. */
export async function killableTemporal(): Promise<Killable<string>> {
  const binary = findTemporal();
  if (binary === undefined) throw new Error('There is no Temporal CLI yet: run `npm start` or `npm test` once.');
  const folder = ownFolder();
  const port = await freePort();
  const start = (): Promise<ChildProcess> =>
    startTemporal(binary, { port, dbFile: join(folder, 'temporal.db'), logFile: join(folder, 'temporal.log'), onSpawn: keep });
  let server = await start();
  return {
    at: `127.0.0.1:${port}`,
    async kill() {
      await ended(server, 'SIGKILL');
      server = await start();
    },
    async stop() {
      await ended(server, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** PostgreSQL with fsync on; stopped at once with SIGQUIT, as in a crash. */
export async function killablePostgres(
  settings: Record<string, string | number> = { max_connections: 120, shared_buffers: '64MB' },
): Promise<Killable<Record<string, string>>> {
  const folder = ownFolder();
  const password = randomBytes(18).toString('base64url');
  const place = choosePlace(join(folder, 'cluster'));
  keepFolder(place.home);
  createCluster(place, { owner: password, app: password, auth: password, superuser: password }, { ownerCreatesDatabases: true });
  const port = await freePort();
  const start = (): Promise<ChildProcess> =>
    startServer(place, {
      port,
      logFile: join(folder, 'postgres.log'),
      settings,
      onSpawn: (pid) => keep(pid, { signal: 'SIGQUIT' }),
    });
  let server = await start();
  const url = (role: string): string => `postgres://${role}:${password}@127.0.0.1:${port}/postgres`;
  return {
    at: { TEST_DATABASE_OWNER_URL: url('hub_owner'), TEST_DATABASE_APP_URL: url('hub_app'), TEST_DATABASE_AUTH_URL: url('hub_auth') },
    async kill() {
      await ended(server, 'SIGQUIT');
      server = await start();
    },
    async stop() {
      await ended(server, 'SIGQUIT');
      rmSync(place.home, { recursive: true, force: true, maxRetries: 5 });
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
