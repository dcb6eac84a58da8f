/** A fifth reader's cases with people, signals, requests and further runs: each a script over HTTP, what is due taken from 03 alone. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { same, type ScriptedCase } from './api.ts';
import { broken, calc, chain, check, code, edge, graph, http, node, out } from './cases.ts';
import { type Answer, type Hub, publish, rowsOf, saveDraft, settled, start, want } from './run.ts';
import { on } from './stranger-kit.ts';
import { each, inL, loop, type Part } from './unseen-kit.ts';
import { answer, ask, ended, pending, signal, until, view, wait, waiting } from './wait-words.ts';

const visitor = (name: string, run: ScriptedCase['run']): ScriptedCase => ({ name: `visitor: ${name}`, run });
const within = (parent: string): Part => ({ parent });
const asked = (hub: Hub, run: string, count: number) =>
  until(
    () => pending(hub, run),
    (open) => open.length >= count,
  );
const decide = (hub: Hub, run: string, path: string, decision: string, form?: object): Promise<Answer> =>
  answer(hub, run, 'q', { path, decision, messageId: randomUUID(), ...(form === undefined ? {} : { form }) });
const tell = (hub: Hub, run: string, name: string, body: Part = {}): Promise<Answer> => signal(hub, run, name, { messageId: randomUUID(), ...body });
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

const people: ScriptedCase[] = [
  visitor('the time of a loop ends while it asks: nobody is asked any more, an answer is late, and the error way goes on', async (hub) => {
    const definition = graph(
      [
        { ...each(['a', 'b'], { concurrency: 2 }), ...on('branch'), timeoutMs: 1500 },
        ask('q', { title: '{{ item }}' }, inL),
        out('o', '{{ nodes.l.error.code }}'),
      ],
      [edge('l', 'error', 'o')],
    );
    const run = await start(hub, await publish(hub, definition));
    const open = await asked(hub, run, 2);
    const end = await ended(hub, run);
    const late = await decide(hub, run, 'l[0].q', 'approved');
    return [
      ...same('titles', open.map((one) => one.title).toSorted(), ['a', 'b']),
      ...same('end', [end.status, end.output], ['completed', { o: 'step.timeout' }]),
      ...same('left', (await pending(hub, run)).length, 0),
      ...same('late', late.status, 409),
    ];
  }),
  visitor('an until that asks until it is approved, whose time-out counts as "ask again": rounds are told apart by their paths', async (hub) => {
    const definition = graph(
      [
        loop('w', {
          mode: 'until',
          condition: { left: '{{ previous.decision }}', op: 'eq', right: 'approved' },
          maxIterations: 5,
          result: '{{ nodes.m.output[0] }}',
        }),
        ask('q', { title: 'Round {{ iteration }}, before: {{ previous.decision }}', timeout: '{{ iteration = 0 ? "1s" : "1h" }}' }, within('w')),
        calc('late', '{"decision": "late"}', within('w')),
        node('m', 'merge', { mode: 'append' }, within('w')),
        out('o', ['{{ nodes.w.output.decision }}', '{{ nodes.w.output.form }}']),
      ],
      [edge('q', 'timeout', 'late'), edge('q', 'approved', 'm'), edge('q', 'rejected', 'm'), ...chain('late', 'm'), ...chain('w', 'o')],
    );
    const run = await start(hub, await publish(hub, definition));
    const round = (at: number) =>
      until(
        () => pending(hub, run),
        (open) => open[0]?.path === `w[${at}].q`,
      );
    const titles = [(await round(0))[0]?.title, (await round(1))[0]?.title];
    await decide(hub, run, 'w[1].q', 'rejected');
    titles.push((await round(2))[0]?.title);
    const old = await decide(hub, run, 'w[1].q', 'approved');
    await decide(hub, run, 'w[2].q', 'approved');
    return [
      ...same('titles', titles, ['Round 0, before: ', 'Round 1, before: late', 'Round 2, before: rejected']),
      ...same('old', old.status, 409),
      ...same('output', (await ended(hub, run)).output, { o: ['approved', null] }),
    ];
  }),
  visitor('a signal sent to the path of an iteration that has not begun is its own, and releases no other', async (hub) => {
    const definition = graph(
      [each([0, 1], { concurrency: 1 }), wait('w', { signal: 's' }, inL), out('o', '{{ nodes.l.output.payload }}')],
      chain('l', 'o'),
    );
    const run = await start(hub, await publish(hub, definition));
    await waiting(hub, run, 'signal');
    await tell(hub, run, 's', { payload: 'second', path: 'l[1].w' });
    await delay(700);
    const still = (await view(hub, run)).status;
    await tell(hub, run, 's', { payload: 'first' });
    return [...same('still', still, 'waiting'), ...same('output', (await ended(hub, run)).output, { o: ['first', 'second'] })];
  }),
  visitor('keys of items: three wait for one name, and each gets the signal of its key, in whatever order they come', async (hub) => {
    const definition = graph(
      [
        each('{{ input.orders }}', { concurrency: 3, result: { id: '{{ item.id }}', got: '{{ nodes.w.output.payload.n }}' } }),
        wait('w', { signal: 'paid', key: { order: '{{ item.id }}', at: [1] }, timeout: '1m' }, inL),
        calc('x', '1', inL),
        calc('late', '1', inL),
        out('o', '{{ nodes.l.output }}'),
      ],
      [edge('w', 'out', 'x'), edge('w', 'timeout', 'late'), ...chain('l', 'o')],
    );
    const run = await start(hub, await publish(hub, definition), { input: { orders: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] } });
    await waiting(hub, run, 'signal');
    for (const [n, order] of ['c', 'a', 'b'].entries()) await tell(hub, run, 'paid', { key: { at: [1], order }, payload: { n } });
    return same('output', (await ended(hub, run)).output, {
      o: [
        { id: 'a', got: 1 },
        { id: 'b', got: 2 },
        { id: 'c', got: 0 },
      ],
    });
  }),
  visitor('one is rejected and its handler fails, while another is still asked: collect waits for both', async (hub) => {
    const definition = graph(
      [
        each(['x', 'y'], { concurrency: 2, onItemError: 'collect', result: '{{ nodes.good.output }}' }),
        ask('q', {}, inL),
        calc('good', '"good " & item', inL),
        broken('bad', inL),
        out('o', ['{{ nodes.l.output[0].error.code }}', '{{ nodes.l.output[1] }}']),
      ],
      [edge('q', 'approved', 'good'), edge('q', 'rejected', 'bad'), ...chain('l', 'o')],
    );
    const run = await start(hub, await publish(hub, definition));
    await asked(hub, run, 2);
    await decide(hub, run, 'l[0].q', 'rejected');
    await delay(500);
    const open = (await pending(hub, run)).map(({ path }) => path);
    await decide(hub, run, 'l[1].q', 'approved');
    return [...same('open', open, ['l[1].q']), ...same('output', (await ended(hub, run)).output, { o: ['code.threw', 'good y'] })];
  }),
  visitor('onItemError fail while others are asked: the loop fails at once, and they are asked no more', async (hub) => {
    const definition = graph(
      [each(['x', 'y', 'z'], { concurrency: 3 }), ask('q', {}, inL), calc('good', '1', inL), broken('bad', inL)],
      [edge('q', 'approved', 'good'), edge('q', 'rejected', 'bad')],
    );
    const definitionOf = {
      ...definition,
      nodes: (definition['nodes'] as Part[]).map((one) => (one['id'] === 'l' ? { ...one, config: { ...(one['config'] as Part), result: 1 } } : one)),
    };
    const run = await start(hub, await publish(hub, definitionOf));
    await asked(hub, run, 3);
    await decide(hub, run, 'l[1].q', 'rejected');
    const end = await ended(hub, run);
    return [
      ...same('end', [end.status, end.error?.nodeId, (end.error as { path?: string } | null)?.path], ['failed', 'bad', 'l[1].bad']),
      ...same('left', (await pending(hub, run)).length, 0),
      ...same('late', (await decide(hub, run, 'l[0].q', 'approved')).status, 409),
    ];
  }),
  visitor('vars are those of the start, however long it waits', async (hub) => {
    const name = `visitor_${randomUUID().slice(0, 8)}`;
    await want(hub, 200, 'PUT', `/variables/${name}`, { value: 'before' });
    const definition = graph([wait('w', { signal: 's' }), out('o', `{{ vars.${name} }}`)], chain('w', 'o'));
    const workflow = await publish(hub, definition);
    const run = await start(hub, workflow);
    await waiting(hub, run, 'signal');
    await want(hub, 200, 'PUT', `/variables/${name}`, { value: 'after' });
    await tell(hub, run, 's');
    const second = await start(hub, workflow);
    await waiting(hub, second, 'signal');
    await tell(hub, second, 's');
    return [...same('first', (await ended(hub, run)).output, { o: 'before' }), ...same('second', (await ended(hub, second)).output, { o: 'after' })];
  }),
  visitor('a pause within a loop: what is in flight ends with its retries, no further item begins, and resume ends the rest', async (hub, stub) => {
    const definition = graph(
      [
        each([0, 1, 2, 3], { concurrency: 1 }),
        http('h', `${stub}?ms=400&key={{ run.id }}{{ item }}&failures=1&status=503`, { ...inL, retry: { maxAttempts: 2, initialMs: 1 } }),
        out('o', '{{ nodes.l.output.body.n }}'),
      ],
      chain('l', 'o'),
    );
    const run = await start(hub, await publish(hub, definition));
    await until(
      () => rowsOf(hub, run),
      (rows) => rows.some(({ nodeId }) => nodeId === 'h'),
    );
    await want(hub, 202, 'POST', `/runs/${run}/pause`);
    await waiting(hub, run, 'pause');
    const begun = new Set((await rowsOf(hub, run)).filter((row) => row.nodeId === 'h').map(({ path }) => path)).size;
    await delay(600);
    const later = new Set((await rowsOf(hub, run)).filter((row) => row.nodeId === 'h').map(({ path }) => path)).size;
    await want(hub, 202, 'POST', `/runs/${run}/resume`);
    const end = await ended(hub, run);
    return [...same('begun', begun <= 2 && later === begun, true), ...same('output', [end.status, end.output], ['completed', { o: [2, 2, 2, 2] }])];
  }),
  visitor('a cancel between two attempts ends the run within seconds, and the next attempt never comes', async (hub, stub) => {
    const definition = graph([
      http('h', `${stub}?key={{ run.id }}&failures=9`, { retry: { maxAttempts: 5, initialMs: 20_000, maxMs: 20_000, backoff: 'fixed' } }),
    ]);
    const run = await start(hub, await publish(hub, definition));
    await until(
      () => rowsOf(hub, run),
      (rows) => rows.some(({ status }) => status === 'failed'),
    );
    const began = performance.now();
    await want(hub, 202, 'POST', `/runs/${run}/cancel`);
    const end = await ended(hub, run);
    const took = performance.now() - began;
    const attempts = (await rowsOf(hub, run)).filter(({ attempt }) => attempt > 0).length;
    return [...same('end', end.status, 'cancelled'), ...same('within 10 s', took < 10_000, true), ...same('attempts', attempts, 1)];
  }),
];

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

export const visitorRunCases: ScriptedCase[] = [...people, ...requests, ...children, ...tests];
