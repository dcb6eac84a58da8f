/** Cases of a review: what was found by reading answers beside 03. What is due is taken from 03 alone. */
import { refuses, type ScriptedCase, same } from './api.ts';
import { broken, calc, chain, check, edge, graph, node, out, type RefusedCase } from './cases.ts';
import { create, publish, rowsOf, settled, start, want } from './run.ts';
import { off, on } from './stranger-kit.ts';
import { each, inL, loop } from './unseen-kit.ts';

const review = (name: string, run: ScriptedCase['run']): ScriptedCase => ({ name: `review: ${name}`, run });

export const reviewCases: ScriptedCase[] = [
  review('a row says why its node did not run: pinned, disabled, recovered; and of which type it is, skipped ones too', async (hub) => {
    const definition = graph(
      [
        calc('p', '1'),
        calc('d', '2', off),
        broken('f', on('fallback', 3)),
        check('q', 'false'),
        calc('s', '4'),
        each([1]),
        calc('b', 'item', inL),
        out('o', '{{ [nodes.p.output, nodes.f.output] }}'),
      ],
      [...chain('p', 'd'), ...chain('p', 'o'), ...chain('f', 'o'), edge('q', 'true', 's')],
    );
    const workflow = await publish(hub, definition);
    const run = await start(hub, workflow, { draft: true, pinned: { p: 9, b: 8 } });
    const { output } = await settled(hub, run);
    const marks = (await rowsOf(hub, run)).map(({ path, attempt, nodeType, pinned, disabled, recovered }) => [
      path,
      attempt,
      nodeType,
      ...(pinned ? ['pinned'] : []),
      ...(disabled ? ['disabled'] : []),
      ...(recovered ? ['recovered'] : []),
    ]);
    return [
      ...same('output', output, { o: [9, 3] }),
      ...same('rows', marks, [
        ['d', 0, 'transform', 'disabled'],
        ['f', 0, 'code', 'recovered'],
        ['f', 1, 'code'],
        ['l', 1, 'loop'],
        ['l[0].b', 0, 'transform', 'pinned'],
        ['o', 1, 'output'],
        ['p', 0, 'transform', 'pinned'],
        ['q', 1, 'condition'],
        ['s', 0, 'transform'],
      ]),
    ];
  }),
  review('a method that an address does not take is 405 and says which it takes; nothing there is 404', async (hub) => {
    const [wrong, none] = [await hub.call('DELETE', '/runs'), await hub.call('GET', '/flows')];
    return [...refuses(wrong, 405, 'request.method'), ...same('allow', wrong.headers.get('allow'), 'GET'), ...refuses(none, 404, 'route.not-found')];
  }),
  review('characters of an input that cannot be stored become U+FFFD, and the run tells of it', async (hub) => {
    const run = await start(hub, await publish(hub, graph([out('o', '{{ input.a }}')])), { input: { a: 'x\u0000y' } });
    const { output } = await settled(hub, run);
    const { items } = await want<{ items: { type: string }[] }>(hub, 200, 'GET', `/runs/${run}/events`);
    return [...same('output', output, { o: 'x\ufffdy' }), ...same('told', items.filter(({ type }) => type === 'run.input-cleaned').length, 1)];
  }),
  review('a workflow or a file that the team has not is warned of at publish, with its place', async (hub) => {
    const definition = graph([
      node('c', 'subworkflow', { workflowId: '018f0000-0000-7000-8000-000000000000', input: {} }),
      node('f', 'data_source', { connector: 'file', action: 'read-rows', params: { file: { $file: '018f0000-0000-7000-8000-000000000000' } } }),
    ]);
    const workflow = await create(hub, definition);
    const { warnings } = await want<{ warnings: { path: string; code: string }[] }>(hub, 201, 'POST', `/workflows/${workflow}/publish`, {});
    const found = warnings.map(({ path, code }) => `${code} ${path}`).filter((one) => one.includes('not-found'));
    return same('warnings', found, ['workflow.not-found /nodes/0/config/workflowId', 'file.not-found /nodes/1/config/params/file/$file']);
  }),
  review('If-Match on a variable: two who read the same change it once; "0" makes one only where there is none', async (hub) => {
    const path = `/variables/review_${Date.now()}`;
    const put = async (value: string, revision: number) => (await hub.call('PUT', path, { value }, { 'if-match': `"${revision}"` })).status;
    const made = [await put('a', 0), await put('b', 0)];
    const both = (await Promise.all([put('c', 1), put('d', 1)])).toSorted((a, b) => a - b);
    return [...same('made', made, [200, 412]), ...same('both', both, [200, 412])];
  }),
];

export const reviewRefusedCases: RefusedCase[] = [
  {
    name: 'review: a loop in itself is a circle, and what stands in it stands in one too',
    definition: graph([loop('l', { mode: 'for_each', items: [1] }, inL), calc('b', '1', inL)]),
    refused: [
      { node: 'l', path: '/nodes/0/parent' },
      { node: 'b', path: '/nodes/1/parent' },
    ],
  },
  {
    name: 'review: an id is not filled, so a template in one is a fault',
    definition: graph([node('c', 'subworkflow', { workflowId: '{{ input.id }}', input: {} })]),
    refused: [{ node: 'c', path: '/nodes/0/config/workflowId' }],
  },
];
