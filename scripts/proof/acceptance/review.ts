/** Cases of a review: what was found by reading answers beside 03. What is due is taken from 03 alone. */
import { type ScriptedCase, same } from './api.ts';
import { broken, calc, chain, check, edge, graph, node, out, type RefusedCase } from './cases.ts';
import { publish, rowsOf, settled, start } from './run.ts';
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
