import { createHash } from 'node:crypto';
import { asTeam, createWaitStore } from '@hub/db';
import { answerWait, readResume, useResume } from '@hub/db/write';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must, publishedWorkflow } from './testing/resources.ts';
import { type TestApi, type TestTeam, startTestApi } from './testing/harness.ts';

let api: TestApi;
let team: TestTeam;
beforeAll(async () => {
  api = await startTestApi();
  team = await api.makeTeam();
});
afterAll(() => api.close());

const blobKey = Buffer.alloc(32, 1);
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A run whose step `ok` waits, as the worker writes it. */
async function waitingRun(open: Partial<Parameters<ReturnType<typeof createWaitStore>['open']>[0]>[]): Promise<string> {
  const workflow = await publishedWorkflow(api, team);
  const run = String((await must(api, `/api/v1/workflows/${workflow}/runs`, { key: team.keys.runner, body: { input: { text: 'a' } } }))['id']);
  const store = createWaitStore(api.db.sql, { blobKey, tell: () => Promise.resolve() });
  for (const one of open) {
    const at = {
      team: team.id,
      run,
      nodeId: 'ok',
      nodeType: 'approval' as const,
      path: 'ok',
      iteration: null,
      rows: [],
      warnings: [],
      inputText: '{}',
    };
    await store.open({ ...at, facts: { reason: 'approval' }, approval: { title: 'Sure?', body: null, form: null, approvers: [] }, ...one });
  }
  return run;
}
const code = (answer: { json: () => unknown }): string => (answer.json() as { code?: string }).code ?? '';
const answer = (run: string, body: object, key = team.keys.runner) => api.ask(`/api/v1/runs/${run}/nodes/ok/answer`, { key, body });

describe('an answer', () => {
  it('counts once, tells the run, and answers a repeat as the first time', async () => {
    const run = await waitingRun([{}]);
    const first = await answer(run, { decision: 'approved', messageId: 'm' });
    expect([first.statusCode, first.json()]).toEqual([202, { id: run, nodeId: 'ok', path: 'ok', decision: 'approved', repeated: false }]);
    expect((await answer(run, { decision: 'approved', messageId: 'm' })).json()).toMatchObject({ repeated: true });
    expect(code(await answer(run, { decision: 'rejected', messageId: 'n' }))).toBe('approval.settled');
    await expect.poll(() => api.told.filter((one) => one.run === run)).toEqual([{ run, n: 1, kind: 'answer' }]);
  });

  it('of two at once has one winner', async () => {
    const run = await waitingRun([{}]);
    const both = await Promise.all(['approved', 'rejected'].map((decision) => answer(run, { decision, messageId: decision })));
    expect(both.map((one) => one.statusCode).toSorted((a, b) => a - b)).toEqual([202, 409]);
  });

  it('is for those asked: by address, by role, and by nobody else', async () => {
    const viewer = await api.person(team.id, 'viewer');
    const run = await waitingRun([
      { path: 'l[0].ok', iteration: 0, approval: { title: 'a', body: null, form: null, approvers: [viewer.email.toUpperCase()] } },
      { path: 'l[1].ok', iteration: 1, approval: { title: 'b', body: null, form: null, approvers: ['admin'] } },
      { path: 'l[2].ok', iteration: 2 },
    ]);
    const ask = (path: string) =>
      api.ask(`/api/v1/runs/${run}/nodes/ok/answer`, { session: viewer, body: { decision: 'approved', path, messageId: path } });
    expect([(await ask('l[0].ok')).statusCode, code(await ask('l[1].ok')), code(await ask('l[2].ok'))]).toEqual([
      202,
      'approval.not-asked',
      'approval.not-asked',
    ]);
    const mine = await must(api, `/api/v1/approvals?mine=true&runId=${run}`, { session: viewer });
    expect((mine['items'] as { path: string }[]).map(({ path }) => path)).toEqual(['l[0].ok']);
    expect(code(await answer(run, { decision: 'approved', messageId: 'x', path: 'l[9].ok' }))).toBe('answer.not-waiting');
  });

  it('needs a path where several iterations wait', async () => {
    const run = await waitingRun([{ path: 'l[0].ok' }, { path: 'l[1].ok' }]);
    expect(code(await answer(run, { decision: 'approved', messageId: 'x' }))).toBe('answer.path-needed');
  });

  it('reaches no approval but the one that whoever answers was checked against', async () => {
    const run = await waitingRun([{}]);
    const given = { team: team.id, run, nodeId: 'ok', decision: 'approved', payloadText: null, messageId: 'late', by: null };
    // Nothing was open when it was looked for, and something is by now.
    expect(await answerWait(api.db.sql, { blobKey }, { ...given, approvalId: null })).toMatchObject({ outcome: 'path-needed' });
    expect((await answer(run, { decision: 'approved', messageId: 'm' })).statusCode).toBe(202);
  });

  it('is never waited for in silence: where nobody in the team is asked, whoever started the run hears of it, and the step warns', async () => {
    const run = await waitingRun([{ approval: { title: 'Pay?', body: 'b', form: null, approvers: ['manager', 'gone@example.test'] } }]);
    const [told] = await asTeam(
      api.db.sql,
      team.id,
      (tx) => tx<{ title: string; body: string; warnings: { code: string }[] }[]>`
      select distinct t.title, t.body, n.warnings from approvals a join notices t on t.team_id = a.team_id and t.link = '/approvals/' || a.id
        join node_executions n on n.team_id = a.team_id and n.workflow_execution_id = a.run_id and n.path = a.path where a.run_id = ${run}`,
    );
    expect(told).toMatchObject({ title: 'Nobody in the team is asked: Pay?', warnings: [{ code: 'approval.nobody-asked' }] });
    expect(told?.body).toContain('manager, gone@example.test');
  });

  it('to an unknown outcome must be one that the step could have given', async () => {
    const run = await waitingRun([{ nodeId: 'upper', path: 'upper', nodeType: 'action', facts: { reason: 'unknown-outcome', lost: 1 } }]);
    const to = (body: object, key = team.keys.runner) => api.ask(`/api/v1/runs/${run}/nodes/upper/answer`, { key, body });
    expect(code(await to({ decision: 'approved', messageId: 'a' }))).toBe('answer.wrong-decision');
    expect(code(await to({ decision: 'done', output: 1, messageId: 'a' }, team.keys.viewer))).toBe('auth.not-allowed');
    expect((await to({ decision: 'done', output: 1, messageId: 'a' })).statusCode).toBe(202);
  });

  it('is asked for: an unknown outcome tells whoever may decide it, once per step, with what is known', async () => {
    const error = { code: 'step.unknown-outcome', message: 'The line broke', attempt: 1 };
    const unknown = (path: string) => ({
      nodeId: 'call',
      path,
      nodeType: 'action' as const,
      facts: { reason: 'unknown-outcome' as const, lost: 1 },
      error,
    });
    const run = await waitingRun([unknown('l[0].call'), unknown('l[1].call')]);
    const told = await asTeam(
      api.db.sql,
      team.id,
      (tx) => tx<{ kind: string; body: string; link: string; people: number }[]>`
      select kind, body, link, count(distinct user_id)::int as people from notices where link like ${`/runs/${run}%`} group by 1, 2, 3`,
    );
    expect(told).toMatchObject([{ kind: 'run.unknown-outcome', body: 'The line broke', link: `/runs/${run}?step=call&path=l%5B0%5D.call` }]);
    expect(told[0]?.people).toBeGreaterThan(0);
  });
});

