/** Settings of the API process: one schema, read once by main.ts. Refuses to start without secrets of its own. */
import { readEnv } from '@hub/kit';
import { UserError } from '@hub/kit/errors';
import { z } from 'zod';

const key32 = (what: string) =>
  z
    .string()
    .describe(`${what}: base64 of 32 random bytes, e.g. the output of openssl rand -base64 32`)
    .refine((text) => Buffer.from(text, 'base64').length === 32, 'wants base64 of exactly 32 bytes')
    .transform((text) => Buffer.from(text, 'base64'));
const address = (what: string) => z.url().describe(what);

/** Every variable the API reads, with its meaning; `.env.example` and the README are held against it by the house test. */
export const apiEnv = z.object({
  DATABASE_URL: address('PostgreSQL as the plain role hub_app, e.g. postgres://hub_app:password@127.0.0.1:5432/hub'),
  DATABASE_AUTH_URL: address(
    'the same database as role hub_auth (accounts, sessions, look-up of keys), e.g. postgres://hub_auth:password@127.0.0.1:5432/hub',
  ),
  TEMPORAL_ADDRESS: z.string().describe('host:port of Temporal, e.g. 127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default').describe('Temporal namespace, e.g. default'),
  TEMPORAL_UI_URL: address('Temporal Web UI, for links, e.g. http://127.0.0.1:8233').optional(),
  HUB_URL: address('public origin without trailing slash, e.g. http://localhost:3000'),
  HUB_HOST: z.string().default('127.0.0.1').describe('listen address, e.g. 127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe('listen port, e.g. 3000'),
  HUB_SESSION_KEY: key32('signs sessions and CSRF tokens'),
  HUB_CREDENTIAL_KEYS: z
    .string()
    .describe(
      'key ring of the credentials, newest first, comma separated, or file:/path of a file with it (then a rotation needs no restart), e.g. k1:<base64 of 32 random bytes>',
    ),
  HUB_WEBHOOK_KEY: key32('signs resume links and webhook tokens'),
  HUB_BLOB_KEY: key32('makes blob names per team'),
  HUB_CODEC_KEYS: z
    .string()
    .describe(
      'key ring that encrypts what Temporal stores, newest first, comma separated, or file:/path of a file with it (then a rotation needs no restart), e.g. k1:<base64 of 32 random bytes>',
    ),
  HUB_CODEC: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off writes plain payloads to Temporal, for a machine of one’s own (npm start does so); sealed ones are still read, e.g. on'),
  HUB_OUTBOUND_ALLOW: z
    .string()
    .default('')
    .describe('private places that outbound calls may reach: host:port or CIDR, comma separated, e.g. api.intern:8443,10.20.0.0/16'),
  HUB_LAUNCHER_TOKEN: z
    .string()
    .min(20)
    .optional()
    .describe('lets the launcher make one-time sign-in links; absent: the route does not exist, e.g. 32 random characters'),
  HUB_DEMO_EMAIL: z.email().optional().describe('the demo person of a first start, e.g. demo@example.com'),
  HUB_OPERATOR_EMAIL: z.email().optional().describe('who may read unsent mails (absent: HUB_DEMO_EMAIL), e.g. ops@example.com'),
  HUB_WEB_DIST: z.string().optional().describe('absolute path of the built web app (absent: no pages), e.g. /srv/hub/web/dist'),
  HUB_INSECURE_HTTP: z
    .enum(['0', '1'])
    .optional()
    .describe('1 allows an http origin that is not this machine (cookies then travel readable), e.g. 0'),
  HUB_DEFAULT_PLAN: z
    .enum(['free', 'teams', 'enterprise'])
    .default('enterprise')
    .describe('plan of teams that people make (a host that sells plans sets free), e.g. enterprise'),
  HUB_CONTINUE_AFTER: z.coerce
    .number()
    .int()
    .min(50)
    .max(10_000)
    .optional()
    .describe('Temporal events after which a run continues as new (absent: 2,000); lower it only to test, e.g. 200'),
  HUB_MODEL_KEYS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    )
    .describe('providers whose key the worker has, so that the pages can say so; the keys themselves stay with the worker, e.g. openai,anthropic'),
  HUB_RATE_PER_MINUTE: z.coerce.number().int().min(1).default(600).describe('requests a minute per API key or session, e.g. 600'),
  SMTP_URL: z.string().optional().describe('mail server (absent: mails are kept for the operator), e.g. smtps://user:password@mail.example.com'),
  HUB_MAIL_FROM: z.string().default('Workflow Hub <hub@localhost>').describe('sender of mails, e.g. Workflow Hub <hub@example.com>'),
  HUB_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('log level, e.g. info'),
});
export type ApiEnv = z.output<typeof apiEnv>;

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);
/** True where cookies may go without `Secure`: Safari drops them at a loopback http origin otherwise (05, rule 24). */
export function isLoopbackHttp(origin: string): boolean {
  const url = new URL(origin);
  return url.protocol === 'http:' && loopback.has(url.hostname);
}

/** Reads and checks the environment. @throws UserError `env.invalid` naming every fault, never a value. */
export function readApiEnv(source: Record<string, string | undefined> = process.env): ApiEnv {
  const env = readEnv(apiEnv, source);
  const url = new URL(env.HUB_URL);
  if (url.protocol === 'http:' && !isLoopbackHttp(env.HUB_URL) && env.HUB_INSECURE_HTTP !== '1') {
    throw new UserError('env.invalid', 'HUB_URL is plain http on a host that is not this machine: sessions could be read on the way.', {
      remedy: 'Serve it over https, or set HUB_INSECURE_HTTP=1 if you know the network.',
    });
  }
  return { ...env, HUB_URL: url.origin };
}
