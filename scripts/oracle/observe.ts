// Which rules a run met. It only looks: nothing here decides anything.
import { carried, edgeState, incomingOf, liveEdges, liveSince, readiness, sourceOf } from './edges.ts';
import { observeKind, observeRounds, observeStart } from './observe-kinds.ts';
import type { RuleId } from './rules.ts';
import { opens } from './state.ts';
import type { LoopState, NodeState, Run, Scope } from './state.ts';

/** Called before nodes of the run's own graph start: so many are ready, so many may start. */
export function observeRoom(run: Run, ready: number, room: number): void {
  if (ready <= room) return;
  run.met.add('max-parallel-holds-back');
  if (room > 0) run.met.add('max-parallel-id-order');
}

/** Called whenever time is about to pass. */
export function observeRunning(run: Run): void {
  const running = run.scopes
    .flatMap((scope) => scope.nodes)
    .filter((state) => state.status === 'running' && !opens(state.node) && state.parked === undefined);
  if (running.length > run.maxParallel) run.met.add('body-outside-max-parallel');
}

/** Called when a loop is about to fail: would another of its items, with a higher index, fail in the same moment? */
export function observeLoopFailure(run: Run, loop: LoopState): void {
  const others = [...loop.active.values()];
  const wouldFail = run.events.some(
    ({ at, state }) =>
      at === run.now &&
      state?.status === 'running' &&
      state.loop === undefined &&
      others.includes(state.scope) &&
      run.script.behave(state.node.id, state.path).outcome === 'fail' &&
      (state.node.onError?.mode ?? 'fail') === 'fail',
  );
  if (wouldFail) run.met.add('loop-lowest-index-error');
}

/** Called at the end of the run. */
export function observe(run: Run): void {
  const when = (rule: RuleId, met: boolean | undefined): void => {
    if (met) run.met.add(rule);
  };
  for (const scope of run.scopes) {
    for (const state of scope.nodes) {
      observeJoin(run, state, when);
      observePorts(run, state, when);
      observeDisabled(run, state, when);
      observeOnError(run, state, when);
      observeMerge(run, state, when);
      if (state.loop?.rounds === undefined) {
        if (state.loop !== undefined) observeLoop(run, state, state.loop, when);
      } else {
        observeRounds(state, state.loop, when);
      }
      observeKind(run, state, when);
    }
    observeIteration(run, scope, when);
  }
  observeRunEnd(run, when);
  observeStart(run, when);
}

export type When = (rule: RuleId, met: boolean | undefined) => void;

function observeJoin(run: Run, state: NodeState, when: When): void {
  const edges = incomingOf(run, state);
  const live = liveEdges(run, state).length;
  const started = state.startedTick >= 0;
  const isAll = state.node.join === 'all';
  const waits = state.node.config['mode'] !== 'first';
  when('no-edges-ready-at-once', started && edges.length === 0);
  when('join-any-runs', started && !isAll && waits && live > 0 && live < edges.length);
  when('join-all-runs', started && isAll && edges.length > 1);
  when('join-inside-loop', started && edges.length > 1 && state.scope.owner !== undefined);
  when('trigger-edge-live', started && edges.some((edge) => edge.from === run.trigger));
  when(
    'trigger-edge-dead',
    edges.some((edge) => run.triggerIds.has(edge.from) && edge.from !== run.trigger),
  );
  when('trigger-default', run.options.trigger === undefined && edges.some((edge) => run.triggerIds.has(edge.from)));
  if (state.skippedBy !== 'edges') return;
  when('join-any-skips', !isAll && live === 0);
  when('join-all-skips', isAll && live > 0);
  when(
    'skip-propagates',
    edges.some((edge) => !run.triggerIds.has(edge.from) && sourceOf(state.scope, edge).status === 'skipped'),
  );
  when('merge-first-skipped', !waits);
}

function observePorts(run: Run, state: NodeState, when: When): void {
  const { type } = state.node;
  const byItself = state.status === 'completed' && state.startedTick >= 0 && state.error === undefined;
  when('condition-true', byItself && type === 'condition' && state.port === 'true');
  when('condition-false', byItself && type === 'condition' && state.port === 'false');
  when('switch-case', byItself && type === 'switch' && state.port !== 'default');
  when('switch-default', byItself && type === 'switch' && state.port === 'default');
  when('out-named', state.startedTick >= 0 && liveEdges(run, state).some((edge) => edge.fromPort === 'out'));
  when('output-skipped-names-nothing', type === 'output' && !state.node.disabled && state.status !== 'completed');
  when('pinned-does-not-run', state.pinned);
  when('pinned-port', state.pinned && (type === 'condition' || type === 'switch'));
  when('pinned-inside-loop', state.pinned && state.scope.owner !== undefined);
}

