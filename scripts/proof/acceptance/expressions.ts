/** 03 "Expressions" and "Values": what templates and expressions come to. */
import { broken, calc, chain, check, code, edge, graph, node, out, table, type RunCase } from './cases.ts';

const input = {
  n: 5,
  s: '007',
  nul: null,
  t: true,
  arr: [1, 2],
  obj: { b: 1, a: 2 },
  one: [{ x: 1 }],
  list: [{ x: 1 }, { x: 2 }],
  'odd key': 'odd',
  'a}}b': 'closed',
  big: 1e21,
};

const templates: RunCase[] = [
  table(
    'A string that is exactly one {{ }} keeps the type; else null gives nothing, text as it is, the rest as JSON',
    [
      ['{{ input.n }}', 5],
      ['{{ input.s }}', '007'],
      ['{{ input.t }}', true],
      ['{{ input.arr }}', [1, 2]],
      ['{{ input.obj }}', { b: 1, a: 2 }],
      ['{{ input.nul }}', null],
      ['n={{ input.n }}', 'n=5'],
      ['x{{ input.nul }}y', 'xy'],
      ['x{{ input.gone }}y', 'xy'],
      ['a {{ input.arr }}', 'a [1,2]'],
      ['o {{ input.obj }}', 'o {"b":1,"a":2}'],
      ['t {{ input.t }} {{ input.s }}', 't true 007'],
      [' {{ input.n }}', ' 5'],
      ['{{ input.n }}{{ input.n }}', '55'],
      ['b {{ input.big }}', 'b 1e+21'],
      [
        { a: '{{ input.n }}', b: ['{{ input.s }}', 1, null], c: { d: 'x{{ input.n }}' } },
        { a: 5, b: ['007', 1, null], c: { d: 'x5' } },
      ],
      [{ '{{ input.n }}': 1 }, { '{{ input.n }}': 1 }],
      [5, 5],
      [null, null],
      ['', ''],
    ],
    input,
  ),
  table(
    '{{ runs to the first }} outside strings, backticks, comments and open brackets; \\{{ is a literal {{',
    [
      ['\\{{ input.n }}', '{{ input.n }}'],
      ['a \\{{ b {{ input.n }}', 'a {{ b 5'],
      ['{{ "a}}b" }}', 'a}}b'],
      ["{{ 'a}}b' }}!", 'a}}b!'],
      ['{{ "a{{b" }}', 'a{{b'],
      ['{{ {"a":{"b":1}} }}', { a: { b: 1 } }],
      ['{{ /* }} */ 3 }}', 3],
      ['{{ input.`odd key` }}', 'odd'],
      ['{{ input.`a}}b` }}', 'closed'],
      ['a }} b', 'a }} b'],
      ['{{ input.n }} }}', '5 }}'],
    ],
    input,
  ),
  table(
    'All of it is JSONata: one value for a single hit, nothing for none; [] keeps an array; hidden names read as missing',
    [
      ['{{ input.list.x }}', [1, 2]],
      ['{{ input.one.x }}', 1],
      ['{{ input.one.x[] }}', [1]],
      ['{{ input.list[x > 5] }}', null],
      ['{{ input.arr[0] }}', 1],
      ['{{ input.arr[-1] }}', 2],
      ['{{ input.arr[9] }}', null],
      ['{{ input.n[0] }}', 5],
      ['{{ input.constructor }}', null],
      ['{{ input.__proto__ }}', null],
      ['{{ input.prototype }}', null],
      ['{{ $sum(input.arr) }}', 3],
      ['{{ input.s & "x" }}', '007x'],
      ['{{ [input.list.x, 3] }}', [1, 2, 3]],
      ['{{ input.n > 3 ? "big" : "small" }}', 'big'],
      ['{{ $map(input.arr, function($v) { $v * 2 }) }}', [2, 4]],
      ['{{ workflow.name }}', 'acceptance'],
      ['{{ $type(run.id) & $type(run.startedAt) }}', 'stringstring'],
      ['{{ trigger.type }}', 'manual'],
      ['{{ trigger.id }}', 'start'],
      ['{{ vars.acceptance }}', 'of the team'],
      ['{{ vars.gone }}', null],
    ],
    input,
    { triggers: [{ id: 'start', type: 'manual' }] },
  ),
];

