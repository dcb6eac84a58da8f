/** A third reader's cases: life of a workflow and starts of runs, each from a sentence of 03. */
import { randomUUID } from 'node:crypto';
import type { ScriptedCase } from './api.ts';
import { calc, chain, graph, node, out } from './cases.ts';
import { create, publish, settled, start, want } from './run.ts';
import { strangerOddCases } from './stranger-odd.ts';
import { is, refusal, scripted, simple, sleeper, status, type Body } from './stranger-requests.ts';
import { strangerRunCases } from './stranger-runs.ts';

const life: ScriptedCase[] = [
  scripted('a change of ui alone is no new version', async (hub) => {
    const id = await publish(hub, simple);
    const read = await hub.call('GET', `/workflows/${id}`);
    await want(
      hub,
      200,
      'PATCH',
      `/workflows/${id}`,
      { definition: { ...simple, ui: { nodes: { o: { x: 5, y: 6 } }, notes: [{ id: 'n', x: 0, y: 0, w: 1, h: 1, text: 'hi' }] } } },
      { 'if-match': read.headers.get('etag') ?? '' },
    );
    const again = await want<Body>(hub, 201, 'POST', `/workflows/${id}/publish`, { note: 'x' });
    const versions = await want<{ items: Body[] }>(hub, 200, 'GET', `/workflows/${id}/versions`);
    return [is('version', again['version'], 1), is('versions', versions.items.length, 1)];
  }),
  scripted('an edit without If-Match is 428, with an old one 412, and nothing changed', async (hub) => {
    const id = await create(hub, simple);
    const etag = (await hub.call('GET', `/workflows/${id}`)).headers.get('etag') ?? '';
    const none = await hub.call('PATCH', `/workflows/${id}`, { name: 'a' });
    await want(hub, 200, 'PATCH', `/workflows/${id}`, { name: 'b' }, { 'if-match': etag });
    const old = await hub.call('PATCH', `/workflows/${id}`, { name: 'c' }, { 'if-match': etag });
    const junk = await hub.call('PATCH', `/workflows/${id}`, { name: 'c' }, { 'if-match': 'junk' });
    const now = await want<Body>(hub, 200, 'GET', `/workflows/${id}`);
    return [...refusal('none', none, 428), ...refusal('old', old, 412), ...refusal('junk', junk, 412, 400), is('name', now['name'], 'b')];
  }),
  scripted('two edits with one If-Match: one is taken', async (hub) => {
    const id = await create(hub, simple);
    const etag = (await hub.call('GET', `/workflows/${id}`)).headers.get('etag') ?? '';
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => hub.call('PATCH', `/workflows/${id}`, { name }, { 'if-match': etag })),
    );
    return [
      is(
        'answers',
        answers.map((one) => one.status).toSorted((a, b) => a - b),
        [200, 412, 412, 412, 412, 412],
      ),
    ];
  }),
  scripted('a draft with wrong config is saved as it is and told whole at validate', async (hub) => {
    const definition = graph([node('a', 'condition', { left: 1 }), calc('b', 'nodes.ghost.output')]);
    const id = await create(hub, definition);
    const read = await want<Body>(hub, 200, 'GET', `/workflows/${id}`);
    const told = await hub.call('POST', `/workflows/${id}/validate`, {});
    return [
      is('kept', (read['definition'] as Body)?.['nodes'] ?? (read['draft'] as Body)?.['nodes'], definition['nodes']),
      told.status === 200 && told.text.includes('ghost') && told.text.includes('/nodes/0/config')
        ? false
        : `validate: ${told.status} ${told.text.slice(0, 300)}`,
    ];
  }),
  scripted('publish warns of a node without edges beside connected ones', async (hub) => {
    const id = await create(hub, graph([calc('a', '1'), calc('b', '1'), calc('lone', '1')], chain('a', 'b')));
    const answer = await want<{ warnings: Body[] }>(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '' });
    return [
      is(
        'warnings',
        answer.warnings.map((one) => [one['code'], one['nodeId']]),
        [['graph.unconnected', 'lone']],
      ),
    ];
  }),
  scripted('a draft that was never published does not start', async (hub) => {
    const id = await create(hub, simple);
    return refusal('start', await hub.call('POST', `/workflows/${id}/runs`, { input: { n: 1 } }), 409, 422);
  }),
  scripted('a paused workflow answers 409, an active one runs again, an archived one refuses', async (hub) => {
    const id = await publish(hub, simple);
    await want(hub, 200, 'POST', `/workflows/${id}/pause`);
    const paused = await hub.call('POST', `/workflows/${id}/runs`, { input: { n: 1 } });
    await want(hub, 200, 'POST', `/workflows/${id}/activate`);
    await settled(hub, await start(hub, id, { input: { n: 1 } }));
    await want(hub, 200, 'POST', `/workflows/${id}/archive`);
    const archived = await hub.call('POST', `/workflows/${id}/runs`, { input: { n: 1 } });
    const list = await want<{ items: Body[] }>(hub, 200, 'GET', '/workflows?limit=100');
    return [
      ...refusal('paused', paused, 409),
      ...refusal('archived', archived, 409),
      list.items.some((one) => one['id'] === id) && 'an archived workflow is in the list',
    ];
  }),
  scripted('rollback takes an older version at once and leaves the draft', async (hub) => {
    const id = await publish(hub, graph([out('o', 1)]));
    const etag = (await hub.call('GET', `/workflows/${id}`)).headers.get('etag') ?? '';
    await want(hub, 200, 'PATCH', `/workflows/${id}`, { definition: graph([out('o', 2)]) }, { 'if-match': etag });
    await want(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '2' });
    const two = await settled(hub, await start(hub, id));
    await want(hub, 200, 'POST', `/workflows/${id}/rollback`, { version: 1 });
    const one = await settled(hub, await start(hub, id));
    const named = await settled(hub, await start(hub, id, { version: 2 }));
    const ghost = await hub.call('POST', `/workflows/${id}/rollback`, { version: 9 });
    const ghostRun = await hub.call('POST', `/workflows/${id}/runs`, { version: 9 });
    const odd = await Promise.all([0, -1, 1.5, '1', 1e99].map((version) => hub.call('POST', `/workflows/${id}/runs`, { version })));
    return [
      is('outputs', [two.output, one.output, named.output], [{ o: 2 }, { o: 1 }, { o: 2 }]),
      ...refusal('ghost', ghost, 404, 422),
      ...refusal('ghost run', ghostRun, 404, 409, 422),
      ...odd.flatMap((answer, at) => refusal(`odd ${at}`, answer, 400, 404, 422)),
    ];
  }),
];