describe('a link', () => {
  it('shows the question and answers once; another token shows nothing', async () => {
    const token = `t${'x'.repeat(40)}`;
    const form = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    const run = await waitingRun([{ tokenHash: hashOf(token), approval: { title: 'Sure?', body: 'b', form, approvers: [] } }]);
    const id = (((await must(api, `/api/v1/approvals?runId=${run}`, { key: team.keys.viewer }))['items'] as { id: string }[])[0] ?? { id: '' }).id;
    const url = `/api/v1/approvals/${id}/link`;
    expect((await api.ask(`${url}?token=${token}`)).json()).toMatchObject({ id, status: 'pending', title: 'Sure?' });
    expect((await api.ask(`${url}?token=other`)).statusCode).toBe(404);
    const bad = await api.ask(url, { body: { token, decision: 'approved', form: { n: 'x' }, messageId: '1' } });
    expect([bad.statusCode, (bad.json() as { errors: { path: string }[] }).errors[0]?.path]).toEqual([422, '/form/n']);
    const good = await api.ask(url, { body: { token, decision: 'approved', form: { n: 1 }, messageId: '1' } });
    expect(good.json()).toMatchObject({ status: 'approved' });
    expect(code(await api.ask(url, { body: { token, decision: 'rejected', messageId: '2' } }))).toBe('approval.settled');
    expect(await readResume(api.db.sql, Buffer.from(hashOf(token), 'hex'))).toMatchObject({ kind: 'approval', state: 'used', approvalId: id });
  });

  it('lets a wait go on once', async () => {
    const hash = Buffer.from(hashOf('w'), 'hex');
    const run = await waitingRun([
      { nodeId: 'w', path: 'w', nodeType: 'wait', facts: { reason: 'signal', signal: { name: 's', key: null } }, tokenHash: hashOf('w') },
    ]);
    expect(await readResume(api.db.sql, hash)).toMatchObject({ run, kind: 'wait', state: 'open' });
    expect(await useResume(api.db.sql, { blobKey }, hash, '{"a":1}')).toEqual({ outcome: 'released', team: team.id, run });
    expect(await useResume(api.db.sql, { blobKey }, hash, '{"a":1}')).toEqual({ outcome: 'used' });
    expect(await useResume(api.db.sql, { blobKey }, Buffer.alloc(32), null)).toEqual({ outcome: 'gone' });
  });
});

describe('signals, pause and resume', () => {
  it('are refused where the run has not begun, has ended, or keeps too many', async () => {
    const run = await waitingRun([{}]);
    const signal = (messageId: string) => api.ask(`/api/v1/runs/${run}/signals/go`, { key: team.keys.runner, body: { messageId } });
    expect((await signal('1')).json()).toEqual({ id: run, messageId: '1', repeated: false });
    expect((await signal('1')).json()).toMatchObject({ repeated: true });
    await api.db.ownerSql.begin(async (tx) => {
      await tx`select set_config('app.team', ${team.id}, true)`;
      await tx`insert into run_messages (team_id, run_id, n, message_id, kind, name) select ${team.id}, ${run}, 1000 + i, 'many' || i, 'signal', 'go' from generate_series(1, 999) i`;
    });
    expect(code(await signal('2'))).toBe('signal.too-many');
    expect((await api.ask(`/api/v1/runs/${run}/pause`, { method: 'POST', key: team.keys.runner })).statusCode).toBe(202);
    const fresh = await waitingRun([]);
    expect(code(await api.ask(`/api/v1/runs/${fresh}/pause`, { method: 'POST', key: team.keys.runner }))).toBe('run.not-begun');
  });
});
