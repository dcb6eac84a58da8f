/** A sixth reader's requests: keys of repeats, fields and cursors that are none, the edges of bodies and pages. What is due is taken from 03 alone. */
import { randomUUID } from 'node:crypto';
import { refuses, same, type ScriptedCase } from './api.ts';
import { calc, chain, code, graph, out } from './cases.ts';
import { type Answer, create, publish, saveDraft, settled, start, want } from './run.ts';
import { wait, waiting } from './wait-words.ts';

export const guest = (name: string, run: ScriptedCase['run']): ScriptedCase => ({ name: `guest: ${name}`, run });
type Faults = { path: string; code: string; message: string }[];
const faultsOf = (answer: Answer): Faults => (answer.body as { errors?: Faults }).errors ?? [];
const idOf = (answer: Answer): string => {
  const { id, workflow } = answer.body as { id?: string; workflow?: { id: string } };
  return id ?? workflow?.id ?? 'none';
};
export const simple = (value: unknown = '{{ input }}'): object => graph([out('v', value)]);
export const upload = (text: string, name = 'a.txt'): FormData => {
  const form = new FormData();
  form.append('file', new Blob([text], { type: 'text/plain' }), name);
  return form;
};
const keyed = (): Record<string, string> => ({ 'idempotency-key': randomUUID() });

const repeats: ScriptedCase[] = [
  guest('Idempotency-Key on POST /files: the same file is the same handle, another is 422, and nothing is stored twice', async (hub) => {
    const key = keyed();
    const name = `${randomUUID()}.txt`;
    const first = await hub.call('POST', '/files', upload('one', name), key);
    const again = await hub.call('POST', '/files', upload('one', name), key);
    const other = await hub.call('POST', '/files', upload('two', name), key);
    const without = await hub.call('POST', '/files', upload('one', name));
    const { items } = await want<{ items: { name: string }[] }>(hub, 200, 'GET', '/files?limit=200');
    return [
      ...same('first', first.status, 201),
      ...same('again', [again.status, again.body], [201, first.body]),
      ...refuses(other, 422),
      ...same('a new handle without a key', (without.body as { $file: string }).$file === (first.body as { $file: string }).$file, false),
      ...same('stored', items.filter((one) => one.name === name).length, 2),
    ];
  }),
  guest(
    'Idempotency-Key of a start: the run of before, though the workflow is paused, takes another input, or fires by another trigger by now',
    async (hub) => {
      const workflow = await publish(hub, { ...simple(), triggers: [{ id: 'first', type: 'manual' }] });
      const key = keyed();
      const first = await hub.call('POST', `/workflows/${workflow}/runs`, { input: { a: 1 } }, key);
      await saveDraft(hub, workflow, {
        ...simple(),
        inputs: { type: 'object', properties: { b: { type: 'string' } }, required: ['b'] },
        triggers: [{ id: 'second', type: 'api' }],
      });
      await want(hub, 201, 'POST', `/workflows/${workflow}/publish`, {});
      const after = await hub.call('POST', `/workflows/${workflow}/runs`, { input: { a: 1 } }, key);
      await want(hub, 200, 'POST', `/workflows/${workflow}/pause`);
      const paused = await hub.call('POST', `/workflows/${workflow}/runs`, { input: { a: 1 } }, key);
      const fresh = await hub.call('POST', `/workflows/${workflow}/runs`, { input: { a: 1 } }, keyed());
      return [
        ...same('first', first.status, 202),
        ...same('after a publish', [after.status, idOf(after)], [202, idOf(first)]),
        ...same('while paused', [paused.status, idOf(paused)], [202, idOf(first)]),
        ...same('a new one', [409, 422].includes(fresh.status), true),
      ];
    },
  ),
  guest('Idempotency-Key of a start that names another trigger is another request', async (hub) => {
    const workflow = await publish(hub, {
      ...simple(),
      triggers: [
        { id: 'a', type: 'manual' },
        { id: 'b', type: 'api' },
      ],
    });
    const key = keyed();
    const first = await hub.call('POST', `/workflows/${workflow}/runs`, { trigger: 'a' }, key);
    const other = await hub.call('POST', `/workflows/${workflow}/runs`, { trigger: 'b' }, key);
    const { items } = await want<{ items: unknown[] }>(hub, 200, 'GET', `/runs?workflowId=${workflow}`);
    return [...same('first', first.status, 202), ...refuses(other, 422), ...same('runs', items.length, 1)];
  }),
  guest('Idempotency-Key on other POSTs that create: publish, duplicate, import, credentials, retry', async (hub) => {
    const workflow = await create(hub, simple());
    const twice = async (path: string, body: object): Promise<string[]> => {
      const key = keyed();
      const [first, again] = [await hub.call('POST', path, body, key), await hub.call('POST', path, body, key)];
      return [...same(`${path} answers`, [first.status < 300, again.status], [true, first.status]), ...same(path, idOf(again), idOf(first))];
    };
    const wrong = await twice(`/workflows/${workflow}/publish`, { note: 'x' });
    const run = await start(hub, workflow);
    await settled(hub, run);
    const file = await want(hub, 200, 'GET', `/workflows/${workflow}/export`);
    return [
      ...wrong,
      ...(await twice(`/workflows/${workflow}/duplicate`, {})),
      ...(await twice('/workflows/import', { file })),
      ...(await twice('/credentials', { name: randomUUID(), kind: 'webhook-secret', values: { secret: randomUUID() } })),
      ...(await twice(`/runs/${run}/retry`, {})),
    ];
  }),
  guest('an Idempotency-Key that is none is refused by name', async (hub) =>
    refuses(await hub.call('POST', '/workflows', { name: 'x', definition: simple() }, { 'idempotency-key': 'a b' }), 400),
  ),
];

