/** Configs of the triggers that are called over HTTP: webhook and form (03, Triggers). */
import { z } from 'zod';
import { scanTemplate } from './scan-template.ts';

const overlap = z.enum(['queue', 'skip', 'cancel_older']);
const name = z.string().min(1).max(200);
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, { error: 'Expected the name of an HTTP header' });
const credentialId = z.uuid({ error: 'Choose a credential of kind webhook-secret: its secret never stands in the definition' });

const verify = z.discriminatedUnion(
  'scheme',
  [
    z.strictObject({ scheme: z.literal('none') }),
    z.strictObject({
      scheme: z.literal('hmac'),
      credentialId,
      header: headerName,
      algorithm: z.enum(['sha256', 'sha1', 'sha512']).optional(),
      encoding: z.enum(['hex', 'base64', 'base64url']).optional(),
      /** Stands before the signature in the header, e.g. `sha256=`. */
      prefix: z.string().max(50).optional(),
      /** Seconds since 1970; when given, what is signed is `<timestamp>.<body>` and the request is refused after 300 s. */
      timestampHeader: headerName.optional(),
    }),
    z.strictObject({ scheme: z.literal('standardwebhooks'), credentialId }),
    z.strictObject({ scheme: z.literal('stripe'), credentialId }),
    z.strictObject({ scheme: z.literal('github'), credentialId }),
    z.strictObject({ scheme: z.literal('slack'), credentialId }),
  ],
  { error: 'Expected { "scheme": "none" | "hmac" | "standardwebhooks" | "stripe" | "github" | "slack", … }' },
);

const plainPath = /^(input|trigger)(\.[A-Za-z_][A-Za-z0-9_]*|\[\d{1,9}\])*$/;
/** Filled before there is a run, so only plain paths into what came are understood. */
const signalKey = z
  .string()
  .max(500)
  .refine(
    (text) => {
      const scanned = scanTemplate(text);
      return scanned.ok && scanned.parts.every((part) => part.kind === 'text' || plainPath.test(part.text));
    },
    { error: 'Expected text with {{ input.path }} or {{ trigger.headers.name }} in it: plain paths only' },
  );

export const webhookTrigger = z.strictObject({
  verify: verify.optional(),
  /** Where the sender's own id of an event stands; a request with an id that was seen answers with the first run. */
  dedupe: z
    .union(
      [z.strictObject({ header: headerName }), z.strictObject({ path: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*){0,9}$/) })],
      {
        error: 'Expected { "header": name }, or { "path": names with dots between, from the input down }',
      },
    )
    .optional(),
  respond: z.enum(['accepted', 'result']).optional(),
  signal: z.strictObject({ name, key: signalKey.optional() }).optional(),
  overlap: overlap.optional(),
});
export type WebhookTrigger = z.output<typeof webhookTrigger>;
export type WebhookVerify = z.output<typeof verify>;

export const formTrigger = z.strictObject({
  title: name,
  description: z.string().max(2_000).optional(),
  /** False: only signed-in members of the team. */
  public: z.boolean(),
  overlap: overlap.optional(),
});
export type FormTrigger = z.output<typeof formTrigger>;
