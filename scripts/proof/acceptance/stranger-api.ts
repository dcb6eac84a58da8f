/** A third reader's cases: requests around runs, versions, waits and lists, each from a sentence of 03. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ScriptedCase } from './api.ts';
import { broken, calc, chain, code, edge, graph, http, node, out } from './cases.ts';
import { create, problem, publish, rowsOf, settled, start, want, type Answer, type Hub } from './run.ts';
import { each, inL, type Part } from './unseen-kit.ts';

type Body = Record<string, unknown>;
const scripted = (name: string, run: (hub: Hub, stub: string) => Promise<(string | false | undefined)[]>): ScriptedCase => ({
  name: `stranger api: ${name}`,
  run: async (hub, stub) => (await run(hub, stub)).filter((line) => typeof line === 'string'),
});
const is = (what: string, got: unknown, wanted: unknown): string | false => JSON.stringify(got) !== JSON.stringify(wanted) && `${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`;
/** A refusal of this status, as a problem. */
const refusal = (what: string, answer: Answer, ...statuses: number[]): (string | false)[] =>
  statuses.includes(answer.status) ? problem(answer).map((line) => `${what}: ${line}`) : [`${what}: ${answer.status} where ${statuses.join(' or ')} is due: ${answer.text.slice(0, 300)}`];
const simple = graph([out('o', '{{ input.n }}')], [], { inputs: { type: 'object', properties: { n: { type: 'number', default: 4 }, s: { type: 'string' } }, required: ['n'] } });
const sleeper = graph([node('w', 'wait', { for: '10m' })]);

async function status(hub: Hub, run: string, wanted: string, ms = 15_000): Promise<Body> {
  const end = Date.now() + ms;
  for (;;) {
    const view = await want<Body>(hub, 200, 'GET', `/runs/${run}`);
    if (view['status'] === wanted || Date.now() > end) return view;
    await pause(100);
  }
}

const life: ScriptedCase[] = [
  scripted('a change of ui alone is no new version', async (hub) => {
    const id = await publish(hub, simple);
    const read = await hub.call('GET', `/workflows/${id}`);
    await want(hub, 200, 'PATCH', `/workflows/${id}`, { definition: { ...simple, ui: { nodes: { o: { x: 5, y: 6 } }, notes: [{ id: 'n', x: 0, y: 0, w: 1, h: 1, text: 'hi' }] } } }, { 'if-match': read.headers.get('etag') ?? '' });
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
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => hub.call('PATCH', `/workflows/${id}`, { name }, { 'if-match': etag })));
    return [is('answers', answers.map((one) => one.status).toSorted(), [200, 412, 412, 412, 412, 412])];
  }),
  scripted('a draft with wrong config is saved as it is and told whole at validate', async (hub) => {
    const definition = graph([node('a', 'condition', { left: 1 }), calc('b', 'nodes.ghost.output')]);
    const id = await create(hub, definition);
    const read = await want<Body>(hub, 200, 'GET', `/workflows/${id}`);
    const told = await hub.call('POST', `/workflows/${id}/validate`, {});
    return [is('kept', (read['definition'] as Body)?.['nodes'] ?? (read['draft'] as Body)?.['nodes'], definition['nodes']), told.status === 200 && told.text.includes('ghost') && told.text.includes('/nodes/0/config') ? false : `validate: ${told.status} ${told.text.slice(0, 300)}`];
  }),
  scripted('publish warns of a node without edges beside connected ones', async (hub) => {
    const id = await create(hub, graph([calc('a', '1'), calc('b', '1'), calc('lone', '1')], chain('a', 'b')));
    const answer = await want<{ warnings: Body[] }>(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '' });
    return [is('warnings', answer.warnings.map((one) => [one['code'], one['nodeId']]), [['graph.unconnected', 'lone']])];
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
    return [...refusal('paused', paused, 409), ...refusal('archived', archived, 409), list.items.some((one) => one['id'] === id) && 'an archived workflow is in the list'];
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
    return [is('outputs', [two.output, one.output, named.output], [{ o: 2 }, { o: 1 }, { o: 2 }]), ...refusal('ghost', ghost, 404, 422), ...refusal('ghost run', ghostRun, 404, 409, 422), ...odd.flatMap((answer, at) => refusal(`odd ${at}`, answer, 400, 404, 422))];
  }),
];

