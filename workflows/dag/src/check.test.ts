import { describe, expect, test } from 'vitest';
import { checkDefinition } from './check.ts';
import { compile } from './compile.ts';
import type { Definition } from './definition.ts';
import { errorCodes } from './error-codes.ts';
import { checkPorts, definitionOf } from './testing/check-ports.ts';

const faultsOf = (definition: Definition): string[] => checkDefinition(definition, checkPorts).faults.map((fault) => `${fault.code} ${fault.path}`);
const warningsOf = (definition: Definition): string[] =>
  checkDefinition(definition, checkPorts).warnings.map((fault) => `${fault.code} ${fault.path}`);
const prompt = (content: string) => ({ type: 'prompt', config: { model: 'demo/echo', messages: [{ role: 'user', content }] } });
const condition = { type: 'condition', config: { left: '{{ input.x }}', op: 'eq', right: 1 } };
const output = (value: string) => ({ type: 'output', config: { name: 'x', value } });

describe('a definition that is right', () => {
  test('the example of 03 passes with nothing to say', () => {
    const definition: Definition = {
      schemaVersion: 1,
      inputs: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
      triggers: [{ id: 'manual', type: 'manual' }],
      nodes: [
        {
          id: 'reviews',
          type: 'data_source',
          label: 'Read reviews',
          config: { connector: 'demo', action: 'read', params: { file: { $file: 'f' } } },
        },
        {
          id: 'score',
          type: 'prompt',
          config: {
            model: 'demo/echo',
            messages: [{ role: 'user', content: 'Score: {{ nodes.reviews.output.rows[0].text }}' }],
            output: { type: 'object', properties: { score: { type: 'number' } }, required: ['score'] },
          },
          retry: { maxAttempts: 3, backoff: 'exponential', initialMs: 1000, maxMs: 60000 },
          timeoutMs: 60000,
          onError: { mode: 'fail' },
        },
        { id: 'good', type: 'condition', config: { left: '{{ nodes.score.output.score }}', op: 'gte', right: 4 } },
        { id: 'result', type: 'output', config: { name: 'report', value: '{{ nodes.score.output }}' } },
      ],
      edges: [
        { from: 'reviews', to: 'score' },
        { from: 'score', to: 'good' },
        { from: 'good', fromPort: 'true', to: 'result' },
      ],
      settings: {
        timeoutMs: 3600000,
        maxConcurrentRuns: 1,
        overlap: 'queue',
        onFailure: 'stop',
        maxParallel: 20,
        priority: 3,
        compensate: 'never',
        tags: [],
      },
      ui: { nodes: { score: { x: 320, y: 80, collapsed: false } } },
    };
    expect(checkDefinition(definition, checkPorts)).toEqual({ faults: [], warnings: [] });
  });

  test('a while or until loop without maxIterations: the default is 100', () => {
    const config = { mode: 'until', condition: { expression: 'previous' } };
    const definition = definitionOf({ again: { type: 'loop', config }, a: { parent: 'again', ...prompt('x') } }, []);
    expect(checkDefinition(definition, checkPorts)).toEqual({ faults: [], warnings: [] });
  });

  test('a loop with a body reads what is before it, and the body in its result', () => {
    const definition = definitionOf(
      {
        rows: {},
        each: { type: 'loop', config: { mode: 'for_each', items: '{{ nodes.rows.output }}', result: '{{ nodes.b.output }}' } },
        a: { parent: 'each', ...prompt('{{ item.text }} {{ nodes.rows.output }}') },
        b: { parent: 'each', ...prompt('{{ nodes.a.output.text }}') },
      },
      ['rows>each', 'a>b'],
    );
    expect(checkDefinition(definition, checkPorts)).toEqual({ faults: [], warnings: [] });
  });
});

