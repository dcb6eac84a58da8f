// How nodes, iterations and the run end: rules 3, 5, 6, 7 and 10.
import { carried, downstreamOf, liveEdges } from './edges.ts';
import { observeLoopFailure } from './observe.ts';
import { portOfGiven } from './state.ts';
import type { LoopState, NodeState, Run, Scope } from './state.ts';
import type { Item, RunError, Value } from './types.ts';

export function complete(run: Run, state: NodeState, port: string, value: Value): void {
  state.status = 'completed';
  state.settledTick = run.tick;
  state.port = port;
  state.value = value;
  const name = state.node.config['name'];
  if (state.node.type !== 'output' || state.node.disabled || typeof name !== 'string') return;
  if (run.outputs.has(name)) run.met.add('output-later-wins');
  run.outputs.set(name, state.path); // rule 10: what completes later wins
}

export function skip(run: Run, state: NodeState, skippedBy: 'edges' | 'stop' | 'finish' | 'test'): void {
  state.status = 'skipped';
  state.skippedBy = skippedBy;
  state.settledTick = run.tick;
}

/** Rule 3. */
export function passThrough(run: Run, state: NodeState): void {
  const live = liveEdges(run, state);
  const only = live.length === 1 ? live[0] : undefined;
  const port = { condition: 'true', switch: 'default', approval: 'approved' }[state.node.type as string] ?? 'out';
  complete(run, state, port, only === undefined ? null : carried(run, state.scope, only));
}

/** Rule 14: a pinned node is completed with what was given. */
export function usePin(run: Run, state: NodeState): void {
  state.pinned = true;
  const value = run.options.pinned?.[state.node.id] ?? null;
  complete(run, state, portOfGiven(state.node, value), { $value: value });
}

/** Rule 5: what happens after the last attempt of a node failed, or after a loop failed. */
export function fail(run: Run, state: NodeState, error: RunError): void {
  const onError = state.node.onError ?? { mode: 'fail' };
  state.error = error;
  if (onError.mode === 'continue') return complete(run, state, 'out', null);
  if (onError.mode === 'fallback') {
    state.recovered = true;
    return complete(run, state, portOfGiven(state.node, onError.value), { $value: onError.value });
  }
  state.status = 'failed';
  state.settledTick = run.tick;
  if (onError.mode === 'branch') {
    state.port = 'error';
  } else if (state.scope.owner === undefined) {
    failRun(run, state, error);
  } else {
    endIteration(run, state.scope, { index: state.scope.owner.index, kind: 'error', error });
  }
}

/** Rule 6. */
function failRun(run: Run, state: NodeState, error: RunError): void {
  if (run.error !== null) run.met.add('first-error-recorded');
  run.error ??= error;
  if ((run.definition.settings?.onFailure ?? 'stop') === 'stop') return endRun(run, 'failed');
  const downstream = downstreamOf(run, state);
  for (const other of run.root.nodes) {
    if (downstream.has(other.node.id) && other.status === 'pending') skip(run, other, 'finish');
  }
}

/** Stop, cancel and time-out: nothing more starts, what runs is cancelled, what never started is skipped. */
export function endRun(run: Run, how: 'failed' | 'cancelled' | 'timed_out'): void {
  run.ended = how;
  stopScope(run, run.root);
}

function stopScope(run: Run, scope: Scope): void {
  scope.closed = true;
  for (const state of scope.nodes) {
    if (state.status === 'pending') skip(run, state, 'stop');
    if (state.status !== 'running') continue;
    abandon(run, state);
    state.status = 'cancelled';
    state.settledTick = run.tick;
  }
}

/** What hangs on a running node ends with it: the iterations of a loop, the child run of a subworkflow (rule 12: cancel is passed down). */
export function abandon(run: Run, state: NodeState): void {
  if (state.parked?.reason === 'child') run.childrenCancelled.push(state.path);
  stopIterations(run, state.loop);
  delete state.parked;
}

function stopIterations(run: Run, loop: LoopState | undefined): void {
  for (const iteration of loop?.active.values() ?? []) stopScope(run, iteration);
  loop?.active.clear();
}

/** Rule 7: one iteration ended, well or not. */
export function endIteration(run: Run, scope: Scope, item: Item): void {
  const owner = scope.owner;
  const loop = owner?.loop.loop;
  if (owner === undefined || loop === undefined) throw new Error(`no open loop around ${scope.prefix}`);
  stopScope(run, scope);
  loop.active.delete(owner.index);
  loop.ended.set(owner.index, item);
  if (item.kind === 'result' || loop.onItemError !== 'fail') return;
  loop.stopping = true;
  if ((run.options.readings?.loopFail ?? 'at-once') === 'at-once') failLoop(run, owner.loop, loop);
}

/** The loop fails with the error of its lowest failing index; a `while` or `until` with that of its only failing iteration. */
export function failLoop(run: Run, state: NodeState, loop: LoopState): void {
  observeLoopFailure(run, loop);
  stopIterations(run, loop);
  const failed = itemsInOrder(loop).find((item) => item.kind === 'error');
  if (failed?.kind !== 'error') throw new Error(`${state.path} has no failed item`);
  fail(run, state, failed.error);
}

export function itemsInOrder(loop: LoopState): readonly Item[] {
  return [...loop.ended.values()].sort((a, b) => a.index - b.index);
}

export function sinksOf(run: Run, scope: Scope): readonly NodeState[] {
  if (scope.owner?.isForEach) return scope.nodes;
  return scope.nodes.filter((state) => !(run.definition.edges ?? []).some((edge) => edge.from === state.node.id));
}
