/** People, teams, members, invitations, API keys, sign-in. */
import { z } from 'zod';
import { roles } from '../permissions.ts';
import { id, instant } from './common.ts';

export const role = z.enum(roles);
const email = z.email().max(254);
/** 10 characters and more; scrypt takes at most what fits here. */
const password = z.string().min(10).max(128);

export const team = z
  .object({
    id,
    name: z.string(),
    slug: z.string(),
    plan: z.string(),
    role: role.nullable().meta({ description: "The caller's role in it; null for an API key." }),
    createdAt: instant,
  })
  .meta({ id: 'Team' });
export type Team = z.output<typeof team>;
export const teamCreate = z.strictObject({ name: z.string().trim().min(1).max(100) });

export const person = z.object({ id, name: z.string(), email: z.string() });
/** Oneself: with what nobody else needs. */
export const self = person.extend({
  timeZone: z.string().nullable().meta({ description: 'IANA name of the zone in which pages tell times; null: that of the browser.' }),
});
export const me = z
  .object({
    kind: z.enum(['person', 'api-key']),
    user: self.nullable().meta({ description: 'Null for an API key.' }),
    team: team.nullable().meta({ description: 'The team this request acts in; null where none is chosen.' }),
    teams: z.array(team),
    role: role.nullable(),
    unread: z.number().int().meta({ description: 'Unread notices.' }),
    temporalUiUrl: z.string().nullable(),
    demo: z.boolean().meta({ description: 'True for the demo person of a first start.' }),
    permissions: z.array(z.string()),
    csrfToken: z
      .string()
      .nullable()
      .meta({ description: 'Send it as `x-csrf-token` with every unsafe method of this session; null for an API key.' }),
  })
  .meta({ id: 'Me' });
export type Me = z.output<typeof me>;

export const member = z.object({ id, userId: id, name: z.string(), email: z.string(), role, createdAt: instant }).meta({ id: 'Member' });
export const memberPatch = z.strictObject({ role });

export const invitation = z
  .object({
    id,
    email: z.string(),
    role,
    status: z.string(),
    expiresAt: instant,
    createdAt: instant,
  })
  .meta({ id: 'Invitation' });
export const invitationCreate = z.strictObject({ email, role: role.exclude(['owner']) });

export const apiKey = z
  .object({
    id,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.string()),
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
    createdAt: instant,
    createdBy: z.object({ id, name: z.string() }).nullable().optional().meta({ description: 'Who made it; null where they have left.' }),
  })
  .meta({ id: 'ApiKey' });
export const apiKeyCreate = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z
    .array(z.string().min(1).max(50))
    .min(1)
    .max(50)
    .meta({ description: 'Role names (viewer, runner, editor, admin), permission names, or `*`.' }),
  expiresAt: instant.optional(),
});
export const apiKeyCreated = z
  .object({ ...apiKey.shape, key: z.string().meta({ description: 'The secret; shown this once.' }) })
  .meta({ id: 'ApiKeyCreated' });

export const signUp = z.strictObject({ name: z.string().trim().min(1).max(100), email, password });
export const signIn = z.strictObject({ email, password: z.string().min(1).max(128) });
export const resetRequest = z.strictObject({ email });
export const reset = z.strictObject({ token: z.string().min(20).max(200), password });
export const session = z.object({ user: person, teamId: id.nullable(), csrfToken: z.string() }).meta({ id: 'Session' });
/** Answers that must not tell whether the address is known. */
export const accepted = z.object({ ok: z.literal(true), message: z.string() });

export const signInLinkCreate = z.strictObject({ email: email.optional(), next: z.string().max(500).optional() });
export const signInLink = z.object({ url: z.string() });

export const ready = z
  .object({
    ready: z.boolean(),
    checks: z.object({ database: z.boolean(), temporal: z.boolean(), worker: z.boolean() }),
  })
  .meta({ id: 'Ready' });