const shapes: ScriptedCase[] = [
  guest('each field that is not known is told, with its path, wherever it stands', async (hub) => {
    const workflow = await publish(hub, simple());
    const at = async (method: string, path: string, body: object, headers?: Record<string, string>): Promise<string[]> => {
      const answer = await hub.call(method, path, body, headers);
      return [`${answer.status}`, ...faultsOf(answer).map((fault) => fault.path)].toSorted();
    };
    return [
      ...same('create', await at('POST', '/workflows', { name: 'x', definition: simple(), one: 1, 'two/x': 2 }), ['/one', '/two~1x', '400']),
      ...same('patch', await at('PATCH', `/workflows/${workflow}`, { nam: 'x' }, { 'if-match': '"1"' }), ['/nam', '400']),
      ...same('start', await at('POST', `/workflows/${workflow}/runs`, { inputs: {}, prio: 1 }), ['/inputs', '/prio', '400']),
      ...same('publish', await at('POST', `/workflows/${workflow}/publish`, { notes: 'x' }), ['/notes', '400']),
      ...same('rollback', await at('POST', `/workflows/${workflow}/rollback`, { version: 1, to: 1 }), ['/to', '400']),
      ...same(
        'query',
        faultsOf(await hub.call('GET', '/runs?workflow=x&limt=1'))
          .map(({ path }) => path)
          .toSorted(),
        ['query/limt', 'query/workflow'],
      ),
      ...same('wrong', await at('POST', `/workflows/${workflow}/runs`, { priority: 6, version: 0, trigger: 1 }), [
        '/priority',
        '/trigger',
        '/version',
        '400',
      ]),
    ];
  }),
  guest('cursors that are none, and sizes of pages at and beyond their edge, on every list', async (hub) => {
    const workflow = await publish(hub, { ...simple(), triggers: [{ id: 'h', type: 'webhook' }] });
    const run = await start(hub, workflow);
    await settled(hub, run);
    const credential = await want<{ id: string }>(hub, 201, 'POST', '/credentials', {
      name: randomUUID(),
      kind: 'webhook-secret',
      values: { secret: randomUUID() },
    });
    const lists = [
      '/workflows',
      '/runs',
      '/approvals',
      '/files',
      '/variables',
      '/credentials',
      `/credentials/${credential.id}/uses`,
      `/workflows/${workflow}/versions`,
      `/workflows/${workflow}/triggers/h/deliveries`,
      `/runs/${run}/nodes`,
    ];
    const wrong: string[] = [];
    for (const path of lists) {
      for (const cursor of ['x', '%00', 'bnVsbA', 'WzEsMl0', '0199', encodeURIComponent('["a",1]')]) {
        const answer = await hub.call('GET', `${path}?cursor=${cursor}`);
        if (answer.status !== 400) wrong.push(`${path}?cursor=${cursor}: ${answer.status}`);
        else wrong.push(...refuses(answer, 400));
      }
      for (const limit of ['0', '201', '-1', '1.5', 'x', '']) {
        const answer = await hub.call('GET', `${path}?limit=${limit}`);
        if (answer.status !== 400) wrong.push(`${path}?limit=${limit}: ${answer.status}`);
      }
      for (const limit of ['1', '200']) {
        const page = await want<{ items: unknown[]; nextCursor: string | null }>(hub, 200, 'GET', `${path}?limit=${limit}`);
        if (!Array.isArray(page.items) || page.items.length > Number(limit)) wrong.push(`${path}?limit=${limit}: ${page.items?.length}`);
      }
    }
    return wrong;
  }),
  guest('bodies of another type, none, or cut short', async (hub) => {
    const body = JSON.stringify({ name: 'x', definition: simple() });
    const as = (type: string, text = body) => hub.call('POST', '/workflows', text, { 'content-type': type });
    return [
      ...refuses(await as('text/plain'), 415),
      ...refuses(await as('application/json; charset=latin1'), 415),
      ...refuses(await as('application/x-www-form-urlencoded', 'name=x'), 415),
      ...same('charset in capitals', (await as('application/json; charset=UTF-8')).status, 201),
      ...refuses(await as('application/json', ''), 400),
      ...refuses(await as('application/json', '[]'), 400),
      ...refuses(await as('application/json', 'null'), 400),
      ...refuses(await hub.call('POST', '/files', '{}', { 'content-type': 'application/json' }), 415),
      ...refuses(await hub.call('POST', '/workflows', upload('x')), 415),
    ];
  }),
  guest('a definition of 1,000,000 bytes is saved, one of a byte more is not', async (hub) => {
    const definitionOf = (bytes: number): object => {
      const empty = graph([code('a', 'return 1')], [], { ui: { notes: [{ id: 'n', text: '' }] } });
      const room = bytes - Buffer.byteLength(JSON.stringify(empty));
      return { ...empty, ui: { notes: [{ id: 'n', text: 'x'.repeat(room) }] } };
    };
    const fits = await hub.call('POST', '/workflows', { name: 'large', definition: definitionOf(1_000_000) });
    const over = await hub.call('POST', '/workflows', { name: 'large', definition: definitionOf(1_000_001) });
    return [...same('fits', fits.status, 201), ...same('over', [413, 422].includes(over.status), true)];
  }),
  guest('If-Match: quoted, weak, unquoted, a star, a later one, none', async (hub) => {
    const id = await create(hub, simple());
    const patch = (ifMatch: string | null, name: string) =>
      hub.call('PATCH', `/workflows/${id}`, { name }, ifMatch === null ? {} : { 'if-match': ifMatch });
    const [none, plain, star, later] = [await patch(null, 'a'), await patch('1', 'a'), await patch('*', 'a'), await patch('"9"', 'a')];
    const good = await patch('"1"', 'b');
    const weak = await patch('W/"2"', 'c');
    return [
      ...refuses(none, 428),
      ...same('unquoted', plain.status, 400),
      ...same('star', star.status, 400),
      ...refuses(later, 412),
      ...same('good', [good.status, good.headers.get('etag')], [200, '"2"']),
      ...same('weak', weak.status, 200),
    ];
  }),
  guest('health, readiness, measures and the description answer, at the root and below /api/v1', async (hub) => {
    const wrong: string[] = [];
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      const root = await fetch(hub.url + path);
      const below = await fetch(`${hub.url}/api/v1${path}`);
      wrong.push(...same(path, [root.status, below.status], [200, 200]));
      await Promise.all([root.text(), below.text()]);
    }
    const described = (await (await fetch(`${hub.url}/api/openapi.json`)).json()) as { paths: Record<string, object> };
    const due = ['/api/v1/workflows', '/api/v1/workflows/{id}/runs', '/api/v1/runs/{id}/retry', '/api/v1/files', '/api/v1/expressions/preview'];
    return [
      ...wrong,
      ...same(
        'described',
        due.filter((path) => described.paths[path] === undefined),
        [],
      ),
    ];
  }),
];

