import { describe, expect, it } from 'vitest';
import { edges, fails, node, run, starts, statuses } from './test-kit.ts';
import type { Case } from './test-kit.ts';
import type { Json } from './types.ts';

const inL = { parent: 'l' } as const;
const loopOf = (config: { readonly [key: string]: Json }) => node('l', 'loop', { config });

describe('loops over items (rule 7)', () => {
  it('runs the body per item, at most concurrency at a time, and gives the results in item order', () => {
    const result = run({
      nodes: [loopOf({ concurrency: 2 }), node('x', 'transform', inL)],
      script: { l: { items: 3 }, 'l[0].x': { durationMs: 50 }, 'l[1].x': { durationMs: 5 }, 'l[2].x': { durationMs: 7 } },
    });
    expect(starts(result)).toBe('0:l 0:l[0].x 0:l[1].x 5:l[2].x');
    expect(result.nodes.get('l')?.items?.map(({ index, kind }) => `${index}:${kind}`)).toEqual(['0:result', '1:result', '2:result']);
    expect(result.nodes.get('l')?.items?.[1]).toEqual({ index: 1, kind: 'result', value: { $from: 'l[1].x' } });
  });

  it('completes a loop over no items with an empty list, at once', () => {
    const result = run({ nodes: [loopOf({}), node('x', 'transform', inL), node('after')], edges: edges('l > after'), script: { l: { items: 0 } } });
    expect(result.nodes.get('l')?.items).toEqual([]);
    expect(starts(result)).toBe('0:after 0:l');
  });

  it('gives null for an iteration whose only sink was skipped', () => {
    const nodes = [loopOf({}), node('c', 'condition', inL), node('x', 'transform', inL)];
    const result = run({ nodes, edges: edges('c.true > x'), script: { l: { items: 2 }, 'l[1].c': { port: 'false' } } });
    expect(result.nodes.get('l')?.items).toEqual([
      { index: 0, kind: 'result', value: { $from: 'l[0].x' } },
      { index: 1, kind: 'result', value: null },
    ]);
  });

  it('evaluates result at the end of each iteration where it is set', () => {
    const nodes = [loopOf({ result: '{{ nodes.x.output }}' }), node('x', 'transform', inL), node('y', 'transform', inL)];
    expect(run({ nodes, script: { l: { items: 1 } } }).nodes.get('l')?.items).toEqual([{ index: 0, kind: 'result', value: { $result: 'l[0]' } }]);
  });

  it('joins inside an iteration, each for itself', () => {
    const nodes = [loopOf({}), node('a', 'transform', inL), node('b', 'condition', inL), node('j', 'transform', { ...inL, join: 'all' })];
    const result = run({ nodes, edges: edges('a > j', 'b.true > j'), script: { l: { items: 2 }, 'l[0].b': { port: 'false' } } });
    expect([result.nodes.get('l[0].j')?.status, result.nodes.get('l[1].j')?.status]).toEqual(['skipped', 'completed']);
  });

  it('lists nothing of iterations that never began', () => {
    const nodes = [loopOf({ concurrency: 1 }), node('x', 'transform', inL)];
    expect(statuses(run({ nodes, script: { l: { items: 5 } }, options: { cancelAt: 5 } }))).toBe('l:cancelled l[0].x:cancelled');
  });
});