test('a pattern that stands in a condition as it is, at every place of one; a templated one is judged when it runs', () => {
  const matches = (right: string) => ({ left: 'x', op: 'matches', right });
  const definition = definitionOf({
    a: { type: 'condition', config: { all: [matches('fine'), { not: matches('(?=a)') }, matches('(?={{ input.x }})')] } },
    b: { type: 'switch', config: { cases: [{ port: 'p', when: matches('(?=b)') }] } },
    c: { type: 'transform', config: { preset: 'filter', source: [], where: matches('(?=c)') } },
    d: { type: 'loop', config: { mode: 'while', condition: matches('(?=d)') } },
    e: { parent: 'd' },
    f: {
      type: 'evaluate',
      config: {
        value: 'x',
        scorers: [
          { type: 'regex', pattern: '(?=f)' },
          { type: 'rule', when: { any: [matches('(?=g)')] } },
        ],
      },
    },
  });
  expect(faultsOf(definition)).toEqual([
    'expression.bad-regex /nodes/0/config/all/1/not/right',
    'expression.bad-regex /nodes/1/config/cases/0/when/right',
    'expression.bad-regex /nodes/2/config/where/right',
    'expression.bad-regex /nodes/3/config/condition/right',
    'expression.bad-regex /nodes/5/config/scorers/0/pattern',
    'expression.bad-regex /nodes/5/config/scorers/1/when/any/0/right',
  ]);
});

test('lengths, zones and approvers may be templates', () => {
  const definition = definitionOf({
    a: { type: 'wait', config: { for: '{{ input.minutes }}m' } },
    b: { type: 'wait', config: { until: '{{ input.at }}', timeZone: '{{ input.zone }}' } },
    c: {
      type: 'approval',
      config: { title: 'Well?', timeout: '{{ vars.patience }}', remindEvery: '{{ input.often }}', approvers: ['{{ input.manager }}'] },
    },
    d: { type: 'wait', config: { for: '{{ nodes.gone.output }}' } },
  });
  expect(faultsOf(definition)).toEqual(['expression.not-upstream /nodes/3/config/for']);
});

