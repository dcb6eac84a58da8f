import type { RetryPlanView, Run } from '@hub/contract';
import { createRunStore, createStartReader } from '@hub/db';
import { finishRun } from '@hub/db/write';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApi, type TestTeam, startTestApi } from './testing/harness.ts';
import { must, publishedWorkflow } from './testing/resources.ts';

const blobKey = Buffer.alloc(32, 1);
const ask = (id: string, content: string) => ({ id, type: 'prompt', config: { model: 'demo/rules', messages: [{ role: 'user', content }] } });
/** read -> ask -> send, of which send failed. */
const definition = (first: string) => ({
  schemaVersion: 1,
  triggers: [{ id: 'manual', type: 'manual' }],
  nodes: [ask('read', first), ask('ask', '{{ nodes.read.output.text }}'), ask('send', '{{ nodes.ask.output.text }}')],
  edges: [
    { from: 'read', to: 'ask' },
    { from: 'ask', to: 'send' },
  ],
});

let api: TestApi;
let team: TestTeam;
let workflow: string;
let run: string;
beforeAll(async () => {
  api = await startTestApi();
  team = await api.makeTeam();
  workflow = await publishedWorkflow(api, team, definition('Hello'));
  run = String((await must(api, `/api/v1/workflows/${workflow}/runs`, { key: team.keys.runner, body: {} }))['id']);
  const store = createRunStore(api.db.sql, { blobKey });
  for (const [nodeId, status] of [
    ['read', 'completed'],
    ['ask', 'completed'],
    ['send', 'failed'],
  ] as const) {
    const at = { team: team.id, run, nodeId, nodeType: 'prompt' as const, path: nodeId, iteration: null };
    const { attempt } = await store.begin({ ...at, rows: [] });
    const isDone = status === 'completed';
    await store.end({
      ...at,
      attempt,
      status,
      port: isDone ? 'out' : null,
      inputText: '{}',
      outputText: isDone ? `{"text":"${nodeId}"}` : null,
      error: isDone ? null : { code: 'x.y', message: 'm', attempt: 1 },
      warnings: [],
      tokens: 10,
      costUsd: 0.5,
      model: 'demo/rules',
      modelCalls: [],
      ...(isDone ? { stepKey: `key-of-${nodeId}` } : {}),
    });
  }
  const error = { code: 'x.y', message: 'm', nodeId: 'send', path: 'send' };
  await finishRun(api.db.sql, { blobKey }, { team: team.id, run, status: 'failed', error, outputText: '{}', rows: [] });
});
afterAll(() => api.close());

const draft = async (first: string): Promise<void> => {
  const { revision } = (await must(api, `/api/v1/workflows/${workflow}`, { key: team.keys.viewer })) as { revision: number };
  await must(api, `/api/v1/workflows/${workflow}`, {
    method: 'PATCH',
    key: team.keys.editor,
    headers: { 'if-match': `"${revision}"` },
    body: { definition: definition(first) },
  });
};
const plan = async (body: object): Promise<RetryPlanView> => {
  const answer = await api.ask(`/api/v1/runs/${run}/retry-plan`, { key: team.keys.viewer, body });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json() as RetryPlanView;
};
const runs = ({ runs: all }: RetryPlanView) => all.map(({ nodeId, why, mayKeep }) => [nodeId, why, mayKeep]);

