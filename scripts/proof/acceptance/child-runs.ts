/** 03: subworkflow (rule 12), pause and resume (rule 11). */
import { setTimeout as delay } from 'node:timers/promises';
import { refuses, same, type ScriptedCase } from './api.ts';
import { calc, chain, code, edge, graph, http, node, out } from './cases.ts';
import { publish, rowsOf, start, want } from './run.ts';
import { ended, until, view, wait, waiting, type Part, type View } from './wait-words.ts';

export const childCases: ScriptedCase[] = [
  {
    name: 'subworkflow: gives the child’s output; wait false gives { runId }; its failure is subworkflow.failed with the run’s id',
    run: async (hub) => {
      const good = await publish(
        hub,
        graph([calc('d', 'input.n * 2'), out('double', '{{ nodes.d.output }}')], chain('d', 'double'), {
          inputs: { type: 'object', properties: { n: { type: 'number', default: 21 } } },
        }),
      );
      const bad = await publish(hub, graph([code('x', 'throw new Error("no")')]));
      const sub = (id: string, workflowId: string, more: Part = {}, rest: Part = {}): Part =>
        node(id, 'subworkflow', { workflowId, input: {}, ...more }, rest);
      const definition = graph(
        [
          sub('a', good, { input: { n: '{{ input.n }}' } }),
          sub('b', good),
          sub('c', good, { wait: false }),
          sub('d', bad, {}, { onError: { mode: 'branch' } }),
          out('v', ['{{ nodes.a.output.double }}', '{{ nodes.b.output.double }}']),
          out('id', '{{ nodes.c.output.runId }}'),
          out('why', '{{ nodes.d.error }}'),
        ],
        [...chain('a', 'v'), ...chain('b', 'v'), ...chain('c', 'id'), edge('d', 'error', 'why')],
      );
      const end = await ended(hub, await start(hub, await publish(hub, definition), { input: { n: 4 } }));
      const why = end.output['why'] as { code: string; message: string };
      const child = await hub.call('GET', `/runs/${String(end.output['id'])}`);
      const failed = await hub.call('GET', `/runs/${/[0-9a-f-]{36}/.exec(why.message)?.[0] ?? ''}`);
      return [
        ...same('outputs', end.output['v'], [8, 42]),
        ...same('child', child.status, 200),
        ...same('why', why.code, 'subworkflow.failed'),
        ...same('its run', (failed.body as View).status, 'failed'),
      ];
    },
  },
  {
    name: 'subworkflow: a cancel is passed down; a child that waits makes the parent wait',
    run: async (hub) => {
      const child = await publish(hub, graph([wait('w', { signal: 'never' })]));
      const run = await start(hub, await publish(hub, graph([node('s', 'subworkflow', { workflowId: child, input: {} })])));
      await waiting(hub, run, 'child');
      const { items } = await until(
        () => want<{ items: { id: string; status: string }[] }>(hub, 200, 'GET', `/runs?workflowId=${child}`),
        (list) => list.items[0]?.status === 'waiting',
      );
      await want(hub, 202, 'POST', `/runs/${run}/cancel`);
      const end = await ended(hub, run);
      const below = await ended(hub, items[0]?.id ?? '');
      return same('both', [end.status, below.status], ['cancelled', 'cancelled']);
    },
  },
  {
    name: 'subworkflow: depth 10, then subworkflow.too-deep',
    run: async (hub) => {
      const { id } = await want<{ id: string }>(hub, 201, 'POST', '/workflows', { name: 'deep', definition: graph([out('v', 1)]) });
      const definition = graph([node('s', 'subworkflow', { workflowId: id, input: {} }), out('v', '{{ nodes.s.output }}')], chain('s', 'v'), {
        settings: { maxConcurrentRuns: 1 },
      });
      await want(hub, 200, 'PATCH', `/workflows/${id}`, { definition }, { 'if-match': '"1"' });
      await want(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '' });
      const end = await ended(hub, await start(hub, id));
      const runs = await want<{ items: { error: { code: string } | null }[] }>(hub, 200, 'GET', `/runs?workflowId=${id}&limit=50`);
      return [
        ...same('top', [end.status, end.error?.code], ['failed', 'subworkflow.failed']),
        ...same('runs', runs.items.length, 11),
        ...same('deepest', runs.items[0]?.error?.code, 'subworkflow.too-deep'),
      ];
    },
  },
];

export const pauseCases: ScriptedCase[] = [
  {
    name: 'Pause: nothing new starts, what is in flight ends, the run waits with reason pause; timers are acted on at resume',
    run: async (hub, stub) => {
      const definition = graph(
        [http('slow', `${stub}/slow?ms=500`), wait('w', { for: '700ms' }), calc('b', '1'), calc('c', '2')],
        [...chain('slow', 'b'), ...chain('w', 'c')],
      );
      const run = await start(hub, await publish(hub, definition));
      await until(
        () => view(hub, run),
        ({ status }) => status === 'running' || status === 'waiting',
      );
      const early = await hub.call('POST', `/runs/${run}/pause`);
      await waiting(hub, run, 'pause');
      await delay(900);
      const rows = (await rowsOf(hub, run)).map((row) => `${row.nodeId} ${row.status}`).toSorted();
      await want(hub, 202, 'POST', `/runs/${run}/resume`);
      const end = await ended(hub, run);
      const last = await hub.call('POST', `/runs/${run}/pause`);
      return [
        ...same('pause', early.status, 202),
        ...same('rows while paused', rows, ['slow completed', 'w waiting']),
        ...same('status', end.status, 'completed'),
        ...refuses(last, 409),
      ];
    },
  },
];
