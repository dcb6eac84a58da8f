import { finishRun } from '@hub/db/write';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi, type TestTeam } from './testing/harness.ts';
import { publishedWorkflow } from './testing/resources.ts';

describe('several runs at once', () => {
  let api: TestApi;
  let team: TestTeam;
  let workflow: string;
  beforeAll(async () => {
    api = await startTestApi();
    team = await api.makeTeam();
    workflow = await publishedWorkflow(api, team);
  });
  afterAll(async () => api.close());

  const start = async (): Promise<string> => {
    const answer = await api.ask(`/api/v1/workflows/${workflow}/runs`, { key: team.keys.runner, body: { input: { text: 'a' } } });
    return (answer.json() as { id: string }).id;
  };
  const bulk = async (what: string, ids: string[], headers: Record<string, string> = {}) => {
    const answer = await api.ask(`/api/v1/runs/${what}`, { key: team.keys.runner, body: { ids }, headers });
    expect(answer.statusCode, answer.body).toBe(200);
    return (answer.json() as { items: { id: string; done: boolean; newRun: string | null; code: string | null }[] }).items;
  };

  it('are cancelled each by itself: one that has ended or is not there holds up no other', async () => {
    const ended = await start();
    await finishRun(
      api.db.sql,
      { blobKey: Buffer.alloc(32, 1) },
      { team: team.id, run: ended, status: 'completed', error: null, outputText: '{}', rows: [] },
    );
    const open = await start();
    const gone = '0199c0de-7a11-7000-8000-0000000000ab';
    expect(await bulk('bulk-cancel', [gone, ended, open, open])).toMatchObject([
      { id: gone, done: false, code: 'run.not-found' },
      { id: ended, done: false, code: 'run.settled' },
      { id: open, done: true, code: null },
    ]);
    expect(((await api.ask(`/api/v1/runs/${open}`, { key: team.keys.viewer })).json() as { status: string }).status).toBe('cancelled');
  });

  it('are continued each once under one key', async () => {
    const [failed, open] = [await start(), await start()];
    const error = { code: 'x.y', message: 'm', nodeId: null, path: null };
    await finishRun(
      api.db.sql,
      { blobKey: Buffer.alloc(32, 1) },
      { team: team.id, run: failed, status: 'failed', error, outputText: '{}', rows: [] },
    );
    const first = await bulk('bulk-retry', [failed, open], { 'idempotency-key': 'again' });
    expect(first).toMatchObject([
      { id: failed, done: true },
      { id: open, done: false, code: 'run.not-settled' },
    ]);
    expect(await bulk('bulk-retry', [failed, open], { 'idempotency-key': 'again' })).toEqual(first);
    const made = (await api.ask(`/api/v1/runs/${first[0]?.newRun ?? ''}`, { key: team.keys.viewer })).json() as { retryOf: string };
    expect(made.retryOf).toBe(failed);
  });
});
