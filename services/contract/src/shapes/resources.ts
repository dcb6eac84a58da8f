/** Files, variables, credentials, catalogues, notices, audit entries. */
import { z } from 'zod';
import { id, instant, jsonValue } from './common.ts';

export const fileHandle = z
  .object({
    $file: id,
    name: z.string(),
    mime: z.string(),
    bytes: z.number().int(),
    sha256: z.string(),
  })
  .meta({ id: 'FileHandle', description: 'How a file travels in JSON; put it where a file is wanted.' });
export type FileHandle = z.output<typeof fileHandle>;
export const fileInfo = z.object({ ...fileHandle.shape, createdAt: instant }).meta({ id: 'FileInfo' });

export const variable = z.object({ name: z.string(), value: jsonValue, updatedAt: instant }).meta({ id: 'Variable' });
export type Variable = z.output<typeof variable>;
const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'letters, digits and _, at most 63, not beginning with a digit');
export const variableParams = z.strictObject({ name: variableName });
export const variableSet = z
  .strictObject({ value: jsonValue })
  .refine((body) => body.value !== undefined, { path: ['value'], message: 'value is required (null is a value)' });

export const credentialKind = z.enum(['api-key', 'bearer', 'basic', 'header', 'webhook-secret', 'slack-webhook', 'openai', 'anthropic']);
export const credential = z
  .object({
    id,
    name: z.string(),
    kind: credentialKind,
    allowedHosts: z.array(z.string()),
    status: z.string(),
    revision: z.number().int(),
    lastUsedAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Credential', description: 'Names only; the value cannot be read back by anyone.' });
export type Credential = z.output<typeof credential>;

const secret = z.string().min(1).max(8_000);
/** Header names as RFC 9110 tokens. */
const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/);
/** The secret's fields by kind. */
export const credentialValues = {
  'api-key': z.union([z.strictObject({ header: headerName, value: secret }), z.strictObject({ query: z.string().min(1).max(100), value: secret })]),
  bearer: z.strictObject({ token: secret }),
  basic: z.strictObject({ username: z.string().max(500), password: secret }),
  header: z.strictObject({ name: headerName, value: secret }),
  'webhook-secret': z.strictObject({ secret, previous: secret.optional() }),
  'slack-webhook': z.strictObject({ url: z.url({ protocol: /^https$/ }).max(2_000) }),
  openai: z.strictObject({ apiKey: secret, baseUrl: z.url().optional() }),
  anthropic: z.strictObject({ apiKey: secret, baseUrl: z.url().optional() }),
} as const;
/** A host, `*.host`, or host:port. */
const allowedHost = z
  .string()
  .regex(/^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(:\d{1,5})?$/, 'a host name such as api.example.com or *.example.com');
const credentialName = z.string().trim().min(1).max(200);
export const credentialCreate = z.strictObject({
  name: credentialName,
  kind: credentialKind,
  values: z.record(z.string(), z.string()).meta({
    description:
      'By kind: api-key { header, value } or { query, value }; bearer { token }; basic { username, password }; header { name, value }; webhook-secret { secret, previous? } (previous is taken too while you rotate); slack-webhook { url }; openai, anthropic { apiKey, baseUrl? }.',
  }),
  allowedHosts: z.array(allowedHost).max(50).optional().meta({
    description:
      "Hosts the value may be sent to. Required but for openai, anthropic and slack-webhook, whose default is the provider's, and webhook-secret, which is sent nowhere.",
  }),
});
export const credentialPatch = z.strictObject({
  name: credentialName.optional(),
  values: z.record(z.string(), z.string()).optional(),
  allowedHosts: z.array(allowedHost).min(1).max(50).optional(),
});

/** A catalogue entry: id, title, help and whatever its kind adds. */
const catalogueEntry = z.looseObject({ id: z.string() });
export const catalogue = z.object({ items: z.array(catalogueEntry), nextCursor: z.null() });

export const notice = z
  .object({
    id,
    kind: z.string(),
    title: z.string(),
    body: z.string(),
    link: z.string().nullable(),
    readAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'Notice' });
export type Notice = z.output<typeof notice>;
export const noticeList = z.object({ items: z.array(notice), nextCursor: z.string().nullable(), unread: z.number().int() });

export const auditEntry = z
  .object({
    id,
    at: instant,
    actor: z.string().nullable(),
    action: z.string(),
    targetType: z.string().nullable(),
    targetId: z.string().nullable(),
    ip: z.string().nullable(),
    details: jsonValue,
  })
  .meta({ id: 'AuditEntry' });

export const mail = z.object({ id, at: instant, to: z.string(), subject: z.string(), text: z.string() }).meta({ id: 'Mail' });
