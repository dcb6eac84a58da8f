import { describe, expect, test } from 'vitest';
import { brief, Driver, errorOf, planOf } from '../testing/plans.ts';
import { inFlight, isSettled, itemsDone, nodeTable, startTrigger, type PlanEvent } from './index.ts';

describe('readiness', () => {
  test('a sequence runs one after another and finishes once', () => {
    const run = new Driver(planOf({ a: {}, b: {} }, ['a>b']));
    expect(brief(run.last)).toEqual(['run a']);
    expect(brief(run.done('a'))).toEqual(['run b']);
    expect(brief(run.done('b'))).toEqual(['finish completed']);
    expect(brief(run.done('b'))).toEqual([]);
    expect(isSettled(run.state)).toBe(true);
  });

  test('a branch not taken is skipped, and a join of any runs on the live one', () => {
    const run = new Driver(planOf({ c: {}, n: {}, y: {}, z: {} }, ['c:true>y', 'c:false>n', 'y>z', 'n>z']));
    expect(brief(run.done('c', 'true'))).toEqual(['row n skipped', 'run y']);
    expect(brief(run.done('y'))).toEqual(['run z']);
  });

  test('join all is skipped when one edge is dead', () => {
    const run = new Driver(planOf({ c: {}, n: {}, y: {}, z: { join: 'all' } }, ['c:true>y', 'c:false>n', 'y>z', 'n>z']));
    run.done('c', 'true');
    expect(brief(run.done('y'))).toEqual(['row z skipped', 'finish completed']);
  });

  test('maxParallel holds ready nodes back in order of node id', () => {
    const run = new Driver(planOf({ a: {}, b: {}, c: {}, d: {} }, [], { settings: { maxParallel: 2 } }));
    expect(brief(run.last)).toEqual(['run a', 'run b']);
    expect(brief(run.done('b'))).toEqual(['run c']);
  });

  test('an edge from a trigger is live when that trigger started the run', () => {
    const plan = planOf({ a: {}, b: {} }, ['t1>a', 't2>b'], {
      triggers: [
        { id: 't1', type: 'manual' },
        { id: 't2', type: 'api' },
      ],
    });
    const run = new Driver(plan, { trigger: 't2' });
    expect(brief(run.last)).toEqual(['row a skipped', 'run b']);
    expect(run.last[1]).toMatchObject({ sources: [{ id: 't2', as: 'input', port: 'out' }] });
  });

  test('a merge of mode first runs at its first live edge and keeps the winner while it waits for a place', () => {
    const run = new Driver(planOf({ a: {}, b: {}, m: { first: true } }, ['a>m', 'b>m'], { settings: { maxParallel: 2 } }));
    run.done('b');
    const started = run.all.find((command) => command.kind === 'run-step' && command.path === 'm');
    expect(started).toMatchObject({ sources: [{ id: 'b' }] });
    expect(brief(run.done('a'))).toEqual([]);
    expect(brief(run.done('m'))).toEqual(['finish completed']);
  });
});