describe('a retry by step key', () => {
  it('says what is kept for sure, what may be kept when the run comes to it, and what that costs', async () => {
    const own = await plan({});
    expect(own.kept.map(({ nodeId }) => nodeId)).toEqual(['read', 'ask']);
    expect(own).toMatchObject({ saved: { tokens: 20, costUsd: 1 }, cost: { tokens: 10, costUsd: 0.5 }, mayBeSaved: { costUsd: 0 } });
    await draft('Good morning');
    const changed = await plan({ version: 'draft' });
    expect(changed.version).toBeNull();
    expect(runs(changed)).toEqual([
      ['read', 'changed', false],
      ['ask', 'downstream', true],
      ['send', 'downstream', false],
    ]);
    expect(changed).toMatchObject({ kept: [], saved: { costUsd: 0 }, cost: { tokens: 30, costUsd: 1.5 }, mayBeSaved: { tokens: 10, costUsd: 0.5 } });
    expect(runs(await plan({ fromNode: 'read' }))).toEqual([
      ['read', 'asked', false],
      ['ask', 'downstream', false],
      ['send', 'downstream', false],
    ]);
    expect(runs(await plan({ outputs: { read: { text: 'by hand' } } }))).toEqual([
      ['ask', 'downstream', true],
      ['send', 'downstream', false],
    ]);
  });

  it('on the draft is a test run that knows which steps may keep their output, and finds them by their key', async () => {
    await draft('Good morning');
    const refused = await api.ask(`/api/v1/runs/${run}/retry`, { key: team.keys.runner, body: { version: 'draft' } });
    expect([refused.statusCode, (refused.json() as { code: string }).code]).toEqual([403, 'auth.not-allowed']);
    const answer = await api.ask(`/api/v1/runs/${run}/retry`, { key: team.keys.editor, body: { version: 'draft' } });
    expect(answer.statusCode, answer.body).toBe(202);
    const { id } = answer.json() as { id: string };
    const made = (await must(api, `/api/v1/runs/${id}`, { key: team.keys.viewer })) as unknown as Run;
    expect(made).toMatchObject({ isTest: true, version: null, retryOf: run });
    const [start] = await createStartReader(api.db.sql)([{ team: team.id, run: id }]);
    expect(start?.plan.nodes.map((node) => node.id)).toEqual(['ask', 'read', 'send']);
    const store = createRunStore(api.db.sql, { blobKey });
    const facts = await store.facts(team.id, id);
    expect(facts.sameAs).toEqual([{ run, nodes: ['ask'] }]);
    expect((await store.facts(team.id, run)).sameAs).toEqual([]);
    expect(await store.sameStep(team.id, [run], 'ask', 'key-of-ask')).toMatchObject({
      port: 'out',
      outputText: '{"text":"ask"}',
      from: { runId: run, tokens: 10, costUsd: 0.5 },
    });
    expect(await store.sameStep(team.id, [run], 'ask', 'another')).toBeNull();
    expect(await store.sameStep(team.id, [run], 'send', 'key-of-send')).toBeNull();
    const other = await api.makeTeam();
    expect(await store.sameStep(other.id, [run], 'ask', 'key-of-ask')).toBeNull();
  });

  it('shows a step that kept its output as what the run took over, with what that had cost', async () => {
    const { id } = (await must(api, `/api/v1/runs/${run}/retry`, { key: team.keys.editor, body: { version: 'draft' } })) as { id: string };
    const store = createRunStore(api.db.sql, { blobKey });
    const at = { team: team.id, run: id, nodeId: 'ask', nodeType: 'prompt' as const, path: 'ask', iteration: null };
    const { attempt } = await store.begin({ ...at, rows: [] });
    const found = await store.sameStep(team.id, [run], 'ask', 'key-of-ask');
    const spent = { tokens: null, costUsd: null, model: null, modelCalls: [] };
    const end = {
      ...at,
      attempt,
      status: 'completed' as const,
      port: 'out',
      inputText: '{}',
      outputText: found?.outputText ?? null,
      error: null,
      warnings: [],
    };
    await store.end({ ...end, ...spent, cached: { ...found!.from, by: 'run' }, stepKey: 'key-of-ask' });
    const made = (await must(api, `/api/v1/runs/${id}`, { key: team.keys.viewer })) as unknown as Run;
    expect(made.kept).toEqual({ nodes: 1, tokens: 10, costUsd: 0.5 });
    expect(made.totals).toMatchObject({ tokens: 0, costUsd: 0 });
    const rows = (await must(api, `/api/v1/runs/${id}/nodes?nodeId=ask`, { key: team.keys.viewer })) as { items?: { cached?: object }[] };
    expect(rows.items?.[0]?.cached).toMatchObject({ runId: run, by: 'run', tokens: 10 });
    // The chain goes on: the row carries the key, and names the run that had paid.
    expect(await store.sameStep(team.id, [id], 'ask', 'key-of-ask')).toMatchObject({ from: { runId: run, tokens: 10, costUsd: 0.5 } });
  });

  it('that failed before it came to a step is continued with what the run before it had given there', async () => {
    await draft('Good evening');
    const { id: second } = (await must(api, `/api/v1/runs/${run}/retry`, { key: team.keys.editor, body: { version: 'draft' } })) as { id: string };
    const error = { code: 'x.y', message: 'm', nodeId: 'read', path: 'read' };
    await finishRun(api.db.sql, { blobKey }, { team: team.id, run: second, status: 'failed', error, outputText: '{}', rows: [] });
    const answer = await api.ask(`/api/v1/runs/${second}/retry-plan`, { key: team.keys.viewer, body: {} });
    expect(runs(answer.json() as RetryPlanView)).toEqual([
      ['read', 'not-run', false],
      ['ask', 'not-run', true],
      ['send', 'not-run', false],
    ]);
    const { id: third } = (await must(api, `/api/v1/runs/${second}/retry`, { key: team.keys.editor, body: {} })) as { id: string };
    const store = createRunStore(api.db.sql, { blobKey });
    const { sameAs } = await store.facts(team.id, third);
    expect(sameAs).toEqual([
      { run: second, nodes: ['ask'] },
      { run, nodes: ['ask'] },
    ]);
    const earlier = sameAs.map((one) => one.run);
    expect(await store.sameStep(team.id, earlier, 'ask', 'key-of-ask')).toMatchObject({ outputText: '{"text":"ask"}', from: { runId: run } });
    // Of several that completed it only the nearest counts: what it did last is what stands.
    const nearest = (await must(api, `/api/v1/runs/${run}/retry`, { key: team.keys.editor, body: { version: 'draft' } })) as { id: string };
    const at = { team: team.id, run: nearest.id, nodeId: 'ask', nodeType: 'prompt' as const, path: 'ask', iteration: null };
    const end = {
      port: 'out',
      inputText: '{}',
      outputText: '"other"',
      error: null,
      warnings: [],
      tokens: 1,
      costUsd: 0.1,
      model: null,
      modelCalls: [],
    };
    await store.end({ ...at, attempt: (await store.begin({ ...at, rows: [] })).attempt, status: 'completed', ...end, stepKey: 'another-key' });
    expect(await store.sameStep(team.id, [nearest.id, run], 'ask', 'key-of-ask')).toBeNull();
  });

  it('from a node has its effect under a key of its own, whichever run of the chain is continued and how often', async () => {
    const store = createRunStore(api.db.sql, { blobKey });
    const again = async (from: string, fromNode: string): Promise<{ id: string; n: (node: string) => number[] }> => {
      const { id } = (await must(api, `/api/v1/runs/${from}/retry`, { key: team.keys.editor, body: { fromNode } })) as { id: string };
      const error = { code: 'x.y', message: 'm', nodeId: 'send', path: 'send' };
      await finishRun(api.db.sql, { blobKey }, { team: team.id, run: id, status: 'failed', error, outputText: '{}', rows: [] });
      const { generations } = await store.facts(team.id, id);
      return { id, n: (node) => generations.filter(({ nodeId }) => nodeId === node).map(({ n }) => n) };
    };
    const one = await again(run, 'send');
    const two = await again(run, 'send');
    const three = await again(one.id, 'ask');
    const numbers = [one, two, three].map(({ n }) => n('send'));
    expect(numbers.flat()).toHaveLength(3);
    expect(new Set(numbers.flat()).size).toBe(3);
    expect(three.n('ask')).toEqual(three.n('send'));
    expect(numbers.flat()).toEqual(numbers.flat().toSorted((a, b) => a - b));
  });

  it('of a run that ended while a call was under way asks a person before that call is made again, unless it may be repeated', async () => {
    const store = createRunStore(api.db.sql, { blobKey });
    const params = (method: string) => ({ connector: 'http', action: 'request', params: { method, url: 'https://example.com/' } });
    const nodes = [
      { id: 'once', type: 'action', config: params('POST') },
      { id: 'often', type: 'action', config: params('PUT') },
    ];
    const made = await publishedWorkflow(api, team, { schemaVersion: 1, triggers: [{ id: 'manual', type: 'manual' }], nodes, edges: [] });
    const stopped = String((await must(api, `/api/v1/workflows/${made}/runs`, { key: team.keys.runner, body: {} }))['id']);
    const begin = (id: string, nodeId: string) =>
      store.begin({ team: team.id, run: id, nodeId, nodeType: 'action', path: nodeId, iteration: null, rows: [] });
    const end = (id: string) =>
      finishRun(api.db.sql, { blobKey }, { team: team.id, run: id, status: 'cancelled', error: null, outputText: '{}', rows: [] });
    await begin(stopped, 'once');
    await begin(stopped, 'often');
    await end(stopped);
    const again = async (from: string, body: object = {}): Promise<string> =>
      ((await must(api, `/api/v1/runs/${from}/retry`, { key: team.keys.runner, body })) as { id: string }).id;
    const planned = await api.ask(`/api/v1/runs/${stopped}/retry-plan`, { key: team.keys.viewer, body: {} });
    expect((planned.json() as RetryPlanView).runs.map(({ nodeId, why }) => [nodeId, why])).toEqual([
      ['once', 'unsure'],
      ['often', 'not-run'],
    ]);
    const second = await again(stopped);
    // It did not come to its steps: what was not known is still not.
    await end(second);
    const third = await again(second);
    expect([await begin(third, 'once'), await begin(third, 'often')]).toMatchObject([
      { attempt: 2, lost: 1, failed: 0 },
      { attempt: 1, lost: 0 },
    ]);
    await end(third);
    expect(await begin(await again(stopped, { fromNode: 'once' }), 'once')).toMatchObject({ attempt: 1, lost: 0 });
  });
});

