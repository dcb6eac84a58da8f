import { describe, expect, it } from 'vitest';
import { describeNode, readDefinition, shortExpression } from './definition.ts';
import { edgeState, lastAttempts, nodeViews, placeOf, type Row, stripOf, type Summary } from './model.ts';

const definition = readDefinition({
  schemaVersion: 1,
  nodes: [
    { id: 'reviews', type: 'data_source', label: 'Read reviews', config: { connector: 'file', action: 'read-rows', params: {} } },
    { id: 'classify', type: 'prompt', config: { model: 'demo/rules', forEach: '{{ nodes.reviews.output.rows }}' } },
    { id: 'good', type: 'condition', config: { left: '{{ nodes.classify.output }}', op: 'is_not_empty' } },
    { id: 'result', type: 'output', config: { name: 'report', value: '{{ nodes.classify.output }}' } },
  ],
  edges: [
    { from: 'reviews', to: 'classify' },
    { from: 'classify', to: 'good' },
    { from: 'good', fromPort: 'true', to: 'result' },
    { from: 'gone', to: 'result' },
  ],
  ui: { nodes: { reviews: { x: 1, y: 2 } } },
});

const sum = (nodeId: string, fields: Partial<Summary> = {}): Summary => ({
  nodeId,
  status: 'completed',
  counts: { completed: 1 },
  items: null,
  attempts: 1,
  startedAt: '2026-11-22T12:00:00.000Z',
  completedAt: '2026-11-22T12:00:01.000Z',
  tokens: 0,
  costUsd: 0,
  model: null,
  ...fields,
});
const view = (id: string, summaries: Summary[], state: 'running' | 'completed' | 'failed' = 'completed') =>
  nodeViews(definition, summaries, state).find((each) => each.id === id)!;

describe('run model', () => {
  it('reads a definition and drops edges to nowhere', () => {
    expect(definition.edges).toHaveLength(3);
    expect(definition.nodes[0]).toMatchObject({ label: 'Read reviews', place: { x: 1, y: 2 } });
    expect(definition.nodes.map(describeNode)).toEqual([
      'File · read rows',
      'demo/rules · for each of reviews.rows',
      'If classify is not empty',
      'Gives report',
    ]);
    expect(readDefinition('nonsense')).toEqual({ nodes: [], edges: [], inputs: null });
    expect(shortExpression('a {{ nodes.x.output.y }}  b')).toBe('a x.y b');
  });

  it('gives the edges of a step in the order of its ports, as the builder draws them', () => {
    const { edges } = readDefinition({
      nodes: [
        { id: 'route', type: 'switch', config: { cases: [{ port: 'hot' }, { port: 'warm' }] } },
        { id: 'sure', type: 'condition', config: {} },
        { id: 'end', type: 'output', config: {} },
      ],
      edges: ['default', 'warm', 'hot']
        .map((fromPort) => ({ from: 'route', fromPort, to: 'end' }))
        .concat(['error', 'false', 'true'].map((fromPort) => ({ from: 'sure', fromPort, to: 'end' })))
        .toReversed(),
    });
    expect(edges.map(({ fromPort }) => fromPort)).toEqual(['hot', 'warm', 'default', 'true', 'false', 'error']);
  });

  it('shows items by state, and no end while it goes on', () => {
    const classify = view(
      'classify',
      [sum('classify', { status: 'running', items: 3, counts: { completed: 2, running: 1 }, tokens: 30, attempts: 2 })],
      'running',
    );
    expect(classify).toMatchObject({
      state: 'running',
      itemCount: 3,
      items: { completed: 2, running: 1 },
      tokens: 30,
      attempts: 2,
      completedAt: null,
    });
    expect(view('reviews', [sum('reviews')])).toMatchObject({ items: null, itemCount: 0, completedAt: '2026-11-22T12:00:01.000Z' });
  });

  it('shows what never began as queued while the run goes on, as skipped after', () => {
    expect(view('result', [], 'running')).toMatchObject({ state: 'queued', idle: true });
    expect(view('result', [], 'failed')).toMatchObject({ state: 'skipped', idle: true });
    expect(view('result', [sum('result', { status: 'lost' })], 'running').state).toBe('running');
    expect(view('result', [sum('result', { kept: true })]).state).toBe('kept');
  });

  it('tells taken edges from dead ones by the port, else by whether the target began', () => {
    const good = view('good', [sum('good', { port: 'false' })]);
    expect(edgeState(good, 'false', undefined, true)).toBe('taken');
    expect(edgeState(good, 'true', undefined, true)).toBe('dead');
    const untold = view('good', [sum('good')]);
    expect(edgeState(untold, 'true', view('result', [sum('result')]), true)).toBe('taken');
    expect(edgeState(untold, 'true', view('result', []), true)).toBe('dead');
    expect(edgeState(view('reviews', [], 'running'), 'out', undefined, false)).toBe('idle');
  });

  it('lays the strip from the start of the run', () => {
    const nodes = nodeViews(
      definition,
      [sum('reviews'), sum('classify', { startedAt: '2026-11-22T12:00:01.000Z', completedAt: null, status: 'running' })],
      'running',
    );
    expect(stripOf(nodes, '2026-11-22T11:59:59.000Z').map(({ id, startMs, endMs }) => [id, startMs, endMs])).toEqual([
      ['reviews', 1000, 2000],
      ['classify', 2000, null],
    ]);
  });

  it('takes the last attempt of each path', () => {
    const row = (path: string, attempt: number): Row => ({
      nodeId: 'a',
      path,
      iteration: null,
      attempt,
      status: 'failed',
      startedAt: null,
      completedAt: null,
      tokens: null,
      costUsd: null,
      model: null,
      error: null,
    });
    expect(lastAttempts([row('a[0]', 1), row('a[0]', 2), row('a[1]', 1)]).map(({ path, attempt }) => [path, attempt])).toEqual([
      ['a[0]', 2],
      ['a[1]', 1],
    ]);
  });
});

describe('the place of a step', () => {
  const nodes = ['a', 'b', 'c', 'd', 'side'].map((id) => ({ id, parent: null as string | null })).concat({ id: 'in_c', parent: 'c' });
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'c', to: 'd' },
    { from: 'a', to: 'side' },
  ];

  it('counts all that does not come after it as before it', () => {
    expect(['a', 'b', 'c', 'd', 'side'].map((id) => placeOf(nodes, edges, id)?.at)).toEqual([1, 3, 4, 5, 5]);
    expect(placeOf(nodes, edges, 'in_c')).toEqual({ at: 4, of: 5 });
    expect(placeOf(nodes, edges, 'gone')).toBeNull();
    expect(placeOf(nodes, edges, null)).toBeNull();
  });
});
