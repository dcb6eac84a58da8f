import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';

import { throughJson } from '../values/json.ts';
import { holds } from './condition.ts';
import { DataContext } from './context.ts';
import { parseCode, parseExpression } from './index.ts';
import { expressionNames } from './names.ts';
import { compare } from './operators.ts';
import type { Operator } from './operators.ts';
import { parsePlainPath, readPlainPath } from './plain-path.ts';
import { builtins, compile } from './compile.ts';
import { Scope } from './scope.ts';
import { fill } from './template.ts';

function scopeOf(input: unknown, more: { strict?: boolean; nodes?: Record<string, unknown> } = {}): Scope {
  const nodes = Object.fromEntries(Object.entries(more.nodes ?? {}).map(([id, output]) => [id, { output: JSON.stringify(output) }]));
  return new Scope(new DataContext({ values: { input: JSON.stringify(input) }, nodes }), { strict: more.strict ?? false });
}

const keys = ['a', 'b', 'c', 'constructor', '__proto__', 'prototype', 'length', 'toString', 'sequence', 'keepSingleton', '_jsonata_lambda'];
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, 1, -1.5, '', 'x', 'null'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...keys), tie('value')), { maxLength: 4 })
      .map((pairs) => JSON.parse(`{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`) as unknown),
  ),
})).value;
const step = fc.oneof(
  fc.constantFrom(...keys).map((key) => `.${key}`),
  fc.nat({ max: 3 }).map((index) => `[${index}]`),
);
const path = fc.array(step, { maxLength: 5 }).map((steps) => `input${steps.join('')}`);

describe('the reader of plain paths', () => {
  it('gives what JSONata gives, or leaves it to JSONata', async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(json, path, async (input, text) => {
        const root = JSON.parse(JSON.stringify({ input })) as object;
        const answer = readPlainPath(root, parsePlainPath(text) ?? []);
        if (answer.kind === 'engine') return;
        answered += 1;
        const engine = await compile(text).evaluate(root);
        if (answer.kind === 'missing') expect(engine).toBeUndefined();
        else expect(JSON.stringify(engine)).toBe(JSON.stringify(answer.value));
        expect(JSON.stringify(root)).toBe(JSON.stringify({ input }));
      }),
      { numRuns: 4_000 },
    );
    expect(answered).toBeGreaterThan(1_500);
  });

  it('takes only paths that start with a name of ours', () => {
    expect(parsePlainPath('nodes.a.output.rows[0].text')).toEqual(['nodes', 'a', 'output', 'rows', 0, 'text']);
    expect(parsePlainPath(' item ')).toEqual(['item']);
    for (const text of ['other.a', 'input.and', 'input.`a`', 'input[-1]', 'input[]', 'input["a"]', 'input..a', 'input.*', 'input a', 'input[01]', ''])
      expect(parsePlainPath(text)).toBeNull();
  });
});

describe('what reads as missing', () => {
  it('hides constructor, prototype and __proto__, own ones too, by every way', async () => {
    const input = JSON.parse('{"constructor":1,"prototype":2,"__proto__":3,"a":{"constructor":4}}') as unknown;
    for (const text of [
      'input.constructor',
      'input.prototype',
      'input.__proto__',
      'input.a.constructor',
      'input.(constructor)',
      '$lookup(input, "constructor")',
      'input.`__proto__`',
      'input.**.constructor',
      '"a".constructor',
      'input."constructor"',
    ]) {
      expect(await scopeOf(input).evaluate(text), text).toBeUndefined();
    }
  });

  it('is null with a warning, and an error under strict', async () => {
    const scope = scopeOf({});
    expect(await scope.required('input.a.b')).toBeNull();
    expect(scope.warnings).toEqual([{ code: 'expression.missing', message: 'input.a.b gives nothing' }]);
    await expect(scopeOf({}, { strict: true }).required('input.a.b')).rejects.toMatchObject({ code: 'expression.missing' });
    expect(await scopeOf({ a: null }, { strict: true }).required('input.a')).toBeNull();
  });
});

