/** A third reader's cases: ways through the graph, ports, joins and errors (rules 1 to 6), each from a sentence of 03. */
import { broken, calc, chain, check, code, edge, graph, http, node, out, type RunCase } from './cases.ts';
import { done, fails, off, on, once, stub } from './stranger-kit.ts';
import { strangerJoinCases } from './stranger-joins.ts';
import { strangerLoopCases } from './stranger-loops.ts';
import { each, inL } from './unseen-kit.ts';

/** Rules 1 to 3. */
const ways: RunCase[] = [
  done(
    'a node after both ports of a condition runs once',
    graph(
      [check('c', 'true'), calc('t', '1'), out('o', '{{ nodes.t.output }}')],
      [edge('c', 'true', 't'), edge('c', 'false', 't'), ...chain('t', 'o')],
    ),
    { o: 1 },
    { attempts: { t: 1 } },
  ),
  done(
    'join all is skipped when one of its edges is dead, and what follows with it',
    graph(
      [check('c', 'true'), calc('a', '1'), calc('b', '2'), calc('j', '3', { join: 'all' }), calc('k', '4'), out('o', 'end')],
      [edge('c', 'true', 'a'), edge('c', 'false', 'b'), ...chain('a', 'j', 'k'), ...chain('b', 'j')],
    ),
    { o: 'end' },
    { nodes: { j: 'skipped', k: 'skipped', b: 'skipped', a: 'completed' } },
  ),
  done(
    'a skipped node has no entry: downstream by another way it is absent',
    graph(
      [
        check('c', 'true'),
        calc('a', '1'),
        calc('b', '2'),
        node('m', 'merge', { mode: 'object' }),
        out('o', '{{ $exists(nodes.b) }}'),
        out('p', '{{ nodes.m.output }}'),
      ],
      [edge('c', 'true', 'a'), edge('c', 'false', 'b'), ...chain('a', 'm', 'o'), ...chain('b', 'm', 'p')],
    ),
    { o: false, p: { a: 1 } },
  ),
  done(
    'a disabled node with several live sources gives null',
    graph([calc('a', '1'), calc('b', '2'), calc('d', '9', off), out('o', '{{ nodes.d.output }}')], [...chain('a', 'd', 'o'), ...chain('b', 'd')]),
    { o: null },
  ),
  done(
    'a disabled node with one live of two sources gives the live one’s output',
    graph(
      [check('c', 'false'), calc('a', '1'), calc('b', '[2,3]'), calc('d', '9', off), out('o', '{{ nodes.d.output }}')],
      [edge('c', 'true', 'a'), edge('c', 'false', 'b'), ...chain('a', 'd', 'o'), ...chain('b', 'd')],
    ),
    { o: [2, 3] },
    { nodes: { a: 'skipped', b: 'completed' } },
  ),
  done('a disabled node without sources gives null', graph([calc('d', '9', off), out('o', '{{ nodes.d.output }}')], chain('d', 'o')), { o: null }),
  done(
    'a disabled condition takes true, a disabled switch default',
    graph(
      [
        calc('a', '5'),
        node('c', 'condition', { expression: 'false' }, off),
        node('s', 'switch', { cases: [{ port: 'p', when: { all: [] } }] }, off),
        out('yes', '{{ nodes.c.output }}'),
        out('no', 1),
        out('p', 1),
        out('d', '{{ nodes.s.output }}'),
      ],
      [...chain('a', 'c'), ...chain('a', 's'), edge('c', 'true', 'yes'), edge('c', 'false', 'no'), edge('s', 'p', 'p'), edge('s', 'default', 'd')],
    ),
    { yes: 5, d: 5 },
    { exact: true, nodes: { no: 'skipped', p: 'skipped' } },
  ),
  done(
    'a disabled approval takes approved; nobody is asked',
    graph(
      [calc('a', '5'), node('q', 'approval', { title: 'Well?' }, off), out('yes', '{{ nodes.q.output }}'), out('no', 1)],
      [...chain('a', 'q'), edge('q', 'approved', 'yes'), edge('q', 'rejected', 'no')],
    ),
    { yes: 5 },
    { exact: true },
  ),
  done(
    'a disabled loop passes through and skips its body',
    graph([calc('a', '[7]'), { ...each('{{ [1,2] }}'), ...off }, calc('b', 'item', inL), out('o', '{{ nodes.l.output }}')], chain('a', 'l', 'o')),
    { o: [7] },
    { attempts: { b: 0 } },
  ),
  done('a disabled output names nothing', graph([calc('a', '1'), out('x', 1, off), out('y', 2)], chain('a', 'x', 'y')), { y: 2 }, { exact: true }),
  done(
    'a trigger that did not start the run has dead edges, the one that did passes the input',
    graph(
      [calc('a', '1'), calc('b', '2'), out('oa', '{{ nodes.a.output }}'), out('ob', 1)],
      [{ from: 'go', to: 'a' }, { from: 'later', to: 'b' }, ...chain('a', 'oa'), ...chain('b', 'ob')],
      {
        triggers: [
          { id: 'go', type: 'manual' },
          { id: 'later', type: 'schedule', config: { cron: '0 0 1 1 *' } },
        ],
      },
    ),
    { oa: 1 },
    { exact: true, nodes: { b: 'skipped' } },
  ),
  done(
    'a disabled node after a trigger gives the run’s input',
    graph([calc('d', '1', off), out('o', '{{ nodes.d.output }}')], [{ from: 'go', to: 'd' }, ...chain('d', 'o')], {
      triggers: [{ id: 'go', type: 'manual' }],
    }),
    { o: { n: 3 } },
    {},
    { n: 3 },
  ),
  done(
    'merge from a trigger takes the run’s input',
    graph(
      [calc('a', '2'), node('m', 'merge', { mode: 'object' }), out('o', '{{ nodes.m.output }}')],
      [{ from: 'go', to: 'm' }, ...chain('a', 'm', 'o')],
      {
        triggers: [{ id: 'go', type: 'manual' }],
      },
    ),
    { o: { go: { n: 3 }, a: 2 } },
    {},
    { n: 3 },
  ),
  done(
    'names of the context and of the language may be node ids',
    graph(
      ['input', 'nodes', 'item', 'output', 'error', 'and', 'or', 'in', 'function', 'index', 'run', 'vars', 'tostring', 'length']
        .map((id, at) => calc(id, String(at)))
        .concat([
          out(
            'o',
            '{{ [nodes.input.output, nodes.nodes.output, nodes.item.output, nodes.output.output, nodes.error.output, nodes.and.output, nodes.or.output, nodes.in.output, nodes.function.output, nodes.index.output, nodes.run.output, nodes.vars.output, nodes.tostring.output, nodes.length.output] }}',
          ),
        ]),
      ['input', 'nodes', 'item', 'output', 'error', 'and', 'or', 'in', 'function', 'index', 'run', 'vars', 'tostring', 'length'].map((from) => ({
        from,
        to: 'o',
      })),
    ),
    { o: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] },
  ),
  done(
    'an id has up to 63 characters',
    graph([calc(`a${'_'.repeat(61)}9`, '1'), out('o', `{{ nodes.a${'_'.repeat(61)}9.output }}`)], chain(`a${'_'.repeat(61)}9`, 'o')),
    { o: 1 },
  ),
  done(
    'without a case that holds a switch takes default; of several that hold the first',
    graph(
      [
        node('s', 'switch', {
          cases: [
            { port: 'big', when: { left: '{{ input.n }}', op: 'gt', right: 100 } },
            { port: 'odd', when: { expression: 'input.n % 2 = 1' } },
            { port: 'also', when: { all: [] } },
          ],
        }),
        node('t', 'switch', { cases: [{ port: 'big', when: { any: [] } }] }),
        out('o', '{{ nodes.s.output }}'),
        out('p', '{{ nodes.t.output }}'),
      ],
      [edge('s', 'odd', 'o'), edge('t', 'default', 'p')],
    ),
    { o: { port: 'odd' }, p: { port: 'default' } },
    {},
    { n: 7 },
  ),
];

