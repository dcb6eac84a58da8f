/** Real servers for the suite: whoever calls brings their addresses. */
import { createConnection } from 'mysql2/promise';
import postgres from 'postgres';

import type { SqlServer } from './suite.ts';

/** A database of its own, gone with `close`. `ownerUrl` may create databases; `poorUrl` is another role that may sign in. */
export async function postgresServer(ownerUrl: string, poorUrl: string): Promise<SqlServer & { close(): Promise<void> }> {
  const name = `contract_${process.pid}`;
  const admin = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  await admin.unsafe(`drop database if exists ${name} with (force)`);
  await admin.unsafe(`create database ${name}`);
  const inside = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const sql = postgres(inside(ownerUrl), { max: 4, onnotice: () => undefined });
  const values = valuesOf(inside(ownerUrl), 'off');
  return {
    connector: 'postgres',
    values,
    poor: valuesOf(inside(poorUrl), 'off'),
    owner: async (text) => [...(await sql.unsafe(text))],
    async lock(table) {
      const free = Promise.withResolvers<void>();
      const held = Promise.withResolvers<void>();
      const done = sql.begin(async (tx) => {
        await tx.unsafe(`lock table ${table} in access exclusive mode`);
        held.resolve();
        await free.promise;
      });
      await held.promise;
      return async () => {
        free.resolve();
        await done;
      };
    },
    createTable: 'create table contract_rows (id int generated always as identity primary key, name text unique not null, note text)',
    atWork: `select count(*)::int as n from pg_stat_activity where application_name = 'workflow-hub' and state = 'active'`,
    kill: async () =>
      void (await sql.unsafe(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'workflow-hub' and state = 'active'`)),
    async close() {
      await sql.end({ timeout: 2 });
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end({ timeout: 2 });
    },
  };
}

/** `ownerUrl` may do anything; a user without rights is made by it. */
export async function mysqlServer(ownerUrl: string): Promise<SqlServer & { close(): Promise<void> }> {
  const values = valuesOf(ownerUrl, 'off');
  const options = { host: values.host, port: Number(values.port), user: values.user, password: values.password, database: values.database };
  const owner = await createConnection(options);
  await owner.query(`create user if not exists 'poor'@'%' identified by 'poor-password'`);
  // Something of its own in the same place: it may come in, and see nothing else.
  await owner.query('create table if not exists contract_poor (id int)');
  await owner.query(`grant select on contract_poor to 'poor'@'%'`);
  const rowsOf = (result: unknown): { [column: string]: unknown }[] => (Array.isArray(result) ? (result as { [column: string]: unknown }[]) : []);
  const mine = `from information_schema.processlist where db = '${values.database}' and command in ('Query', 'Execute') and state like '%lock%'`;
  return {
    connector: 'mysql',
    values,
    poor: { ...values, user: 'poor', password: 'poor-password' },
    owner: async (text) => rowsOf((await owner.query(text))[0]),
    async lock(table) {
      const held = await createConnection(options);
      await held.query(`lock tables ${table} write`);
      return async () => {
        await held.query('unlock tables');
        await held.end();
      };
    },
    createTable: 'create table contract_rows (id int auto_increment primary key, name varchar(100) unique not null, note text)',
    atWork: `select count(*) as n ${mine}`,
    async kill() {
      for (const { id } of rowsOf((await owner.query(`select id ${mine}`))[0])) await owner.query(`kill ${Number(id)}`);
    },
    close: () => owner.end(),
  };
}

function valuesOf(url: string, tls: string) {
  const { hostname, port, pathname, username, password } = new URL(url);
  return { host: hostname, port, database: pathname.slice(1), user: decodeURIComponent(username), password: decodeURIComponent(password), tls };
}
