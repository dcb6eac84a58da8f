// The oracle: 03's rules 1 to 7, 9 and 10, read as plainly as they are written, in virtual time. It is meant to be obviously right, not fast:
// after every event it looks at every node of every open scope again.
import { carried, isFirst, liveEdges, liveSince, readiness } from './edges.ts';
import { complete, completeLoop, endIteration, endRun, fail, failLoop, isOver, passThrough, resultOf, skip, usePin } from './ending.ts';
import { observe, observeRoom, observeRunning } from './observe.ts';
import { comparePaths } from './paths.ts';
import type { RuleId } from './rules.ts';
import { isPinned, newIteration, newRun, opens } from './state.ts';
import type { Event, NodeState, Run } from './state.ts';
import type { Definition, Edge, InterpretOptions, MergeResult, NodeResult, OnItemError, Result, Script } from './types.ts';

export interface Interpretation extends Result {
  /** Virtual time at which the last node settled. */
  readonly endedAtMs: number;
  /** The rules that this run met. */
  readonly met: ReadonlySet<RuleId>;
}

/** Runs the definition to its end under the script. Throws only on a definition that 03 would not publish. */
export function interpret(definition: Definition, script: Script, options: InterpretOptions = {}): Interpretation {
  const run = newRun(definition, script, options);
  if (options.cancelAt !== undefined) run.events.push({ at: options.cancelAt, path: '', kind: 'cancel' });
  run.events.push({ at: options.timeoutMs ?? definition.settings?.timeoutMs ?? 3_600_000, path: '', kind: 'time-out' });
  advance(run);
  while (run.root.nodes.some((state) => state.status === 'running')) {
    const event = takeNext(run.events);
    if (event.state !== undefined && event.state.status !== 'running') continue; // cancelled meanwhile
    run.now = event.at;
    run.tick += 1;
    apply(run, event);
    advance(run);
  }
  return resultOfRun(run);
}

/** The earliest event; in one moment, in order of path. */
function takeNext(events: Event[]): Event {
  let first = 0;
  events.forEach((event, index) => {
    const best = events[first] as Event;
    if (event.at < best.at || (event.at === best.at && comparePaths(event.path, best.path) < 0)) first = index;
  });
  const [event] = events.splice(first, 1);
  if (event === undefined) throw new Error('something runs and nothing is going to happen');
  return event;
}

function apply(run: Run, event: Event): void {
  if (event.kind === 'cancel') return endRun(run, 'cancelled');
  if (event.kind === 'time-out') return endRun(run, 'timed_out');
  const state = event.state as NodeState;
  const behaviour = run.script.behave(state.node.id, state.path);
  if (behaviour.outcome === 'fail') {
    const error = { nodeId: state.node.id, path: state.path, code: behaviour.errorCode ?? 'step.failed' };
    return fail(run, state, error);
  }
  if (event.kind === 'open') {
    const { concurrency = 10, onItemError = 'fail' } = state.node.config as { concurrency?: number; onItemError?: OnItemError };
    state.loop = { count: behaviour.items ?? 0, concurrency, onItemError, next: 0, active: new Map(), ended: new Map(), stopping: false };
    return;
  }
  const chosen = { condition: behaviour.port ?? 'true', switch: behaviour.port ?? 'default' }[state.node.type as string];
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
    const ready = scope.nodes.filter((state) => state.status === 'pending' && readiness(run, state) === 'run');
    const running = scope.nodes.filter((state) => state.status === 'running').length;
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

/** Ends iterations that are over, begins the next ones, ends the loop. */
function moveLoop(run: Run, state: NodeState): boolean {
  const loop = state.loop;
  if (loop === undefined) return false;
  let changed = false;
  for (const [index, scope] of loop.active) {
    if (!isOver(scope)) continue;
    endIteration(run, scope, { index, kind: 'result', value: resultOf(run, scope) });
    changed = true;
  }
  while (!loop.stopping && loop.next < loop.count && loop.active.size < loop.concurrency) {
    loop.active.set(loop.next, newIteration(run, state, loop.next));
    loop.next += 1;
    changed = true;
  }
  if (loop.active.size > 0) return changed;
  if (loop.stopping) failLoop(run, state, loop);
  else completeLoop(run, state, loop);
  return true;
}

function start(run: Run, state: NodeState): void {
  state.status = 'running';
  state.startedTick = run.tick;
  run.starts.push([run.now, state.path]);
  if (state.node.type === 'merge') state.merge = mergeOf(run, state);
  if (opens(state.node)) {
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
  const unsettled = states.find((state) => state.status === 'pending' || state.status === 'running');
  if (unsettled !== undefined) throw new Error(`${unsettled.path} is ${unsettled.status} at the end of the run`);
  observe(run);
  return {
    status: run.ended ?? (run.error === null ? 'completed' : 'failed'),
    error: run.error,
    nodes: new Map(states.map((state) => [state.path, nodeResultOf(state)])),
    outputs: Object.fromEntries(run.outputs),
    starts: run.starts.sort((a, b) => a[0] - b[0] || comparePaths(a[1], b[1])),
    endedAtMs: run.now,
    met: run.met,
  };
}

function nodeResultOf(state: NodeState): NodeResult {
  const completed = state.status === 'completed';
  const byItself = completed && state.error === undefined && !state.pinned;
  return {
    nodeId: state.node.id,
    status: state.status as NodeResult['status'],
    ...(state.port === undefined ? {} : { port: state.port }),
    ...(state.recovered ? { recovered: true } : {}),
    ...(state.pinned ? { pinned: true } : {}),
    ...(completed ? { value: state.value } : {}),
    ...(byItself && state.merge ? { merge: state.merge } : {}),
    ...(byItself && state.items ? { items: state.items } : {}),
  };
}
