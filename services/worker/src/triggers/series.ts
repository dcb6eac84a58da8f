/** What the driver of a continuous trigger asks: may the next cycle begin, and did a run end. */
import { readTriggerForFire, type TriggerForFire, readRunStatus } from '@hub/db/read';
import { noteTriggerState, stopTrigger } from '@hub/db/write';
import type { CycleBegun, RunEndStatus, SeriesState, TriggerPlace } from '@hub/runtime/trigger-types';
import type { TriggerDeps } from './deps.ts';
import { start } from './start.ts';

const defaultMaxFailures = 5;
/** After failures: at least this long, doubling, and no longer than that (or the pause itself). */
const backoffMs = { least: 1_000, most: 300_000 };
/** The overlap rule skipped it. */
const lookAgainMs = 5_000;
const mostLooks = 5;
const heldMs = 300_000;

/** The activity `startCycle`. Where the row changed between the look and the start it looks again. */
export async function startCycle(deps: TriggerDeps, { team, workflowId, triggerId, ...state }: TriggerPlace & SeriesState): Promise<CycleBegun> {
  for (let left = mostLooks; left > 0; left -= 1) {
    const begun = await tryCycle(deps, { team, workflowId, triggerId }, state);
    if (begun !== 'changed') return begun;
  }
  return { kind: 'wait', ms: lookAgainMs };
}

async function tryCycle(deps: TriggerDeps, place: TriggerPlace, state: SeriesState): Promise<CycleBegun | 'changed'> {
  const trigger = await readTriggerForFire(deps.sql, place);
  if (trigger === null || trigger.paused || trigger.type !== 'continuous' || trigger.workflowStatus !== 'active') {
    if (trigger?.seriesId === state.series) await noteTriggerState(deps.sql, place, { seriesId: null, nextFireAt: null });
    return { kind: 'stop' };
  }
  const failures = trigger.failures < state.failures ? await noteFailures(deps, place, state.failures) : state.failures;
  const most = typeof trigger.config['maxFailures'] === 'number' ? trigger.config['maxFailures'] : defaultMaxFailures;
  if (failures >= most) return stop(deps, place, trigger, state);
  const now = (deps.now ?? Date.now)();
  const dueAt = (state.lastEndAt ?? 0) + pauseMs(trigger, failures);
  if (state.lastEndAt !== null && dueAt > now) {
    await noteTriggerState(deps.sql, place, { seriesId: state.series, failures, nextFireAt: new Date(dueAt) });
    return { kind: 'wait', ms: dueAt - now };
  }
  const fired = await start(deps, place, trigger, {
    triggeredBy: 'continuous',
    key: `${state.series} ${state.cycle}`,
    input: trigger.config['input'] ?? {},
    seriesId: state.series,
  });
  if (fired.outcome === 'changed' || fired.outcome === 'gone') return 'changed';
  // The workflow was paused, which wakes the driver, or the plan's month is full, which it is asked about now and then.
  if (fired.outcome === 'held') return { kind: 'wait', ms: heldMs };
  await noteTriggerState(deps.sql, place, { seriesId: state.series, failures, nextFireAt: null });
  return fired.run === null ? { kind: 'wait', ms: lookAgainMs } : { kind: 'started', run: fired.run };
}

async function noteFailures(deps: TriggerDeps, place: TriggerPlace, failures: number): Promise<number> {
  await noteTriggerState(deps.sql, place, { failures });
  return failures;
}

async function stop(deps: TriggerDeps, place: TriggerPlace, trigger: TriggerForFire, state: SeriesState): Promise<CycleBegun> {
  const reason = `${state.failures} runs in a row failed.`;
  await noteTriggerState(deps.sql, place, { seriesId: null, failures: state.failures });
  await stopTrigger(deps.sql, place, {
    reason,
    notice: {
      kind: 'trigger.stopped',
      title: `${trigger.workflowName}: it was stopped after failures`,
      body: `${reason} Resume the trigger ${place.triggerId} once the cause is mended.`,
      ...(state.lastRun === null ? {} : { link: `/runs/${state.lastRun}` }),
    },
  });
  return { kind: 'stop' };
}

function pauseMs({ config }: TriggerForFire, failures: number): number {
  const pause = typeof config['pauseMs'] === 'number' ? config['pauseMs'] : 0;
  if (failures === 0) return pause;
  return Math.max(pause, Math.min(backoffMs.most, backoffMs.least * 2 ** Math.min(failures - 1, 12)));
}

/** The activity `readRunEnd`. */
export async function readRunEnd(deps: TriggerDeps, { team, run }: { team: string; run: string }): Promise<RunEndStatus | null> {
  const status = await readRunStatus(deps.sql, team, run);
  // A run that is not there any more will not end either.
  if (status === null) return 'cancelled';
  return status === 'completed' || status === 'failed' || status === 'cancelled' || status === 'timed_out' ? status : null;
}