describe('disabled, given and only', () => {
  test('a disabled node passes on its only live source, under its own id', () => {
    const run = new Driver(planOf({ a: {}, d: { disabled: true }, z: { reads: ['a', 'd'] } }, ['a>d', 'd>z']));
    const commands = run.done('a');
    expect(brief(commands)).toEqual(['row d completed', 'run z']);
    expect(commands[1]).toMatchObject({
      reads: [
        { id: 'a', path: 'a', as: 'row' },
        { id: 'd', path: 'a', as: 'row' },
      ],
    });
  });

  test('a disabled condition takes true', () => {
    const run = new Driver(planOf({ c: { disabled: true, type: 'condition' }, y: {}, n: {} }, ['c:true>y', 'c:false>n']));
    expect(brief(run.last)).toEqual(['row c completed', 'row n skipped', 'run y']);
  });

  test('a pinned node does not run and its row says so', () => {
    const run = new Driver(planOf({ a: {}, b: { reads: ['a'] } }, ['a>b']), { given: [{ nodeId: 'a', port: 'out', as: 'pinned' }] });
    expect(run.last).toMatchObject([
      { kind: 'write-rows', rows: [{ path: 'a', pinned: true }] },
      { path: 'b', reads: [{ id: 'a', as: 'pinned' }] },
    ]);
  });

  test('a pinned node in a branch that is not taken is skipped; one behind what a test run leaves out stands in for it', () => {
    const plan = planOf({ c: {}, p: {}, z: { reads: ['p'] } }, ['c:true>p', 'p>z']);
    const given = [{ nodeId: 'p', port: 'out', as: 'pinned' as const }];
    const run = new Driver(plan, { given });
    expect(brief(run.done('c', 'false'))).toEqual(['row p skipped', 'row z skipped', 'finish completed']);
    expect(brief(new Driver(plan, { given, only: ['z'] }).last)).toEqual(['row c skipped', 'row p completed', 'run z']);
  });

  test('kept nodes of a retried run are completed from the start, whatever is before them', () => {
    const run = new Driver(planOf({ a: {}, b: {}, c: {} }, ['a>b', 'b>c']), { given: [{ nodeId: 'b', port: 'out', as: 'row' }] });
    expect(brief(run.last)).toEqual(['run a', 'run c']);
  });

  test('of two outputs with one name the one that completed later wins, and disabled ones name nothing', () => {
    const outputs = ['a', 'b', 'd'].map((nodeId) => ({ name: 'x', nodeId }));
    const run = new Driver(planOf({ a: {}, b: {}, d: { disabled: true } }, ['b>a', 'a>d'], { outputs }));
    run.done('b');
    run.done('a');
    expect(run.finish?.outputs).toEqual([{ name: 'x', ref: { id: 'a', path: 'a', as: 'row' } }]);
  });

  test('a start that names no trigger counts as the first manual or api one, else the first', () => {
    const triggers = [
      { id: 'h', type: 'webhook' },
      { id: 'p', type: 'api' },
    ];
    expect([
      startTrigger(triggers),
      startTrigger(triggers, 'h'),
      startTrigger([{ id: 'h', type: 'webhook' }]),
      startTrigger([]),
      startTrigger(triggers, 'x'),
    ]).toEqual(['p', 'h', 'h', null, null]);
  });

  test('only with a loop runs its whole body, with nodes of a body just those', () => {
    const plan = planOf({ a: {}, l: { loop: { sink: 'c' } }, b: { parent: 'l' }, c: { parent: 'l' }, z: {} }, ['a>l', 'b>c', 'l>z']);
    const whole = new Driver(plan, { only: ['l'] });
    expect(brief(whole.last)).toEqual(['row a skipped', 'row z skipped', 'open l']);
    expect(brief(whole.on({ kind: 'loop-opened', path: 'l', count: 1 }))).toEqual(['run l[0].b']);
    const part = new Driver(plan, { only: ['c'] });
    expect(brief(part.on({ kind: 'loop-opened', path: 'l', count: 1 }))).toEqual(['run l[0].c']);
  });

  test('a node tried alone runs, whatever port a pinned source took and whichever trigger it hangs on', () => {
    const plan = planOf({ c: { type: 'condition', ports: ['true', 'false'] }, z: {}, w: {} }, ['c:true>z', 'hook>w']);
    const given = [{ nodeId: 'c', port: 'false', as: 'pinned' as const }];
    const held = new Driver(plan, { given, only: ['z'] });
    expect(brief(held.last)).toEqual(['row c completed', 'row w skipped', 'row z skipped', 'finish completed']);
    const alone = new Driver(plan, { given, only: ['z'], alone: true });
    expect(brief(alone.last)).toEqual(['row c completed', 'row w skipped', 'run z']);
    expect(alone.last.at(-1)).toMatchObject({ sources: [] });
    expect(brief(new Driver(plan, { only: ['w'], alone: true }).last)).toEqual(['row c skipped', 'row z skipped', 'run w']);
  });

  test('a kept node that onError had completed still shows its error', () => {
    const error = { code: 'http.status', message: 'no', attempt: 3 };
    const given = [{ nodeId: 'a', port: 'out', as: 'row' as const, error }];
    const run = new Driver(planOf({ a: {}, z: { reads: ['a'] } }, ['a>z']), { given });
    expect(run.last).toMatchObject([{ kind: 'run-step', reads: [{ id: 'a', path: 'a', as: 'row', error }] }]);
  });

  test('kept outputs of one name go by the definition', () => {
    const outputs = ['z', 'a'].map((nodeId) => ({ name: 'x', nodeId }));
    const given = ['a', 'z'].map((nodeId) => ({ nodeId, port: 'out', as: 'row' as const }));
    expect(new Driver(planOf({ a: {}, z: {} }, [], { outputs }), { given }).finish?.outputs).toEqual([
      { name: 'x', ref: { id: 'a', path: 'a', as: 'row' } },
    ]);
  });

  test('only runs that node although what is before it is skipped', () => {
    const run = new Driver(planOf({ a: {}, b: {}, c: {} }, ['a>b', 'b>c']), { only: ['b'] });
    expect(brief(run.last)).toEqual(['row a skipped', 'row c skipped', 'run b']);
  });
});