const starts: ScriptedCase[] = [
  scripted('defaults are filled in, then the input is checked: 422 with errors[].path', async (hub) => {
    const id = await publish(hub, simple);
    const run = await settled(hub, await start(hub, id, { input: {} }));
    const none = await settled(hub, await start(hub, id, {}));
    const wrong = await hub.call('POST', `/workflows/${id}/runs`, { input: { n: 'x', s: 5 } });
    const kinds = await Promise.all([null, [], 'x', 5].map((input) => hub.call('POST', `/workflows/${id}/runs`, { input })));
    const paths = ((wrong.body as { errors?: Body[] }).errors ?? []).map((one) => one['path']).toSorted();
    return [is('output', [run.output, none.output], [{ o: 4 }, { o: 4 }]), ...refusal('wrong', wrong, 422), is('paths', paths.length, 2), ...kinds.flatMap((answer, at) => refusal(`kind ${at}`, answer, 400, 422))];
  }),
  scripted('one Idempotency-Key is one run, also for starts at the same moment; another body is refused', async (hub) => {
    const id = await publish(hub, simple);
    const headers = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all(Array.from({ length: 8 }, () => hub.call('POST', `/workflows/${id}/runs`, { input: { n: 1 } }, headers)));
    const ids = new Set(answers.filter((one) => one.status === 202).map((one) => (one.body as Body)['id']));
    const other = await hub.call('POST', `/workflows/${id}/runs`, { input: { n: 2 } }, headers);
    const list = await want<{ items: Body[] }>(hub, 200, 'GET', `/runs?workflowId=${id}`);
    return [is('ids', ids.size, 1), is('runs', list.items.length, 1), ...refusal('other body', other, 409, 422), ...answers.filter((one) => one.status !== 202).flatMap((one) => refusal('at once', one, 409))];
  }),
  scripted('Idempotency-Keys: too long and odd ones are refused or taken, never 500', async (hub) => {
    const id = await publish(hub, simple);
    const answers = await Promise.all(['x'.repeat(5_000), ' ', 'ä', 'a"b', '\t'].map((key) => hub.call('POST', `/workflows/${id}/runs`, { input: { n: 1 } }, { 'idempotency-key': key }).catch(() => undefined)));
    return answers.map((one) => one !== undefined && one.status >= 500 && `${one.status} ${one.text}`);
  }),
  scripted('priority is 1 to 5; unknown fields and triggers are refused', async (hub) => {
    const id = await publish(hub, { ...simple, triggers: [{ id: 'hand', type: 'manual' }] });
    const fine = await Promise.all([1, 5].map((priority) => hub.call('POST', `/workflows/${id}/runs`, { input: { n: 1 }, priority })));
    const bad = await Promise.all([{ priority: 0 }, { priority: 6 }, { priority: 2.5 }, { priority: '1' }, { nope: 1 }, { trigger: 'ghost' }, { trigger: { id: 5 } }, { version: null }].map((body) => hub.call('POST', `/workflows/${id}/runs`, { input: { n: 1 }, ...body })));
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
    const id = await publish(hub, { ...graph([node('w', 'wait', { signal: 'go' }), out('o', 1)], chain('w', 'o')), settings: { maxConcurrentRuns: 1 } });
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

const running: ScriptedCase[] = [
  scripted('the shape of a run and of its rows', async (hub) => {
    const id = await publish(hub, simple);
    const run = await start(hub, id, { input: { n: 2 } });
    await settled(hub, run);
    const view = await want<Body>(hub, 200, 'GET', `/runs/${run}`);
    const row = (await rowsOf(hub, run))[0] as unknown as Body;
    const missing = ['id', 'workflowId', 'version', 'status', 'statusReason', 'input', 'output', 'error', 'trigger', 'createdAt', 'startedAt', 'completedAt', 'totals'].filter((key) => !(key in view));
    const totals = ['nodes', 'completed', 'failed', 'skipped', 'steps', 'tokens', 'costUsd'].filter((key) => !(key in ((view['totals'] ?? {}) as Body)));
    const fields = ['nodeId', 'path', 'iteration', 'attempt', 'status', 'startedAt', 'completedAt', 'input', 'output', 'error', 'tokens', 'costUsd', 'model', 'warnings'].filter((key) => !(key in row));
    return [is('run', missing, []), is('totals', totals, []), is('row', fields, []), is('error', view['error'], null)];
  }),
  scripted('totals count nodes by their last state, steps count attempts', async (hub) => {
    const id = await publish(hub, graph([broken('a', { retry: { maxAttempts: 2, initialMs: 1 }, onError: { mode: 'branch' } }), calc('b', '1'), calc('c', '1')], [edge('a', 'error', 'b'), ...chain('a', 'c')]));
    const run = await start(hub, id);
    await settled(hub, run);
    const view = await want<{ totals: Body }>(hub, 200, 'GET', `/runs/${run}`);
    const { nodes, completed, failed, skipped, steps } = view.totals;
    return [is('totals', { nodes, completed, failed, skipped, steps }, { nodes: 3, completed: 1, failed: 1, skipped: 1, steps: 3 })];
  }),
  scripted('an output over 1 MB is a reference', async (hub) => {
    const id = await publish(hub, graph([code('a', 'return "x".repeat(1500000)'), out('o', '{{ nodes.a.output }}')], chain('a', 'o')));
    const run = await start(hub, id);
    await settled(hub, run);
    const view = await want<Body>(hub, 200, 'GET', `/runs/${run}`);
    const whole = await hub.call('GET', `/runs/${run}/nodes/a/output`);
    return [!('outputRef' in view) && `no outputRef: ${Object.keys(view).join(' ')}`, view['output'] !== undefined && view['output'] !== null && 'the output is there whole', whole.status !== 200 && `output: ${whole.status}`, whole.text.length < 1_500_000 && `length ${whole.text.length}`];
  }),
  scripted('a signal before its wait is kept; the same messageId counts once; after the end 409', async (hub, stub) => {
    const id = await publish(hub, graph([http('slow', `${stub}?ms=1500`), node('w', 'wait', { signal: 'go' }), node('v', 'wait', { signal: 'go', timeout: '2s' }), out('o', '{{ nodes.w.output.payload }}'), out('second', '{{ nodes.v.output.payload }}')], [...chain('slow', 'w', 'o'), ...chain('w', 'v', 'second')]));
    const run = await start(hub, id);
    const messageId = randomUUID();
    const answers = [];
    for (let n = 0; n < 3; n += 1) answers.push(await hub.call('POST', `/runs/${run}/signals/go`, { payload: { n: 1 }, messageId }));
    const ended = await settled(hub, run);
    const after = await hub.call('POST', `/runs/${run}/signals/go`, { payload: 1, messageId: randomUUID() });
    return [...answers.map((one) => one.status >= 300 && `signal: ${one.status} ${one.text}`), is('output', ended.output, { o: { n: 1 } }), ...refusal('after', after, 409)];
  }),
  scripted('a signal releases the longest waiting of its name; path names another', async (hub) => {
    const id = await publish(hub, graph([each('{{ [1,2,3] }}', { concurrency: 3, result: '{{ nodes.w.output.payload }}' }), node('w', 'wait', { signal: 'go' }, inL), out('o', '{{ nodes.l.output }}')], chain('l', 'o')));
    const run = await start(hub, id);
    await status(hub, run, 'waiting');
    await hub.call('POST', `/runs/${run}/signals/go`, { payload: 'named', path: 'l[1].w', messageId: randomUUID() });
    await hub.call('POST', `/runs/${run}/signals/go`, { payload: 'first', messageId: randomUUID() });
    await hub.call('POST', `/runs/${run}/signals/go`, { payload: 'last', messageId: randomUUID() });
    const ended = await settled(hub, run);
    return [is('output', ended.output, { o: ['first', 'named', 'last'] })];
  }),
  scripted('two answers of an approval at once: one is taken, the other 409', async (hub) => {
    const id = await publish(hub, graph([node('q', 'approval', { title: 'Well?' }), out('a', '{{ nodes.q.output.decision }}'), out('r', '{{ nodes.q.output.decision }}')], [edge('q', 'approved', 'a'), edge('q', 'rejected', 'r')]));
    const run = await start(hub, id);
    const waiting = await status(hub, run, 'waiting');
    const answers = await Promise.all(['approved', 'rejected', 'approved', 'rejected'].map((decision) => hub.call('POST', `/runs/${run}/nodes/q/answer`, { decision, messageId: randomUUID() })));
    const ended = await settled(hub, run);
    const late = await hub.call('POST', `/runs/${run}/nodes/q/answer`, { decision: 'approved', messageId: randomUUID() });
    const outputs = Object.keys((ended.output ?? {}) as Body);
    return [is('reason', waiting['statusReason'], 'approval'), is('taken', answers.filter((one) => one.status < 300).length, 1), ...answers.filter((one) => one.status >= 300).flatMap((one) => refusal('other', one, 409)), is('ways', outputs.length, 1), ...refusal('late', late, 409)];
  }),
  scripted('one messageId answered twice counts once and says the same', async (hub) => {
    const id = await publish(hub, graph([node('q', 'approval', { title: 'Well?' }), out('a', 1)], [edge('q', 'approved', 'a')]));
    const run = await start(hub, id);
    await status(hub, run, 'waiting');
    const body = { decision: 'approved', messageId: randomUUID() };
    const first = await hub.call('POST', `/runs/${run}/nodes/q/answer`, body);
    const second = await hub.call('POST', `/runs/${run}/nodes/q/answer`, body);
    await settled(hub, run);
    return [is('first', first.status < 300, true), is('second', second.status, first.status)];
  }),
  scripted('an answer that does not fit: unknown node, wrong decision, wrong form, no body', async (hub) => {
    const id = await publish(hub, graph([node('q', 'approval', { title: 'Well?', form: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } }), out('a', '{{ nodes.q.output.form.n }}')], [edge('q', 'approved', 'a')]));
    const run = await start(hub, id);
    await status(hub, run, 'waiting');
    const say = (nodeId: string, body: unknown): Promise<Answer> => hub.call('POST', `/runs/${run}/nodes/${nodeId}/answer`, body);
    const messageId = randomUUID;
    const bad = [await say('ghost', { decision: 'approved', messageId: messageId() }), await say('q', { decision: 'retry', messageId: messageId() }), await say('q', { decision: 'approved', form: { n: 'x' }, messageId: messageId() }), await say('q', { decision: 'approved', messageId: messageId() }), await say('q', {}), await say('q', { decision: 'approved', form: { n: 1 }, path: 'ghost[0].q', messageId: messageId() })];
    await want(hub, 202, 'POST', `/runs/${run}/nodes/q/answer`, { decision: 'approved', form: { n: 3 }, messageId: messageId() }).catch(async () => say('q', { decision: 'approved', form: { n: 3 }, messageId: messageId() }));
    const ended = await settled(hub, run);
    return [...bad.flatMap((one, at) => refusal(`bad ${at}`, one, 400, 404, 409, 422)), is('output', ended.output, { a: 3 })];
  }),
  scripted('pause holds what is next, resume goes on; pausing an ended run is 409', async (hub, stub) => {
    const id = await publish(hub, graph([http('a', `${stub}?ms=1200`), calc('b', '1'), out('o', '{{ nodes.b.output }}')], chain('a', 'b', 'o')));
    const run = await start(hub, id);
    await status(hub, run, 'running');
    const paused = await hub.call('POST', `/runs/${run}/pause`);
    const held = await status(hub, run, 'waiting', 8_000);
    const rows = await rowsOf(hub, run);
    const resumed = await hub.call('POST', `/runs/${run}/resume`);
    const ended = await settled(hub, run);
    const late = await hub.call('POST', `/runs/${run}/pause`);
    return [paused.status >= 300 && paused.text, is('held', [held['status'], held['statusReason']], ['waiting', 'pause']), rows.some((row) => row.nodeId === 'b' && row.attempt > 0) && 'b ran while paused', resumed.status >= 300 && resumed.text, is('output', ended.output, { o: 1 }), ...refusal('late', late, 409)];
  }),
  scripted('settings.timeoutMs ends a run as timed_out', async (hub, stub) => {
    const id = await publish(hub, graph([http('a', `${stub}?ms=20000`), out('o', 1)], chain('a', 'o'), { settings: { timeoutMs: 1200 } }));
    const ended = await settled(hub, await start(hub, id));
    return [is('status', ended.status, 'timed_out')];
  }),
  scripted('a POST that may have done something waits as unknown-outcome; done continues', async (hub, stub) => {
    const id = await publish(hub, graph([node('a', 'action', { connector: 'http', action: 'request', params: { method: 'POST', url: `${stub}?key=unknown&failures=1&status=500`, body: {} } }), out('o', '{{ nodes.a.output }}')], chain('a', 'o')));
    const run = await start(hub, id);
    const held = await status(hub, run, 'waiting');
    const wrong = await hub.call('POST', `/runs/${run}/nodes/a/answer`, { decision: 'approved', messageId: randomUUID() });
    const answer = await hub.call('POST', `/runs/${run}/nodes/a/answer`, { decision: 'done', output: { made: 'by hand' }, messageId: randomUUID() });
    const ended = await settled(hub, run);
    return [is('reason', held['statusReason'], 'unknown-outcome'), ...refusal('wrong', wrong, 409, 422), answer.status >= 300 && answer.text, is('output', ended.output, { o: { made: 'by hand' } })];
  }),
  scripted('a POST answered 503 is repeated', async (hub, stub) => {
    const id = await publish(hub, graph([node('a', 'action', { connector: 'http', action: 'request', params: { method: 'POST', url: `${stub}?key=p503&failures=1&status=503`, body: {} } }, { retry: { maxAttempts: 3, initialMs: 1 } }), out('o', '{{ nodes.a.output.status }}')], chain('a', 'o')));
    const ended = await settled(hub, await start(hub, id));
    return [is('output', ended.output, { o: 200 })];
  }),
];

const trials: ScriptedCase[] = [
  scripted('only runs that node; upTo it and what is upstream; others are skipped', async (hub) => {
    const id = await create(hub, graph([calc('a', '1'), calc('b', '2'), calc('c', '3'), calc('side', '4')], [...chain('a', 'b', 'c'), ...chain('a', 'side')]));
    const states = async (body: Body): Promise<Body> => {
      const run = await start(hub, id, { draft: true, ...body });
      await settled(hub, run);
      return Object.fromEntries((await rowsOf(hub, run)).map((row) => [row.nodeId, row.status]).toSorted());
    };
    return [
      is('upTo', await states({ upTo: 'b' }), { a: 'completed', b: 'completed', c: 'skipped', side: 'skipped' }),
      is('only', await states({ only: 'b' }), { a: 'skipped', b: 'completed', c: 'skipped', side: 'skipped' }),
    ];
  }),
  scripted('pins: stored ones are taken, pinned replaces them, wrong ones are refused, a version sees none', async (hub) => {
    const id = await create(hub, graph([broken('a'), node('c', 'condition', { expression: 'true' }), out('o', '{{ nodes.a.output }}'), out('f', 1)], [...chain('a', 'c'), edge('c', 'true', 'o'), edge('c', 'false', 'f')]));
    await want(hub, 200, 'PUT', `/workflows/${id}/pins`, { a: { v: 1 } });
    const stored = await settled(hub, await start(hub, id, { draft: true }));
    const given = await settled(hub, await start(hub, id, { draft: true, pinned: { a: 2, c: { result: false } } }));
    const replaced = await settled(hub, await start(hub, id, { draft: true, pinned: {} }));
    const bad = [await hub.call('PUT', `/workflows/${id}/pins`, { ghost: 1 }), await hub.call('PUT', `/workflows/${id}/pins`, { c: {} }), await hub.call('POST', `/workflows/${id}/runs`, { draft: true, pinned: { c: 'x' } }), await hub.call('POST', `/workflows/${id}/runs`, { draft: true, only: 'ghost' }), await hub.call('POST', `/workflows/${id}/runs`, { draft: true, upTo: 'ghost' })];
    await want(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '' });
    const version = await settled(hub, await start(hub, id));
    const sly = await hub.call('POST', `/workflows/${id}/runs`, { pinned: { a: 1 } });
    return [is('stored', stored.output, { o: { v: 1 } }), is('given', given.output, { f: 1 }), is('replaced', replaced.status, 'failed'), is('version', version.status, 'failed'), ...bad.flatMap((one, at) => refusal(`bad ${at}`, one, 400, 404, 422)), ...refusal('pinned without draft', sly, 400, 422)];
  }),
  scripted('a pinned node in a body is pinned for every iteration', async (hub) => {
    const id = await create(hub, graph([each('{{ [1,2,3] }}'), broken('b', inL), calc('c', 'nodes.b.output + item', inL), out('o', '{{ nodes.l.output }}')], [...chain('b', 'c'), ...chain('l', 'o')]));
    const run = await settled(hub, await start(hub, id, { draft: true, pinned: { b: 10 } }));
    return [is('output', run.output, { o: [11, 12, 13] })];
  }),
];

const again: ScriptedCase[] = [
  scripted('retry keeps what completed; with fromNode it and what is downstream run again; outputs by hand', async (hub, stub) => {
    const id = await publish(hub, graph([http('a', `${stub}?key=kept`), code('b', 'if (ctx.nodes.a.output.body.n < 2 && !ctx.input.fine) throw new Error("no"); return ctx.nodes.a.output.body.n'), out('o', '{{ nodes.b.output }}')], chain('a', 'b', 'o')));
    const first = await start(hub, id);
    await settled(hub, first);
    const same = await want<Body>(hub, 202, 'POST', `/runs/${first}/retry`, {});
    const sameRun = await settled(hub, String(same['id']));
    const from = await want<Body>(hub, 202, 'POST', `/runs/${first}/retry`, { fromNode: 'a' });
    const fromRun = await settled(hub, String(from['id']));
    const byHand = await want<Body>(hub, 202, 'POST', `/runs/${first}/retry`, { outputs: { b: 'by hand' } });
    const byHandRun = await settled(hub, String(byHand['id']));
    const bad = [await hub.call('POST', `/runs/${first}/retry`, { fromNode: 'ghost' }), await hub.call('POST', `/runs/${first}/retry`, { outputs: { ghost: 1 } }), await hub.call('POST', `/runs/${first}/retry`, { version: 99 }), await hub.call('POST', `/runs/${first}/retry`, { nope: 1 })];
    return [is('same', sameRun.status, 'failed'), is('from', fromRun.output, { o: 2 }), is('by hand', byHandRun.output, { o: 'by hand' }), ...bad.flatMap((one, at) => refusal(`bad ${at}`, one, 400, 404, 409, 422))];
  }),
  scripted('retry of a loop keeps its completed items', async (hub, stub) => {
    const id = await publish(hub, graph([each('{{ [1,2,3] }}', { concurrency: 1, result: '{{ nodes.h.output.body.n }}' }), http('h', `${stub}?key=it{{ item }}`, inL), code('b', 'if (ctx.item === 2 && ctx.nodes.h.output.body.n === 1 && !ctx.vars.never) { if (ctx.run.id === ctx.input.first || !ctx.input.go) throw new Error("no"); } return 1', inL), out('o', '{{ nodes.l.output }}')], [...chain('h', 'b'), ...chain('l', 'o')]));
    const first = await start(hub, id);
    await settled(hub, first);
    const second = await want<Body>(hub, 202, 'POST', `/runs/${first}/retry`, { fromNode: 'h', iteration: 1 }).catch((fault: unknown) => ({ fault: String(fault) }) as Body);
    if (second['fault'] !== undefined) return [String(second['fault'])];
    const run = await settled(hub, String(second['id']));
    return [is('output', run.output, { o: [1, 2, 1] })];
  }),
  scripted('subworkflow: output, input, failure with the child’s id, no wait, a version', async (hub) => {
    const child = await publish(hub, graph([code('a', 'if (ctx.input.bad) throw new Error("bad"); return ctx.input'), out('r', '{{ nodes.a.output }}')], chain('a', 'r')));
    const parent = await publish(hub, graph([node('s', 'subworkflow', { workflowId: child, input: { x: '{{ input.x }}' } }), node('n', 'subworkflow', { workflowId: child, version: 1, input: { x: 2 }, wait: false }), node('f', 'subworkflow', { workflowId: child, input: { bad: true } }, { onError: { mode: 'branch' } }), out('o', '{{ nodes.s.output }}'), out('n2', '{{ $keys(nodes.n.output) }}'), out('e', '{{ [nodes.f.error.code, $length(nodes.f.error.message) > 36] }}')], [...chain('s', 'o'), ...chain('n', 'n2'), edge('f', 'error', 'e')]));
    const run = await settled(hub, await start(hub, parent, { input: { x: 5 } }));
    return [is('output', [(run.output as Body)['o'], (run.output as Body)['n2'], (run.output as Body)['e']], [{ r: { x: 5 } }, 'runId', ['subworkflow.failed', true]])];
  }),
  scripted('subworkflow of itself ends at depth 10, without a slot of the workflow', async (hub) => {
    const id = await create(hub, graph([out('o', 1)]));
    const etag = (await hub.call('GET', `/workflows/${id}`)).headers.get('etag') ?? '';
    await want(hub, 200, 'PATCH', `/workflows/${id}`, { definition: { ...graph([node('s', 'subworkflow', { workflowId: id, input: {} })]), settings: { maxConcurrentRuns: 1 } } }, { 'if-match': etag });
    await want(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '' });
    const run = await settled(hub, await start(hub, id));
    const list = await want<{ items: { error: Body | null }[] }>(hub, 200, 'GET', `/runs?workflowId=${id}&limit=100`);
    return [is('status', run.status, 'failed'), is('code', run.error?.['code'], 'subworkflow.failed'), is('runs', list.items.length, 11), !JSON.stringify(list).includes('subworkflow.too-deep') && 'nobody says too-deep'];
  }),
  scripted('cancel is passed down to a child', async (hub) => {
    const child = await publish(hub, sleeper);
    const parent = await publish(hub, graph([node('s', 'subworkflow', { workflowId: child, input: {} })]));
    const run = await start(hub, parent);
    await pause(1_500);
    const below = await want<{ items: Body[] }>(hub, 200, 'GET', `/runs?workflowId=${child}`);
    await hub.call('POST', `/runs/${run}/cancel`);
    const ended = await settled(hub, run);
    const under = await settled(hub, String(below.items[0]?.['id']));
    return [is('both', [ended.status, under.status], ['cancelled', 'cancelled'])];
  }),
  scripted('a webhook: accepted, result, wrong token, removed trigger 410', async (hub) => {
    const definition = graph([node('r', 'respond', { status: 201, headers: { 'x-made': 'yes' }, body: { got: '{{ input.n }}', type: '{{ trigger.type }}' } })], [], { triggers: [{ id: 'hook', type: 'webhook', config: { respond: 'result' } }] });
    const id = await create(hub, definition);
    const made = await want<{ urls: { url: string }[] }>(hub, 201, 'POST', `/workflows/${id}/publish`, {});
    const url = made.urls[0]?.url.split('/').at(-1) ?? '';
    const answer = await hub.call('POST', `/hooks/${url}`, { n: 5 });
    const wrong = await hub.call('POST', '/hooks/nonsense', { n: 5 });
    const etag = (await hub.call('GET', `/workflows/${id}`)).headers.get('etag') ?? '';
    await want(hub, 200, 'PATCH', `/workflows/${id}`, { definition: { ...definition, triggers: [] } }, { 'if-match': etag });
    await want(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '' });
    let gone = await hub.call('POST', `/hooks/${url}`, { n: 5 });
    for (let n = 0; n < 20 && gone.status !== 410; n += 1) {
      await pause(250);
      gone = await hub.call('POST', `/hooks/${url}`, { n: 5 });
    }
    return [is('answer', [answer.status, answer.headers.get('x-made'), answer.body], [201, 'yes', { got: 5, type: 'webhook' }]), ...refusal('wrong', wrong, 404), ...refusal('gone', gone, 410)];
  }),
];