const results: RunCase[] = [
  {
    name: 'What does not exist is null with a warning on the step',
    definition: graph([calc('miss', 'input.gone'), out('v', '{{ nodes.miss.output }}')], chain('miss', 'v')),
    expect: { status: 'completed', output: { v: null }, warned: ['miss'] },
  },
  {
    name: 'strict: true makes what is missing an error',
    definition: graph([calc('miss', 'input.gone', { strict: true })]),
    expect: { status: 'failed', error: { nodeId: 'miss' } },
  },
  {
    name: 'strict: a null that is there is no error',
    definition: graph([calc('there', 'input.nul', { strict: true }), out('v', '{{ nodes.there.output }}')], chain('there', 'v')),
    input,
    expect: { status: 'completed', output: { v: null } },
  },
  {
    name: 'A function is expression.not-json',
    definition: graph([calc('f', 'function($x) { $x }')]),
    expect: { status: 'failed', error: { nodeId: 'f', code: 'expression.not-json' } },
  },
  {
    name: 'Infinity is expression.not-json',
    definition: graph([calc('f', '1 / 0')]),
    expect: { status: 'failed', error: { nodeId: 'f', code: 'expression.not-json' } },
  },
  {
    name: 'NaN inside what code returns is expression.not-json',
    definition: graph([code('f', 'return { a: [NaN] }')]),
    expect: { status: 'failed', error: { nodeId: 'f', code: 'expression.not-json' } },
  },
  {
    name: '`expression` is bare JSONata or exactly one {{ }}',
    definition: graph(
      [calc('a', 'input.n'), calc('b', '{{ input.n + 1 }}'), out('v', ['{{ nodes.a.output }}', '{{ nodes.b.output }}'])],
      [...chain('a', 'v'), ...chain('b', 'v')],
    ),
    input,
    expect: { status: 'completed', output: { v: [5, 6] } },
  },
  {
    name: 'A skipped node has no entry',
    definition: graph(
      [check('no', 'false'), calc('dead', '1'), out('v', '{{ $exists(nodes.dead) }}'), calc('live', '2')],
      [edge('no', 'true', 'dead'), edge('no', 'false', 'live'), ...chain('dead', 'v'), ...chain('live', 'v')],
    ),
    expect: { status: 'completed', output: { v: false }, nodes: { dead: 'skipped', live: 'completed' } },
  },
  {
    name: 'Each evaluation has its own copy; code sees the names of Expressions',
    definition: graph(
      [
        code('a', 'ctx.input.obj.b = 99; return [Object.keys(ctx).includes("input"), ctx.workflow.name, ctx.vars.acceptance]'),
        code('b', 'return [ctx.input.obj.b, ctx.nodes.a.output]'),
        out('v', '{{ nodes.b.output }}'),
      ],
      chain('a', 'b', 'v'),
    ),
    input,
    expect: { status: 'completed', output: { v: [1, [true, 'acceptance', 'of the team']] } },
  },
  {
    name: 'code: async bodies are awaited; undefined becomes null',
    definition: graph(
      [code('a', 'await null; return 7'), code('b', 'const x = 1;'), out('v', ['{{ nodes.a.output }}', '{{ nodes.b.output }}'])],
      [...chain('a', 'v'), ...chain('b', 'v')],
    ),
    expect: { status: 'completed', output: { v: [7, null] } },
  },
  {
    name: 'U+0000 and lone surrogates become U+FFFD with a warning',
    definition: graph([code('a', String.raw`return ["a\u0000b", "x\ud800y", "ok \ud83d\ude00"]`), out('v', '{{ nodes.a.output }}')], chain('a', 'v')),
    expect: { status: 'completed', output: { v: ['a\ufffdb', 'x\ufffdy', 'ok \u{1f600}'] }, warned: ['a'] },
  },
  {
    name: 'Where a field wants a number, a text that converts without loss is converted',
    definition: graph(
      [
        node('p', 'prompt', { model: 'demo/echo', maxTokens: '{{ input.max }}', messages: [{ role: 'user', content: '{{ input.n }}' }] }),
        out('v', '{{ nodes.p.output.text }}'),
      ],
      chain('p', 'v'),
    ),
    input: { max: '50', n: 5 },
    expect: { status: 'completed', output: { v: '5' } },
  },
  {
    name: '... else step.invalid-params',
    definition: graph([node('p', 'prompt', { model: 'demo/echo', maxTokens: '{{ input.max }}', messages: [{ role: 'user', content: 'x' }] })]),
    input: { max: 'many' },
    expect: { status: 'failed', error: { nodeId: 'p', code: 'step.invalid-params' }, attempts: { p: 1 } },
  },
  {
    name: 'onError.value is not filled',
    definition: graph(
      [broken('b', { onError: { mode: 'fallback', value: { x: '{{ input.n }}' } } }), out('v', '{{ nodes.b.output }}')],
      chain('b', 'v'),
    ),
    input,
    expect: { status: 'completed', output: { v: { x: '{{ input.n }}' } } },
  },
];

export const expressionCases: RunCase[] = [...templates, ...results];
