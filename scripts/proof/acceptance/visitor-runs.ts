/** A fifth reader's cases with requests, further runs, pins and retries: what is due is taken from 03 alone. */
import { type ScriptedCase, same } from './api.ts';
import { broken, calc, chain, check, code, edge, graph, http, node, out } from './cases.ts';
import { type Hub, publish, rowsOf, saveDraft, settled, start, want } from './run.ts';
import { on } from './stranger-kit.ts';
import { type Part, each, inL, loop } from './unseen-kit.ts';
import { tell, visitor, within } from './visitor-kit.ts';
import { ask, ended, until, view, wait, waiting } from './wait-words.ts';

const version = (hub: Hub, workflow: string) => want<{ version: number }>(hub, 201, 'POST', `/workflows/${workflow}/publish`, { note: '' });
const sub = (id: string, workflowId: string, more: Part = {}, rest: Part = {}): Part =>
  node(id, 'subworkflow', { workflowId, input: {}, ...more }, rest);
const hookOf = async (hub: Hub, definition: object): Promise<string> => {
  const { id } = await want<{ id: string }>(hub, 201, 'POST', '/workflows', { name: 'visitor', definition });
  const published = await want<{ urls: { url: string }[] }>(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '' });
  return published.urls[0]?.url ?? '';
};
const post = async (url: string, body: object = {}): Promise<{ status: number; body: unknown; headers: Headers }> => {
  const got = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await got.text();
  return { status: got.status, body: text === '' ? null : (JSON.parse(text) as unknown), headers: got.headers };
};

const requests: ScriptedCase[] = [
  visitor('respond in the branches of a switch: the one that was taken answers, with its status and headers, filled', async (hub) => {
    const definition = graph(
      [
        node('s', 'switch', {
          cases: [
            { port: 'made', when: { left: '{{ input.n }}', op: 'gt', right: 1 } },
            { port: 'gone', when: { left: '{{ input.n }}', op: 'lt', right: 0 } },
          ],
        }),
        node('a', 'respond', { status: 201, headers: { 'x-n': '{{ input.n }}' }, body: { made: '{{ input.n }}' } }),
        node('b', 'respond', { status: 410, body: 'gone' }),
        broken('f', on('branch')),
        node('c', 'respond', { status: 503, headers: { 'retry-after': '7' }, body: { why: '{{ nodes.f.error.code }}' } }),
      ],
      [edge('s', 'made', 'a'), edge('s', 'gone', 'b'), edge('s', 'default', 'f'), edge('f', 'error', 'c')],
      { triggers: [{ id: 'hook', type: 'webhook', config: { respond: 'result' } }] },
    );
    const url = await hookOf(hub, definition);
    const [made, failed] = [await post(url, { n: 2 }), await post(url, { n: 1 })];
    const gone = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"n":-1}' });
    return [
      ...same('made', [made.status, made.headers.get('x-n'), made.body], [201, '2', { made: 2 }]),
      ...same('failed', [failed.status, failed.headers.get('retry-after'), failed.body], [503, '7', { why: 'code.threw' }]),
      ...same('gone', [gone.status, await gone.text()], [410, 'gone']),
    ];
  }),
  visitor('of two responds the first to come answers, the second warns; what fails afterwards changes no answer', async (hub) => {
    const definition = graph(
      [node('a', 'respond', { body: { n: 1 } }), node('b', 'respond', { status: 500, body: { n: 2 } }), broken('f')],
      chain('a', 'b', 'f'),
      { triggers: [{ id: 'hook', type: 'webhook', config: { respond: 'result' } }] },
    );
    const got = await post(await hookOf(hub, definition));
    return same('answer', [got.status, got.body], [200, { n: 1 }]);
  }),
  visitor('a respond that is skipped, or disabled, answers nothing: the output does, at the end', async (hub) => {
    const definition = graph(
      [
        check('c', 'false'),
        node('a', 'respond', { status: 418, body: 1 }),
        node('d', 'respond', { status: 418, body: 1 }, { disabled: true }),
        out('o', 'end'),
      ],
      [edge('c', 'true', 'a'), ...chain('d', 'o')],
      { triggers: [{ id: 'hook', type: 'webhook', config: { respond: 'result' } }] },
    );
    const got = await post(await hookOf(hub, definition));
    return same('answer', [got.status, got.body], [200, { o: 'end' }]);
  }),
  visitor('a respond within a child answers nobody and warns; the parent’s own answers', async (hub) => {
    const child = await publish(
      hub,
      graph([node('r', 'respond', { status: 418, body: 'child' }), out('o', '{{ nodes.r.output.answered }}')], chain('r', 'o')),
    );
    const definition = graph([sub('s', child), node('r', 'respond', { body: { child: '{{ nodes.s.output.o }}' } })], chain('s', 'r'), {
      triggers: [{ id: 'hook', type: 'webhook', config: { respond: 'result' } }],
    });
    const got = await post(await hookOf(hub, definition));
    return same('answer', [got.status, got.body], [200, { child: false }]);
  }),
  visitor('an edge of the trigger that fired is live and that of the other dead, also for a join of all', async (hub) => {
    const definition = graph(
      [
        calc('h', 'input.n'),
        calc('m', '"by hand"'),
        calc('both', '1', { join: 'all' }),
        out('o', ['{{ nodes.h.output }}', '{{ nodes.m.output }}', '{{ nodes.both.output }}', '{{ trigger.type }}']),
      ],
      [
        { from: 'hook', to: 'h' },
        { from: 'manual', to: 'm' },
        { from: 'hook', to: 'both' },
        { from: 'manual', to: 'both' },
        ...chain('h', 'o'),
        ...chain('m', 'o'),
        ...chain('both', 'o'),
      ],
      {
        triggers: [
          { id: 'manual', type: 'manual' },
          { id: 'hook', type: 'webhook', config: { respond: 'result' } },
        ],
      },
    );
    const { id } = await want<{ id: string }>(hub, 201, 'POST', '/workflows', { name: 'visitor', definition });
    const published = await want<{ urls: { url: string }[] }>(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '' });
    const got = await post(published.urls[0]?.url ?? '', { n: 5 });
    const byHand = await ended(hub, await start(hub, id));
    return [
      ...same('webhook', got.body, { o: [5, null, null, 'webhook'] }),
      ...same('by hand', byHand.output, { o: [null, 'by hand', null, 'manual'] }),
    ];
  }),
];

