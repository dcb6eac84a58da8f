import { checkDefinition, compile, graphOf, outputPort, type CheckPorts, type Definition } from '@hub/dag';
import type { Json } from '@hub/dag/planner';
import { describe, expect, it } from 'vitest';

import { parseCode, parseExpression } from '../expressions/index.ts';
import { evaluatorHere } from './here.ts';
import { dryRun, type DryRun } from './index.ts';

const ports: CheckPorts = {
  parseExpression,
  parseCode,
  connectors: () => ['http'],
  action: () => ({ kind: 'read', idempotent: () => true, literalParams: [], paramsFaults: () => [] }),
};
const node = (id: string, type: string, config: object, more: object = {}) => ({ id, type, config, ...more });
const calc = (id: string, expression: string, more: object = {}) => node(id, 'transform', { expression }, more);
const ask = (id: string, more: object = {}, config: object = {}) =>
  node(id, 'prompt', { model: 'demo/rules', messages: [{ role: 'user', content: 'Hello' }], ...config }, more);
const out = (id: string, value: unknown) => node(id, 'output', { name: id, value });
const chain = (...ids: string[]) => ids.slice(1).map((to, at) => ({ from: ids[at] ?? '', to }));

async function look(nodes: object[], edges: object[], input: Json = {}, samples: Record<string, Json> = {}): Promise<DryRun> {
  const definition = { schemaVersion: 1, nodes, edges } as unknown as Definition;
  expect(checkDefinition(definition, ports).faults).toEqual([]);
  const graph = graphOf(definition);
  const given = Object.entries(samples).map(([id, value]) => {
    const found = graph.node.get(id);
    return [id, { value, port: (found && outputPort(found, value)) ?? 'out' }] as const;
  });
  return await dryRun(
    {
      definition: definition as unknown as Json,
      plan: compile(definition, ports, { workflowName: 'w', definitionHash: 'h', fuse: false }),
      input,
      trigger: null,
      triggerFacts: { type: 'manual' },
      workflowName: 'w',
      vars: {},
      samples: Object.fromEntries(given),
    },
    evaluatorHere,
  );
}
const states = ({ nodes }: DryRun) => Object.fromEntries(nodes.map(({ nodeId, state }) => [nodeId, state]));
const nodeOf = ({ nodes }: DryRun, id: string) => nodes.find(({ nodeId }) => nodeId === id);

const forked = [
  [calc('a', 'input.n * 2'), node('big', 'condition', { left: '{{ nodes.a.output }}', op: 'gt', right: 10 }), ask('yes'), out('no', 'small')],
  [...chain('a', 'big'), { from: 'big', fromPort: 'true', to: 'yes' }, { from: 'big', fromPort: 'false', to: 'no' }],
] as const;