describe('failures inside a loop (rule 7)', () => {
  const body = [node('x', 'action', inL), node('y', 'transform', inL)];
  const between = edges('x > y');
  const failing = (onItemError: string, extra: Partial<Case> = {}) =>
    run({
      nodes: [loopOf({ onItemError, concurrency: 2 }), ...body],
      edges: between,
      script: { l: { items: 3 }, 'l[1].x': { ...fails, durationMs: 4, errorCode: 'stub.broken' } },
      ...extra,
    });

  it('fails the loop with the error of the item, cancels the other iterations and begins no more', () => {
    const result = failing('fail');
    expect(statuses(result)).toBe('l:failed l[0].x:cancelled l[0].y:skipped l[1].x:failed l[1].y:skipped');
    expect(result.error).toEqual({ nodeId: 'x', path: 'l[1].x', code: 'stub.broken' });
  });

  it('lets those in flight end before the loop fails, under the other reading', () => {
    const result = failing('fail', { options: { readings: { loopFail: 'in-flight-end' } } });
    expect(statuses(result)).toBe('l:failed l[0].x:completed l[0].y:completed l[1].x:failed l[1].y:skipped');
  });

  it('drops the item on skip', () => {
    const result = failing('skip');
    expect(result.status).toBe('completed');
    expect(result.nodes.get('l')?.items?.map(({ index }) => index)).toEqual([0, 2]);
  });

  it('keeps the error at its place on collect', () => {
    const items = failing('collect').nodes.get('l')?.items;
    expect(items?.map(({ index, kind }) => `${index}:${kind}`)).toEqual(['0:result', '1:error', '2:result']);
    expect(items?.[1]).toEqual({ index: 1, kind: 'error', error: { nodeId: 'x', path: 'l[1].x', code: 'stub.broken' } });
  });

  it('is the lowest index, as a number, where several would fail in one moment', () => {
    const result = run({
      nodes: [loopOf({ concurrency: 20 }), node('x', 'action', inL)],
      script: { l: { items: 12 }, 'l[2].x': fails, 'l[10].x': fails },
    });
    expect(result.error?.path).toBe('l[2].x');
  });

  it('cancels what runs in the failing iteration', () => {
    const nodes = [loopOf({ onItemError: 'skip', result: 'x' }), ...body, node('z', 'transform', inL)];
    const result = run({ nodes, edges: between, script: { l: { items: 1 }, x: fails, z: { durationMs: 90 } } });
    expect(statuses(result)).toBe('l:completed l[0].x:failed l[0].y:skipped l[0].z:cancelled');
    expect(result.endedAtMs).toBe(10);
  });

  it('ends the outer iteration where an inner loop fails', () => {
    const nodes = [loopOf({ onItemError: 'skip' }), node('m', 'loop', inL), node('b', 'action', { parent: 'm' })];
    const result = run({ nodes, script: { l: { items: 2 }, m: { items: 1 }, 'l[0].m[0].b': fails } });
    expect(result.nodes.get('l[0].m')?.status).toBe('failed');
    expect(result.nodes.get('l')?.items?.map(({ index }) => index)).toEqual([1]);
  });

  it('goes on in the body where the failure is handled there', () => {
    const nodes = [loopOf({}), node('x', 'action', { ...inL, onError: { mode: 'branch' } }), node('y', 'transform', inL)];
    const result = run({ nodes, edges: edges('x.error > y'), script: { l: { items: 1 }, x: fails } });
    expect(statuses(result)).toBe('l:completed l[0].x:failed l[0].y:completed');
  });

  it('lets the loop itself branch, continue or fall back', () => {
    const loop = node('l', 'loop', { onError: { mode: 'branch' } });
    const result = run({
      nodes: [loop, ...body, node('bad')],
      edges: [...between, ...edges('l.error > bad')],
      script: { l: { items: 1 }, x: fails },
    });
    expect([result.status, result.nodes.get('bad')?.status, result.nodes.get('l')?.status]).toEqual(['completed', 'completed', 'failed']);
  });

  it('fails a loop whose items cannot be found', () => {
    const result = run({ nodes: [loopOf({}), ...body], edges: between, script: { l: fails } });
    expect(statuses(result)).toBe('l:failed');
    expect(result.error?.path).toBe('l');
  });
});

