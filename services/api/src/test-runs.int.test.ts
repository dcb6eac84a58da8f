import { createStartReader } from '@hub/db';
import { asTeam } from '@hub/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApi, type TestTeam, startTestApi } from './testing/harness.ts';

/** a -> is_big -> (true) shout, (false) quiet -> broken; broken cannot be published. */
const draft = {
  schemaVersion: 1,
  inputs: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  nodes: [
    { id: 'a', type: 'transform', config: { expression: 'input.n * 2' } },
    { id: 'is_big', type: 'condition', config: { left: '{{ nodes.a.output }}', op: 'gt', right: 10 } },
    { id: 'shout', type: 'transform', config: { expression: '"BIG " & nodes.a.output' } },
    { id: 'quiet', type: 'transform', config: { expression: '"small " & nodes.a.output' } },
    { id: 'broken', type: 'transform', config: { expression: 'nodes.quiet.output +' } },
  ],
  edges: [
    { from: 'a', to: 'is_big' },
    { from: 'is_big', fromPort: 'true', to: 'shout' },
    { from: 'is_big', fromPort: 'false', to: 'quiet' },
    { from: 'quiet', to: 'broken' },
  ],
};

let api: TestApi;
let team: TestTeam;
let url: string;
let id: string;
beforeAll(async () => {
  api = await startTestApi();
  team = await api.makeTeam();
  const made = await api.ask('/api/v1/workflows', { key: team.keys.editor, body: { name: 'Test me', definition: draft } });
  id = (made.json() as { id: string }).id;
  url = `/api/v1/workflows/${id}`;
});
afterAll(async () => api.close());

const run = (body: object, key = team.keys.editor) => api.ask(`${url}/runs`, { key, body });
const faultsOf = (answer: { json: () => unknown }) =>
  (answer.json() as { errors: { code: string; path: string; nodeId?: string }[] }).errors.map(({ code, path, nodeId }) =>
    `${code} ${path} ${nodeId ?? ''}`.trim(),
  );
async function startOf(answer: { statusCode: number; body: string; json: () => unknown }) {
  expect(answer.statusCode, answer.body).toBe(202);
  const { id: runId } = answer.json() as { id: string };
  const [start] = await createStartReader(api.db.sql)([{ team: team.id, run: runId }]);
  const [row] = await asTeam(
    api.db.sql,
    team.id,
    (tx) => tx<{ slot: string; is_test: boolean; pinned: object; workflow_version: number | null; used: number }[]>`
    select r.slot, r.is_test, r.pinned, r.workflow_version, (select used from workflow_slots s where s.workflow_id = r.workflow_id) as used from workflow_executions r where r.id = ${runId}`,
  );
  return { runId, start: start!, row: row! };
}

