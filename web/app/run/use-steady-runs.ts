/** A list of runs that lives: held still (`lists/steady.ts`), its open runs followed, also those that the list no longer tells of. */
import { useEffect, useEffectEvent } from 'react';
import { useFetcher } from 'react-router';
import { type Steady, useSteady } from '../lists/use-steady.ts';
import type { loader } from '../pages/runs/shown.ts';
import { isSettled, toState } from '../ui/state.tsx';
import { useLiveRuns } from './live.ts';
import type { ListedRun } from './strips.server.ts';

/** So many open runs of a list have a channel of their own. */
const mostFollowed = 8;
const paceMs = 1000;

const isOpen = (run: ListedRun): boolean => !isSettled(toState(run.status));

/** Reads the runs of `ids` by themselves whenever `read` has changed; `tell` hears what became of them. */
export function useUntold(ids: readonly string[], read: unknown, tell: (runs: readonly ListedRun[]) => void): void {
  const fetcher = useFetcher<typeof loader>();
  const ask = useEffectEvent(() => {
    if (ids.length > 0 && fetcher.state === 'idle') void fetcher.load(`/runs/shown?ids=${ids.join(',')}`);
  });
  useEffect(() => ask(), [read]);
  const hear = useEffectEvent(tell);
  const { data } = fetcher;
  useEffect(() => {
    if (data) hear(data.runs);
  }, [data]);
}

/** Follows the first open ones among these by their channels. */
export function useFollowed(runs: readonly ListedRun[]): void {
  useLiveRuns(
    runs
      .filter(isOpen)
      .slice(0, mostFollowed)
      .map(({ id }) => id),
    paceMs,
  );
}

/** The open ones of those that the list does not tell of. */
export function openOf(runs: readonly ListedRun[], ids: readonly string[]): string[] {
  return runs.filter((run) => isOpen(run) && ids.includes(run.id)).map(({ id }) => id);
}

export function useSteadyRuns(runs: readonly ListedRun[], nextCursor: string | null, view: string): Steady<ListedRun> {
  const steady = useSteady({ rows: runs, nextCursor }, view);
  useFollowed(steady.rows);
  useUntold(openOf(steady.rows, steady.untold), runs, steady.tell);
  return steady;
}
