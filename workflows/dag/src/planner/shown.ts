/** Whether a run shows as waiting (rule 11): all of it that is in flight is parked, or it is paused and nothing is in flight. */
import type { RunState, ScopeState, WaitsState } from './state.ts';
import type { Command, Plan, WaitReason } from './types.ts';

/** Several things may be waited for: the first of these is the one that is told. */
const order = ['unknown-outcome', 'incident', 'budget', 'approval', 'signal', 'child', 'timer'] as const satisfies readonly WaitReason[];

/** Commands that follow from a change of what the run shows as; notes it in `waits`, which is the caller's own copy. */
export function tellShown(plan: Plan, state: RunState, waits: WaitsState): Command[] {
  const reason = isQuiet(state.root) ? reasonOf(waits) : null;
  if (reason === waits.shown) return [];
  const was = waits.shown;
  waits.shown = reason;
  const timed = plan.settings.timeoutMs > 0 && (was === null) !== (reason === null);
  const timer: Command[] = timed ? [{ kind: reason === null ? 'release-timer' : 'hold-timer', key: 'run' }] : [];
  return reason === null ? timer : [...timer, { kind: 'run-waits', reason }];
}

function reasonOf(waits: WaitsState): WaitReason | 'pause' | null {
  if (waits.paused) return 'pause';
  const reasons = new Set(waits.parked.map(({ facts }) => facts.reason));
  return order.find((reason) => reasons.has(reason)) ?? null;
}

/** True where nothing is in flight but what is parked. */
function isQuiet(scope: ScopeState): boolean {
  for (const state of Object.values(scope.nodes)) {
    if (state.status !== 'running' || state.park?.phase === 'parked') continue;
    if (!state.loop || state.loop.phase !== 'items' || state.loop.chunk) return false;
    for (const item of Object.values(state.loop.open)) if (item.closing || !isQuiet(item)) return false;
  }
  return true;
}