const children: ScriptedCase[] = [
  visitor('the version of a child: one that is named stays, "published" is that of the moment the node starts, also in a loop', async (hub) => {
    const one = graph([out('v', 1)]);
    const child = await publish(hub, one);
    const definition = graph(
      [
        each([0, 1], { concurrency: 1, result: ['{{ nodes.fixed.output.v }}', '{{ nodes.now.output.v }}'] }),
        wait('w', { signal: 'go' }, inL),
        sub('fixed', child, { version: 1 }, inL),
        sub('now', child, { version: 'published' }, inL),
        out('o', '{{ nodes.l.output }}'),
      ],
      [...chain('w', 'fixed', 'now'), ...chain('l', 'o')],
    );
    const run = await start(hub, await publish(hub, definition));
    await waiting(hub, run, 'signal');
    await tell(hub, run, 'go');
    await until(
      () => rowsOf(hub, run),
      (rows) => rows.some(({ path, status }) => path === 'l[1].w' && status === 'waiting'),
    );
    await saveDraft(hub, child, graph([out('v', 2)]));
    await version(hub, child);
    await tell(hub, run, 'go');
    return same('output', (await ended(hub, run)).output, {
      o: [
        [1, 1],
        [1, 2],
      ],
    });
  }),
  visitor('children in a loop: one fails and is collected, one is asked, one is done; the error names the failed run', async (hub) => {
    const child = await publish(
      hub,
      graph(
        [
          node('s', 'switch', {
            cases: [
              { port: 'bad', when: { left: '{{ input.n }}', op: 'eq', right: 1 } },
              { port: 'ask', when: { left: '{{ input.n }}', op: 'eq', right: 2 } },
            ],
          }),
          broken('b'),
          wait('w', { signal: 'child' }),
          out('v', '{{ input.n * 10 }}'),
        ],
        [edge('s', 'bad', 'b'), edge('s', 'ask', 'w'), edge('s', 'default', 'v'), ...chain('w', 'v')],
        { inputs: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] } },
      ),
    );
    const definition = graph(
      [
        each([0, 1, 2, 'x'], { concurrency: 4, onItemError: 'collect' }),
        sub('c', child, { input: { n: '{{ item }}' } }, inL),
        out('o', [
          '{{ nodes.l.output[0].v }}',
          '{{ nodes.l.output[1].error.code }}',
          '{{ nodes.l.output[2].v }}',
          '{{ $exists(nodes.l.output[3].error.code) }}',
        ]),
        out('why', '{{ nodes.l.output[1].error.message }}'),
      ],
      [...chain('l', 'o'), ...chain('l', 'why')],
    );
    const run = await start(hub, await publish(hub, definition));
    await waiting(hub, run, 'child');
    const { items } = await until(
      () => want<{ items: { id: string }[] }>(hub, 200, 'GET', `/runs?workflowId=${child}&status=waiting`),
      (list) => list.items.length === 1,
    );
    await tell(hub, items[0]?.id ?? '', 'child');
    const end = await ended(hub, run);
    const named = /[0-9a-f-]{36}/.exec(String(end.output['why']))?.[0] ?? '';
    const below = await want<{ status: string; error: { nodeId: string } }>(hub, 200, 'GET', `/runs/${named}`);
    return [
      ...same('output', end.output['o'], [0, 'subworkflow.failed', 20, true]),
      ...same('named', [below.status, below.error.nodeId], ['failed', 'b']),
    ];
  }),
  visitor('a child that nobody waits for goes on when its parent ends, and when it is cancelled', async (hub) => {
    const child = await publish(hub, graph([wait('w', { signal: 'go' }), out('v', 'done')], chain('w', 'v')));
    const definition = graph(
      [sub('c', child, { wait: false }), wait('p', { signal: 'never' }), out('o', '{{ nodes.c.output.runId }}')],
      [...chain('c', 'p'), ...chain('c', 'o')],
    );
    const run = await start(hub, await publish(hub, definition));
    await waiting(hub, run, 'signal');
    const { items } = await until(
      () => want<{ items: { id: string }[] }>(hub, 200, 'GET', `/runs?workflowId=${child}&status=waiting`),
      (list) => list.items.length === 1,
    );
    await want(hub, 202, 'POST', `/runs/${run}/cancel`);
    await ended(hub, run);
    const id = items[0]?.id ?? '';
    const alive = (await view(hub, id)).status;
    await tell(hub, id, 'go');
    return [...same('alive', alive, 'waiting'), ...same('end', (await ended(hub, id)).output, { v: 'done' })];
  }),
  visitor(
    'pause refuses starts of its own, and a run that calls it as a step goes on; archive refuses that too, and the step says so',
    async (hub) => {
      const child = await publish(hub, graph([out('v', 1)]));
      const definition = graph(
        [sub('c', child, {}, on('branch')), out('o', '{{ nodes.c.error.code }}'), out('v', '{{ nodes.c.output.v }}')],
        [edge('c', 'error', 'o'), edge('c', 'out', 'v')],
      );
      const workflow = await publish(hub, definition);
      const after = async (action: string) => {
        await want(hub, 200, 'POST', `/workflows/${child}/${action}`);
        const refused = await hub.call('POST', `/workflows/${child}/runs`, {});
        return [refused.status, (await ended(hub, await start(hub, workflow))).output];
      };
      return [
        ...same('paused', await after('pause'), [409, { v: 1 }]),
        ...same('archived', await after('archive'), [409, { o: 'subworkflow.not-startable' }]),
      ];
    },
  ),
];

