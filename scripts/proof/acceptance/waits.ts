/** 03: kinds wait, approval and subworkflow; rules 8, 11, 12; signals, answers, pause and resume over HTTP. */
import { refuses, same, type ScriptedCase } from './api.ts';
import { calc, chain, edge, graph, node, out, type RefusedCase, type RunCase } from './cases.ts';
import { childCases, pauseCases } from './child-runs.ts';
import { publish, rowsOf, start, want } from './run.ts';
import { answer, ask, ended, gives, pending, signal, until, wait, waiting, type Approval, type Part } from './wait-words.ts';

/** Without anybody from outside. */
export const waitRunCases: RunCase[] = [
  gives('wait for a duration: goes on by out with { }', graph([wait('w', { for: '200ms' }), out('v', '{{ nodes.w.output }}')], chain('w', 'v')), {
    v: {},
  }),
  gives('wait until a time that is past: at once', graph([wait('w', { until: '2001-01-01T00:00' }), out('v', '1')], chain('w', 'v')), { v: '1' }),
  {
    name: 'wait until something that is no time fails the step',
    definition: graph([wait('w', { until: '{{ input.when }}' })]),
    input: { when: 'soon' },
    expect: { status: 'failed', error: { code: 'wait.no-time', nodeId: 'w' } },
  },
  gives(
    'wait for a signal with a time limit that passes: port timeout',
    graph(
      [wait('w', { signal: 'x', timeout: '200ms' }), out('late', 'late'), out('ok', 'ok')],
      [edge('w', 'timeout', 'late'), edge('w', 'out', 'ok')],
    ),
    { late: 'late' },
  ),
  gives(
    'approval with a time limit that passes: port timeout',
    graph([ask('a', { timeout: '200ms' }), out('late', '{{ nodes.a.output.decision }}')], [edge('a', 'timeout', 'late')]),
    { late: 'timeout' },
  ),
  gives(
    'a disabled approval takes approved',
    graph([calc('x', '7'), ask('a', {}, { disabled: true }), out('v', '{{ nodes.a.output }}')], [...chain('x', 'a'), edge('a', 'approved', 'v')]),
    { v: 7 },
  ),
  gives(
    'waits in a loop: each iteration its own',
    graph(
      [
        node('l', 'loop', { mode: 'for_each', items: [30, 10, 20], concurrency: 3, result: '{{ nodes.b.output }}' }),
        wait('w', { for: '50ms' }, { parent: 'l' }),
        calc('b', 'item', { parent: 'l' }),
        out('v', '{{ nodes.l.output }}'),
      ],
      [...chain('w', 'b'), ...chain('l', 'v')],
    ),
    { v: [30, 10, 20] },
  ),
  gives(
    'a while loop with a wait in its body, and a loop in it',
    graph(
      [
        node('l', 'loop', { mode: 'while', condition: { left: '{{ previous }}', op: 'lt', right: 3 }, initial: 0, result: '{{ nodes.add.output }}' }),
        wait('w', { for: '10ms' }, { parent: 'l' }),
        node('m', 'loop', { mode: 'for_each', items: [1, 2] }, { parent: 'l' }),
        calc('n', 'item', { parent: 'm' }),
        calc('add', 'previous + $count(nodes.m.output) - 1', { parent: 'l' }),
        out('v', '{{ nodes.l.output }}'),
      ],
      [...chain('w', 'm', 'add'), ...chain('l', 'v')],
    ),
    { v: 3 },
  ),
  {
    name: 'timeoutMs of a wait limits the whole',
    definition: graph([wait('w', { signal: 'x' }, { timeoutMs: 200 })]),
    expect: { status: 'failed', error: { code: 'step.timeout', nodeId: 'w' } },
  },
  gives(
    'settings.timeoutMs counts only time not waiting',
    graph([wait('w', { for: '1500ms' }), out('v', 'there')], chain('w', 'v'), { settings: { timeoutMs: 1000 } }),
    { v: 'there' },
  ),
];

export const waitRefusedCases: RefusedCase[] = [
  {
    name: 'A wait with two ways',
    definition: graph([wait('w', { for: '1s', until: '2030-01-01' })]),
    refused: [{ node: 'w', path: '/nodes/0/config' }],
  },
  {
    name: 'A port timeout without a time limit',
    definition: graph([wait('w', { signal: 'x' }), out('v', 1)], [edge('w', 'timeout', 'v')]),
    refused: [{ path: '/edges/0' }],
  },
  {
    name: 'retry on an approval',
    definition: graph([ask('a', {}, { retry: { maxAttempts: 2 } })]),
    refused: [{ node: 'a', path: '/nodes/0/retry' }],
  },
];

