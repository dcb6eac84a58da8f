// What infra/patches/postgres@*.patch is for (infra/decisions/021): a connection that dies takes nothing with it but its own queries.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from './database.ts';
import { testDatabase, type TestDatabase } from './testing/index.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

const pidOf = async (sql: { unsafe: (text: string) => Promise<{ pid: number }[]> }): Promise<number> =>
  Number((await sql.unsafe('select pg_backend_pid() as pid'))[0]?.pid);

/** Ends the backend and waits until the server has forgotten it. */
async function cut(pid: number): Promise<void> {
  await db.sql`select pg_terminate_backend(${pid}, 5000)`;
}

it('a transaction whose connection dies under a query fails, the process lives, and the connection serves again', async () => {
  const sql = openDatabase({ url: db.appUrl, max: 1, applicationName: 'driver-test' });
  try {
    for (let n = 0; n < 5; n += 1) {
      const pid = Promise.withResolvers<number>();
      const begun = sql.begin(async (tx) => {
        pid.resolve(await pidOf(tx as never));
        await tx`select pg_sleep(20)`;
      });
      // It will, and is looked at below.
      begun.catch(() => undefined);
      await cut(await pid.promise);
      await expect(begun).rejects.toMatchObject({ code: expect.stringMatching(/^(57P01|CONNECTION_CLOSED)$/) as string });
      expect((await sql`select ${n}::int as n`)[0]).toEqual({ n });
    }
  } finally {
    await sql.end({ timeout: 1 });
  }
});

it('what is left of a transaction whose connection died never reaches the transaction that its connection serves next', async () => {
  const sql = openDatabase({ url: db.appUrl, max: 1, applicationName: 'driver-test' });
  try {
    const dead = Promise.withResolvers<void>();
    const next = Promise.withResolvers<void>();
    const pid = Promise.withResolvers<number>();
    let late: unknown;
    const first = sql.begin(async (tx) => {
      pid.resolve(await pidOf(tx as never));
      await dead.promise;
      await next.promise;
      // The driver would send this, and the rollback behind it, into the other's transaction.
      late = await tx`select 1`.catch((error: unknown) => error);
      throw new Error('rolls back');
    });
    first.catch(() => undefined);
    await cut(await pid.promise);
    await expect(first).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    dead.resolve();
    const [second] = await sql.begin(async (tx) => {
      const began = await pidOf(tx as never);
      await tx`select set_config('app.team', 'mine', true)`;
      next.resolve();
      await new Promise((done) => setTimeout(done, 100));
      return await tx<{ team: string; same: boolean }[]>`select current_setting('app.team', true) as team, pg_backend_pid() = ${began} as same`;
    });
    expect(second).toEqual({ team: 'mine', same: true });
    expect(late).toMatchObject({ code: 'CONNECTION_CLOSED' });
  } finally {
    await sql.end({ timeout: 1 });
  }
});

/** A way to the server whose connections can be reset: the driver then meets an error, and the end only after it. */
async function resettable(url: string) {
  const taken = new Set<Socket>();
  const server = createServer((socket) => {
    const { hostname, port } = new URL(url);
    const far = connect(Number(port), hostname);
    taken.add(socket);
    for (const end of [socket, far]) end.on('error', () => undefined);
    socket.on('close', () => (taken.delete(socket), far.destroy()));
    far.on('close', () => socket.destroy());
    socket.pipe(far).pipe(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: Object.assign(new URL(url), { host: `127.0.0.1:${(server.address() as AddressInfo).port}` }).href,
    reset: () => {
      for (const socket of taken) socket.resetAndDestroy();
    },
    close: () => server.close(),
  };
}

it('a transaction whose connection is reset leaves nothing behind that its successor would wait for', async () => {
  const way = await resettable(db.appUrl);
  const sql = openDatabase({ url: way.url, max: 1, applicationName: 'driver-test' });
  try {
    const begun = sql.begin(async (tx) => {
      await tx`select 1`;
      const sleeping = tx`select pg_sleep(20)`.execute();
      setImmediate(way.reset);
      await expect(sleeping).rejects.toMatchObject({ code: 'ECONNRESET' });
      await sleeping;
    });
    await expect(begun).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
    expect(await sql`select 1 as n`).toEqual([{ n: 1 }]);
    expect(await sql.begin((tx) => tx`select 2 as n`)).toEqual([{ n: 2 }]);
  } finally {
    await sql.end({ timeout: 1 });
    way.close();
  }
});
