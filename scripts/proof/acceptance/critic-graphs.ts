/** A fourth reader's cases: kinds and rules inside one another, each from sentences of 03 taken together. */
import { broken, calc, chain, check, code, edge, graph, http, node, out, type RunCase } from './cases.ts';
import { done as strangers, fails as strangely, off, on, once, stub } from './stranger-kit.ts';
import { each, inL, loop } from './unseen-kit.ts';

const renamed = (one: RunCase): RunCase => ({ ...one, name: one.name.replace('stranger: ', 'critic: ') });
const done = (...args: Parameters<typeof strangers>): RunCase => renamed(strangers(...args));
const fails = (...args: Parameters<typeof strangely>): RunCase => renamed(strangely(...args));
const inM = { parent: 'm' };
const inner = (items: unknown, more: object = {}): Record<string, unknown> => loop('m', { mode: 'for_each', items, ...more }, inL);

/** Loops in loops, with failures inside. */
const nested: RunCase[] = [
  done(
    'an inner loop that fails on item 2 of the outer is collected there, its path whole; the others go on',
    graph(
      [
        each('{{ [1,2,3] }}', { onItemError: 'collect' }),
        inner('{{ [10,20] }}'),
        code('b', 'if (ctx.loops.l.item === 2 && ctx.item === 20) throw new Error("x"); return ctx.loops.l.item * ctx.item', inM),
        out('o', '{{ [nodes.l.output[0][0], nodes.l.output[0][1], nodes.l.output[2][1]] }}'),
        out('e', '{{ nodes.l.output[1].error.code }}'),
      ],
      [...chain('l', 'o'), ...chain('l', 'e')],
    ),
    { o: [10, 20, 60], e: 'code.threw' },
    { nodes: { l: 'completed' } },
  ),
  done(
    'an inner loop whose failure is a branch: the error port is live in that iteration only',
    graph(
      [
        each('{{ [0,1] }}', { result: '{{ nodes.j.output }}' }),
        { ...inner('{{ [loops.l.item] }}'), ...on('branch') },
        code('b', 'if (ctx.item === 1) throw new Error("x"); return "fine"', inM),
        calc('h', '"handled " & loops.l.index & " " & nodes.m.error.code', inL),
        node('j', 'merge', { mode: 'append' }, inL),
        out('o', '{{ nodes.l.output }}'),
      ],
      [...chain('m', 'j'), edge('m', 'error', 'h'), ...chain('h', 'j'), ...chain('l', 'o')],
    ),
    { o: [['fine'], ['handled 1 code.threw']] },
  ),
  done(
    'skip in the inner, collect in the outer: what the inner dropped is no error of the outer',
    graph(
      [
        each('{{ [1,2] }}', { onItemError: 'collect' }),
        inner('{{ [1,2,3] }}', { onItemError: 'skip' }),
        code('b', 'if (ctx.item === ctx.loops.l.item) throw new Error("x"); return ctx.item', inM),
        out('o', '{{ nodes.l.output }}'),
      ],
      chain('l', 'o'),
    ),
    {
      o: [
        [2, 3],
        [1, 3],
      ],
    },
  ),
  done(
    'three loops deep with an empty one in the middle: arrays of arrays, nothing ran inside',
    graph(
      [
        each('{{ [1,2] }}'),
        inner('{{ [] }}'),
        loop('k', { mode: 'for_each', items: [1] }, inM),
        calc('b', '1', { parent: 'k' }),
        out('o', '{{ nodes.l.output }}'),
      ],
      chain('l', 'o'),
    ),
    { o: [[], []] },
    { attempts: { b: 0 } },
  ),
  done(
    'a disabled inner loop passes its only live source through, per iteration',
    graph(
      [
        each('{{ ["a","b"] }}'),
        calc('s', 'item & "!"', inL),
        { ...inner('{{ [1,2] }}'), ...off },
        calc('b', '1', inM),
        out('o', '{{ nodes.l.output }}'),
      ],
      [...chain('s', 'm'), ...chain('l', 'o')],
    ),
    { o: ['a!', 'b!'] },
    { attempts: { b: 0 } },
  ),
  done(
    'forEach inside a loop body: item is its own, the outer item has its name',
    graph(
      [
        each('{{ [1,2] }}', { result: '{{ nodes.h.output.body.n }}' }),
        {
          ...http('h', `${stub}/?key=critic-{{ loops.l.item }}-{{ item }}-{{ run.id }}`, inL),
          config: {
            connector: 'http',
            action: 'request',
            params: { method: 'GET', url: `${stub}/?key=critic-{{ loops.l.item }}-{{ item }}-{{ run.id }}` },
            forEach: '{{ ["x","y"] }}',
          },
        },
        out('o', '{{ nodes.l.output }}'),
      ],
      chain('l', 'o'),
    ),
    {
      o: [
        [1, 1],
        [1, 1],
      ],
    },
  ),
  done(
    'forEach over nothing completes with an empty array, and what follows runs',
    graph(
      [
        { ...http('h', stub), config: { connector: 'http', action: 'request', params: { method: 'GET', url: stub }, forEach: '{{ input.none }}' } },
        out('o', '{{ nodes.h.output }}'),
      ],
      chain('h', 'o'),
    ),
    { o: [] },
    { nodes: { h: 'completed' } },
  ),
  done(
    'a while in a while: previous of each is its own',
    graph(
      [
        loop('l', {
          mode: 'while',
          condition: { expression: '$count(previous) < 2' },
          initial: [],
          result: '{{ $append(previous, [nodes.m.output]) }}',
        }),
        loop('m', { mode: 'until', condition: { expression: 'previous >= 10 + loops.l.iteration' }, initial: 8 }, inL),
        calc('b', 'previous + 1', inM),
        out('o', '{{ nodes.l.output }}'),
      ],
      chain('l', 'o'),
    ),
    { o: [10, 11] },
  ),
  done(
    'the default of maxIterations is 100, and 100 may be run',
    graph(
      [loop('l', { mode: 'while', condition: { expression: 'iteration < 100' } }), calc('b', 'iteration', inL), out('o', '{{ nodes.l.output }}')],
      chain('l', 'o'),
    ),
    { o: 99 },
  ),
  done(
    'a loop on a dead edge is skipped and its body never begins; what reads it finds nothing',
    graph(
      [check('c', 'false'), each('{{ [1] }}'), calc('b', '1', inL), out('o', '{{ $exists(nodes.l) }}'), calc('x', '1')],
      [edge('c', 'true', 'l'), ...chain('l', 'o'), edge('c', 'false', 'x'), ...chain('x', 'o')],
    ),
    { o: false },
    { nodes: { l: 'skipped' }, attempts: { b: 0 } },
  ),
  done(
    'merge first in a body takes the way that was live in each iteration',
    graph(
      [
        each('{{ [1,2,3] }}'),
        check('c', 'item % 2 = 0', inL),
        calc('even', '"even " & item', inL),
        calc('odd', '"odd " & item', inL),
        node('f', 'merge', { mode: 'first' }, inL),
        out('o', '{{ nodes.l.output }}'),
      ],
      [edge('c', 'true', 'even'), edge('c', 'false', 'odd'), ...chain('even', 'f'), ...chain('odd', 'f'), ...chain('l', 'o')],
    ),
    { o: ['odd 1', 'even 2', 'odd 3'] },
  ),
  done(
    'a body of which both sinks are named by result: the one that was skipped is null',
    graph(
      [
        each('{{ [1,2] }}', { result: ['{{ nodes.y.output }}', '{{ nodes.n.output }}'] }),
        check('c', 'item = 1', inL),
        calc('y', '"yes"', inL),
        calc('n', '"no"', inL),
        out('o', '{{ nodes.l.output }}'),
      ],
      [edge('c', 'true', 'y'), edge('c', 'false', 'n'), ...chain('l', 'o')],
    ),
    {
      o: [
        ['yes', null],
        [null, 'no'],
      ],
    },
  ),
  done(
    'a loop of 1,001 items gives 1,001 results in order',
    graph(
      [
        each('{{ [1..1001] }}', { concurrency: 100 }),
        calc('b', 'item * 2', inL),
        out('o', '{{ [$count(nodes.l.output), nodes.l.output[0], nodes.l.output[1000]] }}'),
      ],
      chain('l', 'o'),
    ),
    { o: [1001, 2, 2002] },
  ),
];

