/**
 * The driver of a continuous trigger: starts a run, waits for its end, pauses, starts the next. It holds ids and counts only; when and whether is
 * decided by `startCycle`, which reads the trigger's row, so a pause, a new version or a removal needs no more than a `wake`.
 */
import { condition, continueAsNew, defineSignal, proxyActivities, setHandler, uuid4, workflowInfo } from '@temporalio/workflow';
import type { RunEndStatus, SeriesInput, SeriesState, TriggerActivities } from './trigger-types.ts';

const wakeSignal = defineSignal('wake');
const endedSignal = defineSignal<[{ run: string; status: RunEndStatus }]>('ended');

const { startCycle, readRunEnd } = proxyActivities<TriggerActivities>({
  startToCloseTimeout: '30s',
  heartbeatTimeout: '10s',
  // The driver outlives any outage: it is the only one that goes on.
  scheduleToCloseTimeout: '365 days',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** The end comes as a signal; should one be lost, it is looked up. */
const lookAgainMs = 10 * 60_000;
const mostCycles = 100;
const keptEnds = 50;

/** Workflow id from team, workflow and trigger: there is one driver. */
export async function hubSeries(input: SeriesInput): Promise<void> {
  const { carried, ...place } = input;
  const state: SeriesState = carried ?? { series: uuid4(), cycle: 0, failures: 0, lastEndAt: null, lastRun: null, current: null };
  const ends = new Map<string, RunEndStatus>();
  let woken = false;
  setHandler(wakeSignal, () => {
    woken = true;
  });
  setHandler(endedSignal, ({ run, status }) => {
    ends.set(run, status);
    for (const oldest of ends.keys()) if (ends.size > keptEnds) ends.delete(oldest);
  });
  const until = state.cycle + mostCycles;
  for (;;) {
    if (state.current === null) {
      woken = false;
      const begun = await startCycle({ ...place, ...state });
      if (begun.kind === 'started') state.current = begun.run;
      else if (begun.kind === 'wait') await condition(() => woken, begun.ms);
      // Woken meanwhile: the row may say otherwise by now. A wake that comes after this line makes the server refuse the end, and we look again.
      else if (!woken) return;
    }
    if (state.current !== null) await settle(place.team, state, ends);
    const over = state.cycle >= until || workflowInfo().continueAsNewSuggested;
    if (over && (state.current === null || !ends.has(state.current))) return continueAsNew<typeof hubSeries>({ ...place, carried: state });
  }
}

async function settle(team: string, state: SeriesState, ends: Map<string, RunEndStatus>): Promise<void> {
  const run = state.current ?? '';
  await condition(() => ends.has(run), lookAgainMs);
  const status = ends.get(run) ?? (await readRunEnd({ team, run }));
  if (status === null) return;
  ends.delete(run);
  state.failures = status === 'failed' || status === 'timed_out' ? state.failures + 1 : status === 'completed' ? 0 : state.failures;
  state.cycle += 1;
  state.current = null;
  state.lastRun = run;
  state.lastEndAt = Date.now();
}
