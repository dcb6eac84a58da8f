import { describe, expect, test } from 'vitest';
import { checkDefinition } from './check.ts';
import { compile, outputPort } from './compile.ts';
import type { Definition } from './definition.ts';
import { errorCodes, nodeKinds, triggerTypes } from './catalogue.ts';
import { kinds } from './kinds/index.ts';
import type { Plan } from './planner/types.ts';
import { scanTemplate } from './scan-template.ts';
import { checkPorts, definitionOf } from './testing/check-ports.ts';
import { triggerKinds } from './triggers.ts';

const planOf = (definition: Definition): Plan => compile(definition, checkPorts, { workflowName: 'w', definitionHash: 'h' });
const nodeOf = (plan: Plan, id: string): Plan['nodes'][number] | undefined => plan.nodes.find((node) => node.id === id);
const condition = { type: 'condition', config: { left: '{{ input.x }}', op: 'eq', right: 1 } };
const output = (value: string, name = 'x') => ({ type: 'output', config: { name, value } });
const transform = (expression: string) => ({ type: 'transform', config: { expression } });

describe('compile', () => {
  test('neighbouring pure nodes make one group, entered by its first node only', () => {
    const plan = planOf(
      definitionOf({ s: {}, t: transform('1'), c: condition, o: output('1'), m: { type: 'merge', config: { mode: 'append' } }, u: {} }, [
        's>t',
        't>c',
        'c:true>o',
        'c:false>m',
        'u>m',
      ]),
    );
    expect(plan.groups).toEqual([['t', 'c', 'o'], ['m']]);
  });

  test('a node with its own retry or time-out, a disabled one, code, and one behind a trigger are not fused into a group', () => {
    const plan = planOf(
      definitionOf(
        {
          a: transform('1'),
          b: { ...transform('1'), retry: {} },
          c: { ...transform('1'), disabled: true },
          d: { type: 'code', config: { source: '1' } },
          e: transform('1'),
        },
        ['a>b', 'a>c', 'a>d', 'a>e', 't>e'],
        { triggers: [{ id: 't', type: 'manual' }] },
      ),
    );
    expect(plan.groups).toEqual([['a'], ['e']]);
  });

  test('a group has at most twenty nodes', () => {
    const ids = Array.from({ length: 30 }, (_, at) => `n${at}`);
    const plan = planOf(
      definitionOf(
        Object.fromEntries(ids.map((id) => [id, transform('1')])),
        ids.slice(1).map((id, at) => `n${at}>${id}`),
      ),
    );
    expect(plan.groups.map((group) => group.length)).toEqual([20, 10]);
  });

  test('reads are what the expressions name; computed access reads all ancestors', () => {
    const plan = planOf(
      definitionOf({ a: {}, b: {}, c: {}, x: transform('nodes.a.output'), y: transform('$nodes()') }, ['a>x', 'b>x', 'a>y', 'b>y', 'c>x']),
    );
    expect(nodeOf(plan, 'x')?.reads).toEqual(['a']);
    expect(nodeOf(plan, 'y')?.reads).toEqual(['a', 'b']);
  });

  test('defaults are those of 03', () => {
    const plan = planOf(
      definitionOf({ a: {}, c: { type: 'code', config: { source: '1' } }, t: transform('1'), w: { config: { connector: 'demo', action: 'write' } } }),
    );
    expect(nodeOf(plan, 'a')).toMatchObject({
      work: 'step',
      retry: { maxAttempts: 3, backoff: 'exponential', initialMs: 1000, maxMs: 60000 },
      timeoutMs: 60000,
      idempotent: true,
      join: 'any',
      onError: 'fail',
    });
    expect(nodeOf(plan, 'c')).toMatchObject({ work: 'step', retry: { maxAttempts: 1 }, timeoutMs: 10000 });
    expect(nodeOf(plan, 't')).toMatchObject({ work: 'pure', retry: { maxAttempts: 1 } });
    expect(nodeOf(plan, 'w')).toMatchObject({ idempotent: false });
    expect(plan.settings).toEqual({ timeoutMs: 3600000, onFailure: 'stop', maxParallel: 20, compensate: 'never' });
  });

  test('an empty retry means three attempts, for pure nodes too', () => {
    expect(nodeOf(planOf(definitionOf({ t: { ...transform('1'), retry: { maxMs: 5 } } })), 't')?.retry).toEqual({
      maxAttempts: 3,
      backoff: 'exponential',
      initialMs: 1000,
      maxMs: 5,
    });
  });

  test('a loop knows its sink, or that result is an expression; forEach makes a step its own body', () => {
    const body = { a: { parent: 'l' }, b: { parent: 'l' } };
    const loop = { mode: 'for_each', items: '{{ input.rows }}' };
    expect(nodeOf(planOf(definitionOf({ l: { type: 'loop', config: loop }, ...body }, ['a>b'])), 'l')).toMatchObject({
      work: 'loop',
      timeoutMs: 0,
      loop: { body: 'nodes', sink: 'b', concurrency: 10, onItemError: 'fail' },
    });
    expect(nodeOf(planOf(definitionOf({ l: { type: 'loop', config: { ...loop, result: '1' } }, ...body })), 'l')?.loop?.sink).toBeNull();
    const each = { config: { connector: 'demo', action: 'read', forEach: '{{ input.rows }}', concurrency: 3, onItemError: 'skip' } };
    expect(nodeOf(planOf(definitionOf({ x: each })), 'x')).toMatchObject({
      work: 'loop',
      timeoutMs: 60000,
      loop: { body: 'self', sink: null, concurrency: 3, onItemError: 'skip', step: 'x' },
    });
  });

  test('a loop whose body is one step names it; not where there are more, where it is pure, disabled, waits or repeats itself', () => {
    const stepOf = (body: Parameters<typeof definitionOf>[0], config: object = {}): string | undefined =>
      nodeOf(planOf(definitionOf({ l: { type: 'loop', config: { mode: 'for_each', items: '{{ input.rows }}', ...config } }, ...body })), 'l')?.loop
        ?.step;
    expect(stepOf({ a: { parent: 'l' } })).toBe('a');
    expect(stepOf({ a: { parent: 'l', onError: { mode: 'continue' } } }, { result: '1' })).toBe('a');
    expect(stepOf({ a: { parent: 'l' }, b: { parent: 'l' } }, { result: '1' })).toBeUndefined();
    expect(stepOf({ a: { ...transform('1'), parent: 'l' } })).toBeUndefined();
    expect(stepOf({ a: { parent: 'l', disabled: true } })).toBeUndefined();
    expect(stepOf({ a: { parent: 'l', type: 'wait', config: { for: '1s' } } })).toBeUndefined();
    expect(stepOf({ a: { parent: 'l', config: { connector: 'demo', action: 'read', forEach: '{{ item }}' } } })).toBeUndefined();
  });

  test('ports, fallback ports and outputs', () => {
    const plan = planOf(
      definitionOf(
        {
          a: { onError: { mode: 'branch' } },
          c: { ...condition, onError: { mode: 'fallback', value: { result: false } } },
          o: output('1', 'n'),
          p: output('2', 'n'),
        },
        ['a:error>o'],
      ),
    );
    expect(nodeOf(plan, 'a')?.ports).toEqual(['out', 'error']);
    expect(nodeOf(plan, 'c')).toMatchObject({ ports: ['true', 'false'], fallbackPort: 'false' });
    expect(plan.outputs).toEqual([
      { name: 'n', nodeId: 'o' },
      { name: 'n', nodeId: 'p' },
    ]);
    expect(plan.edges).toEqual([{ from: 'a', fromPort: 'error', to: 'o' }]);
  });

  test('the port of a value given by hand is read from it, or it does not fit', () => {
    const node = { id: 'c', ...condition };
    expect(outputPort(node, { result: true })).toBe('true');
    expect(outputPort(node, { result: 'yes' })).toBeNull();
    expect(outputPort({ id: 's', type: 'switch', config: { cases: [{ port: 'big', when: {} }] } }, { port: 'big' })).toBe('big');
    expect(outputPort({ id: 's', type: 'switch', config: { cases: [] } }, { port: 'big' })).toBeNull();
  });

  test('without fusing there are no groups', () => {
    const plan = compile(definitionOf({ t: transform('1') }), checkPorts, { workflowName: 'w', definitionHash: 'h', fuse: false });
    expect([plan.groups, plan.nodes[0]?.group]).toEqual([[], null]);
  });
});