describe('results', () => {
  it.each(['1/0', '$sum', 'function($x){$x}', '{"a": $string}', '[1, /a/]'])('%s is not JSON', async (text) => {
    await expect(scopeOf({}).evaluate(text)).rejects.toMatchObject({ code: expect.stringMatching(/expression\.(not-json|failed)/) as string });
  });

  it('has its own copy of the data, also where an expression changes it in place', async () => {
    const scope = scopeOf({ a: { b: 1 }, list: [{ c: 1 }] });
    expect(await scope.evaluate('($clone := function($x){$x}; input ~> |a|{"b": 2}|).a.b')).toBe(2);
    expect(await scope.evaluate('input.a.b')).toBe(1);
    await expect(scope.evaluate('input.a()')).rejects.toMatchObject({ code: 'expression.failed' });
    expect(await scope.evaluate('input')).toEqual({ a: { b: 1 }, list: [{ c: 1 }] });
    await scope.evaluate('input.list[]');
    expect(throughJson(await scope.evaluate('input'))).toEqual({ a: { b: 1 }, list: [{ c: 1 }] });
  });

  it('keeps what JSONata keeps: one hit is a value, [] keeps an array', async () => {
    const scope = scopeOf({
      list: [
        { v: 1, k: 'a' },
        { v: 2, k: 'b' },
      ],
    });
    expect(await scope.evaluate('input.list[k="b"].v')).toBe(2);
    expect(await scope.evaluate('input.list[k="b"].v[]')).toEqual([2]);
    expect(await scope.evaluate('input.list.v')).toEqual([1, 2]);
  });
});

describe('templates', () => {
  it('keeps the type of a whole {{ }}, and writes values into texts', async () => {
    const scope = scopeOf({ n: 1.5, t: 'x', b: true, z: null, o: { a: [1] } });
    const filled = await fill(
      {
        n: '{{ input.n }}',
        o: '{{input.o}}',
        text: 'a{{ input.n }}b{{ input.t }}c{{ input.b }}d{{ input.z }}e{{ input.o }}',
        esc: '\\{{ input.n }}',
        '{{ input.t }}': [' {{ input.n }}'],
      },
      scope,
    );
    expect(filled).toEqual({ n: 1.5, o: { a: [1] }, text: 'a1.5bxctruede{"a":[1]}', esc: '{{ input.n }}', '{{ input.t }}': [' 1.5'] });
  });

  it('leaves literal fields alone', async () => {
    expect(
      await fill({ sql: '{{ input }}', a: { b: '{{ input }}' } }, scopeOf(1), undefined, (pointer) => pointer === '/sql' || pointer === '/a'),
    ).toEqual({ sql: '{{ input }}', a: { b: '{{ input }}' } });
  });

  it('ends {{ at the first }} outside strings, backticks, comments and brackets', async () => {
    const scope = scopeOf({ a: { '}}': 1 } });
    expect(await fill('{{ {"a": {"b": 1}} }}|{{ "}}" }}|{{ input.a.`}}` }}|{{ 1 /* }} */ }}', scope)).toBe('{"a":{"b":1}}|}}|1|1');
  });
});

