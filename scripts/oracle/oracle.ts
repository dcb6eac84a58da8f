// The oracle: the rules of 03's "Meaning", read as plainly as they are written, in virtual time. It is meant to be obviously right, not fast:
// after every event it looks at every node of every open scope again.
import { carried, isFirst, liveEdges, liveSince, readiness } from './edges.ts';
import { abandon, complete, endRun, fail, passThrough, skip, usePin, itemsInOrder } from './ending.ts';
import { moveLoop, openLoop } from './loops.ts';
import { observe, observeCancel, observePause, observeRoom, observeRunning } from './observe.ts';
import { isTimer, park, parkedOnes, receive, release, settleUnknown } from './parking.ts';
import { comparePaths } from './paths.ts';
import type { RuleId } from './rules.ts';
import { hasChild, isPinned, isSettled, newRun, opens, parks } from './state.ts';
import type { Event, Message, NodeState, Run } from './state.ts';
import { settleFromTheStart } from './start.ts';
import type { Definition, Edge, InterpretOptions, Item, MergeResult, NodeResult, Result, Script } from './types.ts';

export interface Interpretation extends Result {
  /** Virtual time at which the last node settled. */
  readonly endedAtMs: number;
  /** Time in which something was done. */
  readonly activeMs: number;
  /** When timers of waits and approvals came. */
  readonly timersAt: readonly number[];
  /** When the run waited. */
  readonly waited: readonly (readonly [from: number, to: number])[];
  readonly completedInOrder: readonly string[];
  /** By path of a loop or `forEach` node: the items that were over when it ended, however it did. */
  readonly overItems: ReadonlyMap<string, readonly Item[]>;
  /** What nobody ends, where the status is `waiting`. */
  readonly waitingFor: readonly { readonly path: string; readonly nodeId: string }[];
  /** The rules that this run met. */
  readonly met: ReadonlySet<RuleId>;
}

/** Runs the definition to its end under the script. Throws only on a definition that 03 would not publish. */
export function interpret(definition: Definition, script: Script, options: InterpretOptions = {}): Interpretation {
  const run = newRun(definition, script, options);
  if (options.cancelAt !== undefined) run.events.push({ at: options.cancelAt, path: '', kind: 'cancel' });
  for (const { at, ...message } of options.messages ?? []) run.events.push({ at, path: '', kind: 'message', message });
  for (const { at, until } of options.pauses ?? []) run.events.push({ at, path: '', kind: 'pause' }, { at: until, path: '', kind: 'resume' });
  settleFromTheStart(run);
  advance(run);
  while (run.root.nodes.some((state) => state.status === 'running' || (run.paused && state.status === 'pending'))) {
    const event = takeNext(run);
    if (event === undefined) break; // it waits for ever
    const isStale = event.state !== undefined && event.state.status !== 'running';
    if (run.paused && isTimer(event) && !isStale) {
      run.due.push(event);
      continue;
    }
    if (isStale) continue; // cancelled or answered meanwhile
    pass(run, event.at);
    run.tick += 1;
    const held = event.kind === 'resume' ? heldLoops(run) : [];
    apply(run, event);
    if (event.kind === 'resume') goOn(run, held);
    advance(run);
  }
  return resultOfRun(run);
}

/** What a pause held back begins all at once; then the conditions that could not be asked are answered, one after the other. */
function goOn(run: Run, held: readonly NodeState[]): void {
  run.asking = true;
  advance(run);
  for (const state of held) {
    if (state.status !== 'running' || state.scope.closed) continue;
    run.asking = false;
    moveLoop(run, state);
    run.asking = true;
    advance(run);
  }
  run.asking = false;
}

/** Loops whose condition is due, in order of path, the run's own graph first. */
function heldLoops(run: Run): readonly NodeState[] {
  return run.scopes
    .flatMap((scope) => (scope.closed ? [] : scope.nodes))
    .filter((state) => state.status === 'running' && state.loop?.rounds !== undefined && state.loop.active.size === 0)
    .sort((a, b) => comparePaths(a.scope.prefix, b.scope.prefix) || comparePaths(a.path, b.path));
}

/** The earliest event; in one moment, in order of path. */
function takeNext(run: Run): Event | undefined {
  const timeOut = timesOutAt(run);
  const { events } = run;
  let first = -1;
  events.forEach((event, index) => {
    const best = events[first];
    if (best === undefined || event.at < best.at || (event.at === best.at && comparePaths(event.path, best.path) < 0)) first = index;
  });
  const found = events[first];
  if (timeOut !== undefined && (found === undefined || timeOut <= found.at)) return { at: timeOut, path: '', kind: 'time-out' };
  if (found !== undefined) events.splice(first, 1);
  return found;
}

