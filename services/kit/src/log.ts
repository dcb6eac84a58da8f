/** Structured logs on stdout with secrets taken out by name. Values that are secret only in one run go through the redactor of that run first. */
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

import { UserError, isHubError } from './errors.ts';

export type { Logger } from 'pino';

/** Field and header names whose values never reach a log, at the top and two levels below it. */
export const secretNames = [
  'password',
  'passwd',
  'secret',
  'token',
  'apiKey',
  'api_key',
  'accessToken',
  'refreshToken',
  'authorization',
  'Authorization',
  'cookie',
  'Cookie',
  'set-cookie',
  'x-api-key',
  'x-hub-launcher-token',
  'proxy-authorization',
  'privateKey',
  'credential',
  'credentials',
  'sessionKey',
  'values',
  'DATABASE_URL',
  'DATABASE_AUTH_URL',
  'DATABASE_OWNER_URL',
  'HUB_SESSION_KEY',
  'HUB_CREDENTIAL_KEYS',
  'HUB_WEBHOOK_KEY',
  'HUB_BLOB_KEY',
  'HUB_CODEC_KEYS',
  'HUB_LAUNCHER_TOKEN',
  'HUB_DEMO_PASSWORD',
  'HUB_DEMO_API_KEY',
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'SMTP_URL',
] as const;

const redactPaths = secretNames.flatMap((name) => {
  const step = /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `["${name}"]`;
  return [step.replace(/^\./, ''), `*${step}`, `*.*${step}`];
});

export interface LogOptions {
  /** Process name, e.g. `api`. */
  name: string;
  level?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  destination?: DestinationStream;
}

/** A pino logger: JSON lines, ISO time, redaction of `secretNames`, our errors with code and cause. */
export function createLog(options: LogOptions): Logger {
  const settings = {
    name: options.name,
    level: options.level ?? 'info',
    base: { name: options.name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: redactPaths, censor: '[redacted]' },
    serializers: { err: serializeError, error: serializeError },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const plain: Record<string, unknown> = { type: error.name, message: error.message, stack: error.stack };
  if ('code' in error) plain['code'] = error.code;
  if (isHubError(error) && error instanceof UserError) plain['status'] = error.status;
  if (error.cause !== undefined) plain['cause'] = serializeError(error.cause);
  return plain;
}