describe('a dry run', () => {
  it('evaluates what it can: the way of a condition, what is skipped, the output', async () => {
    const big = await look([...forked[0]], [...forked[1]], { n: 9 });
    expect(states(big)).toEqual({ a: 'runs', big: 'runs', yes: 'runs', no: 'skipped' });
    expect(nodeOf(big, 'big')?.ways).toEqual([{ port: 'true', known: true }]);
    expect(big).toMatchObject({ status: 'completed', complete: true, ways: 1, calls: { min: 1, max: 1 } });
    const small = await look([...forked[0]], [...forked[1]], { n: 1 });
    expect(small).toMatchObject({ calls: { min: 0, max: 0 }, output: { no: 'small' } });
    expect(nodeOf(small, 'a')?.outputText).toBe('2');
  });

  it('looks at every way where one depends on what a step gives, and takes a sample instead where there is one', async () => {
    const nodes = [
      ask('judge'),
      node('ok', 'condition', { left: '{{ nodes.judge.output.text }}', op: 'eq', right: 'yes' }),
      ask('send'),
      out('v', 1),
    ];
    const edges = [...chain('judge', 'ok'), { from: 'ok', fromPort: 'true', to: 'send' }, ...chain('send', 'v')];
    const open = await look(nodes, edges);
    expect(states(open)).toEqual({ judge: 'runs', ok: 'runs', send: 'maybe', v: 'maybe' });
    expect(nodeOf(open, 'ok')?.ways).toEqual([
      { port: 'true', known: false },
      { port: 'false', known: false },
    ]);
    expect(open).toMatchObject({ ways: 2, calls: { min: 1, max: 2 }, output: null });
    const sampled = await look(nodes, edges, {}, { judge: { text: 'yes' } });
    expect(states(sampled)).toEqual({ judge: 'sample', ok: 'runs', send: 'runs', v: 'runs' });
    expect(sampled).toMatchObject({ ways: 1, calls: { min: 1, max: 1 } });
  });

  it('counts calls per item of a loop, and says where the items are not known', async () => {
    const nodes = [
      node('each', 'loop', { mode: 'for_each', items: '{{ input.rows }}' }),
      ask('ask', { parent: 'each' }),
      calc('n', 'item * 2', { parent: 'each' }),
      out('v', '{{ nodes.each.output }}'),
    ];
    const edges = [...chain('ask', 'n'), ...chain('each', 'v')];
    const known = await look(nodes, edges, { rows: [1, 2, 3] });
    expect(known).toMatchObject({ calls: { min: 3, max: 3, perItem: false }, output: { v: [2, 4, 6] } });
    expect(nodeOf(known, 'each')?.items).toBe(3);
    const many = await look(nodes, edges, { rows: Array.from({ length: 1_000 }, (_, at) => at) });
    expect(many).toMatchObject({ calls: { min: 1_000, max: 1_000 }, output: null });
    const unknown = await look(
      [ask('list'), ...nodes.map((one) => (one.id === 'each' ? { ...one, config: { mode: 'for_each', items: '{{ nodes.list.output }}' } } : one))],
      [...edges, ...chain('list', 'each')],
    );
    expect(nodeOf(unknown, 'ask')).toMatchObject({ perItem: true, calls: { min: 1, max: 1 } });
    expect(unknown.calls).toEqual({ min: 2, max: 2, perItem: true });
  });

  it('follows while and forEach, and previous results', async () => {
    const nodes = [
      node('grow', 'loop', { mode: 'while', condition: { left: '{{ previous }}', op: 'lt', right: 40 }, initial: 5, maxIterations: 10 }),
      calc('twice', 'previous * 2', { parent: 'grow' }),
      ask('each', {}, { forEach: '{{ [1, 2] }}' }),
      out('v', '{{ nodes.grow.output }}'),
    ];
    const found = await look(nodes, [...chain('grow', 'v'), ...chain('each', 'v')]);
    expect(found).toMatchObject({ status: 'completed', output: { v: 40 }, calls: { min: 2, max: 2 } });
  });

  it('says what people are asked, and follows every answer', async () => {
    const nodes = [calc('a', '"Ann"'), node('sign', 'approval', { title: 'Pay {{ nodes.a.output }}?', timeout: '1d' }), ask('pay'), ask('late')];
    const edges = [...chain('a', 'sign'), { from: 'sign', fromPort: 'approved', to: 'pay' }, { from: 'sign', fromPort: 'timeout', to: 'late' }];
    const found = await look(nodes, edges);
    expect(found.asks).toEqual([{ nodeId: 'sign', label: 'sign', kind: 'approval', what: 'Pay Ann?', maybe: false }]);
    expect(found.ways).toBe(3);
    expect(states(found)).toMatchObject({ pay: 'maybe', late: 'maybe' });
  });

  it('finds a step that would fail, and what its onError makes of it', async () => {
    const nodes = [calc('a', '$number("x")'), out('v', 1)];
    const failing = await look(nodes, chain('a', 'v'));
    expect(failing.status).toBe('failed');
    expect(nodeOf(failing, 'a')?.error?.code).toBe('expression.failed');
    const recovered = await look(
      [{ ...calc('a', '$number("x")'), onError: { mode: 'fallback', value: 7 } }, out('v', '{{ nodes.a.output }}')],
      chain('a', 'v'),
    );
    expect(recovered).toMatchObject({ status: 'completed', output: { v: 7 } });
  });

  it('ends at its limits and says that it is not complete', async () => {
    const nodes = Array.from({ length: 8 }, (_, at) => [
      ask(`p${at}`),
      node(`c${at}`, 'condition', { left: `{{ nodes.p${at}.output.text }}`, op: 'eq', right: 'a' }),
    ]).flat();
    const edges = Array.from({ length: 8 }, (_, at) => chain(`p${at}`, `c${at}`)).flat();
    const found = await look(nodes, edges);
    expect(found).toMatchObject({ complete: false, ways: 64 });
  });
});
