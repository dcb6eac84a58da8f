import type { Preview } from '@hub/contract';
import { asTeam } from '@hub/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApi, type TestTeam, startTestApi } from './testing/harness.ts';
import { must } from './testing/resources.ts';

/** fetch -> each (loop: clean -> label) -> after; while loop `again` with `step`. */
const definition = {
  schemaVersion: 1,
  triggers: [{ id: 'manual', type: 'manual' }],
  nodes: [
    { id: 'fetch', type: 'transform', config: { expression: '{"rows": ["x", "y"]}' } },
    { id: 'risky', type: 'transform', config: { expression: '1' }, onError: { mode: 'branch' } },
    { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ nodes.fetch.output.rows }}' } },
    { id: 'clean', type: 'transform', parent: 'each', config: { expression: 'item' } },
    { id: 'label', type: 'transform', parent: 'each', config: { expression: 'nodes.clean.output' } },
    { id: 'again', type: 'loop', config: { mode: 'while', condition: { left: 1, op: 'eq', right: 2 }, initial: 'first' } },
    { id: 'step', type: 'transform', parent: 'again', config: { expression: 'previous' } },
    { id: 'after', type: 'transform', config: { expression: 'nodes.each.output' } },
  ],
  edges: [
    { from: 'fetch', to: 'each' },
    { from: 'clean', to: 'label' },
    { from: 'each', to: 'after' },
    { from: 'risky', fromPort: 'error', to: 'after' },
  ],
};
const rows: [string, string, string, string | null, string | null][] = [
  ['fetch', 'fetch', 'completed', '{"rows":["x","y"]}', null],
  ['risky', 'risky', 'failed', null, 'step.timeout'],
  ['clean', 'each[0].clean', 'completed', '"X0"', null],
  ['clean', 'each[1].clean', 'completed', '"X1"', null],
  ['step', 'again[0].step', 'completed', '"second"', null],
  ['each', 'each', 'completed', '["X0","X1"]', null],
];

let api: TestApi;
let team: TestTeam;
let runId: string;
let workflowId: string;
beforeAll(async () => {
  api = await startTestApi();
  team = await api.makeTeam();
  await must(api, '/api/v1/variables/REGION', { method: 'PUT', key: team.keys.editor, body: { value: 'eu' } });
  workflowId = String((await must(api, '/api/v1/workflows', { key: team.keys.editor, body: { name: 'Loopy', definition } }))['id']);
  await must(api, `/api/v1/workflows/${workflowId}/publish`, { key: team.keys.editor, body: {} });
  runId = String((await must(api, `/api/v1/workflows/${workflowId}/runs`, { key: team.keys.runner, body: { input: { name: 'Ada' } } }))['id']);
  await asTeam(api.db.sql, team.id, async (tx) => {
    for (const [node, path, status, text, code] of rows)
      await tx`insert into node_executions (team_id, workflow_execution_id, node_id, path, status, port, output_text, output_bytes, error_code, error_message)
        values (${team.id}, ${runId}, ${node}, ${path}, ${status}, ${status === 'failed' ? 'error' : 'out'}, ${text}, ${text?.length ?? null}, ${code}, ${code})`;
    await tx`insert into loop_items (team_id, run_id, path, count, items_text) values (${team.id}, ${runId}, 'each', 2, '["x","y"]')`;
  });
});
afterAll(async () => api.close());

const ask = (body: object, key = team.keys.viewer) => api.ask('/api/v1/expressions/preview', { key, body });
async function preview(expression: string, place: object = { runId }): Promise<Preview> {
  const answer = await ask({ expression, ...place });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json() as Preview;
}