describe('forEach (rule 7)', () => {
  const each = (onItemError: string) =>
    run({
      nodes: [node('x', 'action', { config: { forEach: '{{ input.items }}', concurrency: 2, onItemError } })],
      script: { x: { items: 3 }, 'x[1]': { ...fails, durationMs: 4 } },
    });

  it('is a for_each whose body is that node, with items at x[0], x[1], x[2]', () => {
    const result = each('collect');
    expect(starts(result)).toBe('0:x 0:x[0] 0:x[1] 4:x[2]');
    expect(result.nodes.get('x')?.items?.map(({ kind }) => kind)).toEqual(['result', 'error', 'result']);
    expect(result.nodes.get('x[1]')).toEqual({ nodeId: 'x', status: 'failed' });
  });

  it('drops failed items on skip and fails on fail', () => {
    expect(
      each('skip')
        .nodes.get('x')
        ?.items?.map(({ index }) => index),
    ).toEqual([0, 2]);
    const failed = each('fail');
    expect(statuses(failed)).toBe('x:failed x[0]:cancelled x[1]:failed');
    expect(failed.error).toEqual({ nodeId: 'x', path: 'x[1]', code: 'step.failed' });
  });

  it('applies onError to the node as a whole, not to an item', () => {
    const config = { forEach: '{{ input.items }}' };
    const result = run({ nodes: [node('x', 'action', { config, onError: { mode: 'continue' } })], script: { x: { items: 2 }, 'x[0]': fails } });
    expect(result.nodes.get('x')).toEqual({ nodeId: 'x', status: 'completed', port: 'out', value: null });
  });
});

describe('merge (rule 9)', () => {
  const merge = (mode: string) => node('m', 'merge', { config: { mode } });
  const sources = (given: Case) =>
    run(given)
      .nodes.get('m')
      ?.merge?.sources.map(({ from, value }) => [from, value]);

  it('appends in order of edges and leaves null out', () => {
    const nodes = [node('a'), node('b', 'action', { onError: { mode: 'continue' } }), node('c'), merge('append')];
    const given = { nodes, edges: edges('c > m', 'b > m', 'a > m'), script: { b: fails, c: { durationMs: 90 } } };
    expect(sources(given)).toEqual([
      ['c', { $from: 'c' }],
      ['a', { $from: 'a' }],
    ]);
  });

  it('gives an object of live sources only', () => {
    const nodes = [node('a'), node('c', 'condition'), merge('object')];
    expect(sources({ nodes, edges: edges('a > m', 'c.false > m') })).toEqual([['a', { $from: 'a' }]]);
  });

  it('carries the error object over an edge from error', () => {
    const nodes = [node('a', 'action', { onError: { mode: 'branch' } }), merge('object')];
    expect(sources({ nodes, edges: edges('a.error > m'), script: { a: fails } })).toEqual([['a', { $error: 'a' }]]);
  });

  it('runs first at its first live edge, without waiting; the loser runs on', () => {
    const nodes = [node('a'), node('b'), merge('first')];
    const result = run({ nodes, edges: edges('a > m', 'b > m'), script: { a: { durationMs: 50 }, b: { durationMs: 5 } } });
    expect(starts(result)).toBe('0:a 0:b 5:m');
    expect(result.nodes.get('m')?.merge?.sources).toEqual([{ from: 'b', value: { $from: 'b' } }]);
    expect([result.nodes.get('a')?.status, result.endedAtMs]).toEqual(['completed', 50]);
  });

  it('takes the edge that was live first, also where it had to wait for a place', () => {
    const nodes = [node('a'), node('b'), merge('first'), node('a0'), node('a1')];
    const script = { a: { durationMs: 60 }, b: { durationMs: 5 }, a0: { durationMs: 70 }, a1: { durationMs: 80 } };
    const result = run({ nodes, edges: edges('a > m', 'b > m', 'b > a0', 'b > a1'), settings: { maxParallel: 2 }, script });
    expect(starts(result)).toBe('0:a 0:b 5:a0 60:a1 75:m');
    expect(result.nodes.get('m')?.merge?.sources.map(({ from }) => from)).toEqual(['b']);
  });

  it('breaks a tie of first by order of edges', () => {
    const nodes = [node('a'), node('off', 'transform', { disabled: true }), merge('first')];
    expect(sources({ nodes, edges: edges('a > off', 'off > m', 'a > m') })).toEqual([['off', { $from: 'a' }]]);
    expect(sources({ nodes, edges: edges('a > m', 'a > off', 'off > m') })).toEqual([['a', { $from: 'a' }]]);
  });

  it('skips first with every edge dead', () => {
    const nodes = [node('c', 'condition'), node('d', 'condition'), merge('first')];
    const result = run({ nodes, edges: edges('c.false > m', 'd.false > m') });
    expect(result.nodes.get('m')?.status).toBe('skipped');
  });
});
