/** A third reader's cases: merges and the run's output (rules 9 and 10), each from a sentence of 03. */
import { broken, calc, chain, check, edge, graph, node, out, type RunCase } from './cases.ts';
import { done, on } from './stranger-kit.ts';

export const strangerJoinCases: RunCase[] = [
  done(
    'append: values and arrays one after another in order of edges, null left out, one level only',
    graph(
      [
        calc('a', '[3,[4]]'),
        calc('b', '"t"'),
        calc('c', 'null'),
        calc('d', '{"x":1}'),
        node('m', 'merge', { mode: 'append' }),
        out('o', '{{ nodes.m.output }}'),
      ],
      [...chain('b', 'm'), ...chain('a', 'm'), ...chain('c', 'm'), ...chain('d', 'm'), ...chain('m', 'o')],
    ),
    { o: ['t', 3, [4], { x: 1 }] },
  ),
  done(
    'append of one single value is an array',
    graph([calc('a', '1'), node('m', 'merge', { mode: 'append' }), out('o', '{{ nodes.m.output }}')], chain('a', 'm', 'o')),
    { o: [1] },
  ),
  done(
    'append keeps false, zero and the empty text',
    graph(
      [calc('a', '[false, 0, ""]'), calc('b', '0'), node('m', 'merge', { mode: 'append' }), out('o', '{{ nodes.m.output }}')],
      [...chain('a', 'm', 'o'), ...chain('b', 'm')],
    ),
    { o: [false, 0, '', 0] },
  ),
  done(
    'combine: one object per key value in order of appearance, later edges win, partnerless kept',
    graph(
      [
        calc('a', '[{"k":2,"v":"a2"},{"k":1,"v":"a1","x":true}]'),
        calc('b', '[{"k":3,"v":"b3"},{"k":1,"v":"b1"}]'),
        node('m', 'merge', { mode: 'combine', key: 'k' }),
        out('o', '{{ nodes.m.output }}'),
      ],
      [...chain('a', 'm', 'o'), ...chain('b', 'm')],
    ),
    {
      o: [
        { k: 2, v: 'a2' },
        { k: 1, v: 'b1', x: true },
        { k: 3, v: 'b3' },
      ],
    },
  ),
  done(
    'combine: one object per key value, within one array too',
    graph(
      [calc('a', '[{"k":1,"v":1},{"k":1,"w":2}]'), node('m', 'merge', { mode: 'combine', key: 'k' }), out('o', '{{ nodes.m.output }}')],
      chain('a', 'm', 'o'),
    ),
    { o: [{ k: 1, v: 1, w: 2 }] },
  ),
  done(
    'object from an error edge carries the error object',
    graph(
      [
        broken('a', on('branch')),
        calc('b', '1'),
        node('m', 'merge', { mode: 'object' }),
        out('c', '{{ nodes.m.output.a.code }}'),
        out('b2', '{{ nodes.m.output.b }}'),
      ],
      [edge('a', 'error', 'm'), ...chain('b', 'm', 'c'), ...chain('m', 'b2')],
    ),
    { c: 'code.threw', b2: 1 },
  ),
  done(
    'of two outputs with one name the later wins',
    graph([node('o1', 'output', { name: 'x', value: 1 }), node('o2', 'output', { name: 'x', value: 2 })], chain('o1', 'o2')),
    { x: 2 },
    { exact: true },
  ),
  done(
    'the name that completes later wins even where its id is smaller',
    graph([node('z', 'output', { name: 'x', value: 'first' }), node('a', 'output', { name: 'x', value: 'later' })], chain('z', 'a')),
    { x: 'later' },
  ),
  done(
    'an output may be null and is there',
    graph([out('o', null), out('p', '{{ input.none }}')]),
    { o: null, p: null },
    { exact: true, warned: ['p'] },
  ),
  done('a run without outputs completes', graph([calc('a', '1')]), {}, { exact: true }),
  done(
    'merge first takes the first live edge and does not wait',
    graph(
      [node('w', 'wait', { for: '3s' }), calc('q', '"quick"'), node('m', 'merge', { mode: 'first' }), out('o', '{{ nodes.m.output }}')],
      [...chain('w', 'm'), ...chain('q', 'm', 'o')],
    ),
    { o: 'quick' },
    { nodes: { w: 'completed' } },
  ),
  done(
    'merge first with all edges dead is skipped',
    graph(
      [check('c', 'true'), calc('a', '1'), node('m', 'merge', { mode: 'first' }), out('o', 1)],
      [edge('c', 'false', 'a'), ...chain('a', 'm', 'o')],
    ),
    {},
    { exact: true, nodes: { m: 'skipped', o: 'skipped' } },
  ),
];
