import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApi, type TestSession, startTestApi, testUrl } from './testing/harness.ts';
import { must } from './testing/resources.ts';

const password = 'correct horse battery';

describe('accounts', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ operatorEmail: 'operator@example.test' });
  });
  afterAll(async () => api.close());

  const signUp = (email: string) => api.ask('/api/v1/auth/sign-up', { body: { name: 'Ada', email, password } });
  const signIn = (email: string, word = password) => api.ask('/api/v1/auth/sign-in', { body: { email, password: word } });
  const mailTo = (email: string, subject: RegExp) => api.mailer.kept().find((mail) => mail.to === email && subject.test(mail.subject))?.text ?? '';
  const sessionOf = (answer: Awaited<ReturnType<typeof signIn>>, email: string): TestSession => {
    const { csrfToken, user } = answer.json() as { csrfToken: string; user: { id: string } };
    return {
      cookie: [answer.headers['set-cookie'] ?? []]
        .flat()
        .map((text) => text.split(';')[0])
        .join('; '),
      csrf: csrfToken,
      userId: user.id,
      email,
    };
  };

  it('answers a sign-up with a known address exactly like a new one', async () => {
    const first = await signUp('ada@example.test');
    const second = await signUp('ada@example.test');
    expect(first.statusCode, first.body).toBe(200);
    expect(second.body).toBe(first.body);
    expect(mailTo('ada@example.test', /already have an account/)).not.toBe('');
  });

  it('signs in with the password, tells wrong address and wrong password alike, and gives a new person a team of their own', async () => {
    await signUp('bo@example.test');
    const [wrong, unknown] = [await signIn('bo@example.test', 'another password'), await signIn('nobody@example.test')];
    expect(wrong.statusCode).toBe(401);
    expect({ ...(wrong.json() as object), requestId: '' }).toEqual({ ...(unknown.json() as object), requestId: '' });
    const good = await signIn('bo@example.test');
    expect(good.statusCode, good.body).toBe(200);
    const session = sessionOf(good, 'bo@example.test');
    const me = (await api.ask('/api/v1/me', { session })).json();
    expect(me).toMatchObject({ role: 'owner', team: { plan: 'enterprise', role: 'owner' }, teams: [{ role: 'owner' }] });
    const out = await api.ask('/api/v1/auth/sign-out', { method: 'POST', session });
    expect(out.statusCode, out.body).toBe(204);
    expect((await api.ask('/api/v1/me', { session })).statusCode).toBe(401);
  });

  it('resets a password once, ends the sessions of old, and does not tell whether an address is known', async () => {
    await signUp('cy@example.test');
    const session = sessionOf(await signIn('cy@example.test'), 'cy@example.test');
    const asked = await api.ask('/api/v1/auth/request-reset', { body: { email: 'cy@example.test' } });
    const unknown = await api.ask('/api/v1/auth/request-reset', { body: { email: 'nobody@example.test' } });
    expect(unknown.body).toBe(asked.body);
    await expect.poll(() => mailTo('cy@example.test', /new password/)).not.toBe('');
    const token = decodeURIComponent(/token=(\S+)/.exec(mailTo('cy@example.test', /new password/))?.[1] ?? '');
    const reset = () => api.ask('/api/v1/auth/reset', { body: { token, password: 'a wholly new password' } });
    expect((await reset()).statusCode).toBe(200);
    expect((await reset()).statusCode).toBe(400);
    expect((await api.ask('/api/v1/me', { session })).statusCode).toBe(401);
    expect((await signIn('cy@example.test')).statusCode).toBe(401);
    expect((await signIn('cy@example.test', 'a wholly new password')).statusCode).toBe(200);
  });

  it('keeps only hashes of reset tokens and sign-in links', async () => {
    await signUp('di@example.test');
    await api.ask('/api/v1/auth/request-reset', { body: { email: 'di@example.test' } });
    await expect.poll(() => mailTo('di@example.test', /new password/)).not.toBe('');
    const token = decodeURIComponent(/token=(\S+)/.exec(mailTo('di@example.test', /new password/))?.[1] ?? '');
    const rows = await api.db.authSql<{ text: string }[]>`select identifier || ' ' || value as text from verifications`;
    expect(rows.some((row) => row.text.includes(token))).toBe(false);
  });

  it('lets an invited person in only with the address confirmed, with the role invited', async () => {
    const team = await api.makeTeam();
    const owner = await api.person(team.id, 'owner');
    const made = await must(api, '/api/v1/invitations', { session: owner, body: { email: 'eve@example.test', role: 'editor' } });
    expect(mailTo('eve@example.test', /invites you/)).toContain(`${testUrl}/invitations/${String(made['id'])}`);
    await signUp('eve@example.test');
    const eve = sessionOf(await signIn('eve@example.test'), 'eve@example.test');
    const accept = (session: TestSession) => api.ask(`/api/v1/invitations/${String(made['id'])}/accept`, { method: 'POST', session });
    expect((await accept(eve)).json()).toMatchObject({ code: 'auth.email-unconfirmed' });
    const link = /(\/api\/v1\/auth\/verify-email\S+)/.exec(mailTo('eve@example.test', /Confirm/))?.[1] ?? '';
    expect((await api.ask(link)).statusCode).toBe(302);
    expect((await accept(await api.person(team.id, 'viewer'))).statusCode).toBe(404);
    const accepted = await accept(eve);
    expect(accepted.statusCode, accepted.body).toBe(200);
    expect((await accept(eve)).statusCode).toBe(404);
    const me = (await api.ask('/api/v1/me', { session: eve, headers: { 'x-hub-team': team.id } })).json();
    expect(me).toMatchObject({ role: 'editor', team: { id: team.id } });
  });

  it('lets nobody give a role above their own, nor leave a team without an owner', async () => {
    const team = await api.makeTeam();
    const admin = await api.person(team.id, 'admin');
    const viewer = await api.person(team.id, 'viewer');
    const members = ((await api.ask('/api/v1/members', { session: admin })).json() as { items: { id: string; userId: string; role: string }[] })
      .items;
    const idOf = (userId: string) => members.find((one) => one.userId === userId)?.id ?? '';
    const change = (session: TestSession, id: string, role: string) => api.ask(`/api/v1/members/${id}`, { method: 'PATCH', session, body: { role } });
    expect((await change(admin, idOf(viewer.userId), 'owner')).statusCode).toBe(403);
    expect((await change(admin, idOf(team.ownerId), 'viewer')).statusCode).toBe(403);
    expect((await change(admin, idOf(viewer.userId), 'runner')).json()).toMatchObject({ role: 'runner' });
    expect((await api.ask('/api/v1/me', { session: viewer })).json()).toMatchObject({ role: 'runner', unread: 1 });
    expect(mailTo(viewer.email, /role is now runner/)).not.toBe('');
    expect((await api.ask('/api/v1/notices', { session: viewer })).json()).toMatchObject({ unread: 1, items: [{ kind: 'role-changed' }] });
    expect((await api.ask('/api/v1/notices/read-all', { method: 'POST', session: viewer })).json()).toEqual({ read: 1 });
    const second = await api.person(team.id, 'owner');
    expect((await change(second, idOf(team.ownerId), 'admin')).statusCode).toBe(200);
    const mine =
      ((await api.ask('/api/v1/members', { session: second })).json() as { items: { id: string; userId: string }[] }).items.find(
        (one) => one.userId === second.userId,
      )?.id ?? '';
    expect((await change(second, mine, 'viewer')).json()).toMatchObject({ code: 'member.last-owner' });
    expect((await api.ask(`/api/v1/members/${idOf(viewer.userId)}`, { method: 'DELETE', session: second })).statusCode).toBe(204);
    expect((await api.ask('/api/v1/workflows', { session: viewer })).statusCode).toBe(400);
  });

  it('lets an API key do no more than its maker may do today', async () => {
    const team = await api.makeTeam();
    const admin = await api.person(team.id, 'admin');
    const key = String((await must(api, '/api/v1/api-keys', { session: admin, body: { name: 'k', scopes: ['admin'] } }))['key']);
    expect((await api.ask('/api/v1/audit-entries', { key })).statusCode).toBe(200);
    await api.db.authSql`update members set role = 'viewer' where user_id = ${admin.userId}`;
    expect((await api.ask('/api/v1/audit-entries', { key })).statusCode).toBe(403);
    expect((await api.ask('/api/v1/workflows', { key })).statusCode).toBe(200);
  });

  it('shows unsent mails to the person who runs the installation and to nobody else', async () => {
    const team = await api.makeTeam();
    const owner = await api.person(team.id, 'owner');
    expect((await api.ask('/api/v1/dev/mail', { session: owner })).statusCode).toBe(403);
    await signUp('operator@example.test');
    const operator = sessionOf(await signIn('operator@example.test'), 'operator@example.test');
    const mails = await api.ask('/api/v1/dev/mail', { session: operator });
    expect(mails.statusCode, mails.body).toBe(200);
    expect((mails.json() as { items: unknown[] }).items.length).toBeGreaterThan(0);
  });

  it('holds a free team back from what its plan has not', async () => {
    const team = await api.makeTeam({ plan: 'free' });
    const made = await must(api, '/api/v1/workflows', {
      key: team.keys.editor,
      body: { name: 'x', definition: { schemaVersion: 1, nodes: [{ id: 'a', type: 'transform', config: { expression: '1' } }] } },
    });
    const answer = await api.ask(`/api/v1/workflows/${String(made['id'])}/publish`, { key: team.keys.editor, body: {} });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'plan.limit' });
  });
});
