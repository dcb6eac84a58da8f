/** 03: maxConcurrentRuns with overlap and priority, and files through a run. */
import { same, refuses, type ScriptedCase } from './api.ts';
import { chain, graph, http, node, out } from './cases.ts';
import { publish, settled, start, want, type Hub } from './run.ts';

type View = { id: string; status: string; startedAt: string; completedAt: string; output: Record<string, unknown> };
const slow = (stub: string, overlap: string, ms = 400): object =>
  graph([http('slow', `${stub}/?ms=${ms}`), out('v', '{{ input.n }}')], chain('slow', 'v'), { settings: { maxConcurrentRuns: 1, overlap } });
const view = async (hub: Hub, run: string): Promise<View> => (await settled(hub, run)) as unknown as View;

const overlaps: ScriptedCase[] = [
  {
    name: 'overlap queue: one at a time, priority 1 first, then in order',
    run: async (hub, stub) => {
      const wf = await publish(hub, slow(stub, 'queue'));
      const runs = [await start(hub, wf, { input: { n: 0 } })];
      for (const [n, priority] of [
        [1, 5],
        [2, 3],
        [3, 1],
        [4, 3],
      ] as const)
        runs.push(await start(hub, wf, { input: { n }, priority }));
      const views = await Promise.all(runs.map(async (run) => view(hub, run)));
      const order = views.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
      const apart = order.every((one, at) => at === 0 || one.startedAt >= (order[at - 1]?.completedAt ?? ''));
      return [
        ...same(
          'order',
          order.map((one) => one.output['v']),
          [0, 3, 2, 4, 1],
        ),
        ...same('one at a time', apart, true),
      ];
    },
  },
  {
    name: 'overlap skip answers 409 workflow.busy',
    run: async (hub, stub) => {
      const wf = await publish(hub, slow(stub, 'skip', 1500));
      const first = await start(hub, wf, { input: {} });
      const busy = await hub.call('POST', `/workflows/${wf}/runs`, { input: {} });
      return [...refuses(busy, 409, 'workflow.busy'), ...same('first', (await view(hub, first)).status, 'completed')];
    },
  },
  {
    name: 'overlap cancel_older: the older is cancelled, the newer runs',
    run: async (hub, stub) => {
      const wf = await publish(hub, slow(stub, 'cancel_older', 1500));
      const first = await start(hub, wf, { input: {} });
      const second = await start(hub, wf, { input: {} });
      return same('states', [(await view(hub, first)).status, (await view(hub, second)).status], ['cancelled', 'completed']);
    },
  },
  {
    name: 'A queued run can be cancelled and never starts',
    run: async (hub, stub) => {
      const wf = await publish(hub, slow(stub, 'queue', 1500));
      const first = await start(hub, wf, { input: {} });
      const second = await start(hub, wf, { input: {} });
      const before = await want<{ status: string }>(hub, 200, 'GET', `/runs/${second}`);
      await hub.call('POST', `/runs/${second}/cancel`);
      const gone = await view(hub, second);
      return [
        ...same('states', [before.status, gone.status, gone.startedAt], ['queued', 'cancelled', null]),
        ...same('first', (await view(hub, first)).status, 'completed'),
      ];
    },
  },
];

async function upload(hub: Hub, name: string, text: string): Promise<Record<string, unknown>> {
  const form = new FormData();
  form.append('file', new Blob([text]), name);
  return want(hub, 201, 'POST', '/files', form);
}
const rowsOfFile = [
  { id: '007', n: 1.5, name: 'a "quoted", cell', gone: null },
  { id: '8a', n: -2, name: 'two\nlines', gone: null },
];
const csv = 'id,n,name,gone\n007,1.5,"a ""quoted"", cell",\n8a,-2,"two\nlines",\n';
const through = (format: string): object =>
  graph(
    [
      node('read', 'data_source', { connector: 'file', action: 'read-rows', params: { file: '{{ input.file }}' } }),
      node('write', 'action', { connector: 'file', action: 'write-file', params: { name: 'copy', format, content: '{{ nodes.read.output.rows }}' } }),
      node('again', 'data_source', { connector: 'file', action: 'read-rows', params: { file: '{{ nodes.write.output.file }}' } }),
      out('first', '{{ nodes.read.output.rows }}'),
      out('second', '{{ nodes.again.output.rows }}'),
      out('file', '{{ nodes.write.output.file }}'),
    ],
    [...chain('read', 'write', 'again', 'second'), ...chain('read', 'first'), ...chain('write', 'file')],
  );

const file = (name: string, text: string, format: string): ScriptedCase => ({
  name: `A file: upload ${name}, read-rows, write-file as ${format}, read again, download`,
  run: async (hub) => {
    const handle = await upload(hub, name, text);
    const run = await view(hub, await start(hub, await publish(hub, through(format)), { input: { file: handle } }));
    const made = (run.output['file'] ?? {}) as Record<string, unknown>;
    const got = await hub.call('GET', `/files/${String(made['$file'])}`);
    return [
      ...same('handle', Object.keys(handle).toSorted(), ['$file', 'bytes', 'mime', 'name', 'sha256']),
      ...same('first', run.output['first'], rowsOfFile),
      ...same('second', run.output['second'], rowsOfFile),
      ...same('bytes', Number(got.headers.get('content-length')), made['bytes']),
      ...same(
        'nosniff',
        [got.headers.get('x-content-type-options'), got.headers.get('content-disposition')?.startsWith('attachment')],
        ['nosniff', true],
      ),
    ];
  },
});

export const queueCases: ScriptedCase[] = [
  ...overlaps,
  file('rows.csv', csv, 'csv'),
  file('rows.csv', csv, 'json'),
  file('rows.json', JSON.stringify(rowsOfFile), 'csv'),
];
