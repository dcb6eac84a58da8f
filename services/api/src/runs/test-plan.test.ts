import { type Definition, graphOf, parseDefinition } from '@hub/dag';
import { describe, expect, it } from 'vitest';
import { checkPorts } from '../workflows/definition.ts';
import { fittingPins, pathsToTake, pinFaults, planTest, runningNodes } from './test-plan.ts';

const calc = (id: string, expression: string, parent?: string) => ({ id, type: 'transform', config: { expression }, ...(parent ? { parent } : {}) });
const loop = (id: string, items: string, parent?: string) => ({
  id,
  type: 'loop',
  config: { mode: 'for_each', items },
  ...(parent ? { parent } : {}),
});
/** first -> outer( inner( deep ), tail ) -> end; inner -> tail. */
const nested = read({
  schemaVersion: 1,
  nodes: [
    calc('first', '[[1]]'),
    loop('outer', '{{ nodes.first.output }}'),
    loop('inner', '{{ item }}', 'outer'),
    calc('deep', 'item', 'inner'),
    calc('tail', 'nodes.inner.output', 'outer'),
    calc('end', 'nodes.outer.output'),
  ],
  edges: [
    { from: 'first', to: 'outer' },
    { from: 'inner', to: 'tail' },
    { from: 'outer', to: 'end' },
  ],
});
const graph = graphOf(nested);

function read(json: unknown): Definition {
  const parsed = parseDefinition(json);
  if (!parsed.ok) throw new Error(parsed.faults[0]?.message);
  return parsed.definition;
}
const running = (choice: Parameters<typeof runningNodes>[1]) => [...(runningNodes(graph, choice).running ?? [])].sort();
const plan = (definition: Definition, choice: Parameters<typeof runningNodes>[1], pinned = {}, hash = 'h') =>
  planTest(definition, { running: runningNodes(graphOf(definition), choice).running, pinned, more: [], ports: checkPorts, workflowName: 'T', hash });

describe('what a test run runs', () => {
  it.each([
    [{ only: 'first' }, ['first']],
    [{ only: 'deep' }, ['deep', 'inner', 'outer']],
    [{ only: 'outer' }, ['deep', 'inner', 'outer', 'tail']],
    [{ only: ['end', 'first'] }, ['end', 'first']],
    [{ upTo: 'tail' }, ['deep', 'first', 'inner', 'outer', 'tail']],
    [{ upTo: 'deep' }, ['deep', 'first', 'inner', 'outer']],
    [{ upTo: 'end' }, ['deep', 'end', 'first', 'inner', 'outer', 'tail']],
  ])('%o is %o', (choice, wanted) => {
    expect(running(choice)).toEqual(wanted);
  });

  it('is everything where nothing is chosen', () => {
    expect(runningNodes(graph, {}).running).toBeNull();
  });
});

describe('outputs of a past run', () => {
  it('are taken where a node is upstream and does not run, in loops of the first iteration', () => {
    expect([...pathsToTake(graph, new Set(['tail', 'outer']), new Set())]).toEqual([
      ['outer[0].inner', 'inner'],
      ['first', 'first'],
    ]);
    expect([...pathsToTake(graph, new Set(['tail', 'outer']), new Set(['inner', 'first']))]).toEqual([]);
  });
});

describe('pins', () => {
  const forked = graphOf(
    read({
      schemaVersion: 1,
      nodes: [
        { id: 'which', type: 'switch', config: { cases: [{ port: 'red', when: { expression: 'true' } }] } },
        { id: 'is_it', type: 'condition', config: { expression: 'true' } },
      ],
    }),
  );
  it('must name a port that the node has', () => {
    expect(pinFaults(forked, { which: { port: 'red' }, is_it: { result: true } }, '')).toEqual([]);
    expect(pinFaults(forked, { which: { port: 'blue' }, is_it: 'yes', gone: 1 }, '/pinned').map(({ code, path }) => `${code} ${path}`)).toEqual([
      'pins.no-port /pinned/which',
      'pins.no-port /pinned/is_it',
      'node.not-found /pinned/gone',
    ]);
  });

  it('that no longer fit the draft are left out of a test, not held against it', () => {
    expect(fittingPins(forked, { which: { port: 'blue' }, is_it: { result: false }, gone: 1 })).toEqual({ is_it: { result: false } });
  });
});

describe('the plan of a test', () => {
  const faulty = read({
    ...nested,
    nodes: [...nested.nodes, calc('half', 'nodes.end.output +'), calc('odd', '1')],
    edges: [...(nested.edges ?? []), { from: 'end', to: 'half' }],
  });

  it('holds the whole draft where nothing of it is at fault, else what takes part', () => {
    const whole = plan(nested, { only: 'first' });
    expect(whole.ok && whole.test.plan.nodes.map(({ id }) => id)).toEqual(['deep', 'end', 'first', 'inner', 'outer', 'tail']);
    const part = plan(faulty, { upTo: 'end' }, { odd: 2 });
    expect(part.ok && part.test.plan.nodes.map(({ id }) => id)).toEqual(['deep', 'end', 'first', 'inner', 'odd', 'outer', 'tail']);
    expect(part.ok && part.test.start.given).toEqual([{ nodeId: 'odd', port: 'out', as: 'pinned' }]);
  });

  it('refuses faults of what runs and of the whole', () => {
    const refused = plan(faulty, {});
    expect(!refused.ok && refused.faults.map(({ nodeId }) => nodeId)).toEqual(['half']);
    const bad = plan(read({ ...nested, inputs: { type: 'array' }, triggers: [{ id: 't', type: 'nonsense' }] }), { only: 'first' });
    expect(!bad.ok && bad.faults.map(({ path }) => path)).toEqual(['/inputs/type']);
    const empty = plan(read({ schemaVersion: 1, nodes: [] }), {});
    expect(!empty.ok && empty.faults.map(({ code }) => code)).toEqual(['graph.empty']);
  });

  it('has one hash for one plan and another for another part', () => {
    const hashOf = (choice: Parameters<typeof runningNodes>[1]) => {
      const planned = plan(faulty, choice);
      return planned.ok ? planned.test.hash : '';
    };
    expect(hashOf({ upTo: 'end' })).toBe(hashOf({ upTo: 'end' }));
    expect(hashOf({ upTo: 'end' })).not.toBe(hashOf({ upTo: 'tail' }));
  });
});
