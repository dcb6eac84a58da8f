/** A fifth reader's cases: ways that meet. Written from the format alone, before they were run. */
import { broken, calc, chain, check, edge, graph, http, node, out, type RunCase } from './cases.ts';
import { off, on, stub } from './stranger-kit.ts';
import { each, inL, loop } from './unseen-kit.ts';
import { completes, fails, within } from './visitor-kit.ts';
import { ask, wait } from './wait-words.ts';

export const visitorJoinCases: RunCase[] = [
  completes(
    'a node after both ports out and error of one node with join all never runs',
    graph(
      [broken('b', on('branch')), calc('both', '1', { join: 'all' }), out('o', '{{ nodes.b.error.code }}')],
      [...chain('b', 'both'), edge('b', 'error', 'both'), edge('b', 'error', 'o')],
    ),
    { o: 'code.threw' },
    { nodes: { both: 'skipped', b: 'failed' } },
  ),
  completes(
    'disabled nodes on a dead edge are skipped, and so are both ways of a disabled condition there',
    graph(
      [check('c', 'false'), calc('d', '1', off), check('e', 'true', off), out('yes', 1), out('no', 1), out('end', 'seen')],
      [edge('c', 'true', 'd'), ...chain('d', 'e'), edge('e', 'true', 'yes'), edge('e', 'false', 'no'), edge('c', 'false', 'end')],
    ),
    { end: 'seen' },
    { exact: true, nodes: { d: 'skipped', e: 'skipped', yes: 'skipped', no: 'skipped' } },
  ),
  completes(
    'a chain of disabled nodes passes on what came in',
    graph(
      [
        calc('a', '{"n": 1}'),
        wait('b', { for: '1h' }, off),
        calc('c', 'nodes.b.output.n + 1', off),
        ask('d', {}, off),
        out('o', '{{ nodes.d.output }}'),
      ],
      [...chain('a', 'b', 'c', 'd'), edge('d', 'approved', 'o')],
    ),
    { o: { n: 1 } },
  ),
  completes(
    'a disabled gate passes through its port out, never failed',
    graph(
      [
        calc('a', '"text"'),
        node('e', 'evaluate', { scorers: [{ type: 'length', min: 100 }], gate: { minScore: 1 }, value: '{{ nodes.a.output }}' }, off),
        out('good', '{{ nodes.e.output }}'),
        out('bad', 1),
      ],
      [...chain('a', 'e'), edge('e', 'out', 'good'), edge('e', 'failed', 'bad')],
    ),
    { good: 'text' },
    { exact: true, nodes: { bad: 'skipped' } },
  ),
  completes(
    'a merge of ports of one condition has only the one that was taken',
    graph(
      [check('c', 'input.x = 1'), node('m', 'merge', { mode: 'object' }), out('o', '{{ nodes.m.output }}')],
      [edge('c', 'true', 'm'), edge('c', 'false', 'm'), ...chain('m', 'o')],
    ),
    { o: { c: { result: false } } },
  ),
  completes(
    'a merge that waits for all is skipped where one way is dead, whatever its mode',
    graph(
      [calc('a', '[1]'), check('c', 'false'), calc('b', '[2]'), node('m', 'merge', { mode: 'append' }, { join: 'all' }), out('o', 1), out('end', 1)],
      [...chain('a', 'm', 'o'), edge('c', 'true', 'b'), ...chain('b', 'm'), edge('c', 'false', 'end')],
    ),
    { end: 1 },
    { exact: true, nodes: { m: 'skipped', o: 'skipped' } },
  ),
  completes(
    'append and combine of live ways only, in order of edges and not of ends',
    graph(
      [
        http('slow', `${stub}/?ms=300`),
        calc('one', '[{"k": 1, "a": "slow"}]'),
        calc('two', '[{"k": 1, "b": "quick"}, {"k": 2}]'),
        calc('never', '[{"k": 9}]'),
        check('c', 'false'),
        node('m', 'merge', { mode: 'combine', key: 'k' }),
        node('n', 'merge', { mode: 'append' }),
        out('m1', '{{ nodes.m.output }}'),
        out('n1', '{{ nodes.n.output.k }}'),
      ],
      [
        ...chain('slow', 'one', 'm', 'm1'),
        ...chain('two', 'm'),
        edge('c', 'true', 'never'),
        ...chain('never', 'm'),
        ...chain('one', 'n', 'n1'),
        ...chain('two', 'n'),
        ...chain('never', 'n'),
      ],
    ),
    { m1: [{ k: 1, a: 'slow', b: 'quick' }, { k: 2 }], n1: [1, 1, 2] },
  ),
  completes(
    'after a merge first the loser is not there yet: a step sees what was settled when it was scheduled',
    graph(
      [
        http('slow', `${stub}/?ms=1500`),
        calc('quick', '"q"'),
        node('m', 'merge', { mode: 'first' }),
        out('o', ['{{ nodes.m.output }}', '{{ nodes.slow.output }}']),
      ],
      [...chain('slow', 'm'), ...chain('quick', 'm', 'o')],
    ),
    { o: ['q', null] },
    { warned: ['o'], nodes: { slow: 'completed' } },
  ),
  completes(
    'merge first takes an error edge where that one is live first',
    graph(
      [broken('b', on('branch')), http('slow', `${stub}/?ms=600`), node('m', 'merge', { mode: 'first' }), out('o', '{{ nodes.m.output.code }}')],
      [edge('b', 'error', 'm'), ...chain('slow', 'm', 'o')],
    ),
    { o: 'code.threw' },
  ),
  completes(
    'a skipped way and a handled failure meet in a node that runs once and sees the one that was there',
    graph(
      [check('c', 'true'), calc('x', '"x"'), broken('y', on('branch')), out('o', ['{{ nodes.x.output }}', '{{ nodes.y.error.code }}'])],
      [edge('c', 'false', 'x'), edge('c', 'true', 'y'), ...chain('x', 'o'), edge('y', 'error', 'o')],
    ),
    { o: [null, 'code.threw'] },
    { attempts: { o: 1 }, nodes: { x: 'skipped' } },
  ),
  fails(
    'finish: a handled failure is no failure, an unhandled one beside it skips only what is below',
    graph(
      [broken('h', on('branch')), calc('after', '1'), broken('bad'), calc('below', '1'), out('o', 'kept'), calc('mixed', '1')],
      [edge('h', 'error', 'after'), ...chain('after', 'o'), ...chain('bad', 'below'), ...chain('after', 'mixed'), ...chain('bad', 'mixed')],
      { settings: { onFailure: 'finish' } },
    ),
    { nodeId: 'bad', code: 'code.threw' },
    { output: { o: 'kept' }, nodes: { below: 'skipped', mixed: 'skipped', after: 'completed', h: 'failed' } },
  ),
  fails(
    'finish: a loop below the failure never begins, one beside it goes through all its items',
    graph(
      [
        broken('bad'),
        each([1, 2]),
        calc('x', 'item', inL),
        loop('k', { mode: 'for_each', items: [1, 2, 3] }),
        wait('y', { for: '300ms' }, within('k')),
        calc('z', 'item * 2', within('k')),
        out('o', '{{ nodes.k.output }}'),
      ],
      [...chain('bad', 'l'), ...chain('y', 'z'), ...chain('k', 'o')],
      { settings: { onFailure: 'finish' } },
    ),
    { nodeId: 'bad' },
    { output: { o: [2, 4, 6] }, nodes: { l: 'skipped' }, attempts: { x: 0, y: 3 } },
  ),
];
