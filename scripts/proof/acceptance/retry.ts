/** 03 "POST /runs/:id/retry": fix one thing, go on, and what was paid is not paid again. The far end counts the calls of each key. */
import { refuses, same, type ScriptedCase } from './api.ts';
import { calc, chain, code, graph, http, node, out } from './cases.ts';
import { type Hub, publish, rowsOf, saveDraft, settled, start, want } from './run.ts';

interface Plan {
  version: number | null;
  kept: { nodeId: string; items: number | null }[];
  runs: { nodeId: string; why: string; mayKeep: boolean }[];
}

let keys = 0;
const freshKey = (): string => `retry-${process.pid}-${(keys += 1)}`;
const calls = async (hub: Hub, run: string, id: string): Promise<unknown> =>
  (JSON.parse((await hub.call('GET', `/runs/${run}/nodes/${id}/output`)).text ?? 'null') as { body?: { n?: number } }).body?.n;

async function publishAgain(hub: Hub, workflow: string, definition: unknown): Promise<void> {
  await saveDraft(hub, workflow, definition);
  await want(hub, 201, 'POST', `/workflows/${workflow}/publish`, { note: 'mended' });
}

const retry = async (hub: Hub, run: string, body: object = {}): Promise<string> =>
  (await want<{ id: string }>(hub, 202, 'POST', `/runs/${run}/retry`, body)).id;
const failing = (id: string, stub: string): ReturnType<typeof http> => http(id, `${stub}/?key=x&failures=999&status=404`);

