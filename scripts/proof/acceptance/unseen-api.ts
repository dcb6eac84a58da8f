/** 03 by somebody who had not seen the hub: what is said to runs that wait, and the shapes that clients lean on, field by field. */
import { refuses, same, type ScriptedCase } from './api.ts';
import { broken, calc, chain, check, edge, graph, node, out } from './cases.ts';
import { create, type Hub, publish, rowsOf, saveDraft, settled, start, want } from './run.ts';

const named = (name: string, run: ScriptedCase['run']): ScriptedCase => ({ name: `unseen: ${name}`, run });
const loop = (id: string, config: Record<string, unknown>, more: Record<string, unknown> = {}) => node(id, 'loop', config, more);

type View = Record<string, unknown> & { id: string; status: string; statusReason: string | null; output: unknown };
type Asked = { items: { path: string; nodeId: string }[]; nextCursor: string | null };

async function pending(hub: Hub, run: string, count: number): Promise<string[]> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { items } = await want<Asked>(hub, 200, 'GET', `/approvals?status=pending&runId=${run}&limit=100`);
    if (items.length >= count) return items.map(({ path }) => path).toSorted();
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`${count} approvals did not open`);
}

async function waiting(hub: Hub, run: string, reason: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const view = await want<View>(hub, 200, 'GET', `/runs/${run}`);
    if (view.status === 'waiting' && view.statusReason === reason) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error(`the run does not wait for ${reason}`);
}

const answer = (hub: Hub, run: string, nodeId: string, path: string, decision: string) =>
  hub.call('POST', `/runs/${run}/nodes/${nodeId}/answer`, { path, decision, messageId: crypto.randomUUID() });