/** Rules 4 to 6. */
const faults: RunCase[] = [
  fails(
    'what code throws is repeated where retry is given',
    graph([broken('a', { retry: { maxAttempts: 3, initialMs: 1 } })]),
    { code: 'code.threw', nodeId: 'a', path: 'a' },
    { attempts: { a: 3 } },
  ),
  fails(
    'a failing transform is not repeated even with retry',
    graph([calc('a', '$error("no")', { retry: { maxAttempts: 3, initialMs: 1 } })]),
    { nodeId: 'a' },
    { attempts: { a: 1 } },
  ),
  fails('retry {} is three attempts', graph([broken('a', { retry: { initialMs: 1, maxMs: 1 } })]), { nodeId: 'a' }, { attempts: { a: 3 } }),
  ...[400, 401, 403, 404, 409, 410, 422].map((status) =>
    fails(
      `an answer ${status} is not repeated`,
      graph([http('a', `${stub}/?key=critic-${status}&failures=9&status=${status}`, { retry: { maxAttempts: 3, initialMs: 1 } })]),
      { nodeId: 'a' },
      { attempts: { a: 1 } },
    ),
  ),
  ...[408, 429, 500, 502, 503, 504].map((status) =>
    done(
      `an answer ${status} to a read is repeated`,
      graph(
        [
          http('a', `${stub}/?key=critic-${status}&failures=1&status=${status}`, { retry: { maxAttempts: 3, initialMs: 1 } }),
          out('o', '{{ nodes.a.output.status }}'),
        ],
        chain('a', 'o'),
      ),
      { o: 200 },
      { attempts: { a: 2 } },
    ),
  ),
  fails(
    'timeoutMs limits one attempt',
    graph([http('a', `${stub}/?ms=9000`, { ...once, timeoutMs: 300 })]),
    { code: 'step.timeout', nodeId: 'a' },
    { attempts: { a: 1 } },
  ),
  fails(
    'each attempt has its own timeoutMs',
    graph([http('a', `${stub}/?ms=9000`, { retry: { maxAttempts: 2, initialMs: 1 }, timeoutMs: 300 })]),
    { code: 'step.timeout', nodeId: 'a' },
    { attempts: { a: 2 } },
  ),
  fails('timeoutMs of a loop limits the whole', graph([{ ...each('{{ [1] }}'), timeoutMs: 500 }, node('w', 'wait', { for: '1m' }, inL)]), {
    code: 'step.timeout',
    nodeId: 'l',
  }),
  done(
    'timeoutMs of a loop with branch takes the port error',
    graph(
      [
        { ...each('{{ [1] }}'), timeoutMs: 500, ...on('branch') },
        node('w', 'wait', { for: '1m' }, inL),
        out('o', '{{ nodes.l.error.code }}'),
        out('p', 1),
      ],
      [edge('l', 'error', 'o'), ...chain('l', 'p')],
    ),
    { o: 'step.timeout' },
    { exact: true },
  ),
  done(
    'continue completes with null and tells the error',
    graph(
      [broken('a', on('continue')), out('o', '{{ nodes.a.output }}'), out('e', '{{ nodes.a.error }}'), out('k', '{{ $sort($keys(nodes.a.error)) }}')],
      [...chain('a', 'o'), ...chain('a', 'e'), ...chain('a', 'k')],
    ),
    { o: null, k: ['attempt', 'code', 'message'] },
    { nodes: { a: 'completed' } },
  ),
  done(
    'nodes.<id>.error.attempt is the last attempt',
    graph([broken('a', { ...on('continue'), retry: { maxAttempts: 2, initialMs: 1 } }), out('o', '{{ nodes.a.error.attempt }}')], chain('a', 'o')),
    { o: 2 },
  ),
  done(
    'the value of fallback is not filled',
    graph([broken('a', on('fallback', { t: '{{ input.x }}' })), out('o', '{{ nodes.a.output }}')], chain('a', 'o')),
    { o: { t: '{{ input.x }}' } },
  ),
  done(
    'fallback may be null',
    graph(
      [broken('a', on('fallback', null)), out('o', '{{ nodes.a.output }}'), out('c', '{{ nodes.a.error.code }}')],
      [...chain('a', 'o'), ...chain('a', 'c')],
    ),
    { o: null, c: 'code.threw' },
  ),
  done(
    'a condition that falls back takes the port of its result',
    graph(
      [
        node('c', 'condition', { expression: '$error("x")' }, on('fallback', { result: false })),
        out('yes', 1),
        out('no', '{{ nodes.c.error.code }}'),
      ],
      [edge('c', 'true', 'yes'), edge('c', 'false', 'no')],
    ),
    { no: 'expression.failed' },
    { exact: true },
  ),
  done(
    'a switch that falls back takes the port it names, default too',
    graph(
      [
        node('s', 'switch', { cases: [{ port: 'p', when: { expression: '$error("x")' } }] }, on('fallback', { port: 'p' })),
        node('t', 'switch', { cases: [{ port: 'p', when: { expression: '$error("x")' } }] }, on('fallback', { port: 'default' })),
        out('p', 1),
        out('d', 2),
        out('p2', 3),
        out('d2', 4),
      ],
      [edge('s', 'p', 'p'), edge('s', 'default', 'd'), edge('t', 'p', 'p2'), edge('t', 'default', 'd2')],
    ),
    { p: 1, d2: 4 },
    { exact: true },
  ),
  done(
    'branch: the port error is live, out is dead, the node stays failed, the run completes',
    graph(
      [broken('a', on('branch')), out('e', '{{ nodes.a.error.code }}'), calc('n', '1'), out('o', 1)],
      [edge('a', 'error', 'e'), ...chain('a', 'n', 'o')],
    ),
    { e: 'code.threw' },
    { exact: true, nodes: { a: 'failed', n: 'skipped', o: 'skipped' } },
  ),
  done(
    'a node after out and error of one node runs either way',
    graph(
      [broken('a', on('branch')), out('o', '{{ $exists(nodes.a.output) }}'), out('p', '{{ nodes.a.output }}')],
      [edge('a', 'error', 'o'), ...chain('a', 'o'), edge('a', 'error', 'p')],
    ),
    { p: null },
    { nodes: { a: 'failed', o: 'completed' } },
  ),
  done(
    'branch on a condition: neither true nor false',
    graph(
      [node('c', 'condition', { expression: '$error("x")' }, on('branch')), out('t', 1), out('f', 2), out('e', 3)],
      [edge('c', 'true', 't'), edge('c', 'false', 'f'), edge('c', 'error', 'e')],
    ),
    { e: 3 },
    { exact: true },
  ),
  done(
    'branch where nothing failed: the error way is dead',
    graph([calc('a', '1', on('branch')), out('e', 1), out('o', 2)], [edge('a', 'error', 'e'), ...chain('a', 'o')]),
    { o: 2 },
    { exact: true, nodes: { e: 'skipped' } },
  ),
  fails(
    'stop: what runs is cancelled, what never started is skipped, outputs stay',
    graph(
      [out('early', 1), calc('s', '1'), broken('a'), http('slow', `${stub}/?ms=20000`), calc('after', '1'), calc('never', '2')],
      [...chain('early', 's', 'a', 'never'), ...chain('slow', 'after')],
    ),
    { nodeId: 'a', code: 'code.threw' },
    { output: { early: 1 }, nodes: { slow: 'cancelled', after: 'skipped', never: 'skipped', early: 'completed' } },
  ),
  fails(
    'finish: everything downstream of the failure by any path is skipped, whatever its join; the rest finishes',
    graph(
      [
        broken('a'),
        calc('b', '1'),
        calc('j', '2'),
        out('after', 1),
        http('slow', `${stub}/?ms=500`),
        out('rest', '{{ nodes.slow.output.status }}'),
        node('m', 'merge', { mode: 'first' }),
      ],
      [...chain('a', 'j', 'after'), ...chain('b', 'j'), ...chain('b', 'slow', 'rest'), ...chain('j', 'm')],
      { settings: { onFailure: 'finish' } },
    ),
    { nodeId: 'a' },
    { output: { rest: 200 }, exact: true, nodes: { j: 'skipped', after: 'skipped', m: 'skipped', slow: 'completed' } },
  ),
  fails(
    'finish with two failures tells the first recorded',
    graph([broken('a'), http('slow', `${stub}/?ms=800`), broken('b')], chain('slow', 'b'), { settings: { onFailure: 'finish' } }),
    { nodeId: 'a' },
    { nodes: { a: 'failed', b: 'failed' } },
  ),
  fails(
    'a body node that fails is named with its path',
    graph([each('{{ [1,2,3] }}'), code('b', 'if (ctx.item === 2) throw new Error("two"); return ctx.item', inL)]),
    { nodeId: 'b', path: 'l[1].b', code: 'code.threw' },
    { nodes: { l: 'failed' } },
  ),
];

/** With the far end of this proof in place of `stub`. */
export function strangerMeaningCases(farEnd: string): RunCase[] {
  return JSON.parse(JSON.stringify([...ways, ...faults, ...strangerLoopCases, ...strangerJoinCases]).replaceAll(stub, farEnd)) as RunCase[];
}
