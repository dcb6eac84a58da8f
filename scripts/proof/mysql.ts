/**
 * The contract of the MySQL connector (actions x faults) on a real server: the one of TEST_MYSQL_OWNER_URL, else a MariaDB or
 * MySQL of the machine, started in a folder of its own and gone afterwards. No npm package brings one, so a machine without it is
 * told how to get it, and the proof is short.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { userInfo, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

import { mysqlServer, sqlCases } from '@hub/activities/sql-testing';

import { freePort } from '../bootstrap/ports.mjs';
import { closingLine, type Measured } from './lib/proof.ts';

const command = promisify(execFile);
const startLimitMs = 60_000;
const caseLimitMs = 30_000;
const wayOut = 'Install MariaDB (Debian: apt-get install mariadb-server) or set TEST_MYSQL_OWNER_URL=mysql://user:password@host:port/database.';

interface Started {
  url: string;
  stop(): Promise<void>;
}

export async function run(log: (line: string) => void = () => {}): Promise<Measured[]> {
  const started = await serverOfMachine();
  if (!started) return [{ figure: `no MySQL or MariaDB found. ${wayOut}`, want: 'a server', ok: false }];
  try {
    const server = await mysqlServer(started.url);
    const wrong: string[] = [];
    const cases = sqlCases(server);
    for (const one of cases)
      await withinLimit(one.run()).catch((error: unknown) => {
        wrong.push(`${one.action}: ${one.name}: ${error instanceof Error ? error.message : String(error)}`);
        log(wrong.at(-1) ?? '');
      });
    await server.close();
    return [{ figure: `${cases.length - wrong.length} of ${cases.length} cases`, want: 'all', ok: wrong.length === 0 && cases.length >= 40 }];
  } finally {
    await started.stop();
  }
}

async function serverOfMachine(): Promise<Started | null> {
  const { TEST_MYSQL_OWNER_URL: given } = process.env;
  if (given) return { url: given, stop: async () => {} };
  for (const binary of ['mariadbd', '/usr/sbin/mariadbd', 'mysqld', '/usr/sbin/mysqld']) {
    const version = await command(binary, ['--version']).catch(() => null);
    if (version) return start(binary, /mariadb/i.test(version.stdout));
  }
  return null;
}

async function start(binary: string, mariadb: boolean): Promise<Started> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-mysql-'));
  const port = await freePort();
  const place = ['--no-defaults', `--datadir=${join(folder, 'data')}`, ...(process.getuid?.() === 0 ? [`--user=${userInfo().username}`] : [])];
  if (mariadb) await command('mariadb-install-db', [...place, '--auth-root-authentication-method=normal']);
  else await command(binary, [...place, '--initialize-insecure']);
  const server = spawn(
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

async function withinLimit(run: Promise<void>): Promise<void> {
  const stop = new AbortController();
  const late = pause(caseLimitMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`not ended after ${caseLimitMs / 1_000} s`);
  });
  await Promise.race([run, late]).finally(() => stop.abort());
}

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

if (import.meta.main) {
  const measured = await run(console.log);
  for (const one of measured) console.log(closingLine('mysql', one));
  process.exitCode = measured.every((one) => one.ok) ? 0 : 1;
}
