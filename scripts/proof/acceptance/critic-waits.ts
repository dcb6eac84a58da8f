/** A fourth reader's cases: people and signals within loops within branches. */
import { randomUUID } from 'node:crypto';
import { same, type ScriptedCase } from './api.ts';
import { broken, calc, chain, edge, graph, node, out } from './cases.ts';
import { publish, start, want } from './run.ts';
import { on } from './stranger-kit.ts';
import { each, inL, loop } from './unseen-kit.ts';
import { answer, ask, ended, pending, signal, until, wait } from './wait-words.ts';
import type { Hub } from './run.ts';

const critic = (name: string, run: ScriptedCase['run']): ScriptedCase => ({ name: `critic: ${name}`, run });
const asked = (hub: Hub, run: string, count: number) =>
  until(
    () => pending(hub, run),
    (open) => open.length >= count,
  );
const decide = (hub: Hub, run: string, nodeId: string, path: string, decision: string, form?: object) =>
  answer(hub, run, nodeId, { path, decision, messageId: randomUUID(), ...(form === undefined ? {} : { form }) });

export const criticWaitCases: ScriptedCase[] = [
  critic('a loop whose body asks, of which one is rejected, one times out, one is approved: each takes its own port', async (hub) => {
    const definition = graph(
      [
        each('{{ ["a","b","c"] }}', {
          concurrency: 3,
          result: ['{{ item }}', '{{ nodes.yes.output }}', '{{ nodes.no.output }}', '{{ nodes.late.output }}'],
        }),
        ask('q', { timeout: '{{ item = "c" ? "2s" : "1h" }}' }, inL),
        calc('yes', '"yes " & nodes.q.output.decision', inL),
        calc('no', '"no " & item', inL),
        calc('late', '"late " & index', inL),
        out('o', '{{ nodes.l.output }}'),
      ],
      [edge('q', 'approved', 'yes'), edge('q', 'rejected', 'no'), edge('q', 'timeout', 'late'), ...chain('l', 'o')],
    );
    const run = await start(hub, await publish(hub, definition));
    await asked(hub, run, 2);
    const wrong = [
      ...same('first', (await decide(hub, run, 'q', 'l[0].q', 'approved')).status < 300, true),
      ...same('second', (await decide(hub, run, 'q', 'l[1].q', 'rejected')).status < 300, true),
    ];
    return [
      ...wrong,
      ...same('output', (await ended(hub, run)).output, {
        o: [
          ['a', 'yes approved', null, null],
          ['b', null, 'no b', null],
          ['c', null, null, 'late 2'],
        ],
      }),
    ];
  }),
  critic('an approval in the error branch of a loop: rejected ends with a failure of the handler', async (hub) => {
    const definition = graph(
      [
        { ...each('{{ [1] }}'), ...on('branch') },
        broken('b', inL),
        ask('q', { title: 'Go on although {{ nodes.l.error.code }}?' }),
        out('go', 'went on'),
        broken('stop'),
      ],
      [edge('l', 'error', 'q'), edge('q', 'approved', 'go'), edge('q', 'rejected', 'stop')],
    );
    const workflow = await publish(hub, definition);
    const [yes, no] = [await start(hub, workflow), await start(hub, workflow)];
    const [open] = await asked(hub, yes, 1);
    await asked(hub, no, 1);
    await decide(hub, yes, 'q', 'q', 'approved');
    await decide(hub, no, 'q', 'q', 'rejected');
    const [good, bad] = [await ended(hub, yes), await ended(hub, no)];
    return [
      ...same('title', open?.title, 'Go on although code.threw?'),
      ...same('good', [good.status, good.output], ['completed', { go: 'went on' }]),
      ...same('bad', [bad.status, bad.error?.nodeId], ['failed', 'stop']),
    ];
  }),
  critic('a form of an approval in a while decides whether it goes round again', async (hub) => {
    const definition = graph(
      [
        loop('w', { mode: 'until', condition: { left: '{{ previous.form.again }}', op: 'eq', right: false }, maxIterations: 5 }),
        ask('q', { form: { type: 'object', properties: { again: { type: 'boolean' } }, required: ['again'] } }, { parent: 'w' }),
        out('o', '{{ nodes.w.output.form.again }}'),
      ],
      chain('w', 'o'),
    );
    const run = await start(hub, await publish(hub, definition));
    const wrong: string[] = [];
    for (const [at, again] of [true, true, false].entries()) {
      await until(
        () => pending(hub, run),
        ([one]) => one?.path === `w[${at}].q`,
      );
      const bad = await decide(hub, run, 'q', `w[${at}].q`, 'approved', { again: 'maybe' });
      wrong.push(...same(`a form that does not fit, round ${at}`, bad.status, 422));
      wrong.push(...same(`round ${at}`, (await decide(hub, run, 'q', `w[${at}].q`, 'approved', { again })).status < 300, true));
    }
    return [...wrong, ...same('output', (await ended(hub, run)).output, { o: false })];
  }),
  critic('signals sent before the run waits are kept in their order, one for each iteration', async (hub) => {
    const definition = graph(
      [
        node('d', 'wait', { for: '1s' }),
        each('{{ [1,2,3] }}', { concurrency: 1 }),
        wait('s', { signal: 'next' }, inL),
        out('o', '{{ nodes.l.output.payload.n }}'),
      ],
      chain('d', 'l', 'o'),
    );
    const run = await start(hub, await publish(hub, definition));
    for (const n of [1, 2, 3]) await signal(hub, run, 'next', { payload: { n }, messageId: `m${n}` });
    await signal(hub, run, 'next', { payload: { n: 2 }, messageId: 'm2' });
    return same('output', (await ended(hub, run)).output, { o: [1, 2, 3] });
  }),
  critic('cancel while people are asked in a loop: nothing is asked any more, an answer is 409', async (hub) => {
    const definition = graph([each('{{ [1,2] }}'), ask('q', {}, inL), out('o', 1)], chain('l', 'o'));
    const run = await start(hub, await publish(hub, definition));
    await asked(hub, run, 2);
    await want(hub, 202, 'POST', `/runs/${run}/cancel`, {});
    const view = await ended(hub, run);
    return [
      ...same('status', view.status, 'cancelled'),
      ...same('open', await pending(hub, run), []),
      ...same('late', (await decide(hub, run, 'q', 'l[0].q', 'approved')).status, 409),
    ];
  }),
];