const signals: ScriptedCase[] = [
  {
    name: 'A signal releases the longest waiting of its name; one that comes first is kept; the same messageId counts once',
    run: async (hub) => {
      const first = wait('first', { signal: 'go' });
      const second = wait('second', { signal: 'go' });
      const definition = graph(
        [first, second, out('v', ['{{ nodes.first.output.payload }}', '{{ nodes.second.output.payload }}'])],
        chain('first', 'second', 'v'),
      );
      const run = await start(hub, await publish(hub, definition));
      await waiting(hub, run, 'signal');
      const one = await signal(hub, run, 'go', { payload: { n: 1 }, messageId: 'm1' });
      const again = await signal(hub, run, 'go', { payload: { n: 9 }, messageId: 'm1' });
      await signal(hub, run, 'other', { messageId: 'm2' });
      const two = await signal(hub, run, 'go', { payload: [2], messageId: 'm3' });
      const end = await ended(hub, run);
      const after = await signal(hub, run, 'go', { messageId: 'm4' });
      return [
        ...same('answers', [one.status, again.status, two.status], [202, 202, 202]),
        ...same('repeated', (again.body as { repeated: boolean }).repeated, true),
        ...same('output', end.output, { v: [{ n: 1 }, [2]] }),
        ...refuses(after, 409),
      ];
    },
  },
  {
    name: 'Signals with a key reach the wait with that key; path names one iteration',
    run: async (hub) => {
      const loop = node('l', 'loop', { mode: 'for_each', items: ['a', 'b', 'c'], concurrency: 3, result: '{{ nodes.w.output.payload }}' });
      const definition = graph(
        [loop, wait('w', { signal: 'go', key: '{{ item }}' }, { parent: 'l' }), out('v', '{{ nodes.l.output }}')],
        chain('l', 'v'),
      );
      const run = await start(hub, await publish(hub, definition));
      await waiting(hub, run, 'signal');
      await signal(hub, run, 'go', { payload: 'for c', key: 'c', messageId: '1' });
      await signal(hub, run, 'go', { payload: 'for b', path: 'l[1].w', messageId: '2' });
      await signal(hub, run, 'go', { payload: 'for a', messageId: '3' });
      return same('output', (await ended(hub, run)).output, { v: ['for a', 'for b', 'for c'] });
    },
  },
  {
    name: 'Cancel ends a run that waits',
    run: async (hub) => {
      const run = await start(hub, await publish(hub, graph([wait('w', { signal: 'x', timeout: '1h' }), calc('b', '1')], chain('w', 'b'))));
      await waiting(hub, run, 'signal');
      await want(hub, 202, 'POST', `/runs/${run}/cancel`);
      const end = await ended(hub, run);
      const rows = (await rowsOf(hub, run)).map((row) => `${row.nodeId} ${row.status}`).toSorted();
      return [...same('status', end.status, 'cancelled'), ...same('rows', rows, ['b skipped', 'w cancelled'])];
    },
  },
];

