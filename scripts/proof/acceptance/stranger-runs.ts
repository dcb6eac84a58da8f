/** A third reader's cases: running runs and test runs, each from a sentence of 03. */
import { randomUUID } from 'node:crypto';
import type { ScriptedCase } from './api.ts';
import { broken, calc, chain, code, edge, graph, http, node, out } from './cases.ts';
import { create, publish, rowsOf, settled, start, want, type Answer } from './run.ts';
import { strangerAgainCases } from './stranger-again.ts';
import { is, refusal, scripted, simple, status, type Body } from './stranger-requests.ts';
import { each, inL } from './unseen-kit.ts';

const running: ScriptedCase[] = [
  scripted('the shape of a run and of its rows', async (hub) => {
    const id = await publish(hub, simple);
    const run = await start(hub, id, { input: { n: 2 } });
    await settled(hub, run);
    const view = await want<Body>(hub, 200, 'GET', `/runs/${run}`);
    const row = (await rowsOf(hub, run))[0] as unknown as Body;
    const missing = [
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
    ].filter((key) => !(key in view));
    const totals = ['nodes', 'completed', 'failed', 'skipped', 'steps', 'tokens', 'costUsd'].filter(
      (key) => !(key in ((view['totals'] ?? {}) as Body)),
    );
    const fields = [
      'nodeId',
      'path',
      'iteration',
      'attempt',
      'status',
      'startedAt',
      'completedAt',
      'input',
      'output',
      'error',
      'tokens',
      'costUsd',
      'model',
      'warnings',
    ].filter((key) => !(key in row));
    return [is('run', missing, []), is('totals', totals, []), is('row', fields, []), is('error', view['error'], null)];
  }),
  scripted('totals count nodes by their last state, steps count attempts', async (hub) => {
    const id = await publish(
      hub,
      graph(
        [broken('a', { retry: { maxAttempts: 2, initialMs: 1 }, onError: { mode: 'branch' } }), calc('b', '1'), calc('c', '1')],
        [edge('a', 'error', 'b'), ...chain('a', 'c')],
      ),
    );
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
    return [
      !('outputRef' in view) && `no outputRef: ${Object.keys(view).join(' ')}`,
      view['output'] !== undefined && view['output'] !== null && 'the output is there whole',
      whole.status !== 200 && `output: ${whole.status}`,
      whole.text.length < 1_500_000 && `length ${whole.text.length}`,
    ];
  }),
  scripted('a signal before its wait is kept; the same messageId counts once; after the end 409', async (hub, stub) => {
    const id = await publish(
      hub,
      graph(
        [
          http('slow', `${stub}?ms=1500`),
          node('w', 'wait', { signal: 'go' }),
          node('v', 'wait', { signal: 'go', timeout: '2s' }),
          out('o', '{{ nodes.w.output.payload }}'),
          out('second', '{{ nodes.v.output.payload }}'),
        ],
        [...chain('slow', 'w', 'o'), ...chain('w', 'v', 'second')],
      ),
    );
    const run = await start(hub, id);
    const messageId = randomUUID();
    const answers = [];
    for (let n = 0; n < 3; n += 1) answers.push(await hub.call('POST', `/runs/${run}/signals/go`, { payload: { n: 1 }, messageId }));
    const ended = await settled(hub, run);
    const after = await hub.call('POST', `/runs/${run}/signals/go`, { payload: 1, messageId: randomUUID() });
    return [
      ...answers.map((one) => one.status >= 300 && `signal: ${one.status} ${one.text}`),
      is('output', ended.output, { o: { n: 1 } }),
      ...refusal('after', after, 409),
    ];
  }),
  scripted('a signal releases the longest waiting of its name; path names another', async (hub, stub) => {
    const id = await publish(
      hub,
      graph(
        [
          each('{{ [1,2,3] }}', { concurrency: 3, result: '{{ nodes.w.output.payload }}' }),
          // One after another: who of three that park at the same time waits longest is nobody's to say.
          http('h', `${stub}/?ms={{ (item - 1) * 700 }}`, inL),
          node('w', 'wait', { signal: 'go' }, inL),
          out('o', '{{ nodes.l.output }}'),
        ],
        [...chain('h', 'w'), ...chain('l', 'o')],
      ),
    );
    const run = await start(hub, id);
    await status(hub, run, 'waiting');
    await hub.call('POST', `/runs/${run}/signals/go`, { payload: 'named', path: 'l[1].w', messageId: randomUUID() });
    await hub.call('POST', `/runs/${run}/signals/go`, { payload: 'first', messageId: randomUUID() });
    await hub.call('POST', `/runs/${run}/signals/go`, { payload: 'last', messageId: randomUUID() });
    const ended = await settled(hub, run);
    return [is('output', ended.output, { o: ['first', 'named', 'last'] })];
  }),
  scripted('two answers of an approval at once: one is taken, the other 409', async (hub) => {
    const id = await publish(
      hub,
      graph(
        [node('q', 'approval', { title: 'Well?' }), out('a', '{{ nodes.q.output.decision }}'), out('r', '{{ nodes.q.output.decision }}')],
        [edge('q', 'approved', 'a'), edge('q', 'rejected', 'r')],
      ),
    );
    const run = await start(hub, id);
    const waiting = await status(hub, run, 'waiting');
    const answers = await Promise.all(
      ['approved', 'rejected', 'approved', 'rejected'].map((decision) =>
        hub.call('POST', `/runs/${run}/nodes/q/answer`, { decision, messageId: randomUUID() }),
      ),
    );
    const ended = await settled(hub, run);
    const late = await hub.call('POST', `/runs/${run}/nodes/q/answer`, { decision: 'approved', messageId: randomUUID() });
    const outputs = Object.keys((ended.output ?? {}) as Body);
    return [
      is('reason', waiting['statusReason'], 'approval'),
      is('taken', answers.filter((one) => one.status < 300).length, 1),
      ...answers.filter((one) => one.status >= 300).flatMap((one) => refusal('other', one, 409)),
      is('ways', outputs.length, 1),
      ...refusal('late', late, 409),
    ];
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
    const id = await publish(
      hub,
      graph(
        [
          node('q', 'approval', { title: 'Well?', form: { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] } }),
          out('a', '{{ nodes.q.output.form.n }}'),
        ],
        [edge('q', 'approved', 'a')],
      ),
    );
    const run = await start(hub, id);
    await status(hub, run, 'waiting');
    const say = (nodeId: string, body: unknown): Promise<Answer> => hub.call('POST', `/runs/${run}/nodes/${nodeId}/answer`, body);
    const messageId = randomUUID;
    const bad = [
      await say('ghost', { decision: 'approved', messageId: messageId() }),
      await say('q', { decision: 'retry', messageId: messageId() }),
      await say('q', { decision: 'approved', form: { n: 'x' }, messageId: messageId() }),
      await say('q', { decision: 'approved', messageId: messageId() }),
      await say('q', {}),
      await say('q', { decision: 'approved', form: { n: 1 }, path: 'ghost[0].q', messageId: messageId() }),
    ];
    await want(hub, 202, 'POST', `/runs/${run}/nodes/q/answer`, { decision: 'approved', form: { n: 3 }, messageId: messageId() }).catch(async () =>
      say('q', { decision: 'approved', form: { n: 3 }, messageId: messageId() }),
    );
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
    return [
      paused.status >= 300 && paused.text,
      is('held', [held['status'], held['statusReason']], ['waiting', 'pause']),
      rows.some((row) => row.nodeId === 'b' && row.attempt > 0) && 'b ran while paused',
      resumed.status >= 300 && resumed.text,
      is('output', ended.output, { o: 1 }),
      ...refusal('late', late, 409),
    ];
  }),
  scripted('settings.timeoutMs ends a run as timed_out', async (hub, stub) => {
    const id = await publish(hub, graph([http('a', `${stub}?ms=20000`), out('o', 1)], chain('a', 'o'), { settings: { timeoutMs: 1200 } }));
    const ended = await settled(hub, await start(hub, id));
    return [is('status', ended.status, 'timed_out')];
  }),
  scripted('a POST that may have done something waits as unknown-outcome; done continues', async (hub, stub) => {
    const id = await publish(
      hub,
      graph(
        [
          node('a', 'action', {
            connector: 'http',
            action: 'request',
            params: { method: 'POST', url: `${stub}?key=unknown&failures=1&status=500`, body: {} },
          }),
          out('o', '{{ nodes.a.output }}'),
        ],
        chain('a', 'o'),
      ),
    );
    const run = await start(hub, id);
    const held = await status(hub, run, 'waiting');
    const wrong = await hub.call('POST', `/runs/${run}/nodes/a/answer`, { decision: 'approved', messageId: randomUUID() });
    const answer = await hub.call('POST', `/runs/${run}/nodes/a/answer`, { decision: 'done', output: { made: 'by hand' }, messageId: randomUUID() });
    const ended = await settled(hub, run);
    return [
      is('reason', held['statusReason'], 'unknown-outcome'),
      ...refusal('wrong', wrong, 409, 422),
      answer.status >= 300 && answer.text,
      is('output', ended.output, { o: { made: 'by hand' } }),
    ];
  }),
  scripted('a POST answered 503 is repeated', async (hub, stub) => {
    const id = await publish(
      hub,
      graph(
        [
          node(
            'a',
            'action',
            { connector: 'http', action: 'request', params: { method: 'POST', url: `${stub}?key=p503&failures=1&status=503`, body: {} } },
            { retry: { maxAttempts: 3, initialMs: 1 } },
          ),
          out('o', '{{ nodes.a.output.status }}'),
        ],
        chain('a', 'o'),
      ),
    );
    const ended = await settled(hub, await start(hub, id));
    return [is('output', ended.output, { o: 200 })];
  }),
];

