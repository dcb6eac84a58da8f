/** The worker's settings, read once at start. */
import { readEnv } from '@hub/kit';
import { z } from 'zod';

const key32 = z.string().refine((text) => Buffer.from(text, 'base64').length === 32, 'is not 32 bytes in base64');

export const workerEnvSchema = z.object({
  DATABASE_URL: z.url().describe('PostgreSQL as the plain role hub_app, e.g. postgres://hub_app:password@127.0.0.1:5432/hub'),
  TEMPORAL_ADDRESS: z.string().min(1).describe('host:port of Temporal, e.g. 127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default').describe('Temporal namespace, e.g. default'),
  HUB_URL: z.url().describe('public origin without trailing slash, e.g. http://localhost:3000'),
  HUB_CREDENTIAL_KEYS: z
    .string()
    .min(1)
    .describe(
      'key ring of the credentials, newest first, comma separated, or file:/path of a file with it (then a rotation needs no restart), e.g. k1:<base64 of 32 random bytes>',
    ),
  HUB_WEBHOOK_KEY: key32.describe('signs one-time links: base64 of 32 random bytes, e.g. the output of openssl rand -base64 32'),
  HUB_BLOB_KEY: key32.describe('makes blob names per team: base64 of 32 random bytes, e.g. the output of openssl rand -base64 32'),
  HUB_CODEC_KEYS: z
    .string()
    .min(1)
    .describe(
      'key ring that encrypts what Temporal stores, newest first, comma separated, or file:/path of a file with it (then a rotation needs no restart), e.g. k1:<base64 of 32 random bytes>',
    ),
  HUB_CODEC: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off writes plain payloads to Temporal, for a machine of one’s own (npm start does so); sealed ones are still read, e.g. on'),
  HUB_WORKFLOW_BUNDLE: z.string().optional().describe('path of a ready workflow bundle (absent: bundled at start), e.g. /srv/hub/workflow-bundle.js'),
  HUB_OUTBOUND_ALLOW: z
    .string()
    .default('')
    .describe('private places that outbound calls may reach: host:port or CIDR, comma separated, e.g. api.intern:8443,10.20.0.0/16'),
  HUB_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('log level, e.g. info'),
  HUB_WORKER_STEPS: z.coerce.number().int().min(1).max(1000).default(100).describe('steps that one worker runs at a time, e.g. 100'),
  HUB_WORKER_WORKFLOW_TASKS: z.coerce
    .number()
    .int()
    .min(2)
    .max(1000)
    .default(16)
    .describe('runs that one worker decides for at a time; what is beyond waits in Temporal, by turns between teams, e.g. 40'),
  HUB_WORKER_CACHE: z.coerce.number().int().min(0).max(10_000).default(200).describe('workflows that one worker keeps in memory, e.g. 200'),
  SMTP_URL: z.string().optional().describe('mail server (absent: mails are kept for the operator), e.g. smtps://user:password@mail.example.com'),
  HUB_MAIL_FROM: z.string().default('Workflow Hub <hub@localhost>').describe('sender of mails, e.g. Workflow Hub <hub@example.com>'),
  HUB_CONTINUE_AFTER: z.coerce
    .number()
    .int()
    .min(50)
    .max(10_000)
    .optional()
    .describe('Temporal events after which a run continues as new (absent: 2,000); lower it only to test, e.g. 200'),
  OPENAI_API_KEY: z.string().optional().describe('key for OpenAI models of prompts without a credential of their own, e.g. sk-proj-...'),
  ANTHROPIC_API_KEY: z.string().optional().describe('key for Anthropic models of prompts without a credential of their own, e.g. sk-ant-...'),
});

export type WorkerEnv = z.output<typeof workerEnvSchema>;

/** Throws UserError `env.invalid` naming every fault. */
export function readWorkerEnv(source: Record<string, string | undefined>): WorkerEnv {
  return readEnv(workerEnvSchema, source);
}
