import { createRunStore } from '@hub/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestTeam } from './testing/harness.ts';
import { publishedWorkflow } from './testing/resources.ts';

describe('a run at a moment', () => {
  let api: TestApi;
  let team: TestTeam;
  let run: string;
  beforeAll(async () => {
    api = await startTestApi();
    team = await api.makeTeam();
    const workflow = await publishedWorkflow(api, team);
    const started = await api.ask(`/api/v1/workflows/${workflow}/runs`, { key: team.keys.runner, body: { input: { text: 'a' } } });
    run = (started.json() as { id: string }).id;
    const store = createRunStore(api.db.sql, { blobKey: Buffer.alloc(32, 1) });
    const at = { team: team.id, run, nodeId: 'shout', nodeType: 'transform' as const, iteration: null };
    const spent = { inputText: null, error: null, warnings: [], tokens: 3, costUsd: 0.5, model: null, modelCalls: [] };
    for (const [path, outputText] of [
      ['shout', '"A"'],
      ['each[1].shout', JSON.stringify('x'.repeat(40_000))],
    ] as const) {
      const begun = await store.begin({ ...at, path, iteration: path === 'shout' ? null : 1, rows: [] });
      if (begun.gone) throw new Error('gone');
      await store.end({
        ...at,
        path,
        iteration: path === 'shout' ? null : 1,
        attempt: begun.attempt,
        status: 'completed',
        port: 'out',
        outputText,
        ...spent,
      });
    }
  });
  afterAll(async () => api.close());

  const moment = async (seq: number, query = '') => {
    const answer = await api.ask(`/api/v1/runs/${run}/at/${seq}${query}`, { key: team.keys.viewer });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json() as Record<string, never>;
  };

  it('is the log up to that number: states, money and the values of then', async () => {
    const events = (await api.ask(`/api/v1/runs/${run}/events`, { key: team.keys.viewer })).json() as {
      items: { seq: number; type: string; path: string | null }[];
    };
    const ended = events.items.find(({ type, path }) => type === 'step.completed' && path === 'shout')?.seq ?? 0;
    expect(await moment(0)).toMatchObject({ seq: 0, at: null, event: null, status: 'queued', steps: [], variables: {} });
    expect(await moment(ended - 1)).toMatchObject({ status: 'running', steps: [{ path: 'shout', status: 'running' }], variables: {} });
    expect(await moment(ended)).toMatchObject({
      event: { type: 'step.completed' },
      totals: { steps: 1, tokens: 3, costUsd: 0.5 },
      variables: { shout: { path: 'shout', attempt: 1, value: 'A' } },
    });
    const last = events.items.at(-1)?.seq;
    expect(await moment(999_999)).toMatchObject({ seq: last, lastSeq: last });
    expect((await moment(ended, '?values=false')) as object).toMatchObject({ variables: {} });
  });

  it('shows an iteration its own values, large ones as a link', async () => {
    expect(await moment(999_999, '?scope=each[1]')).toMatchObject({
      scope: 'each[1]',
      steps: [{ path: 'each[1].shout', iteration: 1 }],
      variables: { shout: { path: 'each[1].shout', valueRef: { bytes: 40_002 } } },
    });
  });

  it('refuses what is no iteration, and knows no other team’s run', async () => {
    expect((await api.ask(`/api/v1/runs/${run}/at/1?scope=each%5B`, { key: team.keys.viewer })).statusCode).toBe(400);
    expect((await api.ask(`/api/v1/runs/${run}/at/-1`, { key: team.keys.viewer })).statusCode).toBe(400);
    const other = await api.makeTeam();
    expect((await api.ask(`/api/v1/runs/${run}/at/1`, { key: other.keys.owner })).statusCode).toBe(404);
  });
});