const starts: ScriptedCase[] = [
  scripted('defaults are filled in, then the input is checked: 422 with errors[].path', async (hub) => {
    const id = await publish(hub, simple);
    const run = await settled(hub, await start(hub, id, { input: {} }));
    const none = await settled(hub, await start(hub, id, {}));
    const wrong = await hub.call('POST', `/workflows/${id}/runs`, { input: { n: 'x', s: 5 } });
    const kinds = await Promise.all([null, [], 'x', 5].map((input) => hub.call('POST', `/workflows/${id}/runs`, { input })));
    const paths = ((wrong.body as { errors?: Body[] }).errors ?? []).map((one) => one['path']);
    return [
      is('output', [run.output, none.output], [{ o: 4 }, { o: 4 }]),
      ...refusal('wrong', wrong, 422),
      is('paths', paths.length, 2),
      ...kinds.flatMap((answer, at) => refusal(`kind ${at}`, answer, 400, 422)),
    ];
  }),
  scripted('one Idempotency-Key is one run, also for starts at the same moment; another body is refused', async (hub) => {
    const id = await publish(hub, simple);
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => hub.call('POST', `/workflows/${id}/runs`, { input: { n: 1 } }, headers)));
    const ids = new Set(answers.filter((one) => one.status === 202).map((one) => (one.body as Body)['id']));
    const other = await hub.call('POST', `/workflows/${id}/runs`, { input: { n: 2 } }, headers);
    const list = await want<{ items: Body[] }>(hub, 200, 'GET', `/runs?workflowId=${id}`);
    return [
      is('ids', ids.size, 1),
      is('runs', list.items.length, 1),
      ...refusal('other body', other, 409, 422),
      ...answers.filter((one) => one.status !== 202).flatMap((one) => refusal('at once', one, 409)),
    ];
  }),
  scripted('Idempotency-Keys: too long and odd ones are refused or taken, never 500', async (hub) => {
    const id = await publish(hub, simple);
    const answers = await Promise.all(
      ['x'.repeat(5_000), ' ', 'ä', 'a"b', '\t'].map((key) =>
        hub.call('POST', `/workflows/${id}/runs`, { input: { n: 1 } }, { 'idempotency-key': key }).catch(() => undefined),
      ),
    );
    return answers.map((one) => one !== undefined && one.status >= 500 && `${one.status} ${one.text}`);
  }),
  scripted('priority is 1 to 5; unknown fields and triggers are refused', async (hub) => {
    const id = await publish(hub, { ...simple, triggers: [{ id: 'hand', type: 'manual' }] });
    const fine = await Promise.all([1, 5].map((priority) => hub.call('POST', `/workflows/${id}/runs`, { input: { n: 1 }, priority })));
    const bad = await Promise.all(
      [
        { priority: 0 },
        { priority: 6 },
        { priority: 2.5 },
        { priority: '1' },
        { nope: 1 },
        { trigger: 'ghost' },
        { trigger: { id: 5 } },
        { version: null },
      ].map((body) => hub.call('POST', `/workflows/${id}/runs`, { input: { n: 1 }, ...body })),
    );
    return [...fine.map((one) => is('fine', one.status, 202)), ...bad.flatMap((one, at) => refusal(`bad ${at}`, one, 400, 404, 422))];
  }),
  scripted('overlap skip answers 409 workflow.busy', async (hub) => {
    const id = await publish(hub, { ...sleeper, settings: { overlap: 'skip', maxConcurrentRuns: 1 } });
    const run = await start(hub, id);
    const second = await hub.call('POST', `/workflows/${id}/runs`, {});
    await hub.call('POST', `/runs/${run}/cancel`);
    return [...refusal('second', second, 409), is('code', (second.body as Body)['code'], 'workflow.busy')];
  }),
  scripted('overlap cancel_older cancels the older run', async (hub) => {
    const id = await publish(hub, { ...sleeper, settings: { overlap: 'cancel_older', maxConcurrentRuns: 1 } });
    const first = await start(hub, id);
    await status(hub, first, 'waiting');
    const second = await start(hub, id);
    const older = await settled(hub, first);
    const younger = await status(hub, second, 'waiting');
    await hub.call('POST', `/runs/${second}/cancel`);
    return [is('older', older.status, 'cancelled'), is('younger', younger['status'], 'waiting')];
  }),
  scripted('overlap queue: the second is queued, starts when the first ends', async (hub) => {
    const id = await publish(hub, {
      ...graph([node('w', 'wait', { signal: 'go' }), out('o', 1)], chain('w', 'o')),
      settings: { maxConcurrentRuns: 1 },
    });
    const first = await start(hub, id);
    await status(hub, first, 'waiting');
    const second = await start(hub, id);
    const queued = await want<Body>(hub, 200, 'GET', `/runs/${second}`);
    await want(hub, 202, 'POST', `/runs/${first}/signals/go`, { payload: null, messageId: randomUUID() }).catch(() => undefined);
    await settled(hub, first);
    const then = await status(hub, second, 'waiting');
    const cancelled = await hub.call('POST', `/runs/${second}/cancel`);
    return [is('queued', queued['status'], 'queued'), is('then', then['status'], 'waiting'), cancelled.status >= 400 && cancelled.text];
  }),
  scripted('a queued run can be cancelled', async (hub) => {
    const id = await publish(hub, { ...sleeper, settings: { maxConcurrentRuns: 1 } });
    const first = await start(hub, id);
    await status(hub, first, 'waiting');
    const second = await start(hub, id);
    await hub.call('POST', `/runs/${second}/cancel`);
    const ended = await settled(hub, second);
    await hub.call('POST', `/runs/${first}/cancel`);
    const after = await hub.call('POST', `/runs/${second}/cancel`);
    return [is('status', ended.status, 'cancelled'), after.status >= 500 && 'a second cancel is 5xx'];
  }),
];

export const strangerApiCases: ScriptedCase[] = [...life, ...starts, ...strangerRunCases, ...strangerOddCases];