describe('failure', () => {
  test('fail stops the run: in flight is cancelled, the rest skipped, and the end waits for the answers', () => {
    const run = new Driver(planOf({ a: {}, b: {}, c: {} }, ['b>c']));
    expect(brief(run.fails('a'))).toEqual(['row c skipped', 'cancel b']);
    expect(brief(run.on({ kind: 'cancelled', path: 'b' }))).toEqual(['row b cancelled', 'finish failed']);
    expect(run.finish?.error).toEqual({ code: 'boom', message: 'boom', nodeId: 'a', path: 'a' });
  });

  test('a late completion is accepted while stopping', () => {
    const run = new Driver(planOf({ a: {}, b: { type: 'output' } }, [], { outputs: [{ name: 'x', nodeId: 'b' }] }));
    run.fails('a');
    run.done('b');
    expect(run.status('b')).toBe('completed');
    expect(run.finish?.outputs).toEqual([{ name: 'x', ref: { id: 'b', path: 'b', as: 'row' } }]);
  });

  test('finish skips everything downstream whatever its join and lets the rest end', () => {
    const run = new Driver(planOf({ a: {}, b: {}, c: {}, d: {} }, ['a>c', 'b>c', 'b>d'], { settings: { onFailure: 'finish' } }));
    expect(brief(run.fails('a'))).toEqual(['row c skipped']);
    expect(brief(run.done('b'))).toEqual(['run d']);
    expect(brief(run.done('d'))).toEqual(['finish failed']);
  });

  test.each([
    ['continue', { id: 'a', path: 'a', as: 'null', error: errorOf('boom') }],
    ['fallback', { id: 'a', path: 'a', as: 'fallback', error: errorOf('boom') }],
  ] as const)('onError %s completes the node and shows its error', (onError, read) => {
    const run = new Driver(planOf({ a: { onError }, b: { reads: ['a'] } }, ['a>b']));
    const commands = run.fails('a');
    expect(brief(commands)).toEqual(['row a completed', 'run b']);
    expect(commands[1]).toMatchObject({ reads: [read] });
  });

  test('branch takes the port error and the run completes', () => {
    const run = new Driver(planOf({ a: { onError: 'branch' }, b: {}, h: {} }, ['a>b', 'a:error>h']));
    const commands = run.fails('a');
    expect(brief(commands)).toEqual(['row b skipped', 'run h']);
    expect(commands[1]).toMatchObject({ sources: [{ id: 'a', port: 'error', error: errorOf('boom') }] });
    run.done('h');
    expect(run.finish?.status).toBe('completed');
  });

  test('cancel-run and the run time-out stop it', () => {
    const run = new Driver(planOf({ a: {} }, [], { settings: { timeoutMs: 500 } }));
    expect(brief(run.last)).toEqual(['timer run 500', 'run a']);
    expect(brief(run.on({ kind: 'timer', key: 'run' }))).toEqual(['cancel a']);
    expect(brief(run.on({ kind: 'cancel-run' }))).toEqual([]);
    expect(brief(run.on({ kind: 'cancelled', path: 'a' }))).toEqual(['row a cancelled', 'finish timed_out']);
  });
});

