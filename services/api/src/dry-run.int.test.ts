import type { DryRunView } from '@hub/contract';
import { asTeam } from '@hub/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApi, type TestTeam, startTestApi } from './testing/harness.ts';
import { must } from './testing/resources.ts';

const definition = (expression = 'input.n * vars.factor') => ({
  schemaVersion: 1,
  inputs: { type: 'object', properties: { n: { type: 'integer', default: 3 } } },
  triggers: [{ id: 'manual', type: 'manual' }],
  nodes: [
    { id: 'times', type: 'transform', config: { expression } },
    { id: 'ask', type: 'prompt', config: { model: 'demo/rules', messages: [{ role: 'user', content: '{{ nodes.times.output }}' }] } },
    { id: 'good', type: 'condition', config: { left: '{{ nodes.ask.output.text }}', op: 'eq', right: 'yes' } },
    { id: 'sign', type: 'approval', config: { title: 'Send {{ nodes.times.output }}?' } },
  ],
  edges: [
    { from: 'times', to: 'ask' },
    { from: 'ask', to: 'good' },
    { from: 'good', fromPort: 'true', to: 'sign' },
  ],
});

let api: TestApi;
let team: TestTeam;
let url: string;
beforeAll(async () => {
  api = await startTestApi();
  team = await api.makeTeam();
  await must(api, '/api/v1/variables/factor', { method: 'PUT', key: team.keys.editor, body: { value: 7 } });
  const made = await must(api, '/api/v1/workflows', { key: team.keys.editor, body: { name: 'Look', definition: definition() } });
  url = `/api/v1/workflows/${String(made['id'])}`;
});
afterAll(() => api.close());

const look = (body: object, key = team.keys.viewer) => api.ask(`${url}/dry-run`, { key, body });
const statesOf = ({ nodes }: DryRunView) => Object.fromEntries(nodes.map(({ nodeId, state }) => [nodeId, state]));

describe('a dry run', () => {
  it('says what would run on the input and the team variables, and stores nothing', async () => {
    const answer = await look({});
    expect(answer.statusCode, answer.body).toBe(200);
    const found = answer.json() as DryRunView;
    expect(statesOf(found)).toEqual({ ask: 'runs', good: 'runs', sign: 'maybe', times: 'runs' });
    expect(found.nodes.find(({ nodeId }) => nodeId === 'times')?.output).toBe(21);
    expect(found).toMatchObject({ ways: 3, calls: { min: 1, max: 1, perItem: false }, asks: [{ nodeId: 'sign', what: 'Send 21?', maybe: true }] });
    const [rows] = await asTeam(api.db.sql, team.id, (tx) => tx<{ n: number }[]>`select count(*)::int as n from workflow_executions`);
    expect(rows?.n).toBe(0);
  });

  it('takes samples for what it cannot know, and pins of the draft', async () => {
    const sampled = (await look({ input: { n: 1 }, samples: { ask: { text: 'yes' } } })).json() as DryRunView;
    expect(statesOf(sampled)).toEqual({ ask: 'sample', good: 'runs', sign: 'runs', times: 'runs' });
    expect(sampled.nodes.find(({ nodeId }) => nodeId === 'good')?.ways).toEqual([{ port: 'true', known: true }]);
    await must(api, `${url}/pins`, { method: 'PUT', key: team.keys.editor, body: { ask: { text: 'no' } } });
    expect(statesOf((await look({})).json() as DryRunView)).toMatchObject({ ask: 'sample', sign: 'skipped' });
    await must(api, `${url}/pins`, { method: 'PUT', key: team.keys.editor, body: {} });
  });

  it('refuses what could not run: a wrong input, a sample that fits no port, a draft with faults', async () => {
    const codes = async (body: object) => {
      const answer = await look(body);
      return [answer.statusCode, (answer.json() as { code: string }).code];
    };
    expect(await codes({ input: { n: 'x' } })).toEqual([422, 'run.invalid-input']);
    expect(await codes({ samples: { good: 7 } })).toEqual([422, 'definition.invalid']);
    expect(await codes({ trigger: 'gone' })).toEqual([422, 'workflow.no-such-trigger']);
    expect(await codes({ version: 9 })).toEqual([422, 'workflow.no-such-version']);
    const broken = await must(api, '/api/v1/workflows', { key: team.keys.editor, body: { name: 'Broken', definition: definition('input.n *') } });
    expect((await api.ask(`/api/v1/workflows/${String(broken['id'])}/dry-run`, { key: team.keys.viewer, body: {} })).statusCode).toBe(422);
    expect((await api.ask(`${url.slice(0, -1)}0/dry-run`, { key: team.keys.viewer, body: {} })).statusCode).toBe(404);
  });
});
