import { describe, expect, it } from 'vitest';
import { describeNode, readDefinition, shortExpression } from './definition.ts';
import { edgeState, nodeViews, type Row, stripOf } from './model.ts';

const definition = readDefinition({
  schemaVersion: 1,
  nodes: [
    { id: 'reviews', type: 'data_source', label: 'Read reviews', config: { connector: 'file', action: 'read-rows', params: {} } },
    { id: 'classify', type: 'prompt', config: { model: 'demo/rules', forEach: '{{ nodes.reviews.output.rows }}' } },
    { id: 'good', type: 'condition', config: { left: '{{ nodes.classify.output }}', op: 'is_not_empty' } },
    { id: 'result', type: 'output', config: { name: 'report', value: '{{ nodes.classify.output }}' } },
  ],
  edges: [{ from: 'reviews', to: 'classify' }, { from: 'classify', to: 'good' }, { from: 'good', fromPort: 'true', to: 'result' }, { from: 'gone', to: 'result' }],
  ui: { nodes: { reviews: { x: 1, y: 2 } } },
});

const row = (nodeId: string, fields: Partial<Row> = {}): Row => ({
  nodeId, path: nodeId, iteration: null, attempt: 1, status: 'completed', port: 'out', startedAt: '2026-11-22T12:00:00.000Z', completedAt: '2026-11-22T12:00:01.000Z',
  tokens: null, costUsd: null, model: null, error: null, ...fields,
});
const item = (index: number, fields: Partial<Row> = {}): Row => row('classify', { path: `classify[${index}]`, iteration: index, tokens: 10, costUsd: 0.001, model: 'demo/rules', ...fields });

describe('run model', () => {
  it('reads a definition and drops edges to nowhere', () => {
    expect(definition.edges).toHaveLength(3);
    expect(definition.nodes[0]).toMatchObject({ label: 'Read reviews', place: { x: 1, y: 2 } });
    expect(definition.nodes.map(describeNode)).toEqual(['File · read rows', 'demo/rules · for each of reviews.rows', 'If classify is not empty', 'Gives report']);
    expect(readDefinition('nonsense')).toEqual({ nodes: [], edges: [], inputs: null });
    expect(shortExpression('a {{ nodes.x.output.y }}  b')).toBe('a x.y b');
  });

  it('gathers attempts and items of a node', () => {
    const rows = [
      row('reviews'), row('classify', { status: 'running', completedAt: null, port: null }),
      item(0), item(1, { status: 'failed', attempt: 1, error: { code: 'model.overloaded', message: 'busy' } }), item(1, { attempt: 2 }), item(2, { status: 'running', completedAt: null, tokens: null, costUsd: null }),
    ];
    const classify = nodeViews(definition, rows, 'running')[1]!;
    expect(classify).toMatchObject({ state: 'running', itemCount: 3, items: { completed: 2, running: 1 }, tokens: 30, attempts: 2, completedAt: null, model: 'demo/rules' });
    expect(classify.costUsd).toBeCloseTo(0.003);
  });

  it('shows what never began as queued while the run goes on, as skipped after', () => {
    expect(nodeViews(definition, [row('reviews')], 'running')[3]).toMatchObject({ state: 'queued', idle: true });
    expect(nodeViews(definition, [row('reviews')], 'failed')[3]).toMatchObject({ state: 'skipped', idle: true });
  });

  it('says that a price is unknown rather than nothing', () => {
    const views = nodeViews(definition, [row('reviews'), row('classify', { tokens: 10, model: 'x/y', costUsd: null })], 'completed');
    expect(views[0]!.costUsd).toBe(0);
    expect(views[1]!.costUsd).toBeNull();
  });

  it('tells taken edges from dead ones by the port of the source', () => {
    const good = nodeViews(definition, [row('good', { port: 'false' })], 'completed')[2];
    expect(edgeState(good, 'false', true)).toBe('taken');
    expect(edgeState(good, 'true', true)).toBe('dead');
    expect(edgeState(nodeViews(definition, [], 'running')[0], 'out', false)).toBe('idle');
  });

  it('lays the strip from the start of the run', () => {
    const parts = stripOf(nodeViews(definition, [row('reviews'), row('classify', { startedAt: '2026-11-22T12:00:01.000Z', completedAt: null, status: 'running' })], 'running'), '2026-11-22T11:59:59.000Z');
    expect(parts.map(({ id, startMs, endMs }) => [id, startMs, endMs])).toEqual([['reviews', 1000, 2000], ['classify', 2000, null]]);
  });
});