describe('a preview on a run', () => {
  it.each([
    ['input.name', undefined, 'Ada', 'string'],
    ['Hello {{ input.name }} of {{ vars.REGION }}', undefined, 'Hello Ada of eu', 'string'],
    ['{{ nodes.fetch.output.rows }}', undefined, ['x', 'y'], 'array'],
    ['$count(nodes.fetch.output.rows)', undefined, 2, 'number'],
    ['workflow.name & trigger.type', undefined, 'Loopymanual', 'string'],
    ['nodes.risky.error.code', undefined, 'step.timeout', 'string'],
    ['nodes.*.output ~> $count', { nodeId: 'after' }, 4, 'number'],
  ] as const)('%s gives what the engine gives', async (expression, place, value, type) => {
    expect(await preview(expression, { runId, ...place })).toMatchObject({ value, type, fault: null });
  });

  it('sees item, siblings and the result before, of the iteration that is asked for', async () => {
    const at = (iteration?: number) => ({ runId, nodeId: 'label', ...(iteration === undefined ? {} : { iteration }) });
    expect(await preview('item & nodes.clean.output & index & loops.each.item', at())).toMatchObject({ value: 'xX00x' });
    expect(await preview('item & nodes.clean.output & index & loops.each.item', at(1))).toMatchObject({ value: 'yX11y' });
    expect(await preview('nodes.clean.output', { runId, nodeId: 'label', path: 'each[1].label' })).toMatchObject({ value: 'X1' });
    expect(await preview('previous', { runId, nodeId: 'step' })).toMatchObject({ value: 'first' });
    expect(await preview('previous', { runId, nodeId: 'step', iteration: 1 })).toMatchObject({ value: 'second' });
  });

  it('sees only what is upstream', async () => {
    expect(await preview('nodes.after.output', { runId, nodeId: 'each' })).toMatchObject({ value: null, type: 'nothing' });
    expect(await preview('nodes.clean.output', { runId, nodeId: 'after' })).toMatchObject({
      type: 'nothing',
      warnings: [{ code: 'expression.missing' }],
    });
    expect(await preview('nodes.fetch.output.none', { runId, strict: true })).toMatchObject({ fault: { code: 'expression.missing' } });
  });

  it.each([
    ['input.name +', 'expression.syntax', 12],
    ['Hi {{ input.name + }}', 'expression.syntax', 18],
    ['Hi {{ input.name', 'expression.unclosed', 3],
    ['Hi {{ 1 + "a" }}', 'expression.failed', 9],
    ['$eval("1")', 'expression.eval', 6],
  ])('says where %s is wrong', async (expression, code, position) => {
    expect((await preview(expression)).fault).toEqual({ code, position, message: expect.any(String) });
  });

  it('ends what never ends, and cuts what is too long to show', async () => {
    expect((await preview('($f := function($n) { $f($n + 1) }; $f(0))')).fault?.code).toMatch(/^expression\.(timeout|too-deep)$/);
    expect(await preview('$pad("", 300000, "x")')).toMatchObject({
      value: null,
      type: 'string',
      bytes: 300_002,
      cut: expect.stringMatching(/^"xxx/),
    });
  });
});

describe('a preview for a node that is newer than the run', () => {
  it('takes the place of the draft and the values of the run', async () => {
    const newer = {
      ...definition,
      nodes: [...definition.nodes, { id: 'fresh', type: 'transform', parent: 'each', config: { expression: '1' } }],
      edges: [...definition.edges, { from: 'clean', to: 'fresh' }],
    };
    await must(api, `/api/v1/workflows/${workflowId}`, {
      method: 'PATCH',
      key: team.keys.editor,
      body: { definition: newer },
      headers: { 'if-match': '"1"' },
    });
    expect(await preview('nodes.clean.output & item', { runId, nodeId: 'fresh', iteration: 1 })).toMatchObject({ value: 'X1y' });
  });
});

describe('a preview without a run', () => {
  it('sees pins, given or stored, and the given input and item', async () => {
    await must(api, `/api/v1/workflows/${workflowId}/pins`, { method: 'PUT', key: team.keys.editor, body: { fetch: { rows: [7] } } });
    expect(await preview('nodes.fetch.output.rows[0] + input.n', { workflowId, input: { n: 1 } })).toMatchObject({ value: 8 });
    expect(await preview('nodes.fetch.output & item', { workflowId, pinned: { fetch: 'p' }, item: 'i' })).toMatchObject({ value: 'pi' });
    expect(await preview('vars.REGION', {})).toMatchObject({ value: 'eu' });
  });

  it('refuses places that are not there, and other teams', async () => {
    expect((await ask({ expression: '1', runId, nodeId: 'nowhere' })).statusCode).toBe(422);
    expect((await ask({ expression: '1', runId, nodeId: 'label', path: 'each[0].again[1].label' })).statusCode).toBe(422);
    expect((await ask({ expression: '1', nodeId: 'label' })).statusCode).toBe(422);
    expect((await ask({ expression: '1', runId, input: {} })).statusCode).toBe(422);
    const other = await api.makeTeam();
    expect((await ask({ expression: '1', runId }, other.keys.owner)).statusCode).toBe(404);
    expect((await ask({ expression: '1', workflowId }, other.keys.owner)).statusCode).toBe(404);
  });
});
