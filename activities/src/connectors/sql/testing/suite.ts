/** The contract of the SQL connectors on a real server: actions x cases. What 429, 403 and a cut answer are to HTTP is told in the words of a database. */
import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';
import { isHubError } from '@hub/kit/errors';
import type { HubError } from '@hub/kit/errors';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import { Ajv2020 } from 'ajv/dist/2020.js';

import type { LiveCredential } from '../../../ports.ts';
import { parseParams } from '../../params.ts';
import { actionFor, servicesFor } from '../../registry.ts';
import { memoryFiles } from '../../testing/context.ts';
import type { ContractCase } from '../../testing/contract/suite.ts';
import type { ActionContext } from '../../types.ts';
import { startProxy } from './proxy.ts';
import type { Proxy } from './proxy.ts';

/** A real database, as its owner sees it. */
export interface SqlServer {
  connector: 'postgres' | 'mysql';
  /** Of a user who may do anything in the table's place. */
  values: Readonly<Record<string, string>>;
  /** Of a user who may sign in and nothing else. */
  poor: Readonly<Record<string, string>>;
  /** Runs SQL as the owner. */
  owner(sql: string): Promise<{ [column: string]: unknown }[]>;
  /** Holds the table so that everybody else waits; answers how to let go. */
  lock(table: string): Promise<() => Promise<void>>;
  /** SQL that makes the table: id (whole number, key, counts up), name (text, unique), note (long text). */
  createTable: string;
  /** SQL: how many of `user`'s statements are at work on `table`; column n. */
  atWork: string;
  /** Ends the connections that are at work on `table`. */
  kill(): Promise<void>;
}

const table = 'contract_rows';
const many = 3_500;

interface World {
  server: SqlServer;
  proxy: Proxy;
  call: (action: string, params: Json, more?: { values?: Readonly<Record<string, string>>; signal?: AbortSignal }) => Promise<Json>;
}

const good: Record<string, { params: (server: SqlServer) => Json; check: (output: Json, world: World) => Promise<void> }> = {
  query: {
    params: ({ connector }) => ({ sql: `select id, name from ${table} where name = ${connector === 'postgres' ? '$1' : '?'}`, values: ["o'name 7"] }),
    check: async (output) => assert.deepEqual(output, { rows: [{ id: 8, name: "o'name 7" }], count: 1, more: false }),
  },
  'read-table': {
    params: () => ({ table, columns: ['name'], filters: [{ field: 'id', op: 'lte', value: 3_000 }], orderBy: 'id', after: 2_998, limit: 1 }),
    check: async (output) => assert.deepEqual(output, { rows: [{ name: "o'name 2998", id: 2_999 }], count: 1, more: true, cursor: 2_999 }),
  },
  'insert-rows': {
    params: () => ({ table, rows: [{ name: 'new 1' }, { name: 'new 2', note: 'x' }] }),
    check: async (output, { server }) => {
      assert.deepEqual(output, { count: 2 });
      assert.equal((await server.owner(`select id from ${table} where name like 'new %'`)).length, 2);
    },
  },
  'upsert-rows': {
    params: () => ({
      table,
      key: ['name'],
      rows: [
        { name: "o'name 7", note: 'changed' },
        { name: 'new 3', note: 'added' },
      ],
    }),
    check: async (output, { server }) => {
      assert.deepEqual(output, { count: 2 });
      assert.deepEqual(
        (await server.owner(`select note from ${table} where note in ('changed', 'added') order by id`)).map(({ note }) => note),
        ['changed', 'added'],
      );
    },
  },
  'delete-rows': {
    params: () => ({ table, filters: [{ field: 'id', op: 'in', value: [1, 2, 999_999] }] }),
    check: async (output, { server }) => {
      assert.deepEqual(output, { count: 2 });
      assert.equal((await server.owner(`select id from ${table} where id < 3`)).length, 0);
    },
  },
};

type Made = (world: World, action: string, params: Json) => Promise<void>;

