/** A fire: the row decides whether, the rule whether this is one of its times, the input is checked, and the run is made under the fire's own key. */
import { checkInput } from '@hub/activities/run-input';
import { isFire, nextFires, readRule } from '@hub/activities/schedules';
import { readTriggerForFire, type TriggerForFire } from '@hub/db/read';
import { type Fire, type Fired, fireTrigger, noteTriggerEvent, noteTriggerState } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import type { FireInput, TriggerPlace } from '@hub/runtime/trigger-types';
import type { TriggerDeps } from './deps.ts';
import { firePoll } from './poll.ts';

/** Versions that may follow one another while one fire is made. */
const mostTries = 5;

/** The activity of `hubFire`. */
export async function fire(deps: TriggerDeps, { at, ...place }: FireInput, signal: AbortSignal): Promise<void> {
  for (let left = mostTries; left > 0; left -= 1) {
    const trigger = await readTriggerForFire(deps.sql, place);
    if (trigger === null || trigger.paused) return;
    const outcome =
      trigger.type === 'schedule'
        ? await fireSchedule(deps, place, trigger, new Date(at))
        : trigger.type === 'poll'
          ? await firePoll(deps, place, trigger, signal)
          : 'gone';
    if (outcome !== 'changed') return;
  }
}

async function fireSchedule(deps: TriggerDeps, place: TriggerPlace, trigger: TriggerForFire, at: Date): Promise<Fired['outcome']> {
  const { rule } = readRule(trigger.config);
  // A time of an older version of the schedule, or one that Temporal's calendar has too much around a change of clocks.
  if (rule === null || !isFire(rule, at)) return 'gone';
  const now = (deps.now ?? Date.now)();
  const nextFireAt = nextFires(rule, new Date(Math.max(now, at.getTime())), 1)[0] ?? null;
  if (now - at.getTime() > rule.catchUpMs + rule.jitterMs) {
    const message = `Due at ${at.toISOString()}, but nothing could fire it before ${new Date(now).toISOString()}; catchUpWindow allows ${rule.catchUpMs / 1000} s.`;
    await noteTriggerEvent(deps.sql, place, { outcome: 'missed', scheduledAt: at, code: 'trigger.missed', message });
    return 'gone';
  }
  const fired = await start(deps, place, trigger, {
    triggeredBy: 'schedule',
    key: at.toISOString(),
    input: trigger.config['input'] ?? {},
    scheduledAt: at,
  });
  await noteTriggerState(deps.sql, place, { nextFireAt });
  return fired.outcome;
}

/** What differs from one kind of trigger to another. */
export interface Started extends Pick<Fire, 'triggeredBy' | 'key' | 'scheduledAt' | 'cursor' | 'seriesId' | 'chain'> {
  input: unknown;
}

/** Makes the run of a fire and starts what now has a slot. An input that does not fit makes a failed run. */
export async function start(deps: TriggerDeps, place: TriggerPlace, trigger: TriggerForFire, given: Started): Promise<Fired> {
  const { input, failed } = checked(trigger.inputs, given.input);
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
  return fired;
}

function checked(schema: unknown, given: unknown): { input: unknown; failed: { code: string; message: string } | null } {
  try {
    return { input: checkInput(schema, given), failed: null };
  } catch (error) {
    if (error instanceof UserError) return { input: given, failed: { code: error.code, message: error.message } };
    throw error;
  }
}