describe('templates', () => {
  test.each([
    ['plain', [{ kind: 'text', text: 'plain' }]],
    ['', [{ kind: 'text', text: '' }]],
    ['{{ a }}', [{ kind: 'expression', text: 'a', position: 3 }]],
    [
      'x {{a}} y',
      [
        { kind: 'text', text: 'x ' },
        { kind: 'expression', text: 'a', position: 4 },
        { kind: 'text', text: ' y' },
      ],
    ],
    ['\\{{ a }}', [{ kind: 'text', text: '{{ a }}' }]],
    ['{{ {"a": {"b": 1}} }}', [{ kind: 'expression', text: '{"a": {"b": 1}}', position: 3 }]],
    ['{{ "}}" & \'}}\' & `}}` }}', [{ kind: 'expression', text: '"}}" & \'}}\' & `}}`', position: 3 }]],
    ['{{ a /* }} */ }}', [{ kind: 'expression', text: 'a /* }} */', position: 3 }]],
    ['{{ "\\"}}" }}', [{ kind: 'expression', text: '"\\"}}"', position: 3 }]],
  ])('%j is scanned as 03 says', (text, parts) => {
    expect(scanTemplate(text)).toEqual({ ok: true, parts });
  });

  test.each(['{{ a', '{{ "}}', '{{ (a }}', '{{ /* }}'])('%j has no end', (text) => {
    expect(scanTemplate(text)).toMatchObject({ ok: false, position: 0 });
  });
});

describe('the catalogue', () => {
  test.each(nodeKinds)('$type has a label, help and an example whose config its own schema takes', ({ type, label, help, example }) => {
    expect(label.length * help.length).toBeGreaterThan(0);
    expect(kinds[example.type as keyof typeof kinds].schema(example.config).safeParse(example.config)).toMatchObject({ success: true });
    expect(example.type).toBe(type);
  });

  test.each(nodeKinds.filter((kind) => kind.runs && !['loop', 'data_source', 'action'].includes(kind.type)))(
    'the example of $type can be published',
    ({ example }) => {
      expect(checkDefinition({ schemaVersion: 1, nodes: [example] }, checkPorts).faults).toEqual([]);
    },
  );

  test.each(triggerTypes)('the example of trigger $type is right', ({ example }) => {
    expect(triggerKinds.get(example.type)?.schema.safeParse(example.config ?? {})).toMatchObject({ success: true });
  });

  test('every error code has help and an example', () => {
    for (const { help, example } of Object.values(errorCodes)) expect(help.length * example.length).toBeGreaterThan(0);
  });
});