describe('loops', () => {
  const body = { b: { parent: 'l' } };

  test('for_each runs at most concurrency items and closes with the count', () => {
    const run = new Driver(planOf({ l: { loop: { concurrency: 2, sink: 'b' } }, ...body }, []));
    expect(brief(run.last)).toEqual(['open l']);
    expect(brief(run.on({ kind: 'loop-opened', path: 'l', count: 3 }))).toEqual(['run l[0].b', 'run l[1].b']);
    expect(brief(run.done('l[1].b'))).toEqual(['run l[2].b']);
    expect(itemsDone(run.state, 'l')).toEqual({ done: 1, count: 3 });
    expect(inFlight(run.state)).toEqual(['l[0].b', 'l[2].b']);
    run.done('l[0].b');
    expect(brief(run.done('l[2].b'))).toEqual(['close l']);
    expect(brief(run.on({ kind: 'loop-closed', path: 'l' }))).toEqual(['finish completed']);
  });

  test('no items: the loop closes at once', () => {
    const run = new Driver(planOf({ l: { loop: {} }, ...body }, []));
    expect(brief(run.on({ kind: 'loop-opened', path: 'l', count: 0 }))).toEqual(['close l']);
  });

  test('a failing item fails the loop with the lowest index that failed, after the others answered', () => {
    const run = new Driver(planOf({ l: { loop: { sink: 'b' } }, ...body }, []));
    run.on({ kind: 'loop-opened', path: 'l', count: 3 });
    expect(brief(run.fails('l[2].b', 'two'))).toEqual(['cancel l[0].b', 'cancel l[1].b']);
    run.fails('l[1].b', 'one');
    run.on({ kind: 'cancelled', path: 'l[0].b' });
    expect(run.finish).toMatchObject({ status: 'failed', error: { code: 'one', nodeId: 'b', path: 'l[1].b' } });
    expect(run.state.root.nodes['l']).toEqual({ status: 'failed', error: errorOf('one') });
  });

  test('skip and collect leave notes and nothing else', () => {
    for (const onItemError of ['skip', 'collect'] as const) {
      const run = new Driver(planOf({ l: { loop: { sink: 'b', onItemError } }, ...body }, []));
      run.on({ kind: 'loop-opened', path: 'l', count: 2 });
      run.fails('l[0].b');
      const [close] = run.done('l[1].b');
      const error = { ...errorOf('boom'), nodeId: 'b', path: 'l[0].b' };
      expect(close).toMatchObject({
        kind: 'close-loop',
        count: 2,
        notes: [onItemError === 'skip' ? { index: 0, outcome: 'dropped' } : { index: 0, outcome: 'error', error }],
      });
    }
  });

  test('a forEach node is its own body, its items at x[i]', () => {
    const run = new Driver(planOf({ x: { type: 'prompt', loop: { body: 'self', concurrency: 1, onItemError: 'skip' } } }, []));
    expect(brief(run.on({ kind: 'loop-opened', path: 'x', count: 2 }))).toEqual(['run x[0]']);
    expect(run.last[0]).toMatchObject({ nodeId: 'x', frames: [{ loop: 'x', path: 'x', index: 0 }] });
    expect(brief(run.fails('x[0]'))).toEqual(['run x[1]']);
    expect(brief(run.done('x[1]'))).toEqual(['close x']);
  });

  test('an expression for the result is evaluated at the end of each iteration', () => {
    const run = new Driver(planOf({ a: {}, l: { reads: ['a', 'b'], loop: {} }, ...body }, ['a>l']));
    expect(run.done('a')).toMatchObject([{ kind: 'open-loop', reads: [{ id: 'a' }] }]);
    run.on({ kind: 'loop-opened', path: 'l', count: 1 });
    const [close] = run.done('l[0].b');
    expect(close).toMatchObject({
      kind: 'close-iteration',
      path: 'l',
      index: 0,
      reads: [
        { id: 'a', path: 'a' },
        { id: 'b', path: 'l[0].b' },
      ],
    });
    expect(brief(run.on({ kind: 'iteration-closed', path: 'l', index: 0 }))).toEqual(['close l']);
  });

  test.each([
    ['opening', []],
    ['a condition', [{ kind: 'loop-opened', path: 'l', count: 0 }]],
  ] as [string, PlanEvent[]][])('the loop fails where %s fails, and ends as cancelled where it is stopped there', (_what, before) => {
    const plan = planOf({ l: { onError: 'branch', loop: { mode: 'while', sink: 'b' } }, ...body, h: {} }, ['l:error>h']);
    const failing = new Driver(plan);
    for (const event of before) failing.on(event);
    expect(brief(failing.fails('l'))).toEqual(['row l failed', 'run h']);

    const outside = new Driver(plan);
    for (const event of before) outside.on(event);
    expect(brief(outside.on({ kind: 'cancelled', path: 'l' }))).toEqual(['row l failed', 'run h']);

    const stopped = new Driver(plan);
    for (const event of before) stopped.on(event);
    stopped.on({ kind: 'cancel-run' });
    expect(brief(stopped.on({ kind: 'cancelled', path: 'l' }))).toEqual(['row l cancelled', 'finish cancelled']);
  });

  test('a loop whose results cannot be gathered fails', () => {
    const run = new Driver(planOf({ l: { loop: { sink: 'b' } }, ...body }, []));
    run.on({ kind: 'loop-opened', path: 'l', count: 0 });
    run.on({ kind: 'loop-closed', path: 'l', error: errorOf('value.too-large') });
    expect(run.finish?.error).toMatchObject({ code: 'value.too-large', nodeId: 'l' });
  });

  test('of many items that fail the first are remembered and the rest kept by the store: memory does not grow', () => {
    const plan = planOf({ l: { loop: { onItemError: 'collect', concurrency: 1 } }, a: { parent: 'l' }, b: { parent: 'l' } }, ['a>b']);
    const run = new Driver(plan);
    run.on({ kind: 'loop-opened', path: 'l', count: 300 });
    const kept: unknown[] = [];
    for (let index = 0; index < 300; index += 1)
      for (const command of run.fails(`l[${index}].a`))
        if (command.kind === 'write-rows') kept.push(...command.rows.flatMap((row) => (row.kept === undefined ? [] : [row.kept])));
    expect(kept.length).toBe(100);
    expect(kept[0]).toMatchObject({ loop: 'l', index: 200, text: expect.stringContaining('"path":"l[200].a"') as string });
    const close = run.last.find(({ kind }) => kind === 'close-loop');
    expect(close).toMatchObject({ stored: true, count: 300 });
    expect(close?.kind === 'close-loop' && close.notes.length).toBe(200);
  });

  test('nested loops: an inner failure goes outward with the innermost path', () => {
    const plan = planOf({ l: { loop: { onItemError: 'collect' } }, m: { parent: 'l', loop: { sink: 'b' } }, b: { parent: 'm' } }, []);
    const run = new Driver(plan);
    run.on({ kind: 'loop-opened', path: 'l', count: 1 });
    expect(brief(run.last)).toEqual(['open l[0].m']);
    run.on({ kind: 'loop-opened', path: 'l[0].m', count: 2 });
    expect(brief(run.fails('l[0].m[1].b'))).toEqual(['cancel l[0].m[0].b']);
    const commands = run.on({ kind: 'cancelled', path: 'l[0].m[0].b' });
    expect(commands.at(-1)).toMatchObject({
      kind: 'close-loop',
      path: 'l',
      notes: [{ index: 0, outcome: 'error', error: { nodeId: 'b', path: 'l[0].m[1].b' } }],
    });
  });

  test('the time-out of a loop stops it and fails it', () => {
    const run = new Driver(planOf({ l: { timeoutMs: 50, loop: { sink: 'b' } }, ...body }, []));
    expect(brief(run.last)).toEqual(['open l', 'timer l 50']);
    run.on({ kind: 'loop-opened', path: 'l', count: 1 });
    expect(brief(run.on({ kind: 'timer', key: 'l' }))).toEqual(['cancel l[0].b']);
    run.on({ kind: 'cancelled', path: 'l[0].b' });
    expect(run.finish?.error).toMatchObject({ code: 'step.timeout', nodeId: 'l', path: 'l' });
  });

  test('while asks before each iteration and until after it; reaching maxIterations fails', () => {
    const run = new Driver(planOf({ l: { loop: { mode: 'while', sink: 'b', maxIterations: 1 } }, ...body }, []));
    expect(brief(run.on({ kind: 'loop-opened', path: 'l', count: 0 }))).toEqual(['check l 0']);
    expect(brief(run.on({ kind: 'loop-checked', path: 'l', index: 0, holds: true }))).toEqual(['run l[0].b']);
    expect(brief(run.done('l[0].b'))).toEqual(['result l 0']);
    expect(brief(run.on({ kind: 'iteration-closed', path: 'l', index: 0 }))).toEqual(['check l 1']);
    run.on({ kind: 'loop-checked', path: 'l', index: 1, holds: true });
    expect(run.finish?.error?.code).toBe('loop.max-iterations');

    const until = new Driver(planOf({ l: { loop: { mode: 'until', sink: 'b' } }, ...body }, []));
    expect(brief(until.on({ kind: 'loop-opened', path: 'l', count: 0 }))).toEqual(['run l[0].b']);
    until.done('l[0].b');
    expect(brief(until.on({ kind: 'iteration-closed', path: 'l', index: 0 }))).toEqual(['check l 0']);
    expect(brief(until.on({ kind: 'loop-checked', path: 'l', index: 0, holds: true }))).toEqual(['close l']);
  });
});