const approvals: ScriptedCase[] = [
  {
    name: 'approval: asked, listed, form checked, answered once, output { decision, by, at, form }',
    run: async (hub) => {
      const form = { type: 'object', properties: { amount: { type: 'integer' } }, required: ['amount'] };
      const definition = graph(
        [ask('a', { body: 'For {{ input.what }}', form }), out('yes', '{{ nodes.a.output }}'), out('no', 'no')],
        [edge('a', 'approved', 'yes'), edge('a', 'rejected', 'no')],
      );
      const run = await start(hub, await publish(hub, definition), { input: { what: 'paper' } });
      await waiting(hub, run, 'approval');
      const [open] = await pending(hub, run);
      const bad = await answer(hub, run, 'a', { decision: 'approved', form: { amount: 'x' }, messageId: 'm0' });
      const wrong = await answer(hub, run, 'a', { decision: 'retry', messageId: 'm0' });
      const good = await answer(hub, run, 'a', { decision: 'approved', form: { amount: 4 }, messageId: 'm1' });
      const again = await answer(hub, run, 'a', { decision: 'approved', form: { amount: 4 }, messageId: 'm1' });
      const late = await answer(hub, run, 'a', { decision: 'rejected', messageId: 'm2' });
      const end = await ended(hub, run);
      const given = (end.output['yes'] ?? {}) as Part;
      const shown = await want<Approval>(hub, 200, 'GET', `/approvals/${open?.id ?? ''}`);
      return [
        ...same('title', open?.title, 'Sure about paper?'),
        ...refuses(bad, 422),
        ...same('fault', (bad.body as { errors: { path: string }[] }).errors[0]?.path, '/form/amount'),
        ...refuses(wrong, 422),
        ...same('answers', [good.status, again.status], [202, 202]),
        ...refuses(late, 409),
        ...same('output', [given['decision'], given['form'], typeof given['at'], 'by' in given], ['approved', { amount: 4 }, 'string', true]),
        ...same('shown', [shown.status, shown.answer?.form], ['approved', { amount: 4 }]),
        ...same('no', end.output['no'], undefined),
      ];
    },
  },
  {
    name: 'Approvals in a loop: only the iteration that the answer names goes on',
    run: async (hub) => {
      const loop = node('l', 'loop', { mode: 'for_each', items: [0, 1, 2], concurrency: 3, result: '{{ nodes.ok.output.decision }}' });
      const definition = graph([loop, ask('ok', {}, { parent: 'l' }), out('v', '{{ nodes.l.output }}')], chain('l', 'v'));
      const run = await start(hub, await publish(hub, definition));
      await until(
        () => pending(hub, run),
        (items) => items.length === 3,
      );
      const nameless = await answer(hub, run, 'ok', { decision: 'approved', messageId: 'm' });
      await answer(hub, run, 'ok', { decision: 'rejected', path: 'l[1].ok', messageId: 'm1' });
      const left = await until(
        () => pending(hub, run),
        (items) => items.length === 2,
      );
      for (const { path } of left) await answer(hub, run, 'ok', { decision: 'approved', path, messageId: path });
      return [
        ...refuses(nameless, 409),
        ...same('left', left.map(({ path }) => path).toSorted(), ['l[0].ok', 'l[2].ok']),
        ...same('output', (await ended(hub, run)).output, { v: ['approved', 'rejected', 'approved'] }),
      ];
    },
  },
  {
    name: 'An approval that names others is not for this caller; nobody is asked any more when the run ends',
    run: async (hub) => {
      const run = await start(hub, await publish(hub, graph([ask('a', { approvers: ['nobody@example.test'] })])));
      await waiting(hub, run, 'approval');
      const refused = await answer(hub, run, 'a', { decision: 'approved', messageId: 'm' });
      await want(hub, 202, 'POST', `/runs/${run}/cancel`);
      await ended(hub, run);
      const { items } = await want<{ items: Approval[] }>(hub, 200, 'GET', `/approvals?runId=${run}`);
      return [...refuses(refused, 403), ...same('status', items[0]?.status, 'cancelled')];
    },
  },
  {
    name: 'run.resumeUrls: a one-time link, masked where stored; a GET never answers, the token answers once',
    run: async (hub, stub) => {
      const definition = graph(
        [
          node('tell', 'action', {
            connector: 'http',
            action: 'request',
            params: { method: 'PUT', url: `${stub}/echo`, body: { link: '{{ run.resumeUrls.a }}' } },
          }),
          calc('peek', 'run.resumeUrls.a'),
          ask('a'),
          out('v', '{{ nodes.a.output.decision }}'),
        ],
        [...chain('tell', 'a'), ...chain('peek', 'a'), edge('a', 'approved', 'v')],
      );
      const run = await start(hub, await publish(hub, definition));
      await waiting(hub, run, 'approval');
      const rows = (await rowsOf(hub, run)) as unknown as { nodeId: string; input: unknown; output: unknown }[];
      const stored = JSON.stringify(rows.find((row) => row.nodeId === 'tell'));
      const [open] = await pending(hub, run);
      const wrong = await hub.call('GET', `/approvals/${open?.id ?? ''}/link?token=${'x'.repeat(43)}`);
      await answer(hub, run, 'a', { decision: 'approved', messageId: 'm' });
      await ended(hub, run);
      return [
        ...same('masked', /resume\/[A-Za-z0-9_-]{43}/.test(stored), false),
        ...same('has a link', stored.includes('one-time link'), true),
        ...same('no other step sees it', rows.find((row) => row.nodeId === 'peek')?.output, null),
        ...refuses(wrong, 404),
      ];
    },
  },
];

export const waitCases: ScriptedCase[] = [...signals, ...approvals, ...childCases, ...pauseCases].map((one) => ({
  ...one,
  name: `waits: ${one.name}`,
}));
