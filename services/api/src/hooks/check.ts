/** Is the request of whom the trigger trusts, and did it come before? Fail-closed: a check that cannot be made is a refusal (05, rule 20). */
import { createHash } from 'node:crypto';
import type { WebhookTrigger, WebhookVerify } from '@hub/dag';
import type { Sql } from '@hub/db';
import { beginIdempotent, endIdempotent, type OpenedToken, readSealedCredential } from '@hub/db/write';
import { credentialAad, type Keyset, open } from '@hub/kit/crypto';
import { UserError } from '@hub/kit/errors';
import { verifySignature, type VerifyRefusal } from '@hub/kit/webhooks';
import type { IncomingHttpHeaders } from 'node:http';

export interface CheckDeps {
  sql: Sql;
  credentialKeys: Keyset;
  now: () => number;
}

/** Why a check cannot be made, in words for the person who set it up. Null: it can. */
export type SecretProblem = string | null;

/** The secrets of a check, newest first, or why there are none. */
export async function readSecrets(
  { sql, credentialKeys }: Pick<CheckDeps, 'sql' | 'credentialKeys'>,
  team: string,
  credentialId: string,
): Promise<{ secrets: string[]; problem: SecretProblem }> {
  const none = (problem: string) => ({ secrets: [], problem });
  const sealed = await readSealedCredential(sql, team, credentialId, null);
  if (sealed === null) return none('The credential that holds the secret is not there any more.');
  if (sealed.status !== 'active') return none(`The credential "${sealed.name}" is ${sealed.status}.`);
  if (sealed.kind !== 'webhook-secret') return none(`The credential "${sealed.name}" is of kind ${sealed.kind}, not webhook-secret.`);
  try {
    const text = open(credentialKeys, credentialAad(team, credentialId, sealed.rowVersion), sealed.encrypted.toString('utf8')).toString('utf8');
    const { secret, previous } = JSON.parse(text) as { secret?: string; previous?: string };
    const secrets = [secret, previous].filter((one): one is string => typeof one === 'string' && one !== '');
    return secrets.length > 0 ? { secrets, problem: null } : none(`The credential "${sealed.name}" holds no secret.`);
  } catch {
    return none(`The credential "${sealed.name}" cannot be opened with the keys of this installation.`);
  }
}

const words: Record<VerifyRefusal, string> = {
  'no-signature': 'The request carries no signature of the kind this webhook wants.',
  'bad-signature': 'The signature does not fit the body and the secret.',
  stale: 'The request is older than 300 s, or from the future.',
  'bad-secret': 'The secret of this webhook cannot be used.',
};

/**
 * Checks the signature. Answers what identifies this very request under its signature; null where nothing does (no check).
 * @throws UserError 401 `hook.no-signature` | `hook.bad-signature` | `hook.stale`, 403 `hook.no-secret`.
 */
export async function checkSignature(
  deps: CheckDeps,
  team: string,
  verify: WebhookVerify | undefined,
  request: { headers: IncomingHttpHeaders; body: Buffer },
): Promise<string | null> {
  if (verify === undefined || verify.scheme === 'none') return null;
  const { secrets, problem } = await readSecrets(deps, team, verify.credentialId);
  if (problem !== null) throw noSecret();
  const checked = verifySignature(verify, { headers: request.headers, body: request.body, secrets, nowMs: deps.now() });
  if (checked.ok) return checked.replayId;
  if (checked.reason === 'bad-secret') throw noSecret();
  throw new UserError(`hook.${checked.reason}`, words[checked.reason], { status: 401 });
}

/** Says nothing of why: the caller may be anybody. The trigger's page says it. */
function noSecret(): UserError {
  return new UserError('hook.no-secret', 'This webhook is not set up completely, so it takes nothing.', { status: 403 });
}

function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

const short = (kind: string, id: string): string => (id.length <= 150 ? `${kind}:${id}` : `${kind}:${createHash('sha256').update(id).digest('hex')}`);

/** What the signature covers, as an id. A plain HMAC has no time: two equal bodies may well be two events. */
function signedId({ verify }: WebhookTrigger, replayId: string | null): string | null {
  return verify?.scheme === 'hmac' && verify.timestampHeader === undefined ? null : replayId;
}

/**
 * The key under which a repeat of this event is known, so that it starts no second run: the trigger's own `dedupe`, else the provider's event id in
 * the signed body, else what the signature covers. Null: every request counts.
 */
export function dedupeKey(config: WebhookTrigger, given: { headers: IncomingHttpHeaders; input: unknown; replayId: string | null }): string | null {
  const { dedupe, verify } = config;
  if (dedupe !== undefined) {
    const id = 'header' in dedupe ? given.headers[dedupe.header.toLowerCase()] : at(given.input, dedupe.path);
    if ((typeof id === 'string' && id !== '') || typeof id === 'number') return short('id', String(id));
  }
  const scheme = verify?.scheme ?? 'none';
  const event = scheme === 'stripe' ? at(given.input, 'id') : scheme === 'slack' ? at(given.input, 'event_id') : undefined;
  if (typeof event === 'string' && event !== '') return short('event', event);
  const signed = signedId(config, given.replayId);
  return signed === null ? null : short('signed', signed);
}

/**
 * Where the dedupe id stands in a header, which no signature covers, the signed part alone may come once under one id: otherwise whoever saw one
 * request could send it again under fresh ids. @throws UserError 409 `hook.replayed`
 */
export async function refuseReplay(
  sql: Sql,
  opened: OpenedToken,
  config: WebhookTrigger,
  given: { replayId: string | null; key: string | null },
): Promise<void> {
  const { dedupe } = config;
  const signed = signedId(config, given.replayId);
  if (dedupe === undefined || !('header' in dedupe) || signed === null || signed.startsWith('id:')) return;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  const place = { team: opened.team, scope: `hook:${opened.workflowId}:${opened.triggerId}`, key: hash(signed).toString('hex') };
  const state = await beginIdempotent(sql, { ...place, bodyHash: hash(given.key ?? '') });
  if (state.state === 'different') throw new UserError('hook.replayed', 'This signed request came before under another id.', { status: 409 });
  if (state.state === 'new') await endIdempotent(sql, { ...place, status: 202, body: null });
}