describe('a test run', () => {
  it('freezes the draft without publishing it, is marked, and takes a slot of the team only', async () => {
    const { runId, start, row } = await startOf(await run({ draft: true, upTo: 'shout', input: { n: 9 } }));
    expect(start.start.only).toEqual(['a', 'is_big', 'shout']);
    expect(start.plan.nodes.map((node) => node.id)).toEqual(['a', 'is_big', 'shout']);
    expect(row).toMatchObject({ slot: 'team', is_test: true, workflow_version: null, used: 0 });
    const shown = (await api.ask(`/api/v1/runs/${runId}`, { key: team.keys.viewer })).json();
    expect(shown).toMatchObject({ version: null, isTest: true });
    const frozen = (await api.ask(`/api/v1/runs/${runId}/definition`, { key: team.keys.viewer })).json() as { definition: typeof draft };
    expect(frozen.definition.nodes).toHaveLength(5);
    expect((await api.ask(url, { key: team.keys.viewer })).json()).toMatchObject({ status: 'draft', publishedVersion: null });
    const [listed] = (
      (await api.ask('/api/v1/workflows', { key: team.keys.viewer })).json() as { items: { recentRuns: unknown[]; health: { state: string } }[] }
    ).items;
    expect(listed).toMatchObject({ recentRuns: [], health: { state: 'none' } });
  });

  it('refuses faults of what runs, all at once, and no others', async () => {
    const whole = await run({ draft: true, input: { n: 1 } });
    expect(whole.statusCode).toBe(422);
    expect(faultsOf(whole)).toEqual(['expression.syntax /nodes/4/config/expression broken']);
    expect((await run({ draft: true, only: 'quiet', input: { n: 1 } })).statusCode).toBe(202);
    expect((await run({ draft: true, upTo: 'broken', input: { n: 1 } })).statusCode).toBe(422);
    expect((await run({ draft: true, input: { n: 1 }, pinned: { broken: 'enough' } })).statusCode).toBe(202);
    const input = await run({ draft: true, upTo: 'quiet', input: { n: 'x' } });
    expect(faultsOf(input)).toEqual(['input.type /input/n']);
    expect(faultsOf(await run({ draft: true, upTo: 'nowhere' }))).toEqual(['node.not-found /upTo nowhere']);
    expect(faultsOf(await run({ draft: true, only: ['a', 'b'], pinned: { is_big: 3, c: 1 } }))).toEqual([
      'node.not-found /only/1 b',
      'pins.no-port /pinned/is_big is_big',
      'node.not-found /pinned/c c',
    ]);
  });

  it('takes stored pins, which a request replaces, and needs no input for a part', async () => {
    const pins = { a: 7, is_big: { result: false } };
    const put = await api.ask(`${url}/pins`, { method: 'PUT', key: team.keys.editor, body: pins });
    expect(put.json(), put.body).toEqual(pins);
    const stored = await startOf(await run({ draft: true, only: 'quiet' }));
    expect(stored.row.pinned).toEqual(pins);
    expect(stored.start.start.given).toEqual([
      { nodeId: 'a', port: 'out', as: 'pinned' },
      { nodeId: 'is_big', port: 'false', as: 'pinned' },
    ]);
    const replaced = await startOf(await run({ draft: true, only: 'quiet', pinned: { a: 1 } }));
    expect(replaced.row.pinned).toEqual({ a: 1 });
    expect((await api.ask(`${url}/pins`, { key: team.keys.viewer })).json()).toEqual(pins);
  });

  it('takes the outputs of a past run for what does not run', async () => {
    const past = (await startOf(await run({ draft: true, upTo: 'quiet', input: { n: 3 }, pinned: {} }))).runId;
    await asTeam(api.db.sql, team.id, async (tx) => {
      for (const [node, text, port] of [
        ['a', '6', 'out'],
        ['is_big', '{"result":false}', 'false'],
      ])
        await tx`insert into node_executions (team_id, workflow_execution_id, node_id, path, status, port, output_text, output_bytes) values (${team.id}, ${past}, ${node!}, ${node!}, 'completed', ${port!}, ${text!}, 9)`;
    });
    const { row } = await startOf(await run({ draft: true, only: 'quiet', pinned: {}, pinnedFromRun: past }));
    expect(row.pinned).toEqual({ a: 6, is_big: { result: false } });
    expect(faultsOf(await run({ draft: true, pinnedFromRun: past }))).toEqual(['run.nothing-to-take /pinnedFromRun']);
    const other = await api.makeTeam();
    const foreign = await api.ask(`${url}/runs`, { key: other.keys.editor, body: { draft: true, only: 'quiet', pinnedFromRun: past } });
    expect(foreign.statusCode).toBe(404);
  });

  it('is for those who may change the draft', async () => {
    expect((await run({ draft: true, only: 'a' }, team.keys.runner)).statusCode).toBe(403);
    expect((await run({ only: 'a' })).statusCode).toBe(400);
    expect((await run({ draft: true, version: 1 })).statusCode).toBe(400);
  });
});

describe('pins', () => {
  it('are refused where the draft has no such node or port, or they are too large', async () => {
    const put = (body: object) => api.ask(`${url}/pins`, { method: 'PUT', key: team.keys.editor, body });
    expect(faultsOf(await put({ nowhere: 1, is_big: 'x' }))).toEqual(['node.not-found /nowhere nowhere', 'pins.no-port /is_big is_big']);
    expect((await put({ Bad: 1 })).statusCode).toBe(400);
    expect((await api.ask(`${url}/pins`, { method: 'PUT', key: team.keys.runner, body: {} })).statusCode).toBe(403);
    expect((await put({ a: 'x'.repeat(3_000_000) })).statusCode).toBe(200);
    expect((await put({ a: 'x'.repeat(4_100_000) })).json()).toMatchObject({ status: 413, code: 'pins.too-large' });
    expect((await put({})).json()).toEqual({});
  });
});
