/**
 * No secret of a credential leaves a call of a vendor: not in what it gives, not in what it throws, warns or logs (05, rule 19). Vendors echo what they were
 * sent, in answers and in errors. Every action, picker, connection test and model call goes through here.
 */
import type { Json } from '@hub/dag/planner';
import { isHubError, TransientError, UserError } from '@hub/kit/errors';
import { createRedactor } from '@hub/kit/redact';

import type { LiveCredential } from '../ports.ts';
import { redactJson, secretsOf } from './credentials.ts';
import { badAnswer } from './sdk/faults.ts';
import type { ActionRun, ConnectorServices, ServiceContext } from './types.ts';

/** In data, a shorter secret would mask ordinary words: a database's password `contract` in the names of its tables. Errors hold no data. */
const leastInData = 12;
/** What a cut at the end of a text may have left of a secret. */
const leastOfCut = 6;

/** What is known to be secret in one call: the credential's, and that of any it was renewed to. */
export interface Secrets {
  add(credential: LiveCredential | null): void;
  addText(secret: string): void;
  data(value: Json): Json;
  text(text: string): string;
  error(error: unknown): unknown;
}

/** Begins with the secrets of `credential`. */
export function createSecrets(credential: LiveCredential | null = null): Secrets {
  const known = new Set(secretsOf(credential));
  let inData = (text: string): string => text;
  let inWords = inData;
  const build = (): void => {
    inData = createRedactor([...known].filter(({ length }) => length >= leastInData));
    inWords = createRedactor([...known]);
  };
  const more = (secrets: readonly string[]): void => {
    for (const secret of secrets) known.add(secret);
    build();
  };
  build();
  const text = (said: string): string => withoutCut(inWords(said), known);
  const error = (thrown: unknown, depth = 0): unknown =>
    known.size === 0 || depth > 5 ? thrown : redactedError(thrown, text, (cause) => error(cause, depth + 1));
  return {
    add: (one) => more(secretsOf(one)),
    addText: (secret) => more([secret]),
    data: (value) => (known.size === 0 ? value : redactJson(value, inData)),
    text: (said) => (known.size === 0 ? said : text(said)),
    error: (thrown) => error(thrown),
  };
}

/** A text that was cut in the middle of a secret keeps nothing of it. */
function withoutCut(text: string, secrets: Iterable<string>): string {
  const bare = text.replace(/(…|\.\.\.)$/, '');
  for (const secret of secrets)
    for (let length = Math.min(secret.length - 1, bare.length); length >= leastOfCut; length -= 1)
      if (bare.endsWith(secret.slice(0, length))) return `${bare.slice(0, -length)}[redacted]`;
  return text;
}

/** The very error where nothing in it is secret (an abort's reason is compared by identity); else one like it. */
function redactedError(thrown: unknown, text: (said: string) => string, deeper: (cause: unknown) => unknown): unknown {
  if (!(thrown instanceof Error)) return typeof thrown === 'string' ? text(thrown) : thrown;
  const message = text(thrown.message);
  const cause = deeper(thrown.cause);
  const remedy = isHubError(thrown) && thrown.remedy !== undefined ? text(thrown.remedy) : undefined;
  const details =
    isHubError(thrown) && thrown.details !== undefined ? (redactJson(thrown.details as Json, text) as typeof thrown.details) : undefined;
  const same = message === thrown.message && cause === thrown.cause && text(thrown.stack ?? '') === (thrown.stack ?? '');
  if (same && (!isHubError(thrown) || (remedy === thrown.remedy && details === thrown.details))) return thrown;
  const options = { remedy, details, cause };
  if (isHubError(thrown) && thrown.kind === 'user') return new UserError(thrown.code, message, { ...options, status: (thrown as UserError).status });
  if (isHubError(thrown) && thrown.kind === 'transient') {
    const { retryAfterMs, didNothing } = thrown as TransientError;
    return new TransientError(thrown.code, message, { ...options, retryAfterMs, didNothing });
  }
  const made = new Error(message, { cause });
  made.name = thrown.name;
  return 'code' in thrown ? Object.assign(made, { code: thrown.code }) : made;
}

/** `renew` of a context, if it has one, so that what it was renewed to is known as well. */
function renewedInto(secrets: Secrets, renew: (() => Promise<LiveCredential>) | undefined): { renew?: () => Promise<LiveCredential> } {
  if (renew === undefined) return {};
  return {
    renew: async () => {
      const fresh = await renew();
      secrets.add(fresh);
      return fresh;
    },
  };
}

/** The run of an action, with nothing secret coming out of it. */
export function redactedRun(run: ActionRun): ActionRun {
  return async (context) => {
    const { credential, renew } = context;
    if (credential === null) return run(context);
    const secrets = createSecrets(credential);
    try {
      const { output } = await run({
        ...context,
        ...renewedInto(secrets, renew),
        log: (message, facts) => context.log(secrets.text(message), facts === undefined ? facts : (secrets.data(facts as Json) as typeof facts)),
        warn: (code, message) => context.warn(code, secrets.text(message)),
      });
      return { output: secrets.data(output) };
    } catch (error) {
      throw secrets.error(error);
    }
  };
}

/** Pickers, fields and the connection test, likewise. */
export function redactedServices(services: ConnectorServices): ConnectorServices {
  const { resources, fields, push } = services;
  const guarded =
    <T, More extends unknown[]>(ask: (context: ServiceContext, ...more: More) => Promise<T>) =>
    async (context: ServiceContext, ...more: More): Promise<T> => {
      if (context.credential === null) return ask(context, ...more);
      const secrets = createSecrets(context.credential);
      try {
        return secrets.data((await ask({ ...context, ...renewedInto(secrets, context.renew) }, ...more)) as Json) as T;
      } catch (error) {
        // What is read of an answer behind the call.
        throw secrets.error(error instanceof TypeError ? badAnswer('The service', error) : error);
      }
    };
  return {
    test: guarded((context) => services.test(context)),
    ...(resources === undefined ? {} : { resources: Object.fromEntries(Object.entries(resources).map(([name, ask]) => [name, guarded(ask)])) }),
    ...(fields === undefined ? {} : { fields: guarded(fields) }),
    ...(push === undefined ? {} : { push: { open: guarded(push.open), close: guarded(push.close) } }),
  };
}
