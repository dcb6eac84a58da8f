/** A credential that ends says so before: at its page, in the inbox of whoever keeps it, by mail. */
import { asTeam } from '@hub/db';
import { listNotices } from '@hub/db/read';
import { type EndingCredential, endingCredentials } from '@hub/db/write';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tellOfEnds } from './credentials/endings.ts';
import { startTestApi, type TestApi, type TestSession, type TestTeam, testUrl } from './testing/harness.ts';

const dayMs = 86_400_000;
let api: TestApi;
let team: TestTeam;
let admin: TestSession;
beforeAll(async () => {
  api = await startTestApi();
  team = await api.makeTeam();
  admin = await api.person(team.id, 'admin');
});
afterAll(() => api.close());

const inDays = (days: number): string => new Date(Date.now() + days * dayMs).toISOString();
const ask = (url: string, more: object) => api.ask(url, { session: admin, headers: { 'x-hub-team': team.id }, ...more });
let made = 0;
async function store(expiresAt: string | undefined, more: object = {}) {
  made += 1;
  const body = {
    name: `Key ${made}`,
    kind: 'bearer',
    values: { token: 'abc' },
    allowedHosts: ['api.example.com'],
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  const answer = await ask('/api/v1/credentials', { body: { ...body, ...more } });
  const said = answer.json() as { id: string; revision: number; expiresAt: string | null; expiryWarning: string | null; code?: string };
  return { ...said, status: answer.statusCode };
}
const noticesOf = async (person: TestSession, id: string) =>
  (await listNotices(api.db.sql, team.id, person.userId)).items
    .filter(({ link }) => link === `/connections/${id}`)
    .map(({ kind, title }) => [kind, title]);
const letTimePass = (id: string, left: string) =>
  asTeam(api.db.sql, team.id, (tx) => tx`update connector_credentials set ends_at = now() + ${left}::interval where id = ${id}`);
const beat = () => tellOfEnds({ sql: api.db.sql, mailer: api.mailer, url: testUrl });

it('shows the end and warns within a week of it, and of an unknown end says nothing', async () => {
  expect(await store(undefined)).toMatchObject({ status: 201, expiresAt: null, expiryWarning: null });
  expect(await store(inDays(30))).toMatchObject({ expiryWarning: null });
  expect(await store(inDays(5))).toMatchObject({ expiryWarning: 'soon' });
  expect(await store(inDays(-1))).toMatchObject({ expiryWarning: 'ended' });
});

it('reaches all that end, however many there are that know of it already', async () => {
  const before = await endingCredentials(api.db.sql, null, 500);
  const [one, two] = [await store(inDays(3)), await store(inDays(4))];
  const seen: string[] = [];
  for (let after: EndingCredential | null = null; ; ) {
    const page: EndingCredential[] = await endingCredentials(api.db.sql, after, 1);
    after = page.at(-1) ?? null;
    if (after === null) break;
    seen.push(after.credential);
  }
  expect(seen.toSorted()).toEqual([...before.map(({ credential }) => credential), one.id, two.id].toSorted());
});

it('tells whoever stored it a week before, a day before and at the end, each once, by notice and mail', async () => {
  const { id } = await store(inDays(30));
  await beat();
  expect(await noticesOf(admin, id)).toEqual([]);
  for (const left of ['6 days', '5 days', '20 hours', '-1 minute']) {
    await letTimePass(id, left);
    // The end itself moves in this test, and with it what counts as told.
    await beat();
    await beat();
  }
  expect((await noticesOf(admin, id)).toReversed()).toEqual([
    ['credential.ends-soon', `Key ${made} ends soon`],
    ['credential.ends-soon', `Key ${made} ends soon`],
    ['credential.ends-soon', `Key ${made} ends within a day`],
    ['credential.ended', `Key ${made} has ended`],
  ]);
  const mails = api.mailer.kept().filter(({ text }) => text.includes(`/connections/${id}`));
  expect(mails.map(({ to }) => to)).toEqual(Array.from({ length: 4 }, () => admin.email));
});

it('tells the owners and admins where whoever stored it has left', async () => {
  const leaver = await api.person(team.id, 'admin');
  const answer = await ask('/api/v1/credentials', {
    session: leaver,
    body: { name: 'Of one who left', kind: 'bearer', values: { token: 'abc' }, allowedHosts: ['api.example.com'], expiresAt: inDays(30) },
  });
  const { id } = answer.json() as { id: string };
  await api.db.authSql`delete from members where user_id = ${leaver.userId}`;
  await letTimePass(id, '3 days');
  await beat();
  expect(await noticesOf(admin, id)).toHaveLength(1);
});

it('forgets the end with new values, takes it back on demand, and never takes one for access by consent', async () => {
  const { id, revision } = await store(inDays(3));
  const patch = (body: object, ifMatch: number) =>
    ask(`/api/v1/credentials/${id}`, { method: 'PATCH', body, headers: { 'x-hub-team': team.id, 'if-match': `"${ifMatch}"` } });
  const fresh = (await patch({ values: { token: 'def' } }, revision)).json() as { revision: number };
  expect(fresh).toMatchObject({ expiresAt: null });
  expect((await patch({ expiresAt: inDays(60) }, fresh.revision)).json()).toMatchObject({ expiryWarning: null });
  expect((await patch({ expiresAt: null }, fresh.revision)).json()).toMatchObject({ expiresAt: null });
  expect(await store(inDays(3), { kind: 'slack-oauth', values: { clientId: 'a', clientSecret: 'b' }, allowedHosts: undefined })).toMatchObject({
    status: 422,
    code: 'credential.bad-values',
  });
});
