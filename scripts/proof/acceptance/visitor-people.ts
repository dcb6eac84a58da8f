/** A fifth reader's cases with people, signals, pauses and cancels, mostly within loops: what is due is taken from 03 alone. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type ScriptedCase, same } from './api.ts';
import { broken, calc, chain, edge, graph, http, node, out } from './cases.ts';
import { type Answer, type Hub, publish, rowsOf, start, want } from './run.ts';
import { on } from './stranger-kit.ts';
import { type Part, each, inL, loop } from './unseen-kit.ts';
import { tell, visitor, within } from './visitor-kit.ts';
import { answer, ask, ended, pending, until, view, wait, waiting } from './wait-words.ts';

const asked = (hub: Hub, run: string, count: number) =>
  until(
    () => pending(hub, run),
    (open) => open.length >= count,
  );
const decide = (hub: Hub, run: string, path: string, decision: string, form?: object): Promise<Answer> =>
  answer(hub, run, 'q', { path, decision, messageId: randomUUID(), ...(form === undefined ? {} : { form }) });

export const visitorPeopleCases: ScriptedCase[] = [
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
