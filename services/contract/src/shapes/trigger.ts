/** Triggers: what starts a workflow, when next, and what became of the last times. */
import { z } from 'zod';
import { fault, id, instant, jsonValue } from './common.ts';

/** Id of a trigger in its definition. */
export const triggerId = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/)
  .meta({ description: 'Id of the trigger in the definition.' });

export const triggerStatus = z.enum(['active', 'paused', 'stopped', 'held', 'removed']).meta({
  description:
    'active: it fires. paused: a person paused it. stopped: it failed too often in a row and waits for `resume`. held: the workflow is paused or archived. removed: no longer in the published version.',
});

export const fireOutcome = z.enum(['started', 'repeated', 'skipped', 'missed', 'held', 'failed', 'refused']).meta({
  description:
    'started: a run began or was queued. repeated: that fire had its run already. skipped: the overlap rule. missed: later than the catch-up window. held: the workflow was paused. failed: the run failed at its start, or a poll did not get through. refused: the rules of event chains.',
});

export const triggerEvent = z
  .object({
    id,
    triggerId: z.string(),
    at: instant,
    scheduledAt: instant.nullable().meta({ description: 'The time it was due, for schedules and backfills.' }),
    outcome: fireOutcome,
    runId: id.nullable(),
    code: z.string().nullable().meta({ description: 'Stable code of what went wrong.' }),
    message: z.string().nullable(),
  })
  .meta({ id: 'TriggerEvent' });
export type TriggerEvent = z.output<typeof triggerEvent>;

export const trigger = z
  .object({
    id: triggerId,
    type: z.string(),
    config: jsonValue,
    version: z.number().int().nullable(),
    enabled: z.boolean().meta({ description: 'True where status is active.' }),
    status: triggerStatus,
    statusReason: z.string().nullable().meta({ description: 'Why it does not fire, in words.' }),
    words: z.string().nullable().meta({ description: 'A schedule or poll in words, e.g. "At 07:00 AM, Europe/Berlin".' }),
    timeZone: z.string().nullable(),
    nextFires: z.array(instant).meta({ description: 'Up to five; empty where it has no times of its own or does not fire now.' }),
    lastFire: triggerEvent.nullable(),
    failures: z.number().int().meta({ description: 'Failures in a row (poll, continuous).' }),
    runningSeriesId: id.nullable().meta({ description: 'A continuous trigger: the series its runs belong to.' }),
    pending: z.boolean().meta({ description: 'The newest change has not reached the scheduler yet; it does within seconds.' }),
    push: z
      .object({
        until: instant.nullable().meta({ description: 'How long the open channel lasts (it is renewed before); null: none is open.' }),
        problem: z.string().nullable().meta({ description: 'Why none is open, in words.' }),
      })
      .nullable()
      .meta({
        description: 'A poll whose vendor tells of changes, so that it runs at once and not only by its interval. null: only by its interval.',
      }),
  })
  .meta({ id: 'Trigger' });
export type Trigger = z.output<typeof trigger>;

const duration = z.string().max(20);
/** What an editor has so far: exactly one of cron, every, calendar, text. */
export const schedulePreviewInput = z.strictObject({
  cron: z.string().max(200).optional().meta({ description: 'Five fields: minute, hour, day, month, weekday; or @daily and the like.' }),
  every: duration.optional().meta({ description: 'e.g. 5m, 2h, 1d' }),
  calendar: z
    .record(z.string().max(20), z.array(z.union([z.string().max(20), z.number()])).max(366))
    .optional()
    .meta({ description: 'As in the config of a schedule: times, weekdays, days, months, dates, except.' }),
  text: z.string().max(200).optional().meta({ description: 'Words to turn into a schedule: "every weekday at 9", "every 15 minutes".' }),
  timeZone: z.string().max(100).optional().meta({ description: 'IANA name; default UTC.' }),
  jitter: duration.optional(),
  from: instant.optional().meta({ description: 'The next times after this; default now.' }),
});
export const schedulePreview = z
  .object({
    ok: z.boolean(),
    cron: z.string().nullable().meta({ description: 'The cron that was given, or that the words mean.' }),
    every: z.string().nullable(),
    timeZone: z.string(),
    words: z.string().nullable(),
    text: z.string().nullable().meta({ description: 'Words that `text` would read back as the same schedule, where there are such.' }),
    jitterMs: z.number().int().nullable().meta({ description: 'Each fire comes at a fixed moment within this time after its nominal one.' }),
    nextFires: z.array(instant),
    faults: z.array(fault),
  })
  .meta({ id: 'SchedulePreview' });
export type SchedulePreview = z.output<typeof schedulePreview>;

export const backfillInput = z.strictObject({
  from: instant,
  to: instant,
  confirm: z
    .number()
    .int()
    .min(0)
    .max(1_000)
    .optional()
    .meta({ description: 'Absent: only counts. Else the count that the answer before gave; another count is 409 `trigger.backfill-changed`.' }),
});
export const backfill = z
  .object({
    count: z.number().int().meta({ description: 'Times of the schedule in the window, both ends included.' }),
    limit: z.number().int().meta({ description: 'The most that one backfill may have.' }),
    first: instant.nullable(),
    last: instant.nullable(),
    started: z.number().int().meta({ description: 'Runs made now; times that had their run already are not counted.' }),
    repeated: z.number().int(),
    skipped: z.number().int().meta({ description: 'By the overlap rule.' }),
    failed: z.number().int().meta({ description: 'Runs that failed at their start.' }),
  })
  .meta({ id: 'Backfill' });
export type Backfill = z.output<typeof backfill>;
