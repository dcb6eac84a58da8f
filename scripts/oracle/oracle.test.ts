import { describe, expect, it } from 'vitest';
import { edges, fails, node, run, starts, statuses } from './test-kit.ts';

const branch = { onError: { mode: 'branch' } } as const;

describe('edges, joins and skips (rules 1 and 2)', () => {
  it('runs nodes without incoming edges at once and the others when their source has settled', () => {
    const result = run({ nodes: [node('a'), node('b'), node('c')], edges: edges('a > c'), script: { a: { durationMs: 7 } } });
    expect(starts(result)).toBe('0:a 0:b 7:c');
    expect(result.status).toBe('completed');
  });

  it('takes one port of a condition and skips what hangs on the other, and what hangs on that', () => {
    const nodes = [node('c', 'condition'), node('no'), node('no2'), node('yes')];
    const result = run({ nodes, edges: edges('c.true > yes', 'c.false > no', 'no > no2'), script: { c: { port: 'true' } } });
    expect(statuses(result)).toBe('c:completed no:skipped no2:skipped yes:completed');
    expect(result.nodes.get('c')?.port).toBe('true');
  });

  it('takes a case of a switch, and default where none holds', () => {
    const nodes = [node('s', 'switch'), node('low'), node('other')];
    const between = edges('s.low > low', 's.default > other');
    expect(statuses(run({ nodes, edges: between, script: { s: { port: 'low' } } }))).toBe('low:completed other:skipped s:completed');
    expect(statuses(run({ nodes, edges: between, script: { s: { port: 'default' } } }))).toBe('low:skipped other:completed s:completed');
  });

  it('runs a join any with one live edge, only after every incoming edge is decided', () => {
    const nodes = [node('c', 'condition'), node('slow'), node('j')];
    const result = run({ nodes, edges: edges('c.false > j', 'slow > j'), script: { c: { port: 'true' }, slow: { durationMs: 30 } } });
    expect(starts(result)).toBe('0:c 0:slow 30:j');
  });

  it('skips a join any with every edge dead', () => {
    const nodes = [node('c', 'condition'), node('d', 'condition'), node('j')];
    const result = run({ nodes, edges: edges('c.false > j', 'd.false > j'), script: { c: { port: 'true' }, d: { port: 'true' } } });
    expect(result.nodes.get('j')?.status).toBe('skipped');
  });

  it('runs a join all with every edge live and skips it with one dead', () => {
    const nodes = [node('a'), node('c', 'condition'), node('j', 'transform', { join: 'all' })];
    const between = edges('a > j', 'c.true > j');
    expect(run({ nodes, edges: between, script: { c: { port: 'true' } } }).nodes.get('j')?.status).toBe('completed');
    expect(run({ nodes, edges: between, script: { c: { port: 'false' } } }).nodes.get('j')?.status).toBe('skipped');
  });

  it('treats an edge that names out as one that names nothing', () => {
    expect(statuses(run({ nodes: [node('a'), node('b')], edges: edges('a.out > b') }))).toBe('a:completed b:completed');
  });

  it('starts at most maxParallel nodes, in order of node id', () => {
    const nodes = [node('d'), node('b'), node('a'), node('c')];
    const script = { a: { durationMs: 5 }, b: { durationMs: 8 } };
    expect(starts(run({ nodes, settings: { maxParallel: 2 }, script }))).toBe('0:a 0:b 5:c 8:d');
  });

  it('counts a loop as one of maxParallel and its body not at all', () => {
    const nodes = [node('l', 'loop'), node('x', 'transform', { parent: 'l' }), node('y', 'transform', { parent: 'l' }), node('z')];
    const withResult = nodes.map((each) => (each.id === 'l' ? node('l', 'loop', { config: { result: 'x' } }) : each));
    const result = run({ nodes: withResult, settings: { maxParallel: 1 }, script: { l: { items: 2 } } });
    expect(starts(result)).toBe('0:l 0:l[0].x 0:l[0].y 0:l[1].x 0:l[1].y 10:z');
  });
});