export const unseenApiCases: ScriptedCase[] = [
  named('approvals in a loop in a loop: each path for itself, the output in item order', async (hub) => {
    const definition = graph(
      [
        loop('l', { mode: 'for_each', items: [1, 2] }),
        loop('m', { mode: 'for_each', items: ['a', 'b'], result: '{{ nodes.p.output.decision & loops.l.item & item }}' }, { parent: 'l' }),
        node('p', 'approval', { title: 'Go on?' }, { parent: 'm' }),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    );
    const run = await start(hub, await publish(hub, definition));
    const paths = await pending(hub, run, 4);
    const wrong = same('paths', paths, ['l[0].m[0].p', 'l[0].m[1].p', 'l[1].m[0].p', 'l[1].m[1].p']);
    for (const path of paths.toReversed())
      wrong.push(...same(path, (await answer(hub, run, 'p', path, path.includes('m[1]') ? 'rejected' : 'approved')).status < 300, true));
    wrong.push(...refuses(await answer(hub, run, 'p', paths[0] ?? '', 'approved'), 409));
    return [
      ...wrong,
      ...same('output', (await settled(hub, run)).output, {
        v: [
          ['approved1a', 'rejected1b'],
          ['approved2a', 'rejected2b'],
        ],
      }),
    ];
  }),
  named('until somebody approves: each round asks again, previous is the last answer', async (hub) => {
    const definition = graph(
      [
        loop('l', {
          mode: 'until',
          condition: { left: '{{ previous.decision }}', op: 'eq', right: 'approved' },
          result: { decision: '{{ nodes.p.output.decision }}', round: '{{ iteration }}' },
        }),
        node('p', 'approval', { title: 'Round {{ iteration }}' }, { parent: 'l' }),
        out('v', '{{ nodes.l.output }}'),
      ],
      chain('l', 'v'),
    );
    const run = await start(hub, await publish(hub, definition));
    const wrong: string[] = [];
    for (const [at, decision] of ['rejected', 'rejected', 'approved'].entries()) {
      const [path = ''] = await pending(hub, run, 1);
      wrong.push(...same('path', path, `l[${at}].p`), ...same('answer', (await answer(hub, run, 'p', path, decision)).status < 300, true));
    }
    return [...wrong, ...same('output', (await settled(hub, run)).output, { v: { decision: 'approved', round: 2 } })];
  }),
  named('a signal with its payload; the same messageId again is the same; after the end 409', async (hub) => {
    const definition = graph([node('w', 'wait', { signal: 'paid' }), out('v', '{{ nodes.w.output.payload.sum }}')], chain('w', 'v'));
    const run = await start(hub, await publish(hub, definition));
    await waiting(hub, run, 'signal');
    const body = { payload: { sum: 12 }, messageId: 'one' };
    const first = await hub.call('POST', `/runs/${run}/signals/paid`, body);
    const again = await hub.call('POST', `/runs/${run}/signals/paid`, body);
    const view = await settled(hub, run);
    const late = await hub.call('POST', `/runs/${run}/signals/paid`, { payload: 1, messageId: 'two' });
    return [
      ...same('first', first.status < 300, true),
      ...same('again', again.status < 300, true),
      ...same('output', view.output, { v: 12 }),
      ...refuses(late, 409),
    ];
  }),
  named('a signal that comes first is kept for the wait', async (hub) => {
    const definition = graph(
      [node('t', 'wait', { for: '1s' }), node('w', 'wait', { signal: 'early' }), out('v', '{{ nodes.w.output.payload }}')],
      chain('t', 'w', 'v'),
    );
    const run = await start(hub, await publish(hub, definition));
    await waiting(hub, run, 'timer');
    await hub.call('POST', `/runs/${run}/signals/early`, { payload: [1], messageId: 'm' });
    return same('output', (await settled(hub, run)).output, { v: [1] });
  }),
  named('a run, field by field', async (hub) => {
    const workflow = await publish(
      hub,
      graph(
        [calc('a', '1'), check('c', 'false'), calc('b', '2'), out('v', '{{ nodes.a.output }}')],
        [...chain('a', 'c'), edge('c', 'true', 'b'), ...chain('a', 'v')],
      ),
    );
    const id = await start(hub, workflow, { input: { x: 1 } });
    await settled(hub, id);
    const view = await want<View>(hub, 200, 'GET', `/runs/${id}`);
    const fields = [
      'id',
      'workflowId',
      'version',
      'status',
      'statusReason',
      'input',
      'output',
      'error',
      'trigger',
      'createdAt',
      'startedAt',
      'completedAt',
      'totals',
    ];
    const totals = view['totals'] as Record<string, unknown>;
    return [
      ...same(
        'missing',
        fields.filter((field) => view[field] === undefined),
        [],
      ),
      ...same('workflowId', view['workflowId'], workflow),
      ...same('version', view['version'], 1),
      ...same('input', view['input'], { x: 1 }),
      ...same('error', view['error'], null),
      ...same(
        'totals',
        { ...totals, steps: 0, tokens: 0, costUsd: 0 },
        { nodes: 4, completed: 3, failed: 0, skipped: 1, steps: 0, tokens: 0, costUsd: 0 },
      ),
      ...same(
        'times',
        [view['createdAt'], view['startedAt'], view['completedAt']].every((at) => !Number.isNaN(Date.parse(String(at)))),
        true,
      ),
      ...same('trigger', typeof (view['trigger'] as Record<string, unknown>)['type'], 'string'),
    ];
  }),
  named('a node row, field by field; a skipped node has attempt 0', async (hub) => {
    const id = await start(
      hub,
      await publish(
        hub,
        graph(
          [check('c', 'false'), calc('b', '2'), loop('l', { mode: 'for_each', items: [7] }), calc('x', 'item', { parent: 'l' })],
          [edge('c', 'true', 'b')],
        ),
      ),
    );
    await settled(hub, id);
    const rows = (await rowsOf(hub, id)) as unknown as Record<string, unknown>[];
    const fields = [
      'nodeId',
      'path',
      'iteration',
      'attempt',
      'status',
      'startedAt',
      'completedAt',
      'input',
      'error',
      'tokens',
      'costUsd',
      'model',
      'warnings',
    ];
    const [inner, skipped] = ['x', 'b'].map((nodeId) => rows.find((row) => row['nodeId'] === nodeId));
    return [
      ...same(
        'missing',
        rows.flatMap((row) => fields.filter((field) => row[field] === undefined)),
        [],
      ),
      ...same('inner', [inner?.['path'], inner?.['iteration'], inner?.['attempt'], inner?.['output']], ['l[0].x', 0, 1, 7]),
      ...same('skipped', [skipped?.['attempt'], skipped?.['status'], skipped?.['iteration']], [0, 'skipped', null]),
    ];
  }),
  named('a retry keeps what onError had completed, with its error', async (hub) => {
    const definition = graph(
      [
        broken('a', { onError: { mode: 'fallback', value: 5 } }),
        node('w', 'wait', { signal: 'never', timeout: '200ms' }),
        check('c', 'false'),
        broken('b'),
        out('v', ['{{ nodes.a.output }}', '{{ $exists(nodes.a.error.code) }}']),
      ],
      [...chain('a', 'w'), edge('w', 'timeout', 'b'), ...chain('b', 'v'), ...chain('a', 'c')],
    );
    const run = await start(hub, await publish(hub, definition));
    await settled(hub, run);
    const next = await want<{ id: string }>(hub, 202, 'POST', `/runs/${run}/retry`, { outputs: { b: 1 } });
    const view = await settled(hub, next.id);
    const rows = (await rowsOf(hub, next.id)) as unknown as { nodeId: string; seeded?: boolean }[];
    return [
      ...same('output', view.output, { v: [5, true] }),
      ...same(
        'kept',
        rows.filter(({ nodeId }) => nodeId === 'a').map(({ seeded }) => seeded),
        [true],
      ),
    ];
  }),
  named('a list goes on by nextCursor and ends with null; a cursor that is none is refused', async (hub) => {
    const workflow = await publish(hub, graph([out('v', 1)]));
    const ids = [];
    for (let n = 0; n < 5; n += 1) ids.push(await start(hub, workflow));
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 9; pages += 1) {
      const page: { items: { id: string }[]; nextCursor: string | null } = await want(
        hub,
        200,
        'GET',
        `/runs?workflowId=${workflow}&limit=2${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    const bad = await hub.call('GET', `/runs?workflowId=${workflow}&cursor=nonsense`);
    return [...same('runs', seen, ids.toReversed()), ...same('bad cursor', bad.status >= 400 && bad.status < 500, true)];
  }),
  named('If-Match that is no number, a PATCH with an unknown field, a body that is no object', async (hub) => {
    const id = await create(hub, graph([out('v', 1)]));
    const revision = (await want<{ revision: number }>(hub, 200, 'GET', `/workflows/${id}`)).revision;
    const odd = await hub.call('PATCH', `/workflows/${id}`, { name: 'x' }, { 'if-match': '"abc"' });
    const unknown = await hub.call('PATCH', `/workflows/${id}`, { colour: 'x' }, { 'if-match': `"${revision}"` });
    const list = await hub.call('PATCH', `/workflows/${id}`, [1], { 'if-match': `"${revision}"` });
    return [odd, unknown, list].flatMap((one, at) => same(`${at}`, one.status >= 400 && one.status < 500, true));
  }),
  named('priority is 1 to 5; a start with an unknown field or an unknown version is refused', async (hub) => {
    const id = await publish(hub, graph([out('v', 1)]));
    const statuses = [];
    for (const body of [
      { input: {}, priority: 0 },
      { input: {}, priority: 6 },
      { input: {}, colour: 1 },
      { input: {}, version: 9 },
    ])
      statuses.push((await hub.call('POST', `/workflows/${id}/runs`, body)).status);
    return [
      ...same(
        'refused',
        statuses.every((status) => status >= 400 && status < 500),
        true,
      ),
      ...same('1 is fine', (await hub.call('POST', `/workflows/${id}/runs`, { input: {}, priority: 1 })).status, 202),
    ];
  }),
  named('the output of a node as it is, and of one that has none 404', async (hub) => {
    const id = await start(
      hub,
      await publish(hub, graph([calc('a', '{"z": 1, "a": [1.5, "é"]}'), check('c', 'false'), calc('b', '1')], [edge('c', 'true', 'b')])),
    );
    await settled(hub, id);
    const raw = await hub.call('GET', `/runs/${id}/nodes/a/output`);
    const none = await hub.call('GET', `/runs/${id}/nodes/b/output`);
    return [...same('raw', raw.text, '{"z":1,"a":[1.5,"é"]}'), ...same('none', none.status, 404)];
  }),
  named('the version of a child is chosen when the node starts', async (hub) => {
    const child = await publish(hub, graph([out('v', 1)]));
    const parent = await publish(
      hub,
      graph(
        [
          node('t', 'wait', { signal: 'go' }),
          node('s', 'subworkflow', { workflowId: child, version: 'published', input: {} }),
          out('v', '{{ nodes.s.output.v }}'),
        ],
        chain('t', 's', 'v'),
      ),
    );
    const run = await start(hub, parent);
    await waiting(hub, run, 'signal');
    await saveDraft(hub, child, graph([out('v', 2)]));
    await want(hub, 201, 'POST', `/workflows/${child}/publish`, { note: '' });
    await hub.call('POST', `/runs/${run}/signals/go`, { payload: null, messageId: 'g' });
    return same('output', (await settled(hub, run)).output, { v: 2 });
  }),
];
