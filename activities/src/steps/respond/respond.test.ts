import type { Json } from '@hub/dag/planner';
import { afterAll, describe, expect, it } from 'vitest';

import type { AnswerStore } from '../../ports.ts';
import { at, closeWorlds, makeWorld } from '../../testing/activity-world.ts';

afterAll(closeWorlds);

type Given = Parameters<AnswerStore['give']>[0];

function world(config: Json, outcome: Awaited<ReturnType<AnswerStore['give']>> = 'given') {
  const given: Given[] = [];
  const made = makeWorld(
    { schemaVersion: 1, nodes: [{ id: 'r', type: 'respond', config }], edges: [] },
    { facts: { inputText: '{"n":7,"status":"201"}' }, answers: { give: async (one) => await Promise.resolve((given.push(one), outcome)) } },
  );
  const run = async () =>
    await made.activities.runStep({
      ...at,
      nodeId: 'r',
      path: 'r',
      frames: [],
      reads: [],
      rows: [],
      sources: [],
      type: 'respond',
      maxAttempts: 1,
      retry: null,
      timeoutMs: 5_000,
      idempotent: true,
    });
  return { run, given, end: () => made.runs.last('r')?.end };
}

describe('respond', () => {
  it('stores status, headers and body as filled', async () => {
    const { run, given, end } = world({
      status: '{{ input.status }}',
      headers: { 'X-Count': '{{ input.n }}', ETag: '"a"' },
      body: { n: '{{ input.n }}' },
    });
    await expect(run()).resolves.toEqual({ port: 'out' });
    expect(given).toEqual([
      { team: 't', run: 'r', path: 'r', answer: { status: 201, headers: { 'x-count': '7', etag: '"a"' }, bodyText: '{"n":7}' } },
    ]);
    expect(end()?.outputText).toBe('{"answered":true,"status":201}');
    expect(end()?.warnings).toEqual([]);
  });

  it.each([
    ['answered-before', 'respond.second'],
    ['too-late', 'respond.too-late'],
    ['no-request', 'respond.no-request'],
  ] as const)('only warns when it is %s', async (outcome, code) => {
    const { run, end } = world({ body: 'hi' }, outcome);
    await run();
    expect(end()?.status).toBe('completed');
    expect(end()?.warnings).toMatchObject([{ code }]);
    expect(end()?.outputText).toBe('{"answered":false,"status":200}');
  });

  it('drops headers that are not an author’s to set, and sends HTML as text', async () => {
    const { run, given, end } = world({
      headers: {
        'Set-Cookie': 'a=b',
        'X-Hub-Team': 'x',
        'Content-Security-Policy': 'default-src *',
        'X-Bad': 'a\r\nset-cookie: b',
        'Content-Type': 'text/html',
      },
      body: '<script>1</script>',
    });
    await run();
    expect(given[0]?.answer.headers).toEqual({ 'content-type': 'text/plain; charset=utf-8' });
    expect(
      end()
        ?.warnings.map(({ code }) => code)
        .sort(),
    ).toEqual(['respond.as-text', 'respond.header-refused', 'respond.header-refused', 'respond.header-refused', 'respond.header-refused']);
  });

  it.each([[99], [600], ['abc'], [200.5]])('refuses the status %j', async (status) => {
    const { run, given, end } = world({ status, body: null });
    await expect(run()).rejects.toThrow();
    expect(end()?.error).toMatchObject({ code: 'step.invalid-params' });
    expect(given).toEqual([]);
  });

  it('refuses a body over 1 MB', async () => {
    const { run, end } = world({ body: 'x'.repeat(1_000_001) });
    await expect(run()).rejects.toThrow();
    expect(end()?.error).toMatchObject({ code: 'respond.too-large' });
  });
});