describe('operators', () => {
  const cases: [unknown, Operator, unknown, boolean][] = [
    [1, 'eq', '1', true],
    ['1', 'eq', 1, true],
    ['1.0', 'eq', 1, true],
    ['007', 'eq', '7', false],
    ['007', 'eq', 7, true],
    [{ a: 1, b: [2] }, 'eq', { b: [2], a: 1 }, true],
    [{ a: 1 }, 'eq', { a: 1, b: null }, false],
    [null, 'eq', null, true],
    [null, 'eq', false, false],
    ['', 'eq', 0, false],
    [[1, '2'], 'eq', ['1', 2], true],
    [1, 'ne', 2, true],
    [true, 'eq', 'true', false],
    [2, 'gt', '1', true],
    ['10', 'gt', '9', true],
    ['b', 'gt', 'a', true],
    ['10', 'lt', 'a', true],
    [1, 'lt', 'a', false],
    [null, 'lte', null, false],
    [null, 'gte', 0, false],
    [true, 'gt', false, false],
    ['2024-01-01', 'lt', '2024-01-01T00:00:01Z', true],
    ['2024-01-01T01:00:00+01:00', 'gte', '2024-01-01', true],
    ['2024-01-01T01:00:00+01:00', 'lte', '2024-01-01', true],
    ['2024-02-31', 'lt', '2024-02-05', false],
    ['2024-01-01T00:00:00.25Z', 'gt', '2024-01-01T00:00:00.125Z', true],
    ['hello', 'contains', 'ell', true],
    [[1, { a: 1 }], 'contains', { a: 1 }, true],
    [['1'], 'contains', 1, true],
    [null, 'contains', 'a', false],
    ['hello', 'not_contains', 'x', true],
    ['hello', 'starts_with', 'he', true],
    ['hello', 'ends_with', 'lo', true],
    [null, 'starts_with', '', false],
    ['hello', 'starts_with', null, false],
    ['abc123', 'matches', '[0-9]+', true],
    ['abc', 'matches', '^b', false],
    [5, 'matches', '5', true],
    [null, 'matches', '.*', false],
    ['a', 'in', ['a', 'b'], true],
    [1, 'in', ['1'], true],
    ['c', 'not_in', ['a'], true],
    ['a', 'in', null, false],
    [null, 'is_empty', null, true],
    ['', 'is_empty', null, true],
    [[], 'is_empty', null, true],
    [{}, 'is_empty', null, true],
    [0, 'is_empty', null, false],
    [false, 'is_not_empty', null, true],
    [null, 'exists', null, false],
    [false, 'exists', null, true],
    ['true', 'is_true', null, true],
    [true, 'is_true', null, true],
    [1, 'is_true', null, false],
    ['false', 'is_false', null, true],
    [null, 'is_false', null, false],
  ];
  it.each(cases)('%j %s %j is %s', (left, op, right, expected) => {
    expect(compare(left, op, right)).toBe(expected);
  });

  it('matches cannot hang, and says what RE2 does not take', () => {
    expect(compare(`${'a'.repeat(5_000)}!`, 'matches', '^(a+)+$')).toBe(false);
    expect(() => compare('a', 'matches', '(?=a)')).toThrow(/matches/);
  });
});

describe('conditions', () => {
  it.each([
    [{ all: [] }, true],
    [{ any: [] }, false],
    [{ not: { all: [] } }, false],
    [{ left: '{{ input.n }}', op: 'gte', right: 4 }, true],
    [{ expression: 'input.n > 4' }, false],
    [{ expression: '{{ input.list }}' }, true],
    [{ expression: 'input.none' }, false],
    [{ expression: '[0]' }, false],
    [{ expression: '[0, 1]' }, true],
    [{ expression: '{}' }, false],
    [{ expression: '"false"' }, true],
    [
      {
        all: [
          { left: 1, op: 'eq', right: '{{ input.n - 3 }}' },
          {
            any: [
              { left: '{{ input.none }}', op: 'exists' },
              { left: true, op: 'is_true' },
            ],
          },
        ],
      },
      true,
    ],
  ])('%j is %s', async (condition, expected) => {
    expect(await holds(condition, scopeOf({ n: 4, list: [1, 0] }))).toBe(expected);
  });
});