const cases: Record<string, Made> = {
  'params and output fit their schemas': async (world, action, params) => {
    const output = await world.call(action, params);
    const check = new Ajv2020({ strict: false }).compile(actionFor(world.server.connector, action).spec.output.schema);
    assert.ok(check(output), JSON.stringify(check.errors));
    await good[action]?.check(output, world);
  },
  'too many connections: another try, nothing was done': async (world, action, params) => {
    world.proxy.line = 'too-many';
    const fault = await faultOf(world.call(action, params));
    assert.deepEqual([fault.code, fault.kind, 'didNothing' in fault && fault.didNothing], ['connector.unavailable', 'transient', true]);
  },
  'a wrong password says to choose another credential': async (world, action, params) => {
    const fault = await faultOf(world.call(action, params, { values: { ...world.server.values, password: 'wrong' } }));
    assert.deepEqual([fault.code, fault.kind], ['connector.unauthorized', 'user']);
  },
  'a user without rights is told so': async (world, action, params) => {
    const fault = await faultOf(world.call(action, params, { values: world.server.poor }));
    assert.deepEqual([fault.code, fault.kind], ['connector.forbidden', 'user']);
  },
  'a server that ends the connection: another try': async (world, action, params) => {
    const letGo = await world.server.lock(table);
    try {
      const ended = faultOf(world.call(action, params));
      await until(async () => (await atWork(world)) > 0);
      await world.server.kill();
      const fault = await ended;
      assert.deepEqual([fault.code, fault.kind], ['connector.unavailable', 'transient']);
    } finally {
      await letGo();
    }
  },
  'a connection cut in the middle: another try': async (world, action) => {
    world.proxy.line = 'cut';
    const rows = Array.from({ length: 900 }, (_, at) => ({ name: `cut ${at}`, note: 'x'.repeat(50) }));
    const filters = [{ field: 'id', op: 'gte', value: 0 }];
    const long: Record<string, Json> = {
      query: { sql: `select * from ${table}`, limit: many },
      'read-table': { table, filters, limit: many },
      'insert-rows': world.server.connector === 'postgres' ? { table, rows, returning: ['id', 'note'] } : null,
    };
    const params = long[action] ?? null;
    // Writes that answer in a few bytes cannot be cut in the middle.
    if (params === null) return;
    const fault = await faultOf(world.call(action, params));
    assert.deepEqual([fault.code, fault.kind], ['connector.unavailable', 'transient']);
  },
  'a time-out ends it, at the server too': (world, action, params) => ends(world, action, params, AbortSignal.timeout(400)),
  'a cancel ends it, at the server too': async (world, action, params) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(new Error('cancelled')), 400);
    await ends(world, action, params, stop.signal);
    clearTimeout(timer);
  },
};

async function ends(world: World, action: string, params: Json, signal: AbortSignal): Promise<void> {
  const letGo = await world.server.lock(table);
  try {
    const ended = await world.call(action, params, { signal }).then(
      () => null,
      (error: unknown) => error,
    );
    assert.equal(ended, signal.reason);
    await until(async () => (await atWork(world)) === 0);
  } finally {
    await letGo();
  }
}

async function atWork({ server }: World): Promise<number> {
  return Number((await server.owner(server.atWork))[0]?.['n']);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  assert.fail('it did not come to be within 60 s');
}

async function faultOf(call: Promise<Json>): Promise<HubError> {
  const ended = await call.then(
    (output) => new Error(`it did not fail: ${JSON.stringify(output).slice(0, 200)}`),
    (error: unknown) => error,
  );
  assert.ok(isHubError(ended), `wanted an error of ours, got ${String(ended)}`);
  return ended;
}

