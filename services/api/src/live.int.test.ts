import type { LiveFrame } from '@hub/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApi, type TestSession, type TestTeam, startTestApi, testUrl } from './testing/harness.ts';
import { must, publishedWorkflow } from './testing/resources.ts';

describe('the live channel', () => {
  let api: TestApi;
  let team: TestTeam;
  let owner: TestSession;
  let workflowId: string;
  beforeAll(async () => {
    api = await startTestApi();
    team = await api.makeTeam();
    owner = await api.person(team.id, 'owner');
    workflowId = await publishedWorkflow(api, team);
    await api.app.ready();
  });
  afterAll(async () => api.close());

  const start = async () =>
    String((await must(api, `/api/v1/workflows/${workflowId}/runs`, { key: team.keys.runner, body: { input: { text: 'a' } } }))['id']);
  const cancel = async (run: string) => must(api, `/api/v1/runs/${run}/cancel`, { method: 'POST', key: team.keys.runner });

  /** Collects frames until one satisfies `until`, then closes. */
  function collect(
    run: string,
    until: (frame: LiveFrame) => boolean,
    options: { lastSeq?: number; headers?: Record<string, string>; onReady?: () => void } = {},
  ): Promise<LiveFrame[]> {
    const headers = options.headers ?? { authorization: `Bearer ${team.keys.viewer}` };
    const frames: LiveFrame[] = [];
    return new Promise((resolve, reject) => {
      api.app
        .injectWS(
          `/api/v1/live?run=${run}&lastSeq=${options.lastSeq ?? 0}`,
          { headers },
          {
            onInit: (socket) => {
              socket.on('message', (data: Buffer) => {
                const frame = JSON.parse(data.toString('utf8')) as LiveFrame;
                frames.push(frame);
                if (frame.type === 'ready') options.onReady?.();
                if (until(frame)) socket.terminate();
              });
              socket.on('close', () => resolve(frames));
            },
          },
        )
        .catch(reject);
    });
  }
  const isEnd = (frame: LiveFrame) => frame.type === 'run' && frame.run.status === 'cancelled';

  it('sends every event of a run in order, and the run when it changed', async () => {
    const run = await start();
    const frames = await collect(run, isEnd, { onReady: () => void cancel(run) });
    const events = frames.filter((frame) => frame.type === 'event');
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
    expect(events.at(-1)?.event).toBe('run.cancelled');
  });

  it('resumes after the last number seen, without gap or repeat', async () => {
    const run = await start();
    await cancel(run);
    const all = (await collect(run, isEnd)).filter((frame) => frame.type === 'event').map((event) => event.seq);
    const rest = (await collect(run, isEnd, { lastSeq: 1 })).filter((frame) => frame.type === 'event').map((event) => event.seq);
    expect(rest).toEqual(all.slice(1));
  });

  it('serves fifty watchers of one run the same events', async () => {
    const run = await start();
    const watching = Array.from({ length: 50 }, () => collect(run, isEnd));
    await cancel(run);
    const seen = (await Promise.all(watching)).map((frames) =>
      frames
        .filter((frame) => frame.type === 'event')
        .map((event) => event.seq)
        .join(' '),
    );
    expect(new Set(seen).size).toBe(1);
  });

  it('takes a session from our own pages and refuses another origin before the upgrade', async () => {
    const run = await start();
    await cancel(run);
    expect((await collect(run, isEnd, { headers: { cookie: owner.cookie, origin: testUrl } })).length).toBeGreaterThan(1);
    await expect(collect(run, isEnd, { headers: { cookie: owner.cookie, origin: 'https://evil.example' } })).rejects.toThrow(/403/);
    await expect(collect(run, isEnd, { headers: {} })).rejects.toThrow(/401/);
  });

  it('holds GET ?wait until the run has ended, and no longer', async () => {
    const run = await start();
    const waiting = api.ask(`/api/v1/runs/${run}?wait=30`, { key: team.keys.viewer });
    await cancel(run);
    expect((await waiting).json()).toMatchObject({ status: 'cancelled' });
  });

  it('answers ?wait at its end where the run goes on', async () => {
    const run = await start();
    const began = Date.now();
    expect((await api.ask(`/api/v1/runs/${run}?wait=1`, { key: team.keys.viewer })).json()).toMatchObject({ status: 'queued' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(990);
  });
});