describe('parseExpression', () => {
  const reads: [string, string[], boolean][] = [
    ['nodes.a.output', ['a'], false],
    ['nodes.a.output + nodes.b.error.code', ['a', 'b'], false],
    ['$sum(nodes.a.output.x)', ['a'], false],
    ['input.nodes.b', [], false],
    ['input.list.(nodes.x)', [], false],
    ['input.list[nodes.x = 1]', [], false],
    ['input.list[$$.nodes.x.output = 1]', ['x'], false],
    ['$map(input.list, function($v){ $v & nodes.a.output })', ['a'], false],
    ['nodes', [], true],
    ['nodes.*', [], true],
    ['nodes.(a)', [], true],
    ['$lookup(nodes, "a")', [], true],
    ['$$', [], true],
    ['$', [], true],
    ['**.output', [], true],
    ['*.a', [], true],
    ['$.nodes.a', ['a'], false],
    ['$$.nodes.`a`.output', ['a'], false],
    ['$lookup("nodes")', [], true],
    ['$keys()', [], true],
    ['($k := $keys; $k())', [], true],
    ['$map(input, $string)', [], false],
    ['nodes[0]', [], true],
    ['nodes.a[0].output', ['a'], false],
    ['nodes@$n.a', [], true],
    ['input.x.%', [], true],
    ['nodes.a.output ~> |x|{"y": nodes.b.output}|', ['a'], false],
    ['{"k": nodes.a.output}', ['a'], false],
    ['nodes.a.output{id: nodes.b}', ['a'], false],
    ['[nodes.a.output, (nodes.b.output; 1)]', ['a', 'b'], false],
    ['nodes.a.output^(nodes.b)', ['a'], false],
    ['input ? nodes.a.output : nodes.b.output', ['a', 'b'], false],
    ['nodes."a".output', ['a'], false],
    ['($x := nodes; $x.a)', [], true],
    ['$ ~> $lookup("nodes")', [], true],
    ['nodes.a.output.$string()', ['a'], false],
    ['$string(nodes.a.output)', ['a'], false],
    ['$each($, function($v){$v})', [], true],
    ['nodes ~> $lookup("a")', [], true],
    ['$spread()', [], true],
    ['input.*', [], false],
  ];
  it.each(reads)('%s reads %j (dynamic: %s)', (text, ids, dynamic) => {
    const parsed = parseExpression(text);
    expect(parsed).toMatchObject({ ok: true, dynamic });
    if (!dynamic) expect(parsed).toMatchObject({ reads: ids });
  });

  it.each([
    ['input["a"]', 'expression.bracket-string'],
    ['nodes.a.output["x"].y', 'expression.bracket-string'],
    ['$eval("1")', 'expression.eval'],
    ['$map(["1"], $eval)', 'expression.eval'],
    ['1 +', 'expression.syntax'],
    ['"', 'expression.syntax'],
    ['', 'expression.syntax'],
    [`"${'x'.repeat(11_000)}"`, 'expression.too-long'],
    ['('.repeat(9_000), 'expression.'],
    ['input.a["b" & "c"]', ''],
  ])('%s gives %s', (text, code) => {
    const parsed = parseExpression(text);
    if (code === '') expect(parsed.ok).toBe(true);
    else expect(parsed).toMatchObject({ ok: false, code: expect.stringContaining(code) as string });
  });

  it('lists the names it reads', () => {
    expect(parseExpression('input.a + item.b + foo')).toMatchObject({ names: ['foo', 'input', 'item'] });
    for (const name of expressionNames) expect(parseExpression(name)).toMatchObject({ names: [name] });
  });

  it('never misses a node that an evaluation touches', async () => {
    const parts = [
      'nodes',
      'nodes.a',
      'nodes.b.output',
      'input.x',
      '$',
      '$$',
      '$.nodes',
      '$$.nodes.a',
      '$keys()',
      '$lookup($, "nodes")',
      'a',
      '*',
      '**',
      '%',
    ];
    const expression = fc.letrec<{ e: string }>((tie) => ({
      e: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(...parts),
        fc.tuple(tie('e'), tie('e')).map(([x, y]) => `${x}.(${y})`),
        fc.tuple(tie('e'), tie('e')).map(([x, y]) => `[${x}, ${y}]`),
        fc.tuple(tie('e'), tie('e')).map(([x, y]) => `(${x})[${y}]`),
        tie('e').map((x) => `($v := ${x}; $v)`),
        tie('e').map((x) => `$map([1], function($i){ ${x} })`),
        tie('e').map((x) => `{"k": ${x}}`),
        fc.tuple(tie('e'), fc.constantFrom('a', 'b', 'nodes', 'output')).map(([x, name]) => `(${x}).${name}`),
        tie('e').map((x) => `$each({"q": 1}, function($w, $k){ ${x} })`),
        fc.tuple(tie('e'), tie('e')).map(([x, y]) => `${x} ~> |$|{"u": ${y}}|`),
      ),
    })).e;
    let told = 0;
    let met = 0;
    await fc.assert(
      fc.asyncProperty(expression, async (text) => {
        const parsed = parseExpression(text);
        if (!parsed.ok || parsed.dynamic) return;
        told += 1;
        const touched = new Set<string>();
        const node = (id: string): object => Object.defineProperty({}, 'output', { enumerable: true, get: () => (touched.add(id), 1) });
        const nodes = Object.defineProperties(
          {},
          { a: { enumerable: true, get: () => (touched.add('a'), node('a')) }, b: { enumerable: true, get: () => (touched.add('b'), node('b')) } },
        );
        await compile(text)
          .evaluate({ input: { x: { nodes: 1 } }, nodes })
          .catch(() => undefined);
        for (const id of touched) expect(parsed.reads, text).toContain(id);
        met += touched.size;
      }),
      { numRuns: 3_000 },
    );
    expect(told).toBeGreaterThan(500);
    expect(met).toBeGreaterThan(100);
  });
});

