/** A fire: the row decides whether, the rule whether this is one of its times; the run is made under the fire's own key. */
import { isFire, nextFires, readRule } from '@hub/activities/schedules';
import { readTriggerForFire, type TriggerForFire } from '@hub/db/read';
import { type Fired, noteTriggerEvent, noteTriggerState } from '@hub/db/write';
import { TransientError } from '@hub/kit/errors';
import type { FireInput, TriggerPlace } from '@hub/runtime/trigger-types';
import type { TriggerDeps } from './deps.ts';
import { firePoll } from './poll.ts';
import { start } from './start.ts';

/** Versions that may follow one another while one fire is made. */
const mostTries = 5;

/**
 * The activity of `hubFire`.
 * @throws TransientError `trigger.changed` where version followed version: Temporal fires it again soon, so no time is lost in silence.
 */
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
  throw new TransientError('trigger.changed', 'The workflow was published again and again while this fire was made; it is tried again.', {
    didNothing: true,
  });
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