describe('disabled nodes (rule 3)', () => {
  it('passes the output of its only live source through, and null if there are several or none', () => {
    const off = { disabled: true };
    const nodes = [node('a'), node('b'), node('none', 'transform', off), node('one', 'transform', off), node('two', 'transform', off)];
    const result = run({ nodes, edges: edges('a > one', 'a > two', 'b > two') });
    expect(result.nodes.get('one')?.value).toEqual({ $from: 'a' });
    expect(result.nodes.get('two')?.value).toBeNull();
    expect(result.nodes.get('none')).toEqual({ nodeId: 'none', status: 'completed', port: 'out', value: null });
    expect(starts(result)).toBe('0:a 0:b');
  });

  it('takes true of a condition, default of a switch, approved of an approval', () => {
    const off = { disabled: true };
    const nodes = [node('c', 'condition', off), node('p', 'approval', off), node('s', 'switch', off)];
    expect([...run({ nodes }).nodes.values()].map(({ port }) => port)).toEqual(['true', 'approved', 'default']);
  });

  it('runs nothing of the body of a disabled loop and goes on after it', () => {
    const nodes = [node('after'), node('l', 'loop', { disabled: true }), node('x', 'transform', { parent: 'l' })];
    const result = run({ nodes, edges: edges('l > after') });
    expect(statuses(result)).toBe('after:completed l:completed');
  });

  it('names nothing with a disabled output', () => {
    const result = run({ nodes: [node('o', 'output', { disabled: true, config: { name: 'report' } })] });
    expect(result.nodes.get('o')?.status).toBe('completed');
    expect(result.outputs).toEqual({});
  });

  it('skips a disabled node with every edge dead', () => {
    const nodes = [node('c', 'condition'), node('x', 'transform', { disabled: true })];
    expect(run({ nodes, edges: edges('c.false > x') }).nodes.get('x')?.status).toBe('skipped');
  });

  it('passes the error object of its only live source on', () => {
    const nodes = [node('a', 'action', branch), node('x', 'transform', { disabled: true })];
    expect(run({ nodes, edges: edges('a.error > x'), script: { a: fails } }).nodes.get('x')?.value).toEqual({ $error: 'a' });
  });
});

describe('what happens after the last attempt (rule 5)', () => {
  it('completes with null on continue, not marked recovered', () => {
    const result = run({ nodes: [node('a', 'action', { onError: { mode: 'continue' } })], script: { a: fails } });
    expect(result.nodes.get('a')).toEqual({ nodeId: 'a', status: 'completed', port: 'out', value: null });
    expect(result.status).toBe('completed');
  });

  it('completes with the value of fallback, marked recovered, on the port that the value says', () => {
    const fallback = (value: { readonly [key: string]: string | boolean }) => ({ onError: { mode: 'fallback', value } }) as const;
    const nodes = [
      node('a', 'action', fallback({ x: 'y' })),
      node('c', 'condition', fallback({ result: false })),
      node('s', 'switch', fallback({ port: 'high' })),
    ];
    const result = run({ nodes, script: { a: fails, c: fails, s: fails } });
    expect([...result.nodes.values()].map(({ port, recovered }) => [port, recovered])).toEqual([
      ['out', true],
      ['false', true],
      ['high', true],
    ]);
    expect(result.nodes.get('a')?.value).toEqual({ $value: { x: 'y' } });
  });

  it('stays failed but handled on branch: error is live, out is dead, the run completes', () => {
    const nodes = [node('a', 'action', branch), node('bad'), node('good')];
    const result = run({ nodes, edges: edges('a > good', 'a.error > bad'), script: { a: fails } });
    expect(statuses(result)).toBe('a:failed bad:completed good:skipped');
    expect([result.status, result.error, result.nodes.get('a')?.port]).toEqual(['completed', null, 'error']);
  });

  it('finds error dead where a node with branch completes', () => {
    const nodes = [node('a', 'action', branch), node('bad'), node('good')];
    expect(statuses(run({ nodes, edges: edges('a > good', 'a.error > bad') }))).toBe('a:completed bad:skipped good:completed');
  });

  it('names the fallback of an output node', () => {
    const result = run({
      nodes: [node('o', 'output', { config: { name: 'report' }, onError: { mode: 'fallback', value: 0 } })],
      script: { o: fails },
    });
    expect(result.outputs).toEqual({ report: 'o' });
  });
});

