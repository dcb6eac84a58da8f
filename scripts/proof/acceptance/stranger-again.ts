/** A third reader's cases: retries, child runs and hooks, each from a sentence of 03. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ScriptedCase } from './api.ts';
import { chain, code, edge, graph, http, node, out } from './cases.ts';
import { create, publish, settled, start, want } from './run.ts';
import { is, refusal, scripted, sleeper, type Body } from './stranger-requests.ts';
import { each, inL } from './unseen-kit.ts';

export const strangerAgainCases: ScriptedCase[] = [
  scripted('retry keeps what completed; with fromNode it and what is downstream run again; outputs by hand', async (hub, stub) => {
    const id = await publish(
      hub,
      graph(
        [
          http('a', `${stub}?key=kept`),
          code('b', 'if (ctx.nodes.a.output.body.n < 2 && !ctx.input.fine) throw new Error("no"); return ctx.nodes.a.output.body.n'),
          out('o', '{{ nodes.b.output }}'),
        ],
        chain('a', 'b', 'o'),
      ),
    );
    const first = await start(hub, id);
    await settled(hub, first);
    const same = await want<Body>(hub, 202, 'POST', `/runs/${first}/retry`, {});
    const sameRun = await settled(hub, String(same['id']));
    const from = await want<Body>(hub, 202, 'POST', `/runs/${first}/retry`, { fromNode: 'a' });
    const fromRun = await settled(hub, String(from['id']));
    const byHand = await want<Body>(hub, 202, 'POST', `/runs/${first}/retry`, { outputs: { b: 'by hand' } });
    const byHandRun = await settled(hub, String(byHand['id']));
    const bad = [
      await hub.call('POST', `/runs/${first}/retry`, { fromNode: 'ghost' }),
      await hub.call('POST', `/runs/${first}/retry`, { outputs: { ghost: 1 } }),
      await hub.call('POST', `/runs/${first}/retry`, { version: 99 }),
      await hub.call('POST', `/runs/${first}/retry`, { nope: 1 }),
    ];
    return [
      is('same', sameRun.status, 'failed'),
      is('from', fromRun.output, { o: 2 }),
      is('by hand', byHandRun.output, { o: 'by hand' }),
      ...bad.flatMap((one, at) => refusal(`bad ${at}`, one, 400, 404, 409, 422)),
    ];
  }),
  scripted('retry of a loop keeps its completed items', async (hub, stub) => {
    const id = await publish(
      hub,
      graph(
        [
          each('{{ [1,2,3] }}', { concurrency: 1, result: '{{ nodes.h.output.body.n }}' }),
          http('h', `${stub}?key=it{{ item }}`, inL),
          code(
            'b',
            'if (ctx.item === 2 && ctx.nodes.h.output.body.n === 1 && !ctx.vars.never) { if (ctx.run.id === ctx.input.first || !ctx.input.go) throw new Error("no"); } return 1',
            inL,
          ),
          out('o', '{{ nodes.l.output }}'),
        ],
        [...chain('h', 'b'), ...chain('l', 'o')],
      ),
    );
    const first = await start(hub, id);
    await settled(hub, first);
    const second = await want<Body>(hub, 202, 'POST', `/runs/${first}/retry`, { fromNode: 'h', iteration: 1 }).catch(
      (fault: unknown) => ({ fault: String(fault) }) as Body,
    );
    if (second['fault'] !== undefined) return [String(second['fault'])];
    const run = await settled(hub, String(second['id']));
    return [is('output', run.output, { o: [1, 2, 1] })];
  }),
  scripted('subworkflow: output, input, failure with the child’s id, no wait, a version', async (hub) => {
    const child = await publish(
      hub,
      graph([code('a', 'if (ctx.input.bad) throw new Error("bad"); return ctx.input'), out('r', '{{ nodes.a.output }}')], chain('a', 'r')),
    );
    const parent = await publish(
      hub,
      graph(
        [
          node('s', 'subworkflow', { workflowId: child, input: { x: '{{ input.x }}' } }),
          node('n', 'subworkflow', { workflowId: child, version: 1, input: { x: 2 }, wait: false }),
          node('f', 'subworkflow', { workflowId: child, input: { bad: true } }, { onError: { mode: 'branch' } }),
          out('o', '{{ nodes.s.output }}'),
          out('n2', '{{ $keys(nodes.n.output) }}'),
          out('e', '{{ [nodes.f.error.code, $length(nodes.f.error.message) > 36] }}'),
        ],
        [...chain('s', 'o'), ...chain('n', 'n2'), edge('f', 'error', 'e')],
      ),
    );
    const run = await settled(hub, await start(hub, parent, { input: { x: 5 } }));
    return [
      is(
        'output',
        [(run.output as Body)['o'], (run.output as Body)['n2'], (run.output as Body)['e']],
        [{ r: { x: 5 } }, 'runId', ['subworkflow.failed', true]],
      ),
    ];
  }),
  scripted('subworkflow of itself ends at depth 10, without a slot of the workflow', async (hub) => {
    const id = await create(hub, graph([out('o', 1)]));
    const etag = (await hub.call('GET', `/workflows/${id}`)).headers.get('etag') ?? '';
    await want(
      hub,
      200,
      'PATCH',
      `/workflows/${id}`,
      { definition: { ...graph([node('s', 'subworkflow', { workflowId: id, input: {} })]), settings: { maxConcurrentRuns: 1 } } },
      { 'if-match': etag },
    );
    await want(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '' });
    const run = await settled(hub, await start(hub, id));
    const list = await want<{ items: { error: Body | null }[] }>(hub, 200, 'GET', `/runs?workflowId=${id}&limit=100`);
    return [
      is('status', run.status, 'failed'),
      is('code', run.error?.['code'], 'subworkflow.failed'),
      is('runs', list.items.length, 11),
      !JSON.stringify(list).includes('subworkflow.too-deep') && 'nobody says too-deep',
    ];
  }),
  scripted('cancel is passed down to a child', async (hub) => {
    const child = await publish(hub, sleeper);
    const parent = await publish(hub, graph([node('s', 'subworkflow', { workflowId: child, input: {} })]));
    const run = await start(hub, parent);
    await pause(1_500);
    const below = await want<{ items: Body[] }>(hub, 200, 'GET', `/runs?workflowId=${child}`);
    await hub.call('POST', `/runs/${run}/cancel`);
    const ended = await settled(hub, run);
    const under = await settled(hub, String(below.items[0]?.['id']));
    return [is('both', [ended.status, under.status], ['cancelled', 'cancelled'])];
  }),
  scripted('a webhook: accepted, result, wrong token, removed trigger 410', async (hub) => {
    const definition = graph(
      [node('r', 'respond', { status: 201, headers: { 'x-made': 'yes' }, body: { got: '{{ input.n }}', type: '{{ trigger.type }}' } })],
      [],
      { triggers: [{ id: 'hook', type: 'webhook', config: { respond: 'result' } }] },
    );
    const id = await create(hub, definition);
    const made = await want<{ urls: { url: string }[] }>(hub, 201, 'POST', `/workflows/${id}/publish`, {});
    const url = made.urls[0]?.url.split('/').at(-1) ?? '';
    const answer = await hub.call('POST', `/hooks/${url}`, { n: 5 });
    const wrong = await hub.call('POST', '/hooks/nonsense', { n: 5 });
    const etag = (await hub.call('GET', `/workflows/${id}`)).headers.get('etag') ?? '';
    await want(hub, 200, 'PATCH', `/workflows/${id}`, { definition: { ...definition, triggers: [] } }, { 'if-match': etag });
    await want(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '' });
    let gone = await hub.call('POST', `/hooks/${url}`, { n: 5 });
    for (let n = 0; n < 20 && gone.status !== 410; n += 1) {
      await pause(250);
      gone = await hub.call('POST', `/hooks/${url}`, { n: 5 });
    }
    return [
      is('answer', [answer.status, answer.headers.get('x-made'), answer.body], [201, 'yes', { got: 5, type: 'webhook' }]),
      ...refusal('wrong', wrong, 404),
      ...refusal('gone', gone, 410),
    ];
  }),
];
