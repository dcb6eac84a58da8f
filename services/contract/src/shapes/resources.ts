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

export const variable = z.object({ name: z.string(), value: jsonValue, revision: z.number().int(), updatedAt: instant }).meta({ id: 'Variable' });
export type Variable = z.output<typeof variable>;
const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'letters, digits and _, at most 63, not beginning with a digit');
export const variableParams = z.strictObject({ name: variableName });
export const variableSet = z
  .strictObject({ value: jsonValue })
  .refine((body) => body.value !== undefined, { path: ['value'], message: 'value is required (null is a value)' });

/** An id of GET /api/v1/credential-kinds. */
const credentialKindId = z.string().regex(/^[a-z][a-z0-9-]{1,49}$/);
/** `pending`: nobody has consented yet; `needs_reauth`: the provider takes the stored access no more, somebody must consent again. */
export const credentialStatus = z.enum(['active', 'pending', 'needs_reauth', 'expired', 'revoked']);
export const credential = z
  .object({
    id,
    name: z.string(),
    kind: credentialKindId,
    allowedHosts: z.array(z.string()),
    status: credentialStatus,
    statusReason: z.string().nullable().meta({ description: 'Why it is not active, as a stable code.' }),
    revision: z.number().int(),
    account: z.string().nullable().meta({ description: 'Whom it stands for at the provider, where the provider says so.' }),
    scopes: z.array(z.string()).meta({ description: 'Scopes the provider granted.' }),
    expiresAt: instant.nullable().meta({ description: 'When the access ends for good: as its owner said of a key, or as the provider said.' }),
    expiryWarning: z
      .enum(['soon', 'ended'])
      .nullable()
      .meta({ description: 'soon: it ends within 7 days, of which its people were told; ended: it is over.' }),
    usableBy: z.enum(['team', 'people']).meta({ description: 'team: whoever has the permission credential.use; people: only those named in users.' }),
    users: z.array(id),
    lastUsedAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Credential', description: 'Names only; the value cannot be read back by anyone.' });
export type Credential = z.output<typeof credential>;

const credentialEnd = instant.meta({
  description:
    'When the key ends, where the provider gave it an end: its people are told 7 days and 1 day before, and at its end. Not for kinds with consent, of which the provider says so.',
});

/** A host, `*.host`, or host:port. */
const allowedHost = z
  .string()
  .regex(/^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(:\d{1,5})?$/, 'a host name such as api.example.com or *.example.com');
const credentialValues = z.record(z.string().max(100), z.string().max(20_000));
const credentialName = z.string().trim().min(1).max(200);
export const credentialCreate = z.strictObject({
  name: credentialName,
  kind: credentialKindId,
  values: credentialValues.meta({
    description: 'By kind, as GET /api/v1/credential-kinds says; e.g. bearer { token }, basic { username, password }.',
  }),
  allowedHosts: z.array(allowedHost).max(50).optional().meta({
    description:
      "Hosts the value may be sent to. Needed for kinds that belong to no one provider (bearer, api-key, basic, header, oauth2); otherwise the provider's.",
  }),
  expiresAt: credentialEnd.optional(),
});
export const credentialPatch = z.strictObject({
  name: credentialName.optional(),
  values: credentialValues.optional(),
  allowedHosts: z.array(allowedHost).min(1).max(50).optional(),
  usableBy: z.enum(['team', 'people']).optional(),
  users: z.array(id).max(200).optional().meta({ description: 'People of the team who may name it in a workflow; counts with usableBy: people.' }),
  expiresAt: credentialEnd.nullable().optional(),
});

export const credentialKindShape = z
  .object({
    id: credentialKindId,
    title: z.string(),
    help: z.string(),
    service: z.string(),
    grant: z.enum(['stored', 'service-account', 'client-credentials', 'authorization-code']),
    hosts: z.array(z.string()).nullable().meta({ description: 'Where it is sent by default; null: its owner says where.' }),
    hostsFixed: z.boolean(),
    docsUrl: z.string().nullable(),
    fields: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        help: z.string(),
        secret: z.boolean(),
        required: z.boolean(),
        input: z.enum(['line', 'lines', 'choice']),
        choices: z.array(z.object({ value: z.string(), label: z.string() })),
        fallback: z.string().nullable(),
      }),
    ),
    oauth: z
      .object({ redirectUrl: z.string(), steps: z.array(z.string()), scopes: z.array(z.object({ scope: z.string(), why: z.string() })) })
      .nullable()
      .meta({ description: 'What to do at the provider before somebody can connect.' }),
    connectors: z.array(z.string()).meta({ description: 'Connectors whose actions take it.' }),
  })
  .meta({ id: 'CredentialKind' });
export type CredentialKindShape = z.output<typeof credentialKindShape>;

export const credentialTest = z
  .object({
    ok: z.boolean(),
    code: z.string().nullable(),
    message: z.string(),
    account: z.string().nullable(),
    missingScopes: z.array(z.string()),
  })
  .meta({ id: 'CredentialTest' });
export type CredentialTest = z.output<typeof credentialTest>;

export const credentialUse = z
  .object({ workflowId: id, workflowName: z.string(), nodeId: z.string(), where: z.enum(['draft', 'published', 'trigger']) })
  .meta({ id: 'CredentialUse' });
export type CredentialUse = z.output<typeof credentialUse>;

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