describe('failure of the run (rule 6)', () => {
  const stopped = { a: { ...fails, errorCode: 'stub.broken' }, b: { durationMs: 20 } };

  it('cancels what runs and skips what never started on stop, which is the default', () => {
    const result = run({ nodes: [node('a'), node('b'), node('c'), node('d')], edges: edges('b > c'), settings: { maxParallel: 2 }, script: stopped });
    expect(statuses(result)).toBe('a:failed b:cancelled c:skipped d:skipped');
    expect(result.error).toEqual({ nodeId: 'a', path: 'a', code: 'stub.broken' });
    expect([result.status, result.endedAtMs]).toEqual(['failed', 10]);
  });

  it('cancels a loop that runs on stop, with the steps of its body', () => {
    const nodes = [node('a'), node('l', 'loop'), node('x', 'transform', { parent: 'l' }), node('y', 'transform', { parent: 'l' })];
    const result = run({ nodes, edges: edges('x > y'), script: { a: fails, l: { items: 1 }, x: { durationMs: 90 } } });
    expect(statuses(result)).toBe('a:failed l:cancelled l[0].x:cancelled l[0].y:skipped');
  });

  it('skips every node downstream by any path on finish, whatever its join, and lets the rest run', () => {
    const nodes = ['a', 'b', 'c', 'd', 'e'].map((id) => node(id));
    const result = run({
      nodes,
      edges: edges('a > c', 'b > c', 'c > d', 'b > d', 'b > e'),
      settings: { onFailure: 'finish' },
      script: stopped,
    });
    expect(statuses(result)).toBe('a:failed b:completed c:skipped d:skipped e:completed');
    expect(result.status).toBe('failed');
  });

  it('records the first of several failures', () => {
    const result = run({
      nodes: [node('a'), node('b')],
      settings: { onFailure: 'finish' },
      script: { a: { ...fails, durationMs: 9 }, b: { ...fails, durationMs: 8 } },
    });
    expect(result.error?.nodeId).toBe('b');
  });

  it('keeps the outputs of a failed run', () => {
    const nodes = [node('a'), node('o', 'output', { config: { name: 'report' } })];
    const result = run({ nodes, script: { a: { ...fails, durationMs: 30 } } });
    expect([result.status, result.outputs]).toEqual(['failed', { report: 'o' }]);
  });

  it('names the body node that failed, with its path', () => {
    const nodes = [node('l', 'loop'), node('m', 'loop', { parent: 'l' }), node('b', 'action', { parent: 'm' })];
    const result = run({ nodes, script: { l: { items: 3 }, m: { items: 1 }, 'l[2].m[0].b': { ...fails, errorCode: 'stub.broken' } } });
    expect(result.error).toEqual({ nodeId: 'b', path: 'l[2].m[0].b', code: 'stub.broken' });
    expect(result.nodes.get('l[2].m')?.status).toBe('failed');
  });
});

