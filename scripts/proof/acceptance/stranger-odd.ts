/** A third reader's cases: odd values. */
import { randomUUID } from 'node:crypto';
import type { ScriptedCase } from './api.ts';
import { calc, graph, out } from './cases.ts';
import { problem, publish, settled, start, want } from './run.ts';
import { is, refusal, scripted, simple, type Body } from './stranger-requests.ts';
import type { Part } from './unseen-kit.ts';

/** Every list and id under odd values: a problem or an answer, never 5xx. */
export const strangerOddCases: ScriptedCase[] = [
  scripted('lists: limits, cursors and filters that are none', async (hub) => {
    const id = await publish(hub, simple);
    const run = await start(hub, id, { input: { n: 1 } });
    const lists = [
      '/workflows',
      '/runs',
      `/workflows/${id}/versions`,
      `/runs/${run}/nodes`,
      '/approvals',
      '/variables',
      '/credentials',
      '/connectors',
      '/models',
    ];
    const queries = [
      'limit=0',
      'limit=-1',
      'limit=abc',
      'limit=1e99',
      'limit=NaN',
      'limit=',
      'limit=1&limit=2',
      'limit=1.5',
      'cursor=abc',
      'cursor=',
      'cursor=%00',
      'cursor=eyJhIjoxfQ',
      'cursor=../../x',
      `cursor=${'a'.repeat(3_000)}`,
      'cursor=1&cursor=2',
    ];
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
      const page: { items: { id: string }[]; nextCursor: string | null } = await want(
        hub,
        200,
        'GET',
        `/runs?workflowId=${id}&limit=3${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      seen.push(...page.items.map((one) => one.id));
      cursor = page.nextCursor;
      pages += 1;
      if (pages === 1) await start(hub, id, { input: { n: 99 } });
    } while (cursor !== null && pages < 10);
    return [
      is('seen', new Set(seen).size, mine.length),
      is(
        'all',
        mine.every((one) => seen.includes(one)),
        true,
      ),
      is('pages', pages, 3),
    ];
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
        if (answer.status !== 404 && answer.status !== 400 && answer.status !== 422)
          wrong.push(`${method} ${path}: ${answer.status} ${answer.text.slice(0, 100)}`);
        else wrong.push(...problem(answer).map((line) => `${method} ${path}: ${line}`));
      }
    return wrong;
  }),
  scripted('paths and methods that are none are problems', async (hub) => {
    const answers = await Promise.all([
      hub.call('GET', '/nope'),
      hub.call('DELETE', '/runs'),
      hub.call('PUT', '/workflows', {}),
      hub.call('POST', '/workflows', '{"name":'),
      hub.call('POST', '/workflows', 'null'),
      hub.call('POST', '/workflows', '[]'),
      hub.call('POST', '/workflows', 'x', { 'content-type': 'text/plain' }),
      hub.call('POST', '/workflows', '<a/>', { 'content-type': 'application/xml' }),
    ]);
    return answers.flatMap((one, at) => refusal(String(at), one, 400, 404, 405, 415, 422));
  }),
  scripted('a variable may be null, and reads so', async (hub) => {
    await want(hub, 200, 'PUT', '/variables/nothing', { value: null });
    const id = await publish(hub, graph([out('v', '{{ $exists(vars.nothing) }}'), out('w', '{{ vars.nothing }}')]));
    return [is('output', (await settled(hub, await start(hub, id))).output, { v: true, w: null })];
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
    for (const name of names)
      wrong.push(...refusal(`name ${String(name).slice(0, 9)}`, await hub.call('POST', '/workflows', { name, definition: base }), 400, 422));
    wrong.push(...refusal('an id of one’s own', await hub.call('POST', '/workflows', { id: randomUUID(), name: 'x', definition: base }), 400, 422));
    return wrong;
  }),
  scripted('ids against the pattern are refused at save or publish, each with its place', async (hub) => {
    const wrong: (string | false)[] = [];
    for (const id of [
      'A',
      '1a',
      '_a',
      'a-b',
      'a b',
      '',
      'ä',
      `a${'b'.repeat(63)}`,
      'true',
      'false',
      'null',
      'constructor',
      'prototype',
      '__proto__',
    ]) {
      const saved = await hub.call('POST', '/workflows', {
        name: 'x',
        definition: { schemaVersion: 1, nodes: [{ id, type: 'code', config: { source: 'return 1' } }] },
      });
      const answer = saved.status === 201 ? await hub.call('POST', `/workflows/${String((saved.body as Body)['id'])}/publish`, { note: '' }) : saved;
      wrong.push(...refusal(`id ${id}`, answer, 400, 422));
    }
    for (const edges of [
      [
        { from: 'a', to: 'b' },
        { from: 'a', to: 'b' },
      ],
      [
        { from: 'a', to: 'b' },
        { from: 'a', fromPort: 'out', to: 'b' },
      ],
    ]) {
      const saved = await hub.call('POST', '/workflows', { name: 'x', definition: graph([calc('a', '1'), calc('b', '1')], edges) });
      const answer = saved.status === 201 ? await hub.call('POST', `/workflows/${String((saved.body as Body)['id'])}/publish`, { note: '' }) : saved;
      wrong.push(...refusal('the same edge twice', answer, 400, 422));
    }
    return wrong;
  }),
];
