/** 03 "Core HTTP API", the second reading: many at once, repeats, and what is not there. */
import { refuses, same, type ScriptedCase } from './api.ts';
import { broken, calc, chain, graph, http, node, out } from './cases.ts';
import { create, publish, rowsOf, settled, start, want } from './run.ts';

const simple = (value: unknown = 1): object => graph([out('v', value)]);

export const moreApiCases: ScriptedCase[] = [
  {
    name: 'Idempotency-Key sent ten times at once is one run',
    run: async (hub) => {
      const wf = await publish(hub, simple());
      const runs = await Promise.all(Array.from({ length: 10 }, async () => start(hub, wf, { input: {} }, { 'idempotency-key': `t-${wf}` })));
      return same('runs', new Set(runs).size, 1);
    },
  },
  {
    name: 'Two edits with one If-Match at once: one is taken, the other 412',
    run: async (hub) => {
      const wf = await create(hub, simple());
      const { revision } = await want<{ revision: number }>(hub, 200, 'GET', `/workflows/${wf}`);
      const answers = await Promise.all(
        [2, 3, 4].map(async (n) => hub.call('PATCH', `/workflows/${wf}`, { definition: simple(n) }, { 'if-match': `"${revision}"` })),
      );
      return same(
        'statuses',
        answers.map((one) => one.status).toSorted((a, b) => a - b),
        [200, 412, 412],
      );
    },
  },
  {
    name: 'Idempotency-Key on POST /workflows gives the same workflow',
    run: async (hub) => {
      const key = { 'idempotency-key': crypto.randomUUID() };
      const body = { name: 'acceptance', definition: simple() };
      const made = [
        await want<{ id: string }>(hub, 201, 'POST', '/workflows', body, key),
        await want<{ id: string }>(hub, 201, 'POST', '/workflows', body, key),
      ];
      return [...same('ids', made[0]?.id, made[1]?.id), ...refuses(await hub.call('POST', '/workflows', { ...body, name: 'other' }, key), 422)];
    },
  },
  {
    name: 'A number that JSON text can hold and no value can (1e400) is refused, not silently null',
    run: async (hub) => refuses(await hub.call('POST', `/workflows/${await publish(hub, simple())}/runs`, '{"input":{"n":1e400}}'), 400),
  },
  {
    name: '?wait= holds at most as long as it says and answers the run as it is',
    run: async (hub, stub) => {
      const run = await start(hub, await publish(hub, graph([http('h', `${stub}/?ms=2500`)])));
      const began = Date.now();
      const view = await want<{ status: string }>(hub, 200, 'GET', `/runs/${run}?wait=1`);
      const held = Date.now() - began;
      return [
        ...same('status', ['starting', 'queued', 'running'].includes(view.status), true),
        ...same('held about 1 s', held > 500 && held < 2400, true),
        ...same('end', (await settled(hub, run)).status, 'completed'),
      ];
    },
  },
  {
    name: 'validate answers the faults that publish refuses, and changes nothing',
    run: async (hub) => {
      const wf = await create(hub, graph([calc('a', '1 +'), calc('b', 'nodes.c.output')]));
      const checked = await want<{ ok: boolean; errors: { path: string; nodeId?: string }[] }>(hub, 200, 'POST', `/workflows/${wf}/validate`, {});
      const refused = (await hub.call('POST', `/workflows/${wf}/publish`, { note: '' })).body as { errors: unknown[] };
      return [
        ...same('ok', checked.ok, false),
        ...same(
          'nodes',
          checked.errors.map((one) => one.nodeId),
          ['a', 'b'],
        ),
        ...same('errors', checked.errors, refused.errors),
      ];
    },
  },
  {
    name: 'A workflow that never ran is deleted; then it is 404; with runs 409',
    run: async (hub) => {
      const wf = await create(hub, simple());
      const gone = await hub.call('DELETE', `/workflows/${wf}`);
      const ran = await publish(hub, simple());
      await settled(hub, await start(hub, ran));
      return [
        ...same('delete', gone.status, 204),
        ...refuses(await hub.call('GET', `/workflows/${wf}`), 404),
        ...refuses(await hub.call('DELETE', `/workflows/${ran}`), 409),
      ];
    },
  },
  {
    name: 'Cancel after the end is a conflict and changes nothing',
    run: async (hub) => {
      const run = await start(hub, await publish(hub, simple()));
      await settled(hub, run);
      return [...refuses(await hub.call('POST', `/runs/${run}/cancel`), 409), ...same('status', (await settled(hub, run)).status, 'completed')];
    },
  },
  {
    name: 'maxParallel: at most so many at a time, in order of node id',
    run: async (hub, stub) => {
      const ids = ['c', 'a', 'd', 'b'];
      const run = await start(
        hub,
        await publish(
          hub,
          graph(
            ids.map((id) => http(id, `${stub}/?ms=60`)),
            [],
            { settings: { maxParallel: 1 } },
          ),
        ),
      );
      await settled(hub, run);
      const rows = (await rowsOf(hub, run)) as unknown as { nodeId: string; startedAt: string; completedAt: string }[];
      const order = rows.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
      const apart = order.every((row, at) => at === 0 || row.startedAt >= (order[at - 1]?.completedAt ?? ''));
      return [
        ...same(
          'order',
          order.map((row) => row.nodeId),
          ['a', 'b', 'c', 'd'],
        ),
        ...same('one at a time', apart, true),
      ];
    },
  },
  {
    name: 'concurrency: iterations at most so many at a time, and the input of each in its row',
    run: async (hub, stub) => {
      const run = await start(
        hub,
        await publish(
          hub,
          graph([
            node('l', 'loop', { mode: 'for_each', items: [1, 2, 3, 4, 5], concurrency: 2 }),
            http('b', `${stub}/?ms=80&i={{ item }}`, { parent: 'l' }),
          ]),
        ),
      );
      await settled(hub, run);
      const rows = (
        (await rowsOf(hub, run)) as unknown as { nodeId: string; startedAt: string; completedAt: string; input: { url: string } }[]
      ).filter((row) => row.nodeId === 'b');
      const most = Math.max(
        ...rows.map((row) => rows.filter((other) => other.startedAt <= row.startedAt && other.completedAt > row.startedAt).length),
      );
      return [
        ...same('rows', rows.length, 5),
        ...same('at most 2', most <= 2, true),
        ...same(
          'filled',
          rows.every((row) => /i=\d$/.test(row.input.url)),
          true,
        ),
      ];
    },
  },
  {
    name: 'totals: nodes of the definition by their last state, a forEach by its own',
    run: async (hub, stub) => {
      const config = {
        connector: 'http',
        action: 'request',
        params: { url: `${stub}/?failures=9&status=404&key=totals{{ item }}` },
        forEach: [1, 2],
        onItemError: 'skip',
      };
      const view = await settled(
        hub,
        await start(hub, await publish(hub, graph([node('d', 'data_source', config), out('v', '{{ nodes.d.output }}')], chain('d', 'v')))),
      );
      const { nodes, completed, failed } = (view as unknown as { totals: Record<string, number> }).totals;
      return [...same('totals', [nodes, completed, failed], [2, 2, 0]), ...same('output', view.output, { v: [] })];
    },
  },
  {
    name: 'The error of a run is { code, message, nodeId, path }',
    run: async (hub) => {
      const view = await settled(hub, await start(hub, await publish(hub, graph([broken('b')]))));
      return [
        ...same('keys', Object.keys(view.error ?? {}).toSorted(), ['code', 'message', 'nodeId', 'path']),
        ...same('message', String(view.error?.['message']).includes('planned'), true),
      ];
    },
  },
  {
    name: 'Files: no file, two parts, an unknown handle are each a clear error',
    run: async (hub) => {
      const empty = new FormData();
      empty.append('text', 'x');
      const read = graph(
        [node('r', 'data_source', { connector: 'file', action: 'read-rows', params: { file: '{{ input.file }}' } }), out('v', 1)],
        chain('r', 'v'),
      );
      const run = await settled(
        hub,
        await start(hub, await publish(hub, read), { input: { file: { $file: '0199a0c2-7f0e-7b3a-9a51-2f4f1c2d3e4f' } } }),
      );
      return [
        ...same('no file', [400, 422].includes((await hub.call('POST', '/files', empty)).status), true),
        ...refuses(await hub.call('GET', '/files/0199a0c2-7f0e-7b3a-9a51-2f4f1c2d3e4f'), 404),
        ...same('run', [run.status, run.error?.['nodeId']], ['failed', 'r']),
      ];
    },
  },
  {
    name: 'Parameters of lists are checked: unknown status, limit 0, an id that is none',
    run: async (hub) => [
      ...refuses(await hub.call('GET', '/runs?status=sleeping'), 400),
      ...refuses(await hub.call('GET', '/runs?limit=0'), 400),
      ...same('bad id', [400, 404].includes((await hub.call('GET', '/runs/banana')).status), true),
    ],
  },
];