const places: ScriptedCase[] = [
  guest('what is not there is 404, what is no id is 404 or 400, whatever is done with it', async (hub) => {
    const nobody = '0199a0c2-7f0e-7b3a-9a51-2f4f1c2d3e4f';
    const wrong: string[] = [];
    const calls: [string, string, object?, Record<string, string>?][] = [
      ['GET', `/workflows/${nobody}/versions`],
      ['GET', `/workflows/${nobody}/triggers`],
      ['POST', `/workflows/${nobody}/validate`, {}],
      ['POST', `/workflows/${nobody}/publish`, {}],
      ['POST', `/workflows/${nobody}/rollback`, { version: 1 }],
      ['POST', `/workflows/${nobody}/activate`],
      ['POST', `/workflows/${nobody}/pause`],
      ['POST', `/workflows/${nobody}/archive`],
      ['POST', `/workflows/${nobody}/runs`, {}],
      ['PATCH', `/workflows/${nobody}`, { name: 'x' }, { 'if-match': '"1"' }],
      ['DELETE', `/workflows/${nobody}`],
      ['PUT', `/workflows/${nobody}/pins`, {}],
      ['GET', `/runs/${nobody}`],
      ['GET', `/runs/${nobody}/nodes`],
      ['GET', `/runs/${nobody}/nodes/a/output`],
      ['POST', `/runs/${nobody}/cancel`],
      ['POST', `/runs/${nobody}/pause`],
      ['POST', `/runs/${nobody}/resume`],
      ['POST', `/runs/${nobody}/retry`, {}],
      ['POST', `/runs/${nobody}/signals/x`, { messageId: 'm' }],
      ['POST', `/runs/${nobody}/nodes/a/answer`, { decision: 'approved', messageId: 'm' }],
      ['GET', `/files/${nobody}`],
      ['DELETE', `/files/${nobody}`],
      ['DELETE', '/variables/nobody_has_it'],
      ['GET', `/approvals/${nobody}`],
      ['POST', '/expressions/preview', { expression: '1', runId: nobody }],
    ];
    for (const [method, path, body, headers] of calls) {
      const answer = await hub.call(method, path, body, headers);
      wrong.push(...refuses(answer, 404).map((line) => `${method} ${path}: ${line}`));
      const odd = await hub.call(
        method,
        path.replace(nobody, 'banana'),
        body?.['runId' as never] === undefined ? body : { ...body, runId: 'banana' },
        headers,
      );
      if (path.includes(nobody) && ![400, 404].includes(odd.status)) wrong.push(`${method} ${path} with banana: ${odd.status}`);
    }
    return wrong;
  }),
  guest('a start, a retry and a rollback of what is not there name the field', async (hub) => {
    const workflow = await publish(hub, graph([calc('a', '1'), out('v', '{{ nodes.a.output }}')], chain('a', 'v')));
    const run = await start(hub, workflow);
    await settled(hub, run);
    const at = async (path: string, body: object, status: number, field: string): Promise<string[]> => {
      const answer = await hub.call('POST', path, body);
      return [...refuses(answer, status), ...same(`${path} ${JSON.stringify(body)}`, faultsOf(answer)[0]?.path, field)];
    };
    return [
      ...(await at(`/workflows/${workflow}/runs`, { version: 9 }, 422, '/version')),
      ...(await at(`/workflows/${workflow}/runs`, { trigger: 'nobody' }, 422, '/trigger')),
      ...(await at(`/workflows/${workflow}/runs`, { input: [1] }, 422, '/input')),
      ...(await at(`/workflows/${workflow}/runs`, { input: null }, 422, '/input')),
      ...(await at(`/workflows/${workflow}/rollback`, { version: 9 }, 422, '/version')),
      ...(await at(`/runs/${run}/retry`, { fromNode: 'nobody' }, 422, '/fromNode')),
      ...(await at(`/runs/${run}/retry`, { fromNode: 'a', iteration: 0 }, 422, '/iteration')),
      ...(await at(`/runs/${run}/retry`, { outputs: { nobody: 1 } }, 422, '/outputs/nobody')),
      ...(await at(`/runs/${run}/retry`, { version: 9 }, 422, '/version')),
      ...(await at(`/workflows/${workflow}/runs`, { draft: true, upTo: 'nobody' }, 422, '/upTo')),
      ...(await at(`/workflows/${workflow}/runs`, { draft: true, pinned: { nobody: 1 } }, 422, '/pinned/nobody')),
      ...(await at(`/workflows/${workflow}/runs`, { upTo: 'a' }, 400, '/draft')),
    ];
  }),
  guest('run.startedAt is the start that the run tells, for every step', async (hub) => {
    const definition = graph(
      [
        calc('a', 'run.startedAt'),
        code('b', 'return ctx.run.startedAt'),
        wait('w', { for: '200ms' }),
        out('v', ['{{ nodes.a.output }}', '{{ nodes.b.output }}', '{{ run.startedAt }}']),
      ],
      chain('a', 'b', 'w', 'v'),
    );
    const run = (await settled(hub, await start(hub, await publish(hub, definition)))) as unknown as { startedAt: string; output: { v: string[] } };
    return same('starts', run.output.v, [run.startedAt, run.startedAt, run.startedAt]);
  }),
  guest('team variables are those of the start, whatever they become while the run waits', async (hub) => {
    const name = `guest_${randomUUID().slice(0, 8)}`;
    await want(hub, 200, 'PUT', `/variables/${name}`, { value: { n: 1 } });
    const workflow = await publish(hub, graph([wait('w', { signal: 'go' }), out('v', `{{ vars.${name}.n }}`)], chain('w', 'v')));
    const run = await start(hub, workflow);
    await waiting(hub, run, 'signal');
    await want(hub, 200, 'PUT', `/variables/${name}`, { value: { n: 2 } });
    await want(hub, 202, 'POST', `/runs/${run}/signals/go`, { messageId: 'm' });
    const later = await start(hub, workflow);
    await want(hub, 202, 'POST', `/runs/${later}/signals/go`, { messageId: 'm' });
    return [...same('first', (await settled(hub, run)).output, { v: 1 }), ...same('later', (await settled(hub, later)).output, { v: 2 })];
  }),
  guest('files: empty, of any name, read back byte for byte as an attachment, gone after DELETE', async (hub) => {
    const handle = await want<{ $file: string; name: string; mime: string; bytes: number; sha256: string }>(
      hub,
      201,
      'POST',
      '/files',
      upload('', 'Übersicht "Q3".txt'),
    );
    const got = await hub.call('GET', `/files/${handle.$file}`);
    await want(hub, 204, 'DELETE', `/files/${handle.$file}`);
    return [
      ...same('handle', [Object.keys(handle).toSorted(), handle.bytes], [['$file', 'bytes', 'mime', 'name', 'sha256'], 0]),
      ...same('bytes', [got.status, got.text], [200, '']),
      ...same(
        'attachment',
        [got.headers.get('content-disposition')?.startsWith('attachment'), got.headers.get('x-content-type-options')],
        [true, 'nosniff'],
      ),
      ...refuses(await hub.call('GET', `/files/${handle.$file}`), 404),
    ];
  }),
];

export const guestApiCases: ScriptedCase[] = [...repeats, ...shapes, ...places];