const tests: ScriptedCase[] = [
  visitor('pins: a loop that is pinned does not begin its body; a pinned approval takes its decision; a pinned switch its port', async (hub) => {
    const definition = graph(
      [
        each([1, 2]),
        code('x', 'throw new Error("must not run")', inL),
        ask('q', {}),
        node('s', 'switch', { cases: [{ port: 'p', when: { any: [] } }] }),
        out('o', ['{{ nodes.l.output }}', '{{ nodes.q.output.by }}']),
        out('no', 1),
        out('p', 1),
      ],
      [...chain('l', 'q'), edge('q', 'rejected', 'o'), edge('q', 'approved', 'no'), ...chain('l', 's'), edge('s', 'p', 'p')],
    );
    const { id } = await want<{ id: string }>(hub, 201, 'POST', '/workflows', { name: 'visitor', definition });
    const pinned = { l: ['pinned'], q: { decision: 'rejected', by: 'me', at: null, form: null }, s: { port: 'p' } };
    const run = await start(hub, id, { draft: true, pinned });
    const end = await settled(hub, run);
    const rows = await rowsOf(hub, run);
    return [
      ...same('output', [end.status, end.output], ['completed', { o: [['pinned'], 'me'], p: 1 }]),
      ...same('body', rows.filter(({ nodeId, attempt }) => nodeId === 'x' && attempt > 0).length, 0),
      ...same('no', rows.find(({ nodeId }) => nodeId === 'no')?.status, 'skipped'),
    ];
  }),
  visitor('upTo a node of a loop’s far side runs the loop; upTo one of two ways leaves the other out', async (hub) => {
    const definition = graph(
      [each([1, 2]), calc('x', 'item * 3', inL), calc('sum', '$sum(nodes.l.output)'), calc('other', '1'), out('o', '{{ nodes.sum.output }}')],
      [...chain('l', 'sum', 'o'), ...chain('l', 'other')],
    );
    const { id } = await want<{ id: string }>(hub, 201, 'POST', '/workflows', { name: 'visitor', definition });
    const run = await start(hub, id, { draft: true, upTo: 'sum' });
    const end = await settled(hub, run);
    const rows = await rowsOf(hub, run);
    const state = (nodeId: string) => rows.find((row) => row.nodeId === nodeId)?.status;
    const got = await want(hub, 200, 'GET', `/runs/${run}/nodes/sum/output`);
    return [
      ...same('states', [end.status, state('sum'), state('other'), state('o')], ['completed', 'completed', 'skipped', 'skipped']),
      ...same('sum', got, 9),
    ];
  }),
  visitor('a retry of a run that failed two loops deep keeps the items that were done, at every depth', async (hub, stub) => {
    const definition = graph(
      [
        each([0, 1], { concurrency: 1 }),
        loop('k', { mode: 'for_each', items: [0, 1, 2], concurrency: 1 }, inL),
        http('h', `${stub}?key=deep-{{ loops.l.item }}-{{ item }}`, within('k')),
        code(
          'x',
          'if (ctx.loops.l.item === 1 && ctx.item === 1 && ctx.vars.visitor_ok !== true) throw new Error("not yet"); return ctx.nodes.h.output.body.n;',
          within('k'),
        ),
        out('o', '{{ nodes.l.output }}'),
      ],
      [...chain('h', 'x'), ...chain('l', 'o')],
    );
    await want(hub, 200, 'PUT', '/variables/visitor_ok', { value: false });
    const run = await start(hub, await publish(hub, definition));
    const first = await settled(hub, run);
    await want(hub, 200, 'PUT', '/variables/visitor_ok', { value: true });
    const again = await want<{ id: string }>(hub, 202, 'POST', `/runs/${run}/retry`, {});
    const second = await settled(hub, again.id);
    return [
      ...same('first', [first.status, first.error?.['path']], ['failed', 'l[1].k[1].x']),
      // Every far call was made once over both runs.
      ...same(
        'second',
        [second.status, second.output],
        [
          'completed',
          {
            o: [
              [1, 1, 1],
              [1, 1, 1],
            ],
          },
        ],
      ),
    ];
  }),
];

export const visitorRunCases: ScriptedCase[] = [...requests, ...children, ...tests];
