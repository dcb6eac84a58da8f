/** One's own account, and what the team uses of what it may. */
import { z } from 'zod';
import { id, instant } from './common.ts';

/** Whether this machine knows the zone. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}

export const profilePatch = z
  .strictObject({
    name: z.string().trim().min(1).max(100).optional(),
    timeZone: z
      .string()
      .max(64)
      .refine((name) => /^[A-Za-z]/.test(name) && isTimeZone(name), 'is not a time zone: send an IANA name, such as Europe/Berlin')
      .nullable()
      .optional()
      .meta({ description: 'IANA name; null: pages take the zone of the browser.' }),
  })
  .refine((body) => body.name !== undefined || body.timeZone !== undefined, { message: 'send name or timeZone' });
export const passwordChange = z.strictObject({ current: z.string().min(1).max(128), password: z.string().min(10).max(128) });

/** Somewhere one is signed in. */
export const openSession = z
  .object({
    id,
    current: z.boolean().meta({ description: 'The session of this request.' }),
    createdAt: instant,
    seenAt: instant.meta({ description: 'Renewed about once a day while it is used.' }),
    expiresAt: instant,
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
  })
  .meta({ id: 'OpenSession' });

const limit = z.object({ used: z.number(), most: z.number().nullable().meta({ description: 'Null: no limit.' }) });
/** What the plan allows and how much of it is used. */
export const teamLimits = z
  .object({
    plan: z.string(),
    activeWorkflows: limit,
    runsThisMonth: limit,
    runsAtOnce: limit,
    members: limit,
    fileBytes: limit,
  })
  .meta({ id: 'TeamLimits' });
export type TeamLimits = z.output<typeof teamLimits>;
/** How many runs of the team may run at once. */
export const mostRunsAtOnce = 10_000;
export const teamLimitsChange = z.strictObject({
  runsAtOnce: z
    .number()
    .int()
    .min(1)
    .max(mostRunsAtOnce)
    .meta({ description: 'Runs that may be under way at once over all workflows; further ones are queued.' }),
});

/** How long ended runs are kept. */
export const retention = z
  .object({
    days: z.number().int().meta({ description: 'What holds.' }),
    chosen: z.number().int().nullable().meta({ description: 'What the team chose; null: nothing, so the plan decides.' }),
    byPlan: z.number().int(),
  })
  .meta({ id: 'Retention' });
export type Retention = z.output<typeof retention>;
export const retentionChange = z.strictObject({ days: z.number().int().min(1).max(3650).nullable() });

export const spendQuery = z.strictObject({
  days: z.coerce.number().int().min(1).max(366).optional().meta({ description: 'How many days back, today included; default 30.' }),
  workflowId: id.optional(),
});
const spendDay = z.object({
  day: z.iso.date().meta({ description: 'A day in UTC.' }),
  costUsd: z.number(),
  runs: z.number().int(),
  failed: z.number().int(),
});
/** Cost and runs per day. */
export const spend = z
  .object({
    days: z.array(spendDay).meta({ description: 'Oldest first, every day of the span, also those without a run.' }),
    costUsd: z.number(),
    before: z.object({ costUsd: z.number(), runs: z.number().int() }).meta({ description: 'The same span just before.' }),
    workflows: z
      .array(z.object({ workflowId: id, workflowName: z.string(), costUsd: z.number(), runs: z.number().int() }))
      .meta({ description: 'The dearest five.' }),
  })
  .meta({ id: 'Spend' });
export type Spend = z.output<typeof spend>;