describe('graph rules', () => {
  test.each<[string, Definition, string[]]>([
    ['an empty graph', definitionOf({}), ['graph.empty /nodes']],
    ['a circle, every node of it', definitionOf({ a: {}, b: {}, c: {} }, ['a>b', 'b>a', 'b>c']), ['graph.cycle /nodes/0', 'graph.cycle /nodes/1']],
    ['an edge to itself', definitionOf({ a: {} }, ['a>a']), ['graph.cycle /nodes/0']],
    ['an unknown port', definitionOf({ a: {}, b: {} }, ['a:done>b']), ['edge.unknown-port /edges/0/fromPort']],
    ['a condition without fromPort', definitionOf({ a: condition, b: {} }, ['a>b']), ['edge.unknown-port /edges/0/fromPort']],
    ['an unknown node at either end', definitionOf({ a: {} }, ['a>x', 'y>a']), ['edge.unknown-node /edges/0/to', 'edge.unknown-node /edges/1/from']],
    ['the same edge twice', definitionOf({ a: {}, b: {} }, ['a>b', 'a:out>b']), ['edge.duplicate /edges/1']],
    ['a bad id', definitionOf({ A: {} }), ['graph.invalid-id /nodes/0/id']],
    ['a refused id', definitionOf({ constructor: {} }), ['graph.invalid-id /nodes/0/id']],
    ['an id of node and trigger', definitionOf({ a: {} }, [], { triggers: [{ id: 'a', type: 'manual' }] }), ['graph.duplicate-id /triggers/0/id']],
    ['an unknown type', definitionOf({ a: { type: 'agent' } }), ['node.unknown-type /nodes/0/type']],
    ['an error edge without branch', definitionOf({ a: {}, b: {} }, ['a:error>b']), ['edge.error-without-branch /edges/0/fromPort']],
    ['a branch without edge', definitionOf({ a: { onError: { mode: 'branch' } } }), ['node.branch-without-edge /nodes/0/onError/mode']],
    ['an edge to a trigger', definitionOf({ a: {} }, ['a>t'], { triggers: [{ id: 't', type: 'manual' }] }), ['edge.unknown-node /edges/0/to']],
  ])('%s is refused', (_what, definition, expected) => {
    expect(faultsOf(definition)).toEqual(expected);
  });

  const loop = { type: 'loop', config: { mode: 'for_each', items: '{{ input.rows }}' } };
  test.each<[string, Definition, string[]]>([
    ['without a body', definitionOf({ l: loop }), ['loop.empty /nodes/0']],
    ['with an edge to its own body', definitionOf({ l: loop, b: { parent: 'l' } }, ['l>b']), ['edge.loop-body /edges/0']],
    ['with an edge across its border', definitionOf({ l: loop, b: { parent: 'l' }, c: {} }, ['b>c']), ['edge.crosses-loop /edges/0']],
    [
      'with two ends and no result',
      definitionOf({ l: loop, a: { parent: 'l' }, b: { parent: 'l' } }),
      ['loop.result-required /nodes/0/config/result'],
    ],
    ['with an output inside', definitionOf({ l: loop, a: { parent: 'l', ...output('1') } }), ['node.not-in-loop /nodes/1/parent']],
    [
      'around itself',
      definitionOf({ l: { ...loop, parent: 'm' }, m: { ...loop, parent: 'l' } }),
      ['loop.circle /nodes/0/parent', 'loop.circle /nodes/1/parent'],
    ],
    ['in itself', definitionOf({ l: { ...loop, parent: 'l' } }), ['loop.circle /nodes/0/parent']],
    ['that is no loop', definitionOf({ a: {}, b: { parent: 'a' } }), ['node.parent-not-loop /nodes/1/parent']],
    ['that is not there', definitionOf({ b: { parent: 'a' } }), ['node.unknown-parent /nodes/0/parent']],
    ['with retry', definitionOf({ l: { ...loop, retry: {} }, b: { parent: 'l' } }), ['node.retry-refused /nodes/0/retry']],
  ])('a loop %s is refused', (_what, definition, expected) => {
    expect(faultsOf(definition)).toEqual(expected);
  });

  test('an edgeless node beside connected ones is a warning, alone it is none', () => {
    expect(warningsOf(definitionOf({ a: {}, b: {}, c: {} }, ['a>b']))).toEqual(['graph.unconnected /nodes/2']);
    expect(warningsOf(definitionOf({ a: {}, b: {} }))).toEqual([]);
  });

  test('graph checks run even where a node does not parse, and all faults come at once', () => {
    const found = faultsOf(definitionOf({ a: { type: 'merge', config: {} }, b: { type: 'agent' } }, ['a>b', 'b>a']));
    expect(found).toEqual(['graph.cycle /nodes/0', 'graph.cycle /nodes/1', 'node.config /nodes/0/config/mode', 'node.unknown-type /nodes/1/type']);
  });
});

describe('expressions', () => {
  test.each<[string, Definition, string[]]>([
    ['that do not parse', definitionOf({ a: prompt('{{ input! }}') }), ['expression.syntax /nodes/0/config/messages/0/content']],
    ['that are not closed', definitionOf({ a: prompt('{{ input.x') }), ['expression.unclosed /nodes/0/config/messages/0/content']],
    ['that are empty', definitionOf({ a: prompt('{{ }}') }), ['expression.syntax /nodes/0/config/messages/0/content']],
    [
      'that read what is not upstream',
      definitionOf({ a: prompt('{{ nodes.b.output }}'), b: {} }),
      ['expression.not-upstream /nodes/0/config/messages/0/content'],
    ],
    [
      'that read into a loop from outside',
      definitionOf(
        { l: { type: 'loop', config: { mode: 'for_each', items: '{{ input.x }}' } }, b: { parent: 'l' }, z: output('{{ nodes.b.output }}') },
        ['l>z'],
      ),
      ['expression.not-upstream /nodes/2/config/value'],
    ],
    [
      'that read the body in items',
      definitionOf({ l: { type: 'loop', config: { mode: 'for_each', items: '{{ nodes.b.output }}' } }, b: { parent: 'l' } }),
      ['expression.not-upstream /nodes/0/config/items'],
    ],
    [
      'in a condition’s tree',
      definitionOf({ c: { type: 'condition', config: { all: [{ left: 1, op: 'eq', right: '{{ ! }}' }, { not: { expression: '!' } }] } } }),
      ['expression.syntax /nodes/0/config/all/0/right', 'expression.syntax /nodes/0/config/all/1/not/expression'],
    ],
  ])('%s are refused', (_what, definition, expected) => {
    expect(faultsOf(definition)).toEqual(expected);
  });

  test('templates where nothing is filled are refused', () => {
    expect(faultsOf(definitionOf({ a: { type: 'code', config: { source: 'return {{ input.x }}' } } }))).toEqual([
      'node.template-in-code /nodes/0/config/source',
    ]);
    const query = { config: { connector: 'demo', action: 'query', params: { sql: 'select {{ input.id }}' } } };
    expect(faultsOf(definitionOf({ a: query }))).toEqual(['node.template-in-literal /nodes/0/config/params/sql']);
  });

  test('unknown names and names of loops outside of one are warnings', () => {
    expect(warningsOf(definitionOf({ a: prompt('{{ inputs.x }} {{ item.y }}') }))).toEqual([
      'expression.unknown-name /nodes/0/config/messages/0/content',
      'expression.outside-loop /nodes/0/config/messages/0/content',
    ]);
  });
});

