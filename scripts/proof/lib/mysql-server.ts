/** A MySQL or MariaDB for proofs: the one of TEST_MYSQL_OWNER_URL, else one of the machine, started in a folder of its own and gone afterwards. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

import { freePort } from '../../bootstrap/ports.mjs';
import { keptFolder, spawnKept } from './kept.ts';

const command = promisify(execFile);
const startLimitMs = 60_000;

/** What to do where there is none. */
export const mysqlWayOut =
  'Install MariaDB (Debian: apt-get install mariadb-server) or set TEST_MYSQL_OWNER_URL=mysql://user:password@host:port/database.';

export interface StartedMysql {
  url: string;
  stop(): Promise<void>;
}

/** The server, or null where the machine has none: no npm package brings one. */
export async function mysqlOfMachine(): Promise<StartedMysql | null> {
  const { TEST_MYSQL_OWNER_URL: given } = process.env;
  if (given) return { url: given, stop: async () => {} };
  for (const binary of ['mariadbd', '/usr/sbin/mariadbd', 'mysqld', '/usr/sbin/mysqld']) {
    const version = await command(binary, ['--version']).catch(() => null);
    if (version) return start(binary, /mariadb/i.test(version.stdout));
  }
  return null;
}

async function start(binary: string, mariadb: boolean): Promise<StartedMysql> {
  const folder = keptFolder('hub-mysql-');
  const port = await freePort();
  const place = ['--no-defaults', `--datadir=${join(folder, 'data')}`, ...(process.getuid?.() === 0 ? [`--user=${userInfo().username}`] : [])];
  if (mariadb) await command('mariadb-install-db', [...place, '--auth-root-authentication-method=normal']);
  else await command(binary, [...place, '--initialize-insecure']);
  const server = spawnKept(
    binary,
    [...place, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${join(folder, 'socket')}`, '--skip-name-resolve'],
    {
      stdio: 'ignore',
    },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const client = mariadb ? 'mariadb' : 'mysql';
  const asRoot = ['--no-defaults', `--socket=${join(folder, 'socket')}`, '-uroot'];
  await untilUp(() => command(client, [...asRoot, '-e', ownerSql]), ended);
  return {
    url: `mysql://contract:contract@127.0.0.1:${port}/contract`,
    async stop() {
      server.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const ownerSql =
  "create database contract; create user 'contract'@'%' identified by 'contract'; grant all on *.* to 'contract'@'%' with grant option; set global local_infile = 0;";

async function untilUp(ask: () => Promise<unknown>, ended: Promise<void>): Promise<void> {
  const gone = ended.then(() => 'gone' as const);
  const last = Date.now() + startLimitMs;
  for (;;) {
    const failure = await ask().then(
      () => null,
      (error: unknown) => error,
    );
    if (failure === null) return;
    if (Date.now() > last || (await Promise.race([gone, pause(200)])) === 'gone') throw failure;
  }
}
