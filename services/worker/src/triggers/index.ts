/** Triggers that fire by themselves, in a worker: the activities, the dispatcher to Temporal, the ends that others wait for. */
import { farSideOf } from '@hub/activities/schedules';
import { createTriggerStore, pruneTriggers } from '@hub/db/write';
import { startPeriodic } from '@hub/kit';
import { createTriggerDispatcher, type TriggerDispatcher } from '@hub/kit/temporal';
import type { TriggerActivities } from '@hub/runtime/trigger-types';
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { TriggerDeps } from './deps.ts';
import { tellEnds } from './ends.ts';
import { fire } from './fire.ts';
import { createPush, type PushDeps } from './push.ts';
import { readRunEnd, startCycle } from './series.ts';

export type { TriggerDeps } from './deps.ts';

const heartbeatMs = 3_000;
const sweepMs = 2_000;
const reconcileMs = 600_000;
const pruneMs = 3_600_000;
/** Ends of many runs within this time are passed on together. */
const gatherMs = 100;

export interface WorkerTriggers {
  activities: TriggerActivities;
  dispatcher: TriggerDispatcher;
  /** After a run ended: passes it on soon, without being waited for. */
  nudgeEnds: () => void;
  close: () => Promise<void>;
}

/** Begins the sweeps; `close` ends them. Without `sweeps` only what is asked for is done (proofs that kill the dispatcher). */
export function startTriggers(
  deps: TriggerDeps & Pick<PushDeps, 'hubUrl' | 'services'> & { client: Client; sealedBy?: () => string | null },
  { sweeps = true }: { sweeps?: boolean } = {},
): WorkerTriggers {
  const { sql, log } = deps;
  const dispatcher = createTriggerDispatcher({
    client: deps.client,
    log,
    ...(deps.sealedBy === undefined ? {} : { sealedBy: deps.sealedBy }),
    store: createTriggerStore(sql, farSideOf),
  });
  let telling: Promise<unknown> | null = null;
  let timer: NodeJS.Timeout | undefined;
  const tell = async (): Promise<void> => {
    telling ??= tellEnds(deps).finally(() => {
      telling = null;
    });
    await telling;
  };
  const periodic = !sweeps
    ? []
    : [
        startPeriodic({
          name: 'triggers',
          everyMs: sweepMs,
          log,
          work: async () => {
            await dispatcher.dispatch();
            await tell();
          },
        }),
        startPeriodic({ name: 'push', everyMs: sweepMs, log, work: createPush(deps) }),
        startPeriodic({ name: 'reconcile triggers', everyMs: reconcileMs, log, work: async () => void (await dispatcher.reconcile()) }),
        startPeriodic({ name: 'prune triggers', everyMs: pruneMs, log, work: async () => void (await pruneTriggers(sql)) }),
      ];
  // Whatever happened while nobody was up (a Temporal that lost its data among it) is seen to first.
  if (sweeps)
    dispatcher
      .reconcile()
      .catch((error: unknown) => log.warn({ err: error }, 'triggers could not be compared with Temporal yet; done again in ten minutes'));
  return {
    dispatcher,
    activities: {
      fireTrigger: (input) => beating((signal) => fire(deps, input, signal)),
      fireSchedule: (input) => fire(deps, input, Context.current().cancellationSignal),
      startCycle: (input) => beating(() => startCycle(deps, input)),
      readRunEnd: (input) => beating(() => readRunEnd(deps, input)),
    },
    nudgeEnds() {
      timer ??= setTimeout(() => {
        timer = undefined;
        tell().catch((error: unknown) => log.warn({ err: error }, 'ends of runs were not passed on at once; the next sweep does it'));
      }, gatherMs);
    },
    async close() {
      clearTimeout(timer);
      await Promise.all(periodic.map((one) => one.close()));
      await dispatcher.close();
      await telling?.catch(() => undefined);
    },
  };
}

async function beating<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), heartbeatMs);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(beat);
  }
}