function observeDisabled(run: Run, state: NodeState, when: When): void {
  if (!state.node.disabled) return;
  when('disabled-skipped', state.skippedBy === 'edges');
  if (state.status !== 'completed') return;
  const live = liveEdges(run, state);
  const [only] = live;
  when('disabled-only-source', live.length === 1 && only !== undefined && carried(run, state.scope, only) !== null);
  when('disabled-several-sources', live.length > 1);
  when('disabled-no-source', incomingOf(run, state).length === 0);
  when('disabled-condition-true', state.node.type === 'condition');
  when('disabled-switch-default', state.node.type === 'switch');
  when('disabled-approval-approved', state.node.type === 'approval');
  when('disabled-loop-skips-body', state.node.type === 'loop');
  when('disabled-rounds-skip-body', state.node.type === 'loop' && state.node.config['mode'] !== 'for_each');
  when('disabled-wait-out', state.node.type === 'wait');
  when('disabled-subworkflow-evaluate', state.node.type === 'subworkflow' || state.node.type === 'evaluate');
  when('disabled-output-names-nothing', state.node.type === 'output');
  when('disabled-inside-loop', state.scope.owner !== undefined);
}

function observeOnError(run: Run, state: NodeState, when: When): void {
  const { node } = state;
  const mode = node.onError?.mode ?? 'fail';
  const outgoing = state.scope.owner?.isForEach ? [] : (run.definition.edges ?? []).filter((edge) => edge.from === node.id);
  when('branch-error-dead', mode === 'branch' && state.status === 'completed');
  if (state.error === undefined) return;
  when('continue-null', mode === 'continue');
  when('fallback-recovered', mode === 'fallback');
  when('fallback-condition-port', mode === 'fallback' && node.type === 'condition');
  when('fallback-switch-port', mode === 'fallback' && node.type === 'switch');
  when('fallback-approval-port', mode === 'fallback' && node.type === 'approval');
  when('branch-error-port', mode === 'branch');
  when('branch-out-dead', mode === 'branch' && outgoing.some((edge) => edge.fromPort !== 'error'));
  when('branch-inside-loop', mode === 'branch' && state.scope.owner !== undefined);
  when('branch-is-handled', mode === 'branch' && state.scope === run.root && run.error === null && run.ended === undefined);
  when('loop-own-on-error', mode !== 'fail' && node.type === 'loop');
  when('loop-open-fails', opens(node) && state.loop === undefined);
}

function observeMerge(run: Run, state: NodeState, when: When): void {
  if (state.merge === undefined) return;
  const { mode, sources } = state.merge;
  const edges = incomingOf(run, state);
  const live = liveEdges(run, state);
  when('merge-append', mode === 'append' && sources.length > 1);
  when('merge-append-null', mode === 'append' && live.length > sources.length);
  when('merge-object', mode === 'object' && sources.length > 1);
  when('merge-combine', mode === 'combine' && sources.length > 1);
  when(
    'merge-error-edge',
    sources.some(({ value }) => value !== null && '$error' in value),
  );
  when('merge-inside-loop', state.scope.owner !== undefined);
  when('merge-dead-source', mode !== 'first' && edges.some((edge) => edgeState(run, state.scope, edge) === 'dead'));
  if (mode !== 'first') return;
  const since = live.map((edge) => liveSince(run, state.scope, edge));
  const earliest = Math.min(...since);
  const late = edges.filter((edge) => liveSince(run, state.scope, edge) > state.startedTick);
  when('merge-first-early', late.length > 0);
  when(
    'merge-first-loser-runs-on',
    late.some((edge) => ['completed', 'failed'].includes(sourceOf(state.scope, edge).status)),
  );
  when('merge-first-tie', since.filter((tick) => tick === earliest).length > 1);
}

function observeLoop(run: Run, state: NodeState, loop: LoopState, when: When): void {
  const isForEach = state.node.type !== 'loop';
  const itself = state.items !== undefined;
  const ended = [...loop.ended.values()];
  const failed = ended.some((item) => item.kind === 'error');
  const cancelledOther = run.scopes.some(
    ({ owner, nodes }) => owner?.loop === state && !loop.ended.has(owner.index) && nodes.some((node) => node.status === 'cancelled'),
  );
  when(isForEach ? 'for-each-empty' : 'loop-empty', itself && loop.count === 0);
  when(isForEach ? 'for-each-concurrency' : 'loop-concurrency', loop.next > loop.concurrency);
  when(isForEach ? 'for-each-fail' : 'loop-item-fail', failed && loop.onItemError === 'fail');
  when(isForEach ? 'for-each-skip' : 'loop-item-skip', itself && failed && loop.onItemError === 'skip');
  when(isForEach ? 'for-each-collect' : 'loop-item-collect', itself && failed && loop.onItemError === 'collect');
  when('for-each-result', isForEach && itself && ended.some((item) => item.kind === 'result'));
  when('for-each-inside-loop', isForEach && state.scope.owner !== undefined);
  when('loop-item-fail-cancels-others', failed && loop.onItemError === 'fail' && cancelledOther);
  when('loop-out-of-order', itself && ended.some((item, at) => item.index < (ended[at - 1]?.index ?? -1)));
  when('nested-loop', !isForEach && state.scope.owner !== undefined);
  when('nested-loop-3-deep', !isForEach && state.scope.owner?.loop.scope.owner !== undefined);
}