describe('outputs, triggers and the end of a run', () => {
  it('lets the later of two outputs with one name win, by time', () => {
    const named = { config: { name: 'report' } };
    const result = run({ nodes: [node('first', 'output', named), node('second', 'output', named)], script: { first: { durationMs: 20 } } });
    expect(result.outputs).toEqual({ report: 'first' });
  });

  it('holds an edge live from the trigger that started the run, dead from another', () => {
    const triggers = [
      { id: 'hook', type: 'webhook' },
      { id: 'hand', type: 'manual' },
    ] as const;
    const nodes = [node('a'), node('b'), node('m', 'merge', { config: { mode: 'object' } })];
    const between = edges('hook > a', 'hand > b', 'hand > m', 'a > m');
    expect(statuses(run({ nodes, triggers, edges: between, options: { trigger: 'hook' } }))).toBe('a:completed b:skipped m:completed');
    const byHand = run({ nodes, triggers, edges: between });
    expect(statuses(byHand)).toBe('a:skipped b:completed m:completed');
    expect(byHand.nodes.get('m')?.merge?.sources).toEqual([{ from: 'hand', value: { $input: true } }]);
  });

  it('counts a manual start as the first trigger where none is manual or api', () => {
    const triggers = [
      { id: 'hook', type: 'webhook' },
      { id: 'other', type: 'webhook' },
    ] as const;
    expect(statuses(run({ nodes: [node('a'), node('b')], triggers, edges: edges('hook > a', 'other > b') }))).toBe('a:completed b:skipped');
  });

  it('cancels: what runs is cancelled, what never started skipped, what is done stays', () => {
    const result = run({ nodes: [node('a'), node('b'), node('c')], edges: edges('a > b', 'b > c'), options: { cancelAt: 15 } });
    expect(statuses(result)).toBe('a:completed b:cancelled c:skipped');
    expect([result.status, result.error, result.endedAtMs]).toEqual(['cancelled', null, 15]);
  });

  it('times out after settings.timeoutMs', () => {
    const result = run({ nodes: [node('a'), node('b')], edges: edges('a > b'), settings: { timeoutMs: 12 } });
    expect([result.status, statuses(result)]).toEqual(['timed_out', 'a:completed b:cancelled']);
  });

  it('does not run a pinned node and reads its port from what is given', () => {
    const nodes = [node('c', 'condition'), node('no'), node('yes')];
    const result = run({ nodes, edges: edges('c.true > yes', 'c.false > no'), options: { pinned: { c: { result: false } } } });
    expect(result.nodes.get('c')).toEqual({ nodeId: 'c', status: 'completed', port: 'false', pinned: true, value: { $value: { result: false } } });
    expect(starts(result)).toBe('0:no');
  });
});

describe('readings of 03 (README.md)', () => {
  it('lets a node that already runs behind a first run on when finish skips what is downstream', () => {
    const nodes = [node('a'), node('b'), node('m', 'merge', { config: { mode: 'first' } }), node('z')];
    const script = { a: { ...fails, durationMs: 8 }, b: { durationMs: 5 } };
    const result = run({ nodes, edges: edges('a > m', 'b > m', 'm > z'), settings: { onFailure: 'finish' }, script });
    expect(statuses(result)).toBe('a:failed b:completed m:completed z:skipped');
  });

  it('keeps the recorded error of a run that is cancelled while it finishes', () => {
    const result = run({
      nodes: [node('a'), node('b')],
      settings: { onFailure: 'finish' },
      script: { a: { ...fails, durationMs: 2 } },
      options: { cancelAt: 5 },
    });
    expect([result.status, result.error?.nodeId]).toEqual(['cancelled', 'a']);
  });

  it('needs no place in maxParallel for disabled nodes', () => {
    const nodes = [node('a'), node('b', 'transform', { disabled: true }), node('c', 'output', { config: { name: 'report' } })];
    expect(starts(run({ nodes, edges: edges('b > c'), settings: { maxParallel: 1 }, script: { a: { durationMs: 3 } } }))).toBe('0:a 3:c');
  });

  it('orders ids by code unit', () => {
    const nodes = [node('n_1'), node('n1'), node('n10'), node('n2')];
    expect(starts(run({ nodes, settings: { maxParallel: 1 } }))).toBe('0:n1 10:n10 20:n2 30:n_1');
  });
});