async function inWorld(server: SqlServer, work: (world: World) => Promise<void>): Promise<void> {
  await server.owner(`drop table if exists ${table}`);
  await server.owner(server.createTable);
  const names = Array.from({ length: many }, (_, at) => `('o''name ${at}', '${'n'.repeat(60)}')`);
  await server.owner(`insert into ${table} (name, note) values ${names.join(', ')}`);
  const proxy = await startProxy(server.connector, { host: server.values['host'] ?? '', port: Number(server.values['port']) });
  const place = `127.0.0.1:${proxy.port}`;
  const http = createOutbound({ allow: parseAllowList(place) });
  const credentialOf = (values: Readonly<Record<string, string>>): LiveCredential =>
    ({
      id: 'c',
      kind: server.connector,
      values: { ...values, host: '127.0.0.1', port: String(proxy.port) },
      allowedHosts: [place],
    }) as LiveCredential;
  const call: World['call'] = async (action, params, { values = server.values, signal = new AbortController().signal } = {}) => {
    const { spec, run } = actionFor(server.connector, action);
    const context: ActionContext = {
      params: parseParams(spec, params),
      credential: credentialOf(values),
      http,
      files: memoryFiles(),
      signal,
      idempotencyKey: 'key',
      team: 'team',
      run: 'run',
      log: () => undefined,
      warn: () => undefined,
    };
    return (await run(context)).output;
  };
  try {
    await work({ server, proxy, call });
  } finally {
    await http.close();
    await proxy.close();
  }
}

const services: Record<string, (world: World) => Promise<void>> = {
  'forms are told schemas, tables, columns and the fields of a row': async ({ server, proxy }) => {
    const place = `127.0.0.1:${proxy.port}`;
    const http = createOutbound({ allow: parseAllowList(place) });
    const credential = {
      id: 'c',
      kind: server.connector,
      values: { ...server.values, host: '127.0.0.1', port: String(proxy.port) },
      allowedHosts: [place],
    } as LiveCredential;
    const told = await servicesFor(server.connector);
    const context = { params: { table }, credential, http, signal: AbortSignal.timeout(10_000) };
    try {
      assert.match((await told?.test(context))?.message ?? '', /^Connected to /);
      assert.ok((await told?.resources?.['schemas']?.(context))?.items.length);
      assert.deepEqual(
        (await told?.resources?.['tables']?.({ ...context, search: 'CONTRACT_R' }))?.items.map(({ value }) => value),
        [table],
      );
      assert.deepEqual(
        (await told?.resources?.['columns']?.(context))?.items.map(({ value }) => value),
        ['id', 'name', 'note'],
      );
      const schema = await told?.fields?.(context);
      assert.deepEqual([Object.keys(schema?.['properties'] ?? {}), schema?.['required']], [['id', 'name', 'note'], ['name']]);
    } finally {
      await http.close();
    }
  },
};

/** Every case of every action on this server. */
export function sqlCases(server: SqlServer): ContractCase[] {
  const each = Object.entries(good).flatMap(([action, { params }]) =>
    Object.entries(cases).map(([name, made]) => ({ action, name, run: () => inWorld(server, (world) => made(world, action, params(server))) })),
  );
  const paging = (['query', 'read-table'] as const).map((action) => ({
    action,
    name: 'four batches are read to the end, into rows and into a file',
    run: () =>
      inWorld(server, async ({ call }) => {
        const params = action === 'query' ? { sql: `select * from ${table}` } : { table };
        const { rows } = (await call(action, { ...params, limit: 100_000 })) as { rows: { id: number }[] };
        assert.equal(new Set(rows.map(({ id }) => id)).size, many);
        assert.equal(((await call(action, { ...params, into: 'jsonl' })) as { count: number }).count, many);
      }),
  }));
  const readOnly = {
    action: 'query',
    name: 'a read-only query changes nothing, whatever its text',
    run: () =>
      inWorld(server, async ({ call }) => {
        for (const sql of [
          `delete from ${table}`,
          `select 1; commit; delete from ${table}`,
          `select 1 as id; delete from ${table}`,
          `commit; delete from ${table}`,
        ])
          assert.equal((await faultOf(call('query', { sql }))).kind, 'user', sql);
        assert.equal(Number((await server.owner(`select count(*) as n from ${table}`))[0]?.['n']), many);
      }),
  };
  const forms = Object.entries(services).map(([name, work]) => ({ action: 'forms', name, run: () => inWorld(server, work) }));
  return [...each, ...paging, readOnly, ...forms];
}
