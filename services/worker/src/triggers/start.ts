/** The start that all kinds of triggers share: the input is checked, the run is made in one transaction, what has a slot is started. */
import { judgeInput } from '@hub/activities/run-input';
import type { TriggerForFire } from '@hub/db/read';
import { type Fire, type Fired, fireTrigger, noticeFailedRun } from '@hub/db/write';
import type { TriggerPlace } from '@hub/runtime/trigger-types';
import type { TriggerDeps } from './deps.ts';

/** What differs from one kind of trigger to another. */
export interface Started extends Pick<Fire, 'triggeredBy' | 'key' | 'scheduledAt' | 'cursor' | 'seriesId' | 'chain'> {
  input: unknown;
}

/** Makes the run of a fire and starts what now has a slot. An input that does not fit makes a failed run. */
export async function start(deps: TriggerDeps, place: TriggerPlace, trigger: TriggerForFire, given: Started): Promise<Fired> {
  const { input, failed } = judgeInput(trigger.inputs, given.input);
  const { scheduledAt, cursor, seriesId, chain } = given;
  const overlap = trigger.config['overlap'];
  const fired = await fireTrigger(
    deps.sql,
    { blobKey: deps.blobKey },
    {
      ...place,
      version: trigger.version,
      triggeredBy: given.triggeredBy,
      key: given.key,
      trigger: {
        type: given.triggeredBy,
        id: place.triggerId,
        at: new Date((deps.now ?? Date.now)()).toISOString(),
        ...(scheduledAt === undefined ? {} : { scheduledAt: scheduledAt.toISOString() }),
      },
      inputText: JSON.stringify(input),
      ...(scheduledAt === undefined ? {} : { scheduledAt }),
      ...(failed === null ? {} : { failed }),
      ...(cursor === undefined ? {} : { cursor }),
      ...(seriesId === undefined ? {} : { seriesId }),
      ...(chain === undefined ? {} : { chain }),
      ...(overlap === 'queue' || overlap === 'skip' || overlap === 'cancel_older' ? { overlap } : {}),
    },
  );
  await deps.carryOut(fired.start, fired.cancel);
  // A run that failed at its start has no workflow that would tell anybody. Repeated: whoever made it may have died before this line; it is told once.
  if (failed !== null && fired.run !== null) await noticeFailedRun(deps.sql, place.team, fired.run);
  return fired;
}