test('a model of no provider is a warning, one that is filled in later is not', () => {
  const asks = (model: string) => ({ type: 'prompt', config: { model, messages: [{ role: 'user', content: 'x' }] } });
  expect(warningsOf(definitionOf({ a: asks('demo/echo'), b: asks('{{ input.model }}') }))).toEqual([]);
  expect(warningsOf(definitionOf({ a: asks('gpt-5-mini') }))).toEqual(['node.unknown-model /nodes/0/config/model']);
});

describe('configs', () => {
  test.each<[string, Definition['nodes'][number]['config'], string, string[]]>([
    ['a prompt without model and messages', {}, 'prompt', ['node.config /nodes/0/config/model', 'node.config /nodes/0/config/messages']],
    [
      'a prompt with a router',
      { routerId: 'r', messages: [{ role: 'user', content: 'x' }] },
      'prompt',
      ['node.not-supported-yet /nodes/0/config/routerId'],
    ],
    ['an unknown connector', { connector: 'htpp', action: 'x' }, 'data_source', ['node.unknown-connector /nodes/0/config/connector']],
    ['an unknown action', { connector: 'demo', action: 'x' }, 'data_source', ['node.unknown-action /nodes/0/config/action']],
    ['a writer as a reader', { connector: 'demo', action: 'write' }, 'data_source', ['node.wrong-kind /nodes/0/config/action']],
    ['wrong params', { connector: 'demo', action: 'read', params: { bad: 1 } }, 'data_source', ['node.params /nodes/0/config/params/bad']],
    ['an unknown config field', { connector: 'demo', action: 'read', parms: {} }, 'data_source', ['node.config /nodes/0/config/parms']],
    ['a condition without operator', { left: 1 }, 'condition', ['node.config /nodes/0/config/op']],
    ['an unknown operator', { left: 1, op: 'is', right: 2 }, 'condition', ['node.config /nodes/0/config/op']],
    ['a missing right side', { left: 1, op: 'eq' }, 'condition', ['node.config /nodes/0/config/right']],
    [
      'two cases with one port',
      {
        cases: [
          { port: 'a', when: { expression: 'x' } },
          { port: 'a', when: { expression: 'x' } },
        ],
      },
      'switch',
      ['node.config /nodes/0/config/cases/1/port'],
    ],
    [
      'a case with the port default',
      { cases: [{ port: 'default', when: { expression: 'x' } }] },
      'switch',
      ['node.config /nodes/0/config/cases/0/port'],
    ],
    ['a combine without key', { mode: 'combine' }, 'merge', ['node.config /nodes/0/config/key']],
    ['an unknown preset', { preset: 'shuffle' }, 'transform', ['node.config /nodes/0/config/preset']],
    [
      'a measure without field',
      { preset: 'aggregate', source: [], measures: { m: { op: 'sum' } } },
      'transform',
      ['node.config /nodes/0/config/measures/m/field'],
    ],
    [
      'too much concurrency',
      { mode: 'for_each', items: [], concurrency: 101 },
      'loop',
      ['node.config /nodes/0/config/concurrency', 'loop.empty /nodes/0'],
    ],
    ['a batch', { items: [], messages: [{}] }, 'batch_prompt', ['node.not-supported-yet /nodes/0/type']],
    ['a wait in no zone', { until: '{{ input.at }}', timeZone: 'Berlin' }, 'wait', ['wait.zone /nodes/0/config/timeZone']],
    ['a wait of decades', { for: '9999d' }, 'wait', ['wait.too-long /nodes/0/config/for']],
    ['hasty reminders', { title: 'Sure?', remindEvery: '1s' }, 'approval', ['approval.reminders /nodes/0/config/remindEvery']],
  ])('%s is refused at its place', (_what, config, type, expected) => {
    expect(faultsOf(definitionOf({ a: { type, config } })).sort()).toEqual([...expected].sort());
  });

  test.each([
    ['continue on a condition', { ...condition, onError: { mode: 'continue' } }, 'node.continue-without-out /nodes/0/onError/mode'],
    ['a fallback that names no port', { ...condition, onError: { mode: 'fallback', value: 1 } }, 'node.fallback-port /nodes/0/onError/value'],
    ['a fallback without value', { onError: { mode: 'fallback' } }, 'node.on-error /nodes/0/onError/value'],
    ['an unknown mode', { onError: { mode: 'ignore' } }, 'node.on-error /nodes/0/onError'],
    ['a wrong retry', { retry: { maxAttempts: 0 } }, 'node.retry /nodes/0/retry/maxAttempts'],
    ['a time-out of nothing', { timeoutMs: 0 }, 'node.timeout /nodes/0/timeoutMs'],
  ])('%s is refused', (_what, fields, expected) => {
    expect(faultsOf(definitionOf({ a: fields as never }))).toEqual([expected]);
  });

  test('settings, inputs and triggers are checked', () => {
    const found = faultsOf(
      definitionOf({ a: {} }, [], {
        settings: { maxParallel: 0, speed: 1 },
        inputs: { type: 'string' },
        triggers: [
          { id: 't', type: 'cron' },
          { id: 'p', type: 'schedule', config: {} },
          { id: 'm', type: 'manual', config: { x: 1 } },
        ],
      }),
    );
    expect(found).toEqual([
      'trigger.unknown-type /triggers/0/type',
      'trigger.config /triggers/1/config/cron',
      'trigger.config /triggers/2/config/x',
      'settings.invalid /settings/maxParallel',
      'settings.invalid /settings/speed',
      'inputs.schema /inputs/type',
    ]);
  });
});