export const retryCases: ScriptedCase[] = [
  {
    name: 'retry: a mended version keeps what it did not change, and the far end is not called again',
    run: async (hub, stub) => {
      const key = freshKey();
      const made = (last: ReturnType<typeof http>): object =>
        graph(
          [http('paid', `${stub}/?key=${key}`), calc('twice', 'nodes.paid.output.body.n * 2'), last, out('v', '{{ nodes.twice.output }}')],
          chain('paid', 'twice', 'last', 'v'),
        );
      const workflow = await publish(hub, made(failing('last', stub)));
      const first = await start(hub, workflow);
      const failed = await settled(hub, first);
      await publishAgain(hub, workflow, made(http('last', `${stub}/?key=${key}-last`)));
      const plan = await want<Plan>(hub, 200, 'POST', `/runs/${first}/retry-plan`, { version: 'published' });
      const second = await retry(hub, first, { version: 'published' });
      const view = (await settled(hub, second)) as unknown as { status: string; output: unknown; retryOf: string; version: number };
      const rows = (await rowsOf(hub, second)) as unknown as { nodeId: string; seeded?: boolean }[];
      return [
        ...same('first', failed.status, 'failed'),
        ...same('kept beforehand', plan.kept.map(({ nodeId }) => nodeId).toSorted(), ['paid', 'twice']),
        ...same('runs beforehand', plan.runs, [
          { nodeId: 'last', label: 'last', why: 'changed', tokens: 0, costUsd: 0, mayKeep: false },
          { nodeId: 'v', label: 'v', why: 'downstream', tokens: 0, costUsd: 0, mayKeep: false },
        ]),
        ...same('second', [view.status, view.output, view.retryOf, view.version], ['completed', { v: 2 }, first, 2]),
        ...same('calls', await calls(hub, second, 'paid'), 1),
        ...same(
          'seeded',
          rows
            .filter((row) => row.seeded === true)
            .map(({ nodeId }) => nodeId)
            .toSorted(),
          ['paid', 'twice'],
        ),
      ];
    },
  },
  {
    name: 'retry: a half-done loop keeps its completed items; only the failed one is called again',
    run: async (hub, stub) => {
      const key = freshKey();
      const url = `${stub}/?key=${key}-{{ item }}&failures={{ item = 2 ? 1 : 0 }}&status=404`;
      const definition = graph(
        [
          node('each', 'loop', { mode: 'for_each', items: [0, 1, 2], concurrency: 1 }),
          http('call', url, { parent: 'each' }),
          out('v', '{{ nodes.each.output.body.n }}'),
        ],
        chain('each', 'v'),
      );
      const first = await start(hub, await publish(hub, definition));
      const failed = await settled(hub, first);
      const plan = await want<Plan>(hub, 200, 'POST', `/runs/${first}/retry-plan`, {});
      const view = await settled(hub, await retry(hub, first));
      return [
        ...same('first', [failed.status, failed.error?.path], ['failed', 'each[2].call']),
        ...same(
          'kept beforehand',
          plan.kept.map(({ nodeId, items }) => [nodeId, items]),
          [['call', 2]],
        ),
        ...same('second', [view.status, view.output], ['completed', { v: [1, 1, 2] }]),
      ];
    },
  },
  {
    name: 'retry: from a node, it and all downstream run again with a new effect key; from one iteration, that one',
    run: async (hub, stub) => {
      const key = freshKey();
      const definition = graph(
        [
          http('a', `${stub}/?key=${key}-a`),
          http('b', `${stub}/?key=${key}-b`),
          out('v', '{{ nodes.a.output.body.n & "-" & nodes.b.output.body.n }}'),
        ],
        chain('a', 'b', 'v'),
      );
      const first = await start(hub, await publish(hub, definition));
      await settled(hub, first);
      const again = await settled(hub, await retry(hub, first, { fromNode: 'b' }));
      const looped = graph(
        [
          node('each', 'loop', { mode: 'for_each', items: [0, 1], concurrency: 1 }),
          http('call', `${stub}/?key=${key}-{{ item }}`, { parent: 'each' }),
          out('v', '{{ nodes.each.output.body.n }}'),
        ],
        chain('each', 'v'),
      );
      const whole = await start(hub, await publish(hub, looped));
      await settled(hub, whole);
      const one = await settled(hub, await retry(hub, whole, { fromNode: 'call', iteration: 1 }));
      return [...same('from a node', again.output, { v: '1-2' }), ...same('one iteration', one.output, { v: [1, 2] })];
    },
  },
  {
    name: 'retry: an output set by hand stands, and what is downstream of it runs again',
    run: async (hub, stub) => {
      const definition = graph([failing('a', stub), calc('b', 'nodes.a.output.n + 1'), out('v', '{{ nodes.b.output }}')], chain('a', 'b', 'v'));
      const first = await start(hub, await publish(hub, definition));
      await settled(hub, first);
      const view = await settled(hub, await retry(hub, first, { outputs: { a: { n: 41 } } }));
      return same('second', [view.status, view.output], ['completed', { v: 42 }]);
    },
  },
  {
    name: 'retry: downstream of a change a step keeps its output where its config comes out the same, and runs where it does not',
    run: async (hub, stub) => {
      const key = freshKey();
      const made = (word: string, n: string, last: ReturnType<typeof http>): object =>
        graph(
          [
            calc('word', word),
            calc('n', n),
            http('alike', `${stub}/?key=${key}-alike&word={{ nodes.word.output }}`),
            http('other', `${stub}/?key=${key}-other&n={{ nodes.n.output }}`),
            code('code', 'return ctx.nodes.word.output + "!"'),
            last,
            out('v', '{{ nodes.alike.output.body.n & "-" & nodes.other.output.body.n & nodes.code.output }}'),
          ],
          [...chain('word', 'alike', 'last', 'v'), ...chain('n', 'other', 'last'), ...chain('word', 'code', 'last')],
        );
      const workflow = await publish(hub, made('"x"', '1', failing('last', stub)));
      const first = await start(hub, workflow);
      const failed = await settled(hub, first);
      await publishAgain(hub, workflow, made('$lowercase("X")', '2', http('last', `${stub}/?key=${key}-last`)));
      const plan = await want<Plan>(hub, 200, 'POST', `/runs/${first}/retry-plan`, { version: 'published' });
      const second = await retry(hub, first, { version: 'published' });
      const view = await settled(hub, second);
      const rows = (await rowsOf(hub, second)) as unknown as { nodeId: string; cached?: { runId: string; by?: string } }[];
      const third = await settled(hub, await retry(hub, second, { fromNode: 'word' }));
      return [
        ...same('first', failed.status, 'failed'),
        ...same(
          'may be kept',
          plan.runs
            .filter(({ mayKeep }) => mayKeep)
            .map(({ nodeId }) => nodeId)
            .toSorted(),
          ['alike', 'code', 'other'],
        ),
        ...same('second', [view.status, view.output], ['completed', { v: '1-2x!' }]),
        ...same(
          'taken over',
          rows
            .filter(({ cached }) => cached?.by === 'run' && cached.runId === first)
            .map(({ nodeId }) => nodeId)
            .toSorted(),
          ['alike', 'code'],
        ),
        ...same('downstream of the node named all runs again', third.output, { v: '2-2x!' }),
      ];
    },
  },
  {
    name: 'retry: items of a changed list are compared place by place',
    run: async (hub, stub) => {
      const key = freshKey();
      const made = (list: string, last: ReturnType<typeof http>): object =>
        graph(
          [calc('list', list), http('call', `${stub}/?key=${key}-{{ item }}`, {}, {}), last, out('v', '{{ nodes.call.output.body.n }}')].map((one) =>
            one['id'] === 'call' ? { ...one, config: { ...(one['config'] as object), forEach: '{{ nodes.list.output }}' } } : one,
          ),
          chain('list', 'call', 'last', 'v'),
        );
      const workflow = await publish(hub, made('[1, 2, 3]', failing('last', stub)));
      const first = await start(hub, workflow);
      await settled(hub, first);
      await publishAgain(hub, workflow, made('[1, 5, 3, 1]', http('last', `${stub}/?key=${key}-last`)));
      const view = await settled(hub, await retry(hub, first, { version: 'published' }));
      // 1 and 3 stand, 5 is new, and the second 1 has a place of its own: it is called.
      return same('second', [view.status, view.output], ['completed', { v: [1, 1, 1, 2] }]);
    },
  },
  {
    name: 'retry: on the draft it is a test run with what the draft did not change kept',
    run: async (hub, stub) => {
      const key = freshKey();
      const made = (last: ReturnType<typeof http>): object =>
        graph([http('paid', `${stub}/?key=${key}`), last, out('v', '{{ nodes.paid.output.body.n }}')], chain('paid', 'last', 'v'));
      const workflow = await publish(hub, made(failing('last', stub)));
      const first = await start(hub, workflow);
      await settled(hub, first);
      await saveDraft(hub, workflow, made(http('last', `${stub}/?key=${key}-last`)));
      const plan = await want<Plan>(hub, 200, 'POST', `/runs/${first}/retry-plan`, { version: 'draft' });
      const second = await retry(hub, first, { version: 'draft' });
      const view = (await settled(hub, second)) as unknown as { status: string; output: unknown; version: number | null; test?: boolean };
      await saveDraft(hub, workflow, made(http('last', '{{ nodes.nobody.output }}')));
      const faulty = await hub.call('POST', `/runs/${first}/retry`, { version: 'draft' });
      return [
        ...same(
          'plan',
          [plan.version, plan.kept.map(({ nodeId }) => nodeId), plan.runs.map(({ nodeId }) => nodeId)],
          [null, ['paid'], ['last', 'v']],
        ),
        ...same('second', [view.status, view.output, view.version], ['completed', { v: 1 }, null]),
        ...refuses(faulty, 422, 'definition.invalid'),
      ];
    },
  },
  {
    name: 'retry: wrong wishes are refused with every fault, and a run that goes on is 409',
    run: async (hub, stub) => {
      const slow = await start(hub, await publish(hub, graph([http('a', `${stub}/?ms=3000`), out('v', 1)], chain('a', 'v'))));
      const early = await hub.call('POST', `/runs/${slow}/retry`, {});
      const done = await start(hub, await publish(hub, graph([calc('a', '1'), out('v', 1)], chain('a', 'v'))));
      await settled(hub, done);
      const wrong = await hub.call('POST', `/runs/${done}/retry`, { fromNode: 'gone', outputs: { nowhere: 1 } });
      const paths = ((wrong.body as { errors?: { path: string }[] }).errors ?? []).map(({ path }) => path).toSorted();
      return [
        ...refuses(early, 409, 'run.not-settled'),
        ...refuses(wrong, 422, 'run.invalid-retry'),
        ...same('paths', paths, ['/fromNode', '/outputs/nowhere']),
        ...refuses(await hub.call('POST', `/runs/${done}/retry`, { version: 99 }), 422, 'workflow.no-such-version'),
        ...refuses(await hub.call('POST', `/runs/${done}/retry`, { iteration: 1 }), 400),
      ];
    },
  },
  {
    name: 'retry: one Idempotency-Key is one new run',
    run: async (hub, stub) => {
      const first = await start(hub, await publish(hub, graph([failing('a', stub), out('v', 1)], chain('a', 'v'))));
      await settled(hub, first);
      const key = { 'idempotency-key': freshKey() };
      const [one, two] = [await hub.call('POST', `/runs/${first}/retry`, {}, key), await hub.call('POST', `/runs/${first}/retry`, {}, key)];
      return same('runs', (two.body as { id: string }).id, (one.body as { id: string }).id);
    },
  },
];
