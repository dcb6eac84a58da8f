/** What goes between a webhook, its caller and the people who set it up: addresses, deliveries, listening for a test event. */
import { z } from 'zod';
import { id, instant, jsonValue } from './common.ts';
import { runStarted } from './run.ts';

const triggerIdText = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);
export const triggerParams = z.strictObject({ id, triggerId: triggerIdText });
export const deliveryParams = z.strictObject({ id, triggerId: triggerIdText, deliveryId: id });
export const listenParams = z.strictObject({ id, triggerId: triggerIdText, listenId: id });
/** A token in a URL: webhook, form, resume link, or what a form's page follows its submission with. */
export const token = z.string().regex(/^[A-Za-z0-9_.-]{20,200}$/);
export const tokenParams = z.strictObject({ token });

/** How a webhook's requests are checked. */
export const verifyScheme = z.enum(['none', 'hmac', 'standardwebhooks', 'stripe', 'github', 'slack']);

export const triggerAddress = z
  .object({
    triggerId: z.string(),
    type: z.enum(['webhook', 'form']),
    url: z
      .string()
      .nullable()
      .meta({ description: "A form's link. Null for a webhook: its URL is a secret, shown when it is made, then never again." }),
    hint: z.string().nullable().meta({ description: "The first characters of a webhook's token, to tell two apart." }),
    status: z.enum(['active', 'paused', 'removed']),
    verify: z.object({
      scheme: verifyScheme,
      ready: z.boolean().meta({ description: 'False: every request is refused until the problem is solved.' }),
      problem: z.string().nullable(),
    }),
    lastFiredAt: instant.nullable(),
  })
  .meta({ id: 'TriggerAddress' });
export type TriggerAddress = z.output<typeof triggerAddress>;

/** A URL that was made just now: the only time a webhook's is shown. */
export const madeAddress = z.object({ triggerId: z.string(), type: z.enum(['webhook', 'form']), url: z.string() }).meta({ id: 'MadeAddress' });
export type MadeAddress = z.output<typeof madeAddress>;

export const deliveryOutcome = z.enum(['started', 'repeated', 'delivered', 'held', 'shown', 'refused', 'failed']).meta({
  description:
    'started: a run; repeated: had come before; delivered, held: a signal; shown: a test event; refused: by check, limit or state; failed: our fault.',
});
const deliveryFields = {
  id,
  at: instant,
  method: z.string(),
  contentType: z.string().nullable(),
  bytes: z.number().int(),
  outcome: deliveryOutcome,
  status: z.number().int().meta({ description: 'What the caller got; 0 while it still waits for a result.' }),
  code: z.string().nullable().meta({ description: 'Why it was refused.' }),
  runId: id.nullable(),
  ms: z.number().int(),
  test: z.boolean(),
  replayOf: id.nullable(),
  replayable: z.boolean(),
};
export const delivery = z.object(deliveryFields).meta({ id: 'Delivery' });
export const deliveryDetail = z
  .object({
    ...deliveryFields,
    headers: z.record(z.string(), z.string()).meta({ description: 'Secrets masked.' }),
    query: z.record(z.string(), jsonValue),
    body: jsonValue.meta({ description: 'The input it made, up to 64 KB; null where it is larger or was refused.' }),
  })
  .meta({ id: 'DeliveryDetail' });
export type Delivery = z.output<typeof delivery>;
export type DeliveryDetail = z.output<typeof deliveryDetail>;

export const listenStart = z.strictObject({
  start: z.boolean().optional().meta({ description: 'True: the event starts a test run of the draft. Default: it is only shown.' }),
});
export const listening = z
  .object({
    id,
    status: z.enum(['waiting', 'received', 'expired']),
    url: z.string().nullable().meta({ description: 'Where to send the test event; only in the answer that made it.' }),
    expiresAt: instant,
    event: deliveryDetail.nullable(),
    runId: id.nullable(),
    problem: z.string().nullable().meta({ description: 'Why the event was refused, or started no test run.' }),
  })
  .meta({ id: 'Listening' });
export type Listening = z.output<typeof listening>;

/** A stored request that was sent again: the run it started, or, where the webhook is a signal, the run it reached. */
export const replayed = z
  .object({
    id: id.nullable().meta({ description: 'The run; null where no run waited for the signal.' }),
    status: z.enum(['queued', 'delivered', 'held']),
  })
  .meta({ id: 'ReplayedDelivery' });
export const hookAnswer = z.union([runStarted, z.object({ outcome: z.enum(['delivered', 'held']) })]);