function observeIteration(run: Run, scope: Scope, when: When): void {
  const { owner } = scope;
  const item = owner?.loop.loop?.ended.get(owner.index);
  if (owner === undefined || owner.isForEach || item === undefined) return;
  const has = (test: (state: NodeState) => boolean): boolean => scope.nodes.some(test);
  if (item.kind === 'error') {
    when('failure-inside-loop', true);
    when(
      'failure-cancels-iteration',
      has(({ status }) => status === 'cancelled'),
    );
    when(
      'failure-skips-iteration',
      has(({ skippedBy }) => skippedBy === 'stop'),
    );
    when(
      'failure-nested',
      has(({ node, status }) => node.type === 'loop' && status === 'failed' && node.onError?.mode !== 'branch'),
    );
    return;
  }
  const isSink = ({ node }: NodeState): boolean => !(run.definition.edges ?? []).some((edge) => edge.from === node.id);
  const isSet = owner.loop.node.config['result'] !== undefined;
  when('loop-result-set', isSet && scope.nodes.filter(isSink).length > 1);
  when('loop-sink-result', !isSet && item.value !== null);
  when('loop-sink-skipped', !isSet && has((state) => isSink(state) && state.status === 'skipped'));
  when(
    'skip-inside-loop',
    has(({ status }) => status === 'skipped'),
  );
}

function observeRunEnd(run: Run, when: When): void {
  const own = run.root.nodes;
  const cancelled = own.some((state) => state.status === 'cancelled');
  const inside = run.scopes.some(
    ({ owner, nodes }) => owner !== undefined && nodes.some((state) => state.status === 'cancelled' && state.settledTick === run.tick),
  );
  when('output-named', run.outputs.size > 0);
  when('cancel-run', run.ended === 'cancelled' && cancelled);
  when('cancel-inside-loop', run.ended === 'cancelled' && inside);
  when('time-out', run.ended === 'timed_out');
  when('waiting-time-not-counted', run.ended === 'timed_out' && run.now > run.limitMs);
  when('fail-fails-run', run.error !== null);
  when('error-names-body-node', run.error?.path.includes('.'));
  when('failed-run-keeps-outputs', run.error !== null && run.outputs.size > 0);
  when('stop-cancels-running', run.ended === 'failed' && cancelled);
  when('stop-cancels-inside-loop', run.ended === 'failed' && cancelled && inside);
  when('stop-skips-unstarted', run.ended === 'failed' && own.some((state) => state.skippedBy === 'stop'));
  if (run.ended !== undefined || run.error === null) return;
  const failures = own.filter((state) => state.status === 'failed' && state.port === undefined);
  const next = new Set((run.definition.edges ?? []).filter((edge) => failures.some(({ node }) => node.id === edge.from)).map((edge) => edge.to));
  const skipped = own.filter((state) => state.skippedBy === 'finish');
  when('finish-skips-downstream', skipped.length > 0);
  when(
    'finish-skips-by-any-path',
    skipped.some(({ node }) => !next.has(node.id)),
  );
  when(
    'finish-skips-whatever-join',
    skipped.some((state) => state.node.join !== 'all' && liveEdges(run, state).length > 0),
  );
  when(
    'finish-lets-rest-run',
    own.some((state) => failures.some((failure) => state.startedTick >= failure.settledTick)),
  );
}

/** Called when a run is about to be cancelled. */
export function observeCancel(run: Run): void {
  const running = run.scopes.flatMap((scope) => scope.nodes).filter((state) => state.status === 'running' && state.loop === undefined);
  if (running.length > 0 && running.every((state) => state.parked !== undefined)) run.met.add('cancel-while-waiting');
  if (run.paused) run.met.add('cancel-while-paused');
}

/** Called for each open scope whenever time passes while the run is paused. */
export function observePause(run: Run, scope: Scope): void {
  const { nodes } = scope;
  if (nodes.some((state) => state.status === 'pending' && readiness(run, state) === 'run')) run.met.add('pause-holds-back');
  const held = ({ loop }: NodeState): boolean =>
    loop !== undefined && !loop.stopping && loop.active.size < loop.concurrency && (loop.rounds !== undefined || loop.next < loop.count);
  if (nodes.some((state) => state.status === 'running' && held(state))) run.met.add('pause-holds-loop-back');
}
