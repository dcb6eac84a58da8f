/** Home held still: what is shown changes where it stands, also when a run goes from one part to another; what is new waits. Pure. */
import type { ListedRun } from '../run/strips.server.ts';
import type { loadHome } from './load.server.ts';
import type { Need } from './needs-you.tsx';

export type HomeData = Awaited<ReturnType<typeof loadHome>>;

export interface HeldHome {
  shown: HomeData;
  latest: HomeData;
  /** Needs that were seen to. */
  gone: ReadonlySet<string>;
  /** Runs that are shown and that no part tells of any more. */
  untold: readonly string[];
  freshNeeds: number;
  freshRuns: number;
}

const runsOf = ({ needing, now, ended }: HomeData): ListedRun[] => [...needing, ...now, ...ended];
const isEmpty = (home: HomeData): boolean => home.needs.length + runsOf(home).length === 0 && home.spend === null;

/** Shows all that was read. */
export function takeHome(latest: HomeData): HeldHome {
  return { shown: latest, latest, gone: new Set(), untold: [], freshNeeds: 0, freshRuns: 0 };
}

function withRuns(home: HomeData, runs: readonly ListedRun[]): HomeData {
  const now = new Map(runs.map((run) => [run.id, run]));
  const put = (all: ListedRun[]): ListedRun[] => all.map((run) => now.get(run.id) ?? run);
  return { ...home, needing: put(home.needing), now: put(home.now), ended: put(home.ended) };
}

/** After it was read again. A part that could not be read takes nothing away from what is shown. */
export function followHome(held: HeldHome, latest: HomeData): HeldHome {
  const { shown } = held;
  if (isEmpty(shown)) return takeHome(latest);
  if (latest.partial) return { ...held, latest, shown: withRuns(shown, runsOf(latest)) };
  const ids = new Set(runsOf(latest).map(({ id }) => id));
  const known = new Set(runsOf(shown).map(({ id }) => id));
  const needs = new Map(latest.needs.map((need): [string, Need] => [need.id, need]));
  const knownNeeds = new Set(shown.needs.map(({ id }) => id));
  return {
    latest,
    shown: {
      ...withRuns(shown, runsOf(latest)),
      needs: shown.needs.map((need) => needs.get(need.id) ?? need),
      spend: shown.spend && (latest.spend ?? shown.spend),
      partial: latest.partial,
    },
    gone: new Set(shown.needs.map(({ id }) => id).filter((id) => !needs.has(id))),
    untold: [...known].filter((id) => !ids.has(id)),
    freshNeeds: latest.needs.filter(({ id }) => !knownNeeds.has(id)).length,
    freshRuns: [...ids].filter((id) => !known.has(id)).length,
  };
}

/** With runs that were read by themselves. */
export function toldHome(held: HeldHome, runs: readonly ListedRun[]): HeldHome {
  return { ...held, shown: withRuns(held.shown, runs) };
}
