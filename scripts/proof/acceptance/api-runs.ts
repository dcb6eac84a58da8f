/** 03 "Core HTTP API": node rows, values, cancel, lists and problems. */
import { refuses, same, type Page, type ScriptedCase } from './api.ts';
import { calc, chain, check, code, edge, graph, http, node, out } from './cases.ts';
import { publish, rowsOf, settled, start, want } from './run.ts';

const simple = (value: unknown): object => graph([out('v', value)]);

export const rowCases: ScriptedCase[] = [
  {
    name: 'Node rows: skipped nodes too with attempt 0; path and iteration in a loop; raw output',
    run: async (hub) => {
      const definition = graph(
        [
          check('c', 'false'),
          calc('dead', '1'),
          node('l', 'loop', { mode: 'for_each', items: [1, 2] }),
          calc('b', 'item', { parent: 'l' }),
          out('v', '{{ nodes.l.output }}'),
        ],
        [edge('c', 'true', 'dead'), ...chain('l', 'v')],
      );
      const run = await start(hub, await publish(hub, definition));
      const view = (await settled(hub, run)) as unknown as { totals: Record<string, number> };
      const all = await rowsOf(hub, run);
      const dead = all.find((row) => row.nodeId === 'dead');
      const raw = await hub.call('GET', `/runs/${run}/nodes/l/output`);
      return [
        ...same('dead', [dead?.status, dead?.attempt], ['skipped', 0]),
        ...same(
          'body',
          all
            .filter((row) => row.nodeId === 'b')
            .map((row) => row.path)
            .toSorted(),
          ['l[0].b', 'l[1].b'],
        ),
        ...same('raw', raw.text, '[1,2]'),
        ...same('totals', [view.totals['nodes'], view.totals['completed'], view.totals['failed'], view.totals['skipped']], [5, 4, 0, 1]),
        ...refuses(await hub.call('GET', `/runs/${run}/nodes/gone/output`), 404),
      ];
    },
  },
  {
    name: 'Values of 31 KB, 33 KB and 3 MB stay equal, byte for byte, through several steps',
    run: async (hub) => {
      const wrong: string[] = [];
      for (const size of [31_000, 33_000, 3_000_000]) {
        const make = code(
          'a',
          `return { text: 'é"\\\\'.repeat(${Math.floor(size / 6)}), big: 12345678901234567, small: 1e-7, deep: [[[[{ a: [] }]]]] }`,
        );
        const run = await start(
          hub,
          await publish(
            hub,
            graph(
              [make, calc('b', 'nodes.a.output'), code('c', 'return ctx.nodes.b.output'), calc('d', '{"x": nodes.c.output}')],
              chain('a', 'b', 'c', 'd'),
            ),
          ),
        );
        const view = await settled(hub, run);
        if (view.status !== 'completed') wrong.push(`${size}: ${view.status} ${JSON.stringify(view.error)}`);
        const [a, c, d] = await Promise.all(['a', 'c', 'd'].map(async (id) => (await hub.call('GET', `/runs/${run}/nodes/${id}/output`)).text));
        if (a === undefined || a.length < size / 3 || a !== c || d !== `{"x":${a}}`)
          wrong.push(`${size}: outputs differ (${a?.length}, ${c?.length}, ${d?.length})`);
      }
      return wrong;
    },
  },
  {
    name: 'An output over 1 MB is told by outputRef',
    run: async (hub) => {
      const run = await start(
        hub,
        await publish(hub, graph([code('a', `return 'x'.repeat(1_200_000)`), out('v', '{{ nodes.a.output }}')], chain('a', 'v'))),
      );
      const view = (await settled(hub, run)) as unknown as { status: string; output?: unknown; outputRef?: { url: string } };
      const whole = view.outputRef === undefined ? null : await hub.call('GET', view.outputRef.url.replace('/api/v1', ''));
      return [...same('status', view.status, 'completed'), ...same('length', whole?.text.length, 1_200_000 + '{"v":""}'.length)];
    },
  },
  {
    name: 'Cancel of a running run: cancelled, nodes in flight cancelled, the rest skipped; again is fine or 409',
    run: async (hub, stub) => {
      const run = await start(
        hub,
        await publish(hub, graph([out('early', 1), http('slow', `${stub}/?ms=20000`), out('v', 1)], chain('early', 'slow', 'v'))),
      );
      for (let tries = 0; tries < 100 && !(await rowsOf(hub, run)).some((row) => row.nodeId === 'slow' && row.status === 'running'); tries += 1)
        await want(hub, 200, 'GET', `/runs/${run}?wait=1`);
      const told = await hub.call('POST', `/runs/${run}/cancel`);
      const view = await settled(hub, run);
      const all = await rowsOf(hub, run);
      const of = (id: string): string | undefined => all.find((row) => row.nodeId === id)?.status;
      return [
        ...same('told', told.status < 300, true),
        ...same('status', view.status, 'cancelled'),
        ...same('output', view.output, { early: 1 }),
        ...same('nodes', [of('slow'), of('v')], ['cancelled', 'skipped']),
      ];
    },
  },
];

export const listCases: ScriptedCase[] = [
  {
    name: 'Lists are { items, nextCursor }: pages give each run once, newest first',
    run: async (hub) => {
      const wf = await publish(hub, simple(1));
      const made: string[] = [];
      for (let n = 0; n < 5; n += 1) made.unshift(await start(hub, wf));
      const seen: string[] = [];
      let cursor: string | null = '';
      for (let pages = 0; cursor !== null && pages < 9; pages += 1) {
        const page: Page = await want(
          hub,
          200,
          'GET',
          `/runs?workflowId=${wf}&limit=2${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        seen.push(...page.items.map((one) => one.id));
        cursor = page.nextCursor;
      }
      await Promise.all(made.map(async (run) => settled(hub, run)));
      const done = await want<Page>(hub, 200, 'GET', `/runs?workflowId=${wf}&status=completed`);
      return [
        ...same('runs', seen, made),
        ...same('completed', done.items.length, 5),
        ...refuses(await hub.call('GET', '/runs?cursor=nonsense'), 400),
      ];
    },
  },
  {
    name: 'Errors are problem+json everywhere: no key, no route, bad JSON, bad id, foreign id, unknown field',
    run: async (hub) => {
      const nobody = '0199a0c2-7f0e-7b3a-9a51-2f4f1c2d3e4f';
      return [
        ...refuses(await hub.call('GET', '/workflows', undefined, { authorization: 'Bearer hub_x' }), 401),
        ...refuses(await hub.call('GET', '/nowhere'), 404),
        ...refuses(await hub.call('POST', '/workflows', '{"name":'), 400),
        ...refuses(await hub.call('GET', `/runs/${nobody}`), 404),
        ...refuses(await hub.call('GET', `/workflows/${nobody}`), 404),
        ...refuses(await hub.call('POST', '/workflows', { name: 'x', definition: simple(1), more: 1 }), 400),
      ];
    },
  },
];