describe('fused groups', () => {
  const nodes = { a: { group: 0 }, b: { group: 0 }, c: {} };
  const plan = planOf(nodes, ['a:true>b', 'b>c'], { groups: [['a', 'b']] });

  test('a group starts with its first node and its results come at once', () => {
    const run = new Driver(plan);
    expect(brief(run.last)).toEqual(['group #0']);
    expect(inFlight(run.state)).toEqual(['#0']);
    const results = [
      { nodeId: 'a', status: 'completed' as const, port: 'true' },
      { nodeId: 'b', status: 'completed' as const },
    ];
    expect(brief(run.on({ kind: 'group-settled', path: '#0', results }))).toEqual(['run c']);
  });

  test('a group with a pinned member runs node by node', () => {
    const run = new Driver(plan, { given: [{ nodeId: 'b', port: 'out', as: 'pinned' }] });
    expect(brief(run.last)).toEqual(['run a']);
    expect(brief(run.done('a', 'true'))).toEqual(['row b completed', 'run c']);
  });

  test('cancelling a run in the middle of a group keeps what the group gave', () => {
    const run = new Driver(plan);
    expect(brief(run.on({ kind: 'cancel-run' }))).toEqual(['row c skipped', 'cancel #0']);
    const commands = run.on({ kind: 'group-settled', path: '#0', results: [{ nodeId: 'a', status: 'completed', port: 'true' }] });
    expect(brief(commands)).toEqual(['row b skipped', 'finish cancelled']);
  });
});

test('the table of nodes has the run’s own graph with the progress of loops', () => {
  const run = new Driver(planOf({ l: { loop: { concurrency: 1 } }, b: { parent: 'l' }, z: {} }, ['l>z']));
  run.on({ kind: 'loop-opened', path: 'l', count: 4 });
  expect(nodeTable(run.plan, run.state)).toEqual([
    { nodeId: 'l', label: 'l', status: 'running', items: { done: 0, count: 4 } },
    { nodeId: 'z', label: 'z', status: 'queued' },
  ]);
});