/** Rule 11: only time that is not spent waiting counts, and timers are acted on at the resume of a paused run. */
function timesOutAt(run: Run): number | undefined {
  if (run.paused) return undefined;
  const left = run.limitMs - run.activeMs;
  if (left <= 0) return run.now;
  return isActive(run) ? run.now + left : undefined;
}

/** Whether anything in flight is not parked. */
function isActive(run: Run): boolean {
  return run.scopes.some((scope) =>
    scope.nodes.some((state) => state.status === 'running' && state.parked === undefined && state.loop === undefined),
  );
}

function pass(run: Run, to: number): void {
  if (isActive(run)) {
    const left = run.limitMs - run.activeMs;
    if (run.paused && left > 0 && to - run.now >= left) run.timedOutAt = run.now + left;
    run.activeMs += to - run.now;
  } else if (to > run.now && parkedOnes(run).length > 0) {
    run.met.add('run-waits');
    run.waited.push([run.now, to]);
  }
  run.now = to;
}

function apply(run: Run, event: Event): void {
  switch (event.kind) {
    case 'cancel':
      observeCancel(run);
      return endRun(run, 'cancelled');
    case 'time-out':
      return endRun(run, 'timed_out');
    case 'pause':
      run.paused = true;
      return;
    case 'resume':
      run.paused = false;
      for (const due of run.due.splice(0)) {
        if (due.at >= run.timedOutAt) break;
        if (due.state?.status !== 'running') continue; // answered or ended in the pause
        run.met.add('pause-timer-at-resume');
        apply(run, due);
      }
      if (run.timedOutAt < Infinity && run.ended === undefined) endRun(run, 'timed_out');
      return;
    case 'message':
      return receive(run, event.message as Message);
    default:
      return applyToNode(run, event.kind, event.state as NodeState);
  }
}

function applyToNode(run: Run, kind: 'end' | 'open' | 'elapsed' | 'timeout' | 'limit' | 'outcome', state: NodeState): void {
  const behaviour = run.script.behave(state.node.id, state.path);
  const error = (code: string) => ({ nodeId: state.node.id, path: state.path, code });
  if (kind === 'elapsed' || kind === 'timeout') run.timersAt.push(run.now);
  if (kind === 'elapsed') return release(run, state, 'out');
  if (kind === 'timeout') return release(run, state, 'timeout');
  if (kind === 'outcome') return settleUnknown(run, state);
  if (kind === 'limit') {
    abandon(run, state);
    return fail(run, state, error('step.timeout'));
  }
  if (run.paused && kind === 'end') run.met.add('pause-lets-attempts-end');
  if (kind === 'end' && behaviour.unknown !== undefined && !state.calledBefore && state.scope.owner?.isForEach !== true) {
    state.parked = { reason: 'unknown-outcome', since: run.tick };
    run.events.push({ at: run.now + behaviour.unknown.afterMs, path: state.path, kind: 'outcome', state });
    return;
  }
  const isChild = hasChild(state.node);
  if (behaviour.outcome === 'fail' && !(isChild && kind === 'open')) {
    const code = isChild ? 'subworkflow.failed' : (behaviour.errorCode ?? 'step.failed');
    return fail(run, state, error(code));
  }
  if (kind === 'open') return parks(state.node) ? park(run, state) : openLoop(run, state, behaviour);
  const chosen = {
    condition: behaviour.port ?? 'true',
    switch: behaviour.port ?? 'default',
    evaluate: state.node.config['gate'] === undefined ? 'out' : behaviour.port,
  }[state.node.type as string];
  delete state.parked;
  complete(run, state, chosen ?? 'out', { $from: state.path });
}

/** What follows from the event without time passing, until nothing more does; then what may start starts. */
function advance(run: Run): void {
  let changed = true;
  while (changed) {
    changed = false;
    for (const scope of run.scopes) {
      for (const state of scope.nodes) {
        if (!scope.closed && settlesAtOnce(run, state)) changed = true;
      }
    }
  }
  for (const scope of run.scopes) {
    if (scope.closed) continue;
    if (run.paused) {
      observePause(run, scope);
      continue;
    }
    const ready = scope.nodes.filter((state) => state.status === 'pending' && readiness(run, state) === 'run');
    const running = scope.nodes.filter((state) => state.status === 'running' && state.parked === undefined).length;
    const room = scope === run.root ? Math.max(0, run.maxParallel - running) : ready.length;
    if (scope === run.root) observeRoom(run, ready.length, room);
    for (const state of ready.slice(0, room)) start(run, state);
  }
  observeRunning(run);
}

