import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asTeam } from '../database.ts';
import { makeTeam, makeWorkflow, testDatabase, type TestDatabase } from '../testing/index.ts';
import * as write from '../write/index.ts';
import { listTags, listWorkflows, type WorkflowFilter } from './workflow-list.ts';

let db: TestDatabase;
let team: string;
let userId: string;
const ids: Record<string, string> = {};

async function addRuns(workflow: string, statuses: string[], { test = false, cost = 0 } = {}): Promise<void> {
  for (const status of statuses) {
    const over = ['completed', 'failed', 'cancelled', 'timed_out'].includes(status);
    await asTeam(
      db.sql,
      team,
      (tx) => tx`
      insert into workflow_executions (team_id, workflow_id, workflow_version, version_id, root_run_id, triggered_by, status, slot, is_test, started_at, completed_at, execution_time_ms, total_cost_usd)
      select ${team}, ${workflow}, 1, w.published_version_id, uuidv7(), 'api', ${status}, ${test ? 'team' : 'workflow'}, ${test}, now(), case when ${over} then now() end, case when ${over} then 40 end, ${cost}
      from workflows w where w.team_id = ${team} and w.id = ${workflow}`,
    );
  }
}

beforeAll(async () => {
  db = await testDatabase();
  ({ team, userId } = await makeTeam(db));
  for (const name of ['Alpha', 'beta', 'Gamma 100%']) ids[name] = (await makeWorkflow(db, team, { name })).workflowId;
  const draft = { schemaVersion: 1, triggers: [{ id: 'hook', type: 'webhook' }], nodes: [] };
  ids['draft'] = (
    await write.createWorkflow(db.sql, { team, userId, name: 'A draft', definition: draft, hash: 'd', nodes: [], tags: ['new', 'big'] })
  ).id;
  await addRuns(ids['Alpha']!, [...Array<string>(28).fill('completed'), 'failed', 'running', 'queued'], { cost: 0.25 });
  await addRuns(ids['Alpha']!, ['failed', 'failed'], { test: true, cost: 1 });
  await addRuns(ids['beta']!, ['completed', 'failed', 'timed_out']);
});
afterAll(() => db.close());

const names = async (filter: WorkflowFilter) => (await listWorkflows(db.sql, team, filter)).items.map((item) => item.name);