/** Errors on their way through joins, retries and settings. */
const faults: RunCase[] = [
  done(
    'a retry within a branch: the error port is taken after the last attempt only',
    graph(
      [
        http('a', `${stub}/?key=critic-retry-{{ run.id }}&failures=9`, { retry: { maxAttempts: 2, initialMs: 1 }, ...on('branch') }),
        out('o', '{{ nodes.a.error.attempt }}'),
        out('never', 1),
      ],
      [edge('a', 'error', 'o'), ...chain('a', 'never')],
    ),
    { o: 2 },
    { exact: true, nodes: { a: 'failed', never: 'skipped' }, attempts: { a: 2 } },
  ),
  done(
    'join all of an error edge and a completed way runs with both',
    graph(
      [
        broken('a', on('branch')),
        calc('b', '2'),
        node('m', 'merge', { mode: 'object' }, { join: 'all' }),
        out('o', '{{ [nodes.m.output.b, nodes.m.output.a.message != ""] }}'),
      ],
      [edge('a', 'error', 'm'), ...chain('b', 'm', 'o')],
    ),
    { o: [2, true] },
  ),
  fails(
    'a handler that itself fails fails the run with its own error',
    graph([broken('a', on('branch')), calc('h', '$error("handler")'), out('o', 1)], [edge('a', 'error', 'h'), ...chain('h', 'o')]),
    { nodeId: 'h', path: 'h' },
    { nodes: { a: 'failed', h: 'failed', o: 'skipped' } },
  ),
  done(
    'a timeout that falls back is recovered, and its error is told',
    graph(
      [
        http('a', `${stub}/?ms=9000`, { ...once, timeoutMs: 300, ...on('fallback', { body: 'none' }) }),
        out('o', '{{ nodes.a.output.body }}'),
        out('c', '{{ nodes.a.error.code }}'),
      ],
      [...chain('a', 'o'), ...chain('a', 'c')],
    ),
    { o: 'none', c: 'step.timeout' },
    { nodes: { a: 'completed' } },
  ),
  fails(
    'stop cancels a wait that is parked, and outputs given before stay',
    graph(
      [out('before', 1), node('w', 'wait', { for: '10m' }), node('d', 'wait', { for: '1s' }), broken('x'), out('after', 2)],
      [...chain('d', 'x'), ...chain('w', 'after')],
    ),
    { nodeId: 'x' },
    { output: { before: 1 }, exact: true, nodes: { w: 'cancelled', after: 'skipped' } },
  ),
  fails(
    'finish lets a wait beside the failure end, and what follows it',
    graph(
      [node('w', 'wait', { for: '1s' }), broken('x'), out('after', 2), out('down', 3)],
      [...chain('w', 'after'), ...chain('x', 'down'), ...chain('w', 'down')],
      {
        settings: { onFailure: 'finish' },
      },
    ),
    { nodeId: 'x' },
    { output: { after: 2 }, exact: true, nodes: { w: 'completed', down: 'skipped' } },
  ),
  fails(
    'the fault of a body node names it with its path, though a second fails after it',
    graph([each('{{ [1,2,3] }}', { concurrency: 1 }), code('b', 'if (ctx.item > 1) throw new Error("no " + ctx.item); return 1', inL)]),
    { nodeId: 'b', path: 'l[1].b', code: 'code.threw' },
    { nodes: { l: 'failed' }, attempts: { b: 2 } },
  ),
  done(
    'maxParallel 1 runs what is ready in order of node id',
    graph(
      [
        ...['c', 'a', 'b'].map((id) => http(id, `${stub}/?key=critic-order-{{ run.id }}`, { timeoutMs: 20_000 })),
        out('o', '{{ [nodes.a.output.body.n, nodes.b.output.body.n, nodes.c.output.body.n] }}'),
      ],
      [...chain('c', 'o'), ...chain('a', 'o'), ...chain('b', 'o')],
      { settings: { maxParallel: 1 } },
    ),
    { o: [1, 2, 3] },
  ),
];

/** With the far end of this proof in place of `stub`. */
export const criticGraphCases = (farEnd: string): RunCase[] =>
  JSON.parse(JSON.stringify([...nested, ...faults]).replaceAll(stub, farEnd)) as RunCase[];
