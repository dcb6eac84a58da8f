// Rules 7 and 8: how loops open, begin iterations, and end.
import { complete, endIteration, fail, failLoop, itemsInOrder, sinksOf } from './ending.ts';
import { isSettled, newIteration } from './state.ts';
import type { LoopState, NodeState, Run, Scope } from './state.ts';
import type { Behaviour, OnItemError, Value } from './types.ts';

/** The loop or `forEach` node knows what it goes over. Items that a retry kept are over already. */
export function openLoop(run: Run, state: NodeState, behaviour: Behaviour): void {
  const { config } = state.node;
  const { concurrency = 10, onItemError = 'fail' } = config as { concurrency?: number; onItemError?: OnItemError };
  const kept = run.options.kept?.items.get(state.path) ?? [];
  const mode = config['mode'];
  const shared = { next: 0, active: new Map(), ended: new Map(kept.map((item) => [item.index, item])), stopping: false, previous: [] };
  if (mode !== 'while' && mode !== 'until') {
    state.loop = { ...shared, count: behaviour.items ?? 0, concurrency, onItemError, last: null };
    return;
  }
  const { maxIterations = 100, onMax = 'fail' } = config as { maxIterations?: number; onMax?: 'fail' | 'continue' };
  const lastKept = kept.at(-1);
  const initial: Value = config['initial'] === undefined ? null : { $initial: state.path };
  state.loop = {
    ...shared,
    next: kept.length,
    count: behaviour.rounds ?? 0,
    concurrency: 1,
    onItemError: 'fail',
    last: lastKept?.kind === 'result' ? lastKept.value : initial,
    rounds: { mode, max: maxIterations, onMax, checkFailsAt: behaviour.checkFailsAt ?? -1 },
  };
}

/** Ends iterations that are over, begins the next ones, ends the loop. Says whether anything changed. */
export function moveLoop(run: Run, state: NodeState): boolean {
  const loop = state.loop;
  if (loop === undefined) return false;
  let changed = false;
  for (const [index, scope] of loop.active) {
    if (!scope.nodes.every(isSettled)) continue;
    const value = resultOf(run, scope);
    endIteration(run, scope, { index, kind: 'result', value });
    loop.last = value;
    changed = true;
  }
  if (run.asking && loop.rounds !== undefined) return changed;
  if (run.paused && (loop.rounds !== undefined || (!loop.stopping && skipKept(loop) < loop.count))) return changed; // nothing new starts, no condition is asked
  if (loop.rounds !== undefined) return moveRounds(run, state, loop, loop.rounds) || changed;
  while (!loop.stopping && loop.active.size < loop.concurrency && skipKept(loop) < loop.count) {
    loop.active.set(loop.next, newIteration(run, state, loop.next));
    loop.next += 1;
    changed = true;
  }
  if (loop.active.size > 0) return changed;
  if (loop.stopping) failLoop(run, state, loop);
  else completeItems(run, state, loop);
  return true;
}

/** Rule 8: `while` asks before each iteration, `until` after each. */
function moveRounds(run: Run, state: NodeState, loop: LoopState, { mode, max, onMax, checkFailsAt }: NonNullable<LoopState['rounds']>): boolean {
  if (loop.active.size > 0) return false;
  const behind = loop.next;
  const asks = mode === 'while' || behind > 0;
  const error = (code: string) => ({ nodeId: state.node.id, path: state.path, code });
  if (asks && behind === checkFailsAt) {
    run.met.add('round-check-fails');
    fail(run, state, error(run.script.behave(state.node.id, state.path).errorCode ?? 'step.failed'));
  } else if (asks && behind >= loop.count) {
    if (behind === max) run.met.add('round-ends-at-max-itself');
    completeRounds(run, state, loop);
  } else if (behind >= max && onMax === 'continue') {
    run.met.add('round-max-continue');
    completeRounds(run, state, loop);
  } else if (behind >= max) {
    run.met.add('round-max-fails');
    fail(run, state, error('loop.max-iterations'));
  } else {
    loop.previous.push(loop.last);
    loop.active.set(behind, newIteration(run, state, behind));
    loop.next += 1;
  }
  return true;
}

/** The index that begins next, past those that are over already. */
function skipKept(loop: LoopState): number {
  while (loop.ended.has(loop.next)) loop.next += 1;
  return loop.next;
}

function completeRounds(run: Run, state: NodeState, loop: LoopState): void {
  state.previous = loop.previous;
  state.last = loop.last;
  complete(run, state, 'out', { $from: state.path });
}

/** Rule 7: the output is in item order; `skip` drops the items that failed. */
function completeItems(run: Run, state: NodeState, loop: LoopState): void {
  state.items = itemsInOrder(loop).filter((item) => item.kind === 'result' || loop.onItemError === 'collect');
  complete(run, state, 'out', { $from: state.path });
}

/** The result of an iteration all of whose nodes are settled: `result` where it is set, else that of the only sink. */
function resultOf(run: Run, scope: Scope): Value {
  const owner = scope.owner;
  if (owner?.loop.node.config['result'] !== undefined) return { $result: `${owner.loop.path}[${owner.index}]` };
  const sinks = sinksOf(run, scope);
  const [sink] = sinks;
  if (sink === undefined || sinks.length > 1) throw new Error(`the body of ${owner?.loop.path} has ${sinks.length} sinks and no result`);
  return sink.status === 'completed' ? sink.value : null;
}