describe('a retry of one item of a loop', () => {
  it('is refused past the end of the list, with how long it was', async () => {
    const looped = {
      ...definition('x'),
      nodes: [
        { id: 'each', type: 'loop', config: { mode: 'for_each', items: '{{ [1, 2] }}' } },
        { ...ask('one', '{{ item }}'), parent: 'each' },
      ],
      edges: [],
    };
    const id = await publishedWorkflow(api, team, looped);
    const ended = String((await must(api, `/api/v1/workflows/${id}/runs`, { key: team.keys.runner, body: {} }))['id']);
    const at = { team: team.id, run: ended, nodeId: 'each', nodeType: 'loop' as const, path: 'each', iteration: null, rows: [] };
    await createRunStore(api.db.sql, { blobKey }).openLoop({ ...at, itemsText: '[1,2]', count: 2, pages: { items: [], bytes: [] } });
    const error = { code: 'x.y', message: 'm', nodeId: 'each', path: 'each' };
    await finishRun(api.db.sql, { blobKey }, { team: team.id, run: ended, status: 'failed', error, outputText: '{}', rows: [] });
    const asked = async (body: object) => {
      const answer = await api.ask(`/api/v1/runs/${ended}/retry-plan`, { key: team.keys.viewer, body });
      const { errors = [] } = answer.json() as { errors?: { path: string; code: string; message: string }[] };
      return [answer.statusCode, ...errors.map(({ path, code, message }) => `${path} ${code} ${message}`)];
    };
    expect(await asked({ fromNode: 'one', iteration: 1 })).toEqual([200]);
    expect(await asked({ fromNode: 'one', iteration: 2 })).toEqual([422, '/iteration run.no-iteration each had 2 items; iterations count from 0.']);
    expect(await asked({ fromNode: 'each', iteration: 0 })).toEqual([
      422,
      '/iteration run.no-iteration each is in no loop, so it has no iterations.',
    ]);
  });
});