/** Every list and id under odd values: a problem or an answer, never 5xx. */
const odd: ScriptedCase[] = [
  scripted('lists: limits, cursors and filters that are none', async (hub) => {
    const id = await publish(hub, simple);
    const run = await start(hub, id, { input: { n: 1 } });
    const lists = ['/workflows', '/runs', `/workflows/${id}/versions`, `/runs/${run}/nodes`, '/approvals', '/variables', '/credentials', '/connectors', '/models'];
    const queries = ['limit=0', 'limit=-1', 'limit=abc', 'limit=1e99', 'limit=NaN', 'limit=', 'limit=1&limit=2', 'limit=1.5', 'cursor=abc', 'cursor=', 'cursor=%00', 'cursor=eyJhIjoxfQ', 'cursor=../../x', `cursor=${'a'.repeat(3_000)}`, 'cursor=1&cursor=2'];
    const wrong: string[] = [];
    for (const list of lists)
      for (const query of queries) {
        const answer = await hub.call('GET', `${list}?${query}`);
        if (answer.status >= 500) wrong.push(`${list}?${query.slice(0, 40)}: ${answer.status}`);
        if (answer.status >= 400) wrong.push(...problem(answer));
      }
    const filters = ['status=nope', 'status=', 'workflowId=x', 'workflowId=%00', 'status=failed&status=running', 'from=yesterday', 'nope=1'];
    for (const query of filters) {
      const answer = await hub.call('GET', `/runs?${query}`);
      if (answer.status >= 500) wrong.push(`/runs?${query}: ${answer.status}`);
    }
    const status = await hub.call('GET', '/runs?status=nope');
    return [...wrong, ...refusal('status=nope', status, 400, 422)];
  }),
  scripted('pages: each once, in one order, while others are made; the last has no cursor', async (hub) => {
    const id = await publish(hub, simple);
    const mine: string[] = [];
    for (let n = 0; n < 7; n += 1) mine.push(await start(hub, id, { input: { n } }));
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page: { items: { id: string }[]; nextCursor: string | null } = await want(hub, 200, 'GET', `/runs?workflowId=${id}&limit=3${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
      seen.push(...page.items.map((one) => one.id));
      cursor = page.nextCursor;
      pages += 1;
      if (pages === 1) await start(hub, id, { input: { n: 99 } });
    } while (cursor !== null && pages < 10);
    return [is('seen', seen.toSorted(), mine.toSorted()), is('pages', pages, 3)];
  }),
  scripted('ids that are none, of nobody, or of another kind are 404 or 400', async (hub) => {
    const id = await publish(hub, simple);
    const ids = ['x', '018f0000-0000-7000-8000-000000000000', '%00', '..%2f..', id, '1', "'%20or%201=1"];
    const wrong: string[] = [];
    for (const one of ids)
      for (const [method, path] of [
        ['GET', `/runs/${one}`],
        ['GET', `/runs/${one}/nodes`],
        ['GET', `/runs/${one}/nodes/a/output`],
        ['POST', `/runs/${one}/cancel`],
        ['POST', `/runs/${one}/retry`],
        ['POST', `/runs/${one}/signals/go`],
        ['GET', `/files/${one}`],
        ['GET', `/runs/${one}?wait=1`],
      ] as const) {
        const answer = await hub.call(method, path, method === 'POST' ? { messageId: randomUUID() } : undefined);
        if (answer.status !== 404 && answer.status !== 400 && answer.status !== 422) wrong.push(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 100)}`);
        else wrong.push(...problem(answer).map((line) => `${method} ${path}: ${line}`));
      }
    return wrong;
  }),
  scripted('paths and methods that are none are problems', async (hub) => {
    const answers = await Promise.all([hub.call('GET', '/nope'), hub.call('DELETE', '/runs'), hub.call('PUT', '/workflows', {}), hub.call('POST', '/workflows', '{"name":'), hub.call('POST', '/workflows', 'null'), hub.call('POST', '/workflows', '[]'), hub.call('POST', '/workflows', 'x', { 'content-type': 'text/plain' }), hub.call('POST', '/workflows', '<a/>', { 'content-type': 'application/xml' })]);
    return answers.flatMap((one, at) => refusal(String(at), one, 400, 404, 405, 415, 422));
  }),
  scripted('wait on a run: odd numbers', async (hub) => {
    const id = await publish(hub, simple);
    const run = await start(hub, id, { input: { n: 1 } });
    await settled(hub, run);
    const answers = await Promise.all(['-1', 'abc', '1e9', '', 'NaN', '31', '0.5'].map((wait) => hub.call('GET', `/runs/${run}?wait=${wait}`)));
    return answers.map((one) => one.status >= 500 && `${one.status} ${one.text}`);
  }),
  scripted('save refuses what is not of the shape and says where', async (hub) => {
    const base: Part = { schemaVersion: 1, nodes: [{ id: 'a', type: 'code', config: { source: 'return 1' } }], edges: [] };
    const shapes: [string, unknown][] = [
      ['version 2', { ...base, schemaVersion: 2 }],
      ['no version', { nodes: [] }],
      ['no nodes', { schemaVersion: 1 }],
      ['nodes an object', { ...base, nodes: {} }],
      ['unknown top', { ...base, extra: 1 }],
      ['unknown of node', { ...base, nodes: [{ id: 'a', type: 'code', config: {}, nope: 1 }] }],
      ['no config', { ...base, nodes: [{ id: 'a', type: 'code' }] }],
      ['config an array', { ...base, nodes: [{ id: 'a', type: 'code', config: [] }] }],
      ['no id', { ...base, nodes: [{ type: 'code', config: {} }] }],
      ['id a number', { ...base, nodes: [{ id: 5, type: 'code', config: {} }] }],
      ['unknown of edge', { ...base, edges: [{ from: 'a', to: 'a', label: 'x' }] }],
      ['edge without to', { ...base, edges: [{ from: 'a' }] }],
      ['label a number', { ...base, nodes: [{ id: 'a', type: 'code', config: {}, label: 5 }] }],
      ['disabled a text', { ...base, nodes: [{ id: 'a', type: 'code', config: {}, disabled: 'yes' }] }],
      ['__proto__', JSON.parse('{"schemaVersion":1,"nodes":[{"id":"a","type":"code","config":{"__proto__":{"x":1}}}]}')],
      ['a text', 'x'],
      ['null', null],
    ];
    const wrong: (string | false)[] = [];
    for (const [name, definition] of shapes) wrong.push(...refusal(name, await hub.call('POST', '/workflows', { name: 'x', definition }), 400, 422));
    const huge = { ...base, nodes: [{ id: 'a', type: 'code', config: { source: `return "${'x'.repeat(1_000_001)}"` } }] };
    wrong.push(...refusal('over 1 MB', await hub.call('POST', '/workflows', { name: 'x', definition: huge }), 413, 422));
    const names = [undefined, '', 5, null, 'x'.repeat(5_000)];
    for (const name of names) wrong.push(...refusal(`name ${String(name).slice(0, 9)}`, await hub.call('POST', '/workflows', { name, definition: base }), 400, 422));
    wrong.push(...refusal('an id of one’s own', await hub.call('POST', '/workflows', { id: randomUUID(), name: 'x', definition: base }), 400, 422));
    return wrong;
  }),
  scripted('ids against the pattern are refused at save or publish, each with its place', async (hub) => {
    const wrong: (string | false)[] = [];
    for (const id of ['A', '1a', '_a', 'a-b', 'a b', '', 'ä', `a${'b'.repeat(63)}`, 'true', 'false', 'null', 'constructor', 'prototype', '__proto__']) {
      const saved = await hub.call('POST', '/workflows', { name: 'x', definition: { schemaVersion: 1, nodes: [{ id, type: 'code', config: { source: 'return 1' } }] } });
      const answer = saved.status === 201 ? await hub.call('POST', `/workflows/${String((saved.body as Body)['id'])}/publish`, { note: '' }) : saved;
      wrong.push(...refusal(`id ${id}`, answer, 400, 422));
    }
    for (const edges of [[{ from: 'a', to: 'b' }, { from: 'a', to: 'b' }], [{ from: 'a', to: 'b' }, { from: 'a', fromPort: 'out', to: 'b' }]]) {
      const saved = await hub.call('POST', '/workflows', { name: 'x', definition: graph([calc('a', '1'), calc('b', '1')], edges) });
      const answer = saved.status === 201 ? await hub.call('POST', `/workflows/${String((saved.body as Body)['id'])}/publish`, { note: '' }) : saved;
      wrong.push(...refusal('the same edge twice', answer, 400, 422));
    }
    return wrong;
  }),
];

export const strangerApiCases: ScriptedCase[] = [...life, ...starts, ...running, ...trials, ...again, ...odd];
