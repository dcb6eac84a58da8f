/** Trigger types and their configs (03, Triggers): one entry each. */
import { z } from 'zod';
import type { JsonObject } from './pointer.ts';
import { formTrigger, webhookTrigger } from './trigger-hooks.ts';

export interface TriggerKind {
  type: string;
  label: string;
  help: string;
  example: { id: string; type: string; config?: JsonObject };
  schema: z.ZodType;
}

const duration = z.string().regex(/^\d+(ms|s|m|h|d)$/, { error: 'Expected a duration such as 30s, 5m, 2h or 7d' });
const input = z.record(z.string(), z.unknown());
const overlap = z.enum(['queue', 'skip', 'cancel_older']);
const onlyOverlap = z.strictObject({ overlap: overlap.optional() });
const name = z.string().min(1).max(200);

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, { error: 'Expected a day such as 2026-12-24' });
/** Days by pattern (all that is given holds at once) or by date, at times of the day. */
const calendar = z.strictObject({
  times: z
    .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'Expected a time of the day such as 07:00' }))
    .min(1)
    .max(48),
  weekdays: z
    .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
    .min(1)
    .optional(),
  /** 1 to 31; -1: the last day of the month. */
  days: z
    .array(
      z
        .number()
        .int()
        .min(-1)
        .max(31)
        .refine((day) => day !== 0, { error: 'Expected 1 to 31, or -1 for the last day' }),
    )
    .min(1)
    .max(32)
    .optional(),
  months: z.array(z.number().int().min(1).max(12)).min(1).optional(),
  dates: z.array(date).max(366).optional(),
  except: z.array(date).max(366).optional(),
});
const schedule = z
  .strictObject({
    cron: z.string().min(1).max(200).optional(),
    every: duration.optional(),
    calendar: calendar.optional(),
    timeZone: name.optional(),
    input: input.optional(),
    overlap: overlap.optional(),
    catchUpWindow: duration.optional(),
    jitter: duration.optional(),
  })
  .refine((config) => [config.cron, config.every, config.calendar].filter((one) => one !== undefined).length === 1, {
    error: 'Give cron, every or calendar, one of the three',
    path: ['cron'],
  });
/** What tells items apart: a field of the item, or more about it. */
const cursor = z.union(
  [
    name,
    z.strictObject({
      key: name,
      /** Where the list is in the answer; absent: the answer itself, or its `rows`, `items`, `data`, `body`. */
      items: name.optional(),
      /** seen (default): new is what was not seen before; rising: new is what has a greater key, and `{{ cursor }}` in params is the greatest so far. */
      order: z.enum(['seen', 'rising']).optional(),
      /** now (default): what is there at the first look is not new; start: it is. */
      from: z.enum(['now', 'start']).optional(),
    }),
  ],
  { error: 'Expected the name of a field, or { key, items?, order?: "seen" | "rising", from?: "now" | "start" }' },
);
const poll = z.strictObject({
  connector: name,
  action: name,
  params: input,
  credentialId: name.optional(),
  every: duration,
  cursor,
  overlap: overlap.optional(),
});
const event = z
  .strictObject({
    workflowId: name.optional(),
    any: z.literal(true).optional(),
    on: z.array(z.enum(['completed', 'failed', 'timed_out', 'waiting'])).min(1),
    overlap: overlap.optional(),
  })
  .refine((config) => (config.workflowId === undefined) !== (config.any === undefined), {
    error: 'Name a workflowId, or set any to true',
    path: ['workflowId'],
  });

const list: TriggerKind[] = [
  { type: 'manual', label: 'By hand', help: 'Somebody presses Run.', example: { id: 'manual', type: 'manual' }, schema: onlyOverlap },
  { type: 'api', label: 'API', help: 'A program starts it over HTTP.', example: { id: 'api', type: 'api' }, schema: onlyOverlap },
  {
    type: 'schedule',
    label: 'Schedule',
    help: 'By cron, by calendar or every so often, in a time zone.',
    example: { id: 'daily', type: 'schedule', config: { cron: '0 7 * * *', timeZone: 'Europe/Berlin' } },
    schema: schedule,
  },
  {
    type: 'webhook',
    label: 'Webhook',
    help: 'A request to its own secret URL.',
    example: { id: 'hook', type: 'webhook', config: { respond: 'accepted' } },
    schema: webhookTrigger,
  },
  {
    type: 'form',
    label: 'Form',
    help: 'A form made from the inputs.',
    example: { id: 'ask', type: 'form', config: { title: 'New order', public: false } },
    schema: formTrigger,
  },
  {
    type: 'continuous',
    label: 'Without end',
    help: 'Starts again after each run, with a pause.',
    example: { id: 'again', type: 'continuous', config: { pauseMs: 60_000 } },
    schema: z.strictObject({ pauseMs: z.number().int().min(0), maxFailures: z.number().int().min(1).optional(), input: input.optional() }),
  },
  {
    type: 'poll',
    label: 'Poll',
    help: 'Asks a connector for new items.',
    example: { id: 'new_rows', type: 'poll', config: { connector: 'http', action: 'request', params: {}, every: '5m', cursor: 'id' } },
    schema: poll,
  },
  {
    type: 'event',
    label: 'After a workflow',
    help: 'When another workflow ends.',
    example: { id: 'after', type: 'event', config: { any: true, on: ['failed'] } },
    schema: event,
  },
];

/** All trigger types by name. */
export const triggerKinds: ReadonlyMap<string, TriggerKind> = new Map(list.map((kind) => [kind.type, kind]));