/** Skips, passes through, and moves loops on. Says whether anything changed. */
function settlesAtOnce(run: Run, state: NodeState): boolean {
  if (state.status === 'running') return state.loop !== undefined && moveLoop(run, state);
  if (state.status !== 'pending') return false;
  const verdict = readiness(run, state);
  if (verdict === 'skip') {
    skip(run, state, 'edges');
    return true;
  }
  if (verdict === 'wait' || !(state.node.disabled || isPinned(run, state))) return false;
  if (state.node.disabled) passThrough(run, state);
  else usePin(run, state);
  return true;
}

function start(run: Run, state: NodeState): void {
  state.status = 'running';
  state.startedTick = run.tick;
  run.starts.push([run.now, state.path]);
  if (state.node.type === 'merge') state.merge = mergeOf(run, state);
  const limitMs = state.node.timeoutMs;
  if (limitMs !== undefined && (state.node.type === 'loop' || state.node.type === 'subworkflow')) {
    run.events.push({ at: run.now + limitMs, path: state.path, kind: 'limit', state });
  }
  if (opens(state.node) || parks(state.node)) {
    run.events.push({ at: run.now, path: state.path, kind: 'open', state });
  } else {
    const { durationMs } = run.script.behave(state.node.id, state.path);
    run.events.push({ at: run.now + durationMs, path: state.path, kind: 'end', state });
  }
}

/** Rule 9. */
function mergeOf(run: Run, state: NodeState): MergeResult {
  const mode = state.node.config['mode'] as MergeResult['mode'];
  const source = (edge: Edge) => ({ from: edge.from, value: carried(run, state.scope, edge) });
  const live = liveEdges(run, state);
  if (isFirst(state)) {
    const since = (edge: Edge): number => liveSince(run, state.scope, edge);
    const earliest = Math.min(...live.map(since));
    return {
      mode,
      sources: live
        .filter((edge) => since(edge) === earliest)
        .slice(0, 1)
        .map(source),
    };
  }
  const sources = live.map(source);
  return { mode, sources: mode === 'append' ? sources.filter(({ value }) => value !== null) : sources };
}

function resultOfRun(run: Run): Interpretation {
  const states = run.scopes.flatMap((scope) => scope.nodes);
  const unsettled = states.find((state) => !isSettled(state));
  const waits = unsettled !== undefined && parkedOnes(run).length > 0;
  if (unsettled !== undefined && !waits) throw new Error(`${unsettled.path} is ${unsettled.status} at the end of the run`);
  observe(run);
  return {
    status: waits ? 'waiting' : (run.ended ?? (run.error === null ? 'completed' : 'failed')),
    error: run.error,
    nodes: new Map(states.map((state) => [state.path, nodeResultOf(state)])),
    outputs: Object.fromEntries(run.outputs),
    starts: run.starts.sort((a, b) => a[0] - b[0] || comparePaths(a[1], b[1])),
    childrenCancelled: run.childrenCancelled.sort(comparePaths),
    completedInOrder: states
      .filter((state) => state.status === 'completed')
      .sort((a, b) => a.settledTick - b.settledTick)
      .map((state) => state.path),
    overItems: new Map(states.flatMap((state) => (state.loop === undefined ? [] : [[state.path, itemsInOrder(state.loop)] as const]))),
    waitingFor: parkedOnes(run).map((state) => ({ path: state.path, nodeId: state.node.id })),
    endedAtMs: run.now,
    activeMs: run.activeMs,
    waited: run.waited,
    timersAt: run.timersAt,
    met: run.met,
  };
}

function nodeResultOf(state: NodeState): NodeResult {
  const completed = state.status === 'completed';
  const byItself = completed && state.error === undefined && !state.pinned && !state.seeded;
  return {
    nodeId: state.node.id,
    status: state.status as NodeResult['status'],
    ...(state.port === undefined ? {} : { port: state.port }),
    ...(state.recovered ? { recovered: true } : {}),
    ...(state.pinned ? { pinned: true } : {}),
    ...(state.seeded ? { seeded: true } : {}),
    ...(completed ? { value: state.value } : {}),
    ...(byItself && state.merge ? { merge: state.merge } : {}),
    ...(byItself && state.items ? { items: state.items } : {}),
    ...(byItself && state.previous ? { previous: state.previous, last: state.last ?? null } : {}),
  };
}
