/** The hub's activities, made from what the worker injects (`HubActivities` of @hub/runtime). */
import { itemPath } from '@hub/dag/planner';
import type { HubActivities } from '@hub/runtime/types';

import type { ActivityDeps } from './deps.ts';
import { startHeartbeat, temporalContext } from './platform/attempt-context.ts';
import { RunCache } from './platform/facts.ts';
import { localFailure } from './platform/failures.ts';
import { finishRun } from './platform/finish.ts';
import { checkLoop, closeIteration, closeLoop, openLoop } from './platform/loops.ts';
import { Places } from './platform/places.ts';
import { runChunk } from './platform/run-chunk.ts';
import { runGroup } from './platform/run-group.ts';
import { runItems } from './platform/run-items.ts';
import { QuickNodes } from './platform/quick-nodes.ts';
import { runStep, tryStep } from './platform/run-step.ts';
import { UnderWay } from './platform/under-way.ts';
import { undoRun } from './platform/undo.ts';
import { cancelChild, park, release } from './platform/waits.ts';

/** Items of loops that one worker runs at a time, where many share an activity. */
const itemPlaces = 200;

export interface ActivityExtras {
  /** Ends the expression pool; jobs in flight are lost with it, so call it after the worker has drained. */
  close: () => Promise<void>;
  /** What the caches of runs and values hold now, and the most that they ever hold. */
  cached: () => { bytes: number; mostBytes: number };
  /** The run stops something: its steps that are under way here ask Temporal at once whether it is them. */
  stopping: (run: string) => void;
}

/** The activities, with what the worker itself needs beside them. */
export function createActivities(deps: ActivityDeps): HubActivities & ActivityExtras {
  const cache = new RunCache(deps.runs);
  const underWay = new UnderWay();
  const context = deps.context ?? (() => temporalContext(underWay));
  const parts = { deps, cache, quick: new QuickNodes(), places: new Places(itemPlaces) };
  const activities: HubActivities = {
    runStep: async (input) => await runStep(parts, context(), input),
    tryStep: async (input) => ({ ...(await tryStep(parts, context(), input)), of: input.path }),
    runGroup: async (input) => await local(async () => await runGroup(deps, cache, input)),
    openLoop: async (input) => await local(async () => await openLoop(deps, cache, input)),
    checkLoop: async (input) => await local(async () => await checkLoop(deps, cache, input)),
    closeIteration: async (input) => {
      await local(async () => await closeIteration(deps, cache, input));
      return { of: itemPath(input.path, input.index) };
    },
    runChunk: async (input) => await local(async () => await runChunk(deps, cache, context(), input)),
    runItems: async (input) => await local(async () => await runItems(parts, context(), input)),
    closeLoop: async (input) => {
      const stop = startHeartbeat(context());
      try {
        await local(async () => await closeLoop(deps, cache, input));
      } finally {
        stop();
      }
    },
    undoRun: async (input) => await local(async () => await undoRun(deps, cache, context(), input)),
    park: async (input) => ({ ...(await local(async () => await park(deps, cache, input))), of: input.path }),
    release: async (input) => ({ ...(await local(async () => await release(deps, cache, input))), of: input.path }),
    remind: async ({ team, run, path }) => await local(async () => await deps.waits.remind(team, run, path)),
    cancelChild: async (input) => await local(async () => await cancelChild(deps, input)),
    writeRows: async ({ team, run, rows, waits }) =>
      await local(async () => {
        if (rows.length > 0) await deps.runs.writeRows(team, run, rows);
        if (waits !== undefined) await deps.waits.shown(team, run, waits);
      }),
    finishRun: async (input) => await local(async () => await finishRun(deps, cache, input)),
  };
  // Not enumerable: the worker registers every function it finds as an activity.
  return Object.defineProperties(activities, {
    close: { value: async () => await deps.pool.close() },
    cached: { value: () => cache.size() },
    stopping: { value: (run: string) => underWay.tell(run) },
  }) as HubActivities & ActivityExtras;
}

async function local<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw localFailure(error);
  }
}
