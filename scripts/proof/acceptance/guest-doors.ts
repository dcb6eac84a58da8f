/** A sixth reader's requests from outside: webhooks with all kinds of bodies, files, signals, cancels, children. What is due is taken from 03 alone. */
import { randomUUID } from 'node:crypto';
import { refuses, same, type ScriptedCase } from './api.ts';
import { chain, graph, node, out } from './cases.ts';
import { guest, simple, upload } from './guest-api.ts';
import { create, type Hub, publish, rowsOf, settled, start, want } from './run.ts';
import { until, view, wait, waiting } from './wait-words.ts';

const hookOf = async (hub: Hub, definition: object): Promise<{ id: string; url: string }> => {
  const id = await create(hub, definition);
  const published = await want<{ urls: { url: string }[] }>(hub, 201, 'POST', `/workflows/${id}/publish`, {});
  return { id, url: published.urls[0]?.url ?? '' };
};
const send = async (url: string, body: FormData | string, type?: string): Promise<{ status: number; body: { id?: string; v?: unknown } }> => {
  const got = await fetch(url, { method: 'POST', body, ...(type === undefined ? {} : { headers: { 'content-type': type } }) });
  return { status: got.status, body: (await got.json()) as { id?: string; v?: unknown } };
};
const held = async (hub: Hub, name: string): Promise<number> =>
  (await want<{ items: { name: string }[] }>(hub, 200, 'GET', '/files?limit=200')).items.filter((one) => one.name === name).length;

export const guestDoorCases: ScriptedCase[] = [
  guest('a webhook takes the JSON body, else { text }: by its content type; files of a form become handles', async (hub) => {
    const { url } = await hookOf(hub, { ...simple('{{ input }}'), triggers: [{ id: 'h', type: 'webhook', config: { respond: 'result' } }] });
    const json = await send(url, '{"a":[1,null]}', 'application/json');
    const special = await send(url, '{"a":1}', 'application/vnd.acme+json; charset=utf-8');
    const text = await send(url, 'grüße', 'text/plain; charset=utf-8');
    const form = await send(url, upload('inhalt'));
    const list = await send(url, '[1]', 'application/json');
    return [
      ...same('json', [json.status, json.body], [200, { v: { a: [1, null] } }]),
      ...same('special', special.body, { v: { a: 1 } }),
      ...same('text', text.body, { v: { text: 'grüße' } }),
      ...same('form', typeof (form.body.v as { file?: { $file?: unknown } }).file?.$file, 'string'),
      ...same('a list is no object', list.status, 422),
    ];
  }),
  guest('files that come with a refused request are not kept; those of a run are', async (hub) => {
    const { url } = await hookOf(hub, {
      ...simple('{{ input.note }}'),
      inputs: { type: 'object', properties: { note: { type: 'string' } }, required: ['note'] },
      triggers: [{ id: 'h', type: 'webhook' }],
    });
    const name = `${randomUUID()}.txt`;
    const refused = await send(url, upload('x', name));
    const before = await held(hub, name);
    const good = upload('x', name);
    good.append('note', 'fine');
    const taken = await send(url, good);
    return [...same('refused', [refused.status, before], [422, 0]), ...same('taken', [taken.status, await held(hub, name)], [202, 1])];
  }),
  guest('a signal without a payload gives null, one with null too; an empty name is none', async (hub) => {
    const workflow = await publish(hub, graph([wait('w', { signal: 's' }), out('v', '{{ nodes.w.output }}')], chain('w', 'v')));
    const gives = async (body: object): Promise<unknown> => {
      const run = await start(hub, workflow);
      await waiting(hub, run, 'signal');
      await want(hub, 202, 'POST', `/runs/${run}/signals/s`, { messageId: 'm', ...body });
      return ((await settled(hub, run)).output as { v: unknown }).v;
    };
    const run = await start(hub, workflow);
    return [
      ...same('null', await gives({ payload: null }), { payload: null }),
      ...same('false', await gives({ payload: false }), { payload: false }),
      ...refuses(await hub.call('POST', `/runs/${run}/signals/s`, { payload: 1 }), 400),
      ...same('cancelled', (await hub.call('POST', `/runs/${run}/cancel`)).status < 300, true),
    ];
  }),
  guest('cancel of a waiting run: its wait is cancelled, what follows is skipped, the run says so, a signal comes too late', async (hub) => {
    const definition = graph([out('first', 1), wait('w', { signal: 's' }), out('v', 1)], chain('first', 'w', 'v'));
    const run = await start(hub, await publish(hub, definition));
    await waiting(hub, run, 'signal');
    await hub.call('POST', `/runs/${run}/cancel`);
    const end = await until(
      () => view(hub, run),
      ({ status }) => status === 'cancelled',
    );
    const rows = await rowsOf(hub, run);
    const last = (id: string): string | undefined => rows.filter((row) => row.nodeId === id).at(-1)?.status;
    return [
      ...same('output', end.output, { first: 1 }),
      ...same('nodes', [last('first'), last('w'), last('v')], ['completed', 'cancelled', 'skipped']),
      ...refuses(await hub.call('POST', `/runs/${run}/signals/s`, { messageId: 'm' }), 409),
      ...refuses(await hub.call('POST', `/runs/${run}/pause`), 409),
    ];
  }),
  guest('a subworkflow whose input does not fit fails the step, and names the field', async (hub) => {
    const child = await publish(hub, {
      ...simple(),
      inputs: { type: 'object', properties: { n: { type: 'number', default: 3 }, t: { type: 'string' } }, required: ['t'] },
    });
    const parent = (input: unknown) =>
      graph([node('s', 'subworkflow', { workflowId: child, input }), out('v', '{{ nodes.s.output.v }}')], chain('s', 'v'));
    const bad = (await settled(hub, await start(hub, await publish(hub, parent({}))))) as unknown as {
      status: string;
      error: { nodeId: string; message: string };
    };
    const good = await settled(hub, await start(hub, await publish(hub, parent({ t: '{{ input.x }}!' })), { input: { x: 1 } }));
    return [
      ...same('bad', [bad.status, bad.error.nodeId, bad.error.message.includes('/input/t')], ['failed', 's', true]),
      ...same('good', good.output, { v: { n: 3, t: '1!' } }),
    ];
  }),
];