const trials: ScriptedCase[] = [
  scripted('only runs that node; upTo it and what is upstream; others are skipped', async (hub) => {
    const id = await create(
      hub,
      graph([calc('a', '1'), calc('b', '2'), calc('c', '3'), calc('side', '4')], [...chain('a', 'b', 'c'), ...chain('a', 'side')]),
    );
    const states = async (body: Body): Promise<Body> => {
      const run = await start(hub, id, { draft: true, ...body });
      await settled(hub, run);
      return Object.fromEntries((await rowsOf(hub, run)).toSorted((a, b) => a.nodeId.localeCompare(b.nodeId)).map((row) => [row.nodeId, row.status]));
    };
    return [
      is('upTo', await states({ upTo: 'b' }), { a: 'completed', b: 'completed', c: 'skipped', side: 'skipped' }),
      is('only', await states({ only: 'b' }), { a: 'skipped', b: 'completed', c: 'skipped', side: 'skipped' }),
    ];
  }),
  scripted('pins: stored ones are taken, pinned replaces them, wrong ones are refused, a version sees none', async (hub) => {
    const id = await create(
      hub,
      graph(
        [broken('a'), node('c', 'condition', { expression: 'true' }), out('o', '{{ nodes.a.output }}'), out('f', 1)],
        [...chain('a', 'c'), edge('c', 'true', 'o'), edge('c', 'false', 'f')],
      ),
    );
    await want(hub, 200, 'PUT', `/workflows/${id}/pins`, { a: { v: 1 } });
    const stored = await settled(hub, await start(hub, id, { draft: true }));
    const given = await settled(hub, await start(hub, id, { draft: true, pinned: { a: 2, c: { result: false } } }));
    const replaced = await settled(hub, await start(hub, id, { draft: true, pinned: {} }));
    const bad = [
      await hub.call('PUT', `/workflows/${id}/pins`, { ghost: 1 }),
      await hub.call('PUT', `/workflows/${id}/pins`, { c: {} }),
      await hub.call('POST', `/workflows/${id}/runs`, { draft: true, pinned: { c: 'x' } }),
      await hub.call('POST', `/workflows/${id}/runs`, { draft: true, only: 'ghost' }),
      await hub.call('POST', `/workflows/${id}/runs`, { draft: true, upTo: 'ghost' }),
    ];
    await want(hub, 201, 'POST', `/workflows/${id}/publish`, { note: '' });
    const version = await settled(hub, await start(hub, id));
    const sly = await hub.call('POST', `/workflows/${id}/runs`, { pinned: { a: 1 } });
    return [
      is('stored', stored.output, { o: { v: 1 } }),
      is('given', given.output, { f: 1 }),
      is('replaced', replaced.status, 'failed'),
      is('version', version.status, 'failed'),
      ...bad.flatMap((one, at) => refusal(`bad ${at}`, one, 400, 404, 422)),
      ...refusal('pinned without draft', sly, 400, 422),
    ];
  }),
  scripted('a pinned node in a body is pinned for every iteration', async (hub) => {
    const id = await create(
      hub,
      graph(
        [each('{{ [1,2,3] }}'), broken('b', inL), calc('c', 'nodes.b.output + item', inL), out('o', '{{ nodes.l.output }}')],
        [...chain('b', 'c'), ...chain('l', 'o')],
      ),
    );
    const run = await settled(hub, await start(hub, id, { draft: true, pinned: { b: 10 } }));
    return [is('output', run.output, { o: [11, 12, 13] })];
  }),
];

export const strangerRunCases: ScriptedCase[] = [...running, ...trials, ...strangerAgainCases];