describe('parseCode', () => {
  it.each([
    ['return ctx.nodes.a.output', ['a'], false],
    ['return ctx["nodes"]["b"].output + ctx.nodes.c.error', ['b', 'c'], false],
    ['const { nodes } = ctx; return nodes.a', [], true],
    ['return ctx.nodes[x]', [], true],
    ['return f(ctx)', [], true],
    ['return ctx.input.nodes.z', [], false],
    ['const a = { ctx: 1 }; return a.ctx', [], false],
    ['return { ctx }', [], true],
    ['"ctx.nodes.a" // ctx.nodes.b', [], false],
    ['return `${ctx.nodes.a.output}`', ['a'], false],
    ['return ctx.nodes?.a?.output', ['a'], false],
    ['return Object.keys(ctx.nodes)', [], true],
    ['await 0; return ctx.input', [], false],
  ])('%s reads %j (dynamic: %s)', (source, ids, dynamic) => {
    expect(parseCode(source)).toMatchObject({ ok: true, dynamic, reads: ids });
  });

  it.each(['return (', '}); evil(', 'return 1 }', 'import x from "y"', 'export const a = 1', 'a b'])('%s is refused', (source) => {
    expect(parseCode(source)).toMatchObject({ ok: false, code: 'code.syntax' });
  });
});

describe('the engine', () => {
  it('has exactly the functions that are locked', async () => {
    const probe = jsonata('$probe()');
    const present: string[] = [];
    probe.registerFunction('probe', function (this: { environment: { lookup: (name: string) => unknown } }) {
      for (const name of builtins) if (this.environment.lookup(name) !== undefined) present.push(name);
      return null;
    } as never);
    await probe.evaluate({});
    const { readFileSync } = await import('node:fs');
    const { createRequire } = await import('node:module');
    const source = readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8');
    const bound = [...source.matchAll(/\.bind\('([A-Za-z0-9]+)'/g)].map((found) => found[1] ?? '');
    expect(new Set(present)).toEqual(new Set(bound));
  });
});
