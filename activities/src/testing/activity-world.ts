/** Activities over stand-ins, without Temporal: what a unit test needs in one call. */
import type { Json } from '@hub/dag/planner';
import { createLog } from '@hub/kit';
import { CancelledFailure } from '@temporalio/common';

import { createActivities } from '../create-activities.ts';
import type { ActivityDeps } from '../deps.ts';
import { createExpressionPool } from '../expressions/pool/index.ts';
import type { AttemptContext } from '../platform/attempt-context.ts';
import type { RunFacts } from '../ports.ts';
import { MemoryRuns } from './memory-runs.ts';

export interface World {
  runs: MemoryRuns;
  activities: ReturnType<typeof createActivities>;
  cancel: (shutdown?: boolean) => void;
  started: { team: string; run: string }[];
}

const pool = createExpressionPool({ size: 1 });

/** One pool for a whole test file; to be called in `afterAll`. */
export async function closeWorlds(): Promise<void> {
  await pool.close();
}

export function makeWorld(definition: Json, more: Partial<ActivityDeps> & { facts?: Partial<RunFacts> } = {}): World {
  const runs = new MemoryRuns(definition, more.facts);
  const started: World['started'] = [];
  const stop = new AbortController();
  let shuttingDown = false;
  const cancelled = new Promise<never>((_, reject) => stop.signal.addEventListener('abort', () => reject(new CancelledFailure('CANCELLED'))));
  cancelled.catch(() => undefined);
  const context: AttemptContext = { delivery: 1, signal: stop.signal, isShuttingDown: () => shuttingDown, heartbeat: () => undefined, cancelled };
  const unused = (): never => {
    throw new Error('not part of this test');
  };
  const deps: ActivityDeps = {
    runs,
    pool,
    context: () => context,
    log: createLog({ name: 'test', level: 'silent' }),
    files: { open: unused, create: unused },
    credentials: { use: unused, renew: unused },
    waits: { open: unused, close: unused, end: unused, remind: unused, shown: unused, tell: async () => await Promise.resolve() },
    undo: { open: unused, next: unused, end: unused },
    children: { start: unused, cancel: unused },
    links: { token: ({ path }) => `token-of-${path}`, url: (token) => `https://hub.test/resume/${token}` },
    starter: { start: async (list) => await Promise.resolve(void started.push(...list)) },
    http: { request: unused } as unknown as ActivityDeps['http'],
    connectors: unused,
    models: { complete: unused },
    ...more,
  };
  const cancel = (shutdown = false): void => {
    shuttingDown = shutdown;
    stop.abort();
  };
  return { runs, activities: createActivities(deps), cancel, started };
}

export const at = { team: 't', run: 'r', rootRun: 'r0', versionId: 'v' };