describe('the list of workflows', () => {
  it('shows the last 30 runs, health, open runs and cost of each; test runs cost but do not count', async () => {
    const { items } = await listWorkflows(db.sql, team);
    const alpha = items.find((item) => item.name === 'Alpha')!;
    expect(alpha.recentRuns).toHaveLength(30);
    expect(alpha.recentRuns[0]).toMatchObject({ status: 'queued', durationMs: null });
    expect(alpha.recentRuns[2]).toMatchObject({ status: 'failed', durationMs: 40 });
    expect(alpha).toMatchObject({ settled: 28, failed: 1, openRuns: 2, costThisMonthUsd: 31 * 0.25 + 2, triggerTypes: ['manual'], nextFireAt: null });
    expect(items.find((item) => item.name === 'A draft')).toMatchObject({
      owner: { id: userId },
      triggerTypes: ['webhook'],
      recentRuns: [],
      settled: 0,
      costThisMonthUsd: 0,
    });
    const nextMonth = await listWorkflows(db.sql, team, {}, new Date(Date.now() + 40 * 86_400_000));
    expect(nextMonth.items.map((item) => item.costThisMonthUsd)).toEqual([0, 0, 0, 0]);
  });

  it('finds by words, tag, trigger, owner, status and health', async () => {
    expect(await names({ search: '100%' })).toEqual(['Gamma 100%']);
    expect(await names({ search: 'BIG' })).toEqual(['A draft']);
    expect(await names({ tag: 'new' })).toEqual(['A draft']);
    expect(await names({ trigger: 'webhook' })).toEqual(['A draft']);
    expect(await names({ trigger: 'manual' })).toEqual(['Gamma 100%', 'beta', 'Alpha']);
    expect(await names({ owner: userId })).toEqual(['A draft']);
    expect(await names({ status: 'draft' })).toEqual(['A draft']);
    expect(await names({ health: 'healthy' })).toEqual(['Alpha']);
    expect(await names({ health: 'failing' })).toEqual(['beta']);
    expect(await names({ health: 'none', sort: 'name' })).toEqual(['A draft', 'Gamma 100%']);
    expect(await listTags(db.sql, team)).toEqual([
      { tag: 'big', workflows: 1 },
      { tag: 'new', workflows: 1 },
    ]);
  });

  it.each([
    ['created', ['A draft', 'Gamma 100%', 'beta', 'Alpha']],
    ['name', ['A draft', 'Alpha', 'beta', 'Gamma 100%']],
    ['last_run', ['beta', 'Alpha', 'A draft', 'Gamma 100%']],
    ['updated', ['A draft', 'Gamma 100%', 'beta', 'Alpha']],
  ] as const)('comes page by page in the order of %s, each workflow once', async (sort, wanted) => {
    const got: string[] = [];
    for (let cursor: string | undefined, pages = 0; pages < 5; pages += 1) {
      const page = await listWorkflows(db.sql, team, { sort, limit: 1, ...(cursor === undefined ? {} : { cursor }) });
      got.push(...page.items.map((item) => item.name));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(got).toEqual(wanted);
  });

  it('refuses a cursor of another list or order', async () => {
    const { nextCursor } = await listWorkflows(db.sql, team, { sort: 'name', limit: 1 });
    await expect(listWorkflows(db.sql, team, { sort: 'updated', cursor: nextCursor! })).rejects.toMatchObject({ code: 'request.bad-cursor' });
    await expect(listWorkflows(db.sql, team, { cursor: 'x' })).rejects.toMatchObject({ code: 'request.bad-cursor' });
  });

  it('tells when a trigger fires next, and nothing while the workflow is held', async () => {
    const at = new Date(Date.now() + 60_000);
    await asTeam(db.sql, team, (tx) => tx`update triggers set next_fire_at = ${at} where workflow_id = ${ids['beta']!}`);
    expect((await listWorkflows(db.sql, team, { search: 'beta' })).items[0]?.nextFireAt).toBe(at.toISOString());
    await write.setWorkflowStatus(db.sql, { team, id: ids['beta']!, status: 'paused' });
    expect((await listWorkflows(db.sql, team, { search: 'beta' })).items[0]?.nextFireAt).toBeNull();
  });

  it('is of one team', async () => {
    const other = await makeTeam(db);
    expect((await listWorkflows(db.sql, other.team)).items).toEqual([]);
  });
});

describe('rights on one workflow', () => {
  it('are given to members only, replaced as a whole, and gone with the member', async () => {
    const [person] = await db.authSql<{ id: string }[]>`insert into users (name, email) values ('Bo', 'bo@example.test') returning id`;
    const stranger = await makeTeam(db);
    await db.authSql`insert into members (team_id, user_id, role) values (${team}, ${person!.id}, 'viewer')`;
    const set = (grants: { userId: string; level: 'viewer' | 'editor' }[], at = team) =>
      write.setWorkflowGrants(db.sql, { team: at, workflowId: ids['Alpha']!, by: userId, grants });
    expect(await set([{ userId: stranger.userId, level: 'editor' }])).toMatchObject({ outcome: 'strangers', strangers: [stranger.userId] });
    expect(await set([], stranger.team)).toEqual({ outcome: 'not-found' });
    expect(await set([{ userId: person!.id, level: 'editor' }])).toMatchObject({ outcome: 'ok', grants: [{ name: 'Bo', level: 'editor' }] });
    expect(await write.readWorkflowLevel(db.sql, team, person!.id, { workflow: ids['Alpha'] })).toBe('editor');
    expect(await write.readWorkflowLevel(db.sql, team, person!.id, { workflow: ids['beta'] })).toBeNull();
    await db.authSql`delete from members where team_id = ${team} and user_id = ${person!.id}`;
    expect(await write.listWorkflowGrants(db.sql, team, ids['Alpha']!)).toEqual([]);
  });
});
