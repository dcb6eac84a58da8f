import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callAgain, openDatabase } from './database.ts';
import { testDatabase, type TestDatabase } from './testing/index.ts';

const silentMs = 1_500;
let db: TestDatabase;
let line: Server;
let url: string;
/** Answers of connections that were open when it fell silent never come; new ones are well. */
let fallSilent: () => void;

beforeAll(async () => {
  db = await testDatabase();
  const target = new URL(db.appUrl);
  const { hostname, port } = target;
  const open = new Set<Socket>();
  fallSilent = () => open.forEach((far) => far.removeAllListeners('data').resume());
  line = createServer((near) => {
    const far = connect(Number(port), hostname);
    open.add(far);
    far.on('data', (data) => near.write(data)).on('error', () => near.destroy());
    near
      .on('data', (data) => far.write(data))
      .on('error', () => far.destroy())
      .on('close', () => far.destroy());
  });
  await new Promise<void>((done) => line.listen(0, '127.0.0.1', done));
  target.port = String((line.address() as AddressInfo).port);
  url = target.href;
});
afterAll(async () => {
  await new Promise((done) => line.close(done));
  await db.close();
});

it('a query whose answer never comes fails as on a lost connection, and what may be repeated is repeated', async () => {
  const sql = openDatabase({ url, max: 2, applicationName: 'test-silence', silentMs });
  expect(await sql`select 1 as n`).toEqual([{ n: 1 }]);
  fallSilent();
  await expect(sql`select 2 as n`).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  expect(await sql`select 3 as n`).toEqual([{ n: 3 }]);
  fallSilent();
  expect(await callAgain(() => sql`select 4 as n`)).toEqual([{ n: 4 }]);
  await sql.end();
});

it('a connection that listens may be silent', async () => {
  const sql = openDatabase({ url, max: 1, applicationName: 'test-silence', silentMs });
  await sql`select 1`;
  fallSilent();
  const heard = Promise.withResolvers<string>();
  const listening = await sql.listen('quiet', heard.resolve);
  // Another connection of the same limit is given up meanwhile.
  await expect(sql`select 2`).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' });
  await db.sql`select pg_notify('quiet', 'there')`;
  expect(await heard.promise).toBe('there');
  await listening.unlisten();
  await sql.end();
});
