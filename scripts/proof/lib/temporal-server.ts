/**
 * The Temporal server as people run it, not the CLI's dev server: 1.32 with its default and visibility stores on a PostgreSQL of its own, fsync on. Every
 * proof that starts a hub runs against it with `--temporal=server`, to show that nothing leans on the dev server.
 */
import { spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { nextFreePort } from '../../bootstrap/ports.mjs';
import { dynamicConfig, searchAttributes } from '../../bootstrap/temporal.mjs';
import { goTool, type GoTool } from './go-tool.ts';
import { spawnKept } from './kept.ts';
import { ended, killablePostgres, killableTemporal, ownFolder, type Killable } from './killable.ts';

const version = 'v1.32.0';
const serverTool: GoTool = { name: 'temporal-server', from: 'go.temporal.io/server/cmd/server', version };
const schemaTool: GoTool = { name: 'temporal-sql-tool', from: 'go.temporal.io/server/cmd/tools/sql', version };
const namespace = 'default';
const retentionDays = 30;
/**
 * A shard writes one thing at a time, so few shards on a disk that is waited for are a queue: with the 4 of the vendor's example a write waited 1.3 s for its
 * shard while 200 runs were cancelled, with 64 it waited 0.1 s. Operators take hundreds; the number is for ever.
 */
const historyShards = 64;
/** The driver that keeps its statements prepared. The vendor's example names the older one, `postgres12`: PostgreSQL parses and plans each of 15,000 statements anew, at twice its processor time. */
const plugin = 'postgres12_pgx';
/** Of each of the server's four services; together fewer than PostgreSQL gives. */
const connections = { default: 20, visibility: 10 };
const startMs = 60_000;
const callMs = 10_000;
const pauseMs = 200;
const stores = { default: { name: 'temporal', schema: 'temporal' }, visibility: { name: 'temporal_visibility', schema: 'visibility' } } as const;

interface Database {
  host: string;
  port: string;
  user: string;
  password: string;
}

/** Whether this call of a proof asked for it. */
export const wantsTemporalServer = (): boolean => process.argv.includes('--temporal=server');

/** What this call of a proof wants to kill: that server, or the dev server. */
export const wantedTemporal = (log: (line: string) => void): Promise<Killable<string>> =>
  wantsTemporalServer() ? killableTemporalServer(log) : killableTemporal();

/** A server that may be killed with -9 and comes back on what it had stored. Compiles it on first use (about 9 min on two cores). */
export async function killableTemporalServer(log: (line: string) => void): Promise<Killable<string>> {
  const [schema, binary] = [await goTool(schemaTool, log), await goTool(serverTool, log)];
  const cluster = await killablePostgres({ max_connections: 150, shared_buffers: '128MB' });
  const folder = ownFolder();
  try {
    const owner = new URL(cluster.at['TEST_DATABASE_OWNER_URL'] ?? '');
    const database: Database = { host: owner.hostname, port: owner.port, user: owner.username, password: owner.password };
    for (const store of Object.values(stores)) makeStore(schema, database, store);
    const ports = portsOf();
    const port = await ports();
    const config = join(folder, 'server.json');
    writeFileSync(join(folder, 'dynamic.json'), JSON.stringify(dynamic()), { mode: 0o600 });
    writeFileSync(config, JSON.stringify(await serverConfig(database, port, ports, join(folder, 'dynamic.json'))), { mode: 0o600 });
    const at = `127.0.0.1:${port}`;
    const start = (): Promise<ChildProcess> => startServerProcess(binary, config, at, join(folder, 'server.log'));
    let server = await start();
    await makeNamespace(at);
    return {
      at,
      async kill() {
        await ended(server, 'SIGKILL');
        server = await start();
      },
      async stop() {
        await ended(server, 'SIGKILL');
        await cluster.stop();
        rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  } catch (failure) {
    await cluster.stop();
    throw failure;
  }
}

/** Free ports one after another, from a random one on: the server keeps them in a column that holds no port above 32,767. */
function portsOf(): () => Promise<number> {
  let next = 12_000 + Math.floor(Math.random() * 15_000);
  return async () => {
    const port = await nextFreePort(next);
    next = port + 1;
    return port;
  };
}

/** A database with the schema of this version, by the vendor's own tool. */
function makeStore(tool: string, { host, port, user, password }: Database, store: { name: string; schema: string }): void {
  const call = (...args: string[]): void => {
    const result = spawnSync(tool, ['--plugin', plugin, '--ep', host, '--port', port, '--user', user, '--database', store.name, ...args], {
      encoding: 'utf8',
      timeout: startMs,
      env: { SQL_PASSWORD: password },
    });
    if (result.status !== 0) throw new Error(`temporal-sql-tool ${args[0]}: ${(result.stdout + result.stderr).slice(-2_000)}`);
  };
  call('create-database', '--defaultdb', 'postgres');
  call('setup-schema', '--version', '0.0');
  call('update-schema', '--schema-name', `postgresql/v12/${store.schema}`);
}

/** What the dev server of `npm start` is told too, in the form of a file. */
function dynamic(): Record<string, { value: unknown }[]> {
  return Object.fromEntries(Object.entries(dynamicConfig).map(([name, value]) => [name, [{ value }]]));
}

/** The vendor's example for PostgreSQL with free ports, on the loopback only; YAML takes JSON. */
async function serverConfig(
  { host, port: databasePort, user, password }: Database,
  port: number,
  ports: () => Promise<number>,
  dynamicFile: string,
): Promise<object> {
  const sql = (databaseName: string, connections: number): object => ({
    sql: {
      pluginName: plugin,
      databaseName,
      connectAddr: `${host}:${databasePort}`,
      connectProtocol: 'tcp',
      user,
      password,
      maxConns: connections,
      maxIdleConns: connections,
      maxConnLifetime: '1h',
    },
  });
  const service = async (grpcPort?: number): Promise<object> => ({
    rpc: { grpcPort: grpcPort ?? (await ports()), membershipPort: await ports(), bindOnLocalHost: true },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: historyShards,
      datastores: { default: sql(stores.default.name, connections.default), visibility: sql(stores.visibility.name, connections.visibility) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: {
      frontend: await service(port),
      matching: await service(),
      history: await service(),
      worker: await service(),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: { active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `127.0.0.1:${port}` } },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicFile, pollInterval: '60s' },
  };
}

async function startServerProcess(binary: string, config: string, at: string, logFile: string): Promise<ChildProcess> {
  const file = openSync(logFile, 'a', 0o600);
  const child = spawnKept(binary, ['--config-file', config, '--allow-no-auth', 'start'], {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', TZ: 'UTC' },
    stdio: ['ignore', file, file],
    detached: true,
  });
  closeSync(file);
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  try {
    await until(() => withConnection(at, ({ workflowService }) => workflowService.listNamespaces({ pageSize: 1 })), isOver);
  } catch (failure) {
    child.kill('SIGKILL');
    const said = readFileSync(logFile, 'utf8').trim().split('\n').slice(-8).join('\n');
    throw new Error(`The Temporal server ${isOver() ? 'ended' : 'does not answer'}:\n${said}`, { cause: failure });
  }
  return child;
}

/** The namespace that a person would make, with the search attributes of runs; ready once both are known everywhere. */
async function makeNamespace(at: string): Promise<void> {
  await withConnection(at, async ({ workflowService, operatorService }) => {
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: retentionDays * 86_400 } as never });
    const types = Object.fromEntries(Object.entries(searchAttributes).map(([name, type]) => [name, type === 'Int' ? 3 : 2]));
    // The services learn of the namespace within seconds.
    await until(() => operatorService.addSearchAttributes({ namespace, searchAttributes: types }));
    const query = Object.keys(searchAttributes)
      .map((name) => `${name} is null`)
      .join(' and ');
    await until(() => workflowService.listWorkflowExecutions({ namespace, query, pageSize: 1 }));
  });
}

async function withConnection<T>(at: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: at, connectTimeout: callMs });
  try {
    return await connection.withDeadline(Date.now() + startMs, () => work(connection));
  } finally {
    await connection.close();
  }
}

/** Tries again until it succeeds; at most for as long as a start may take, and not where it is over. */
async function until(call: () => Promise<unknown>, isOver: () => boolean = () => false): Promise<void> {
  for (const end = Date.now() + startMs; ; await delay(pauseMs)) {
    try {
      await call();
      return;
    } catch (failure) {
      if (isOver() || Date.now() > end) throw failure;
    }
  }
}