test('five hundred nodes are checked and compiled quickly', () => {
  const nodes = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`n${at}`, at === 0 ? {} : prompt(`{{ nodes.n${at - 1}.output }}`)]));
  const edges = Array.from({ length: 499 }, (_, at) => `n${at}>n${at + 1}`);
  const definition = definitionOf(nodes, edges);
  const before = performance.now();
  const { faults } = checkDefinition(definition, checkPorts);
  expect(performance.now() - before).toBeLessThan(30_000);
  expect(faults.map((fault) => fault.code)).toEqual(['plan.too-large']);
});

test('a hundred nodes make a plan within its limit', () => {
  const nodes = Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => [`node_number_${at}`, at === 0 ? {} : prompt(`{{ nodes.node_number_${at - 1}.output }}`)]),
  );
  const edges = Array.from({ length: 99 }, (_, at) => `node_number_${at}>node_number_${at + 1}`);
  const plan = compile(definitionOf(nodes, edges), checkPorts, { workflowName: 'w', definitionHash: 'h' });
  expect(JSON.stringify(plan).length).toBeLessThan(128 * 1024);
});

test('every code a check gives has help', () => {
  const definitions = [definitionOf({}), definitionOf({ a: { type: 'x' } }), definitionOf({ a: prompt('{{') }, ['a>b'])];
  for (const definition of definitions)
    for (const { code } of checkDefinition(definition, checkPorts).faults) expect(errorCodes).toHaveProperty([code]);
});
