/** Outgoing webhooks: the signature of Standard Webhooks 1.0 (05, rule 21). */
import { createHmac } from 'node:crypto';
import { UserError } from '../errors.ts';

/** The key in a Standard Webhooks secret: base64, with or without `whsec_`. Null where it is not one, or shorter than 16 bytes. */
export function standardKey(secret: string): Buffer | null {
  const text = secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret;
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return null;
  const key = Buffer.from(text, 'base64');
  return key.length >= 16 ? key : null;
}

/** The value of `webhook-signature` for one secret. */
export function standardSignature(key: Uint8Array, id: string, timestamp: number | string, body: string | Uint8Array): string {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

/**
 * Headers of one attempt. `id` stays the same over attempts; several secrets (a rotation) give several signatures.
 * @throws UserError `webhook.bad-secret`
 */
export function standardHeaders(secrets: readonly string[], id: string, nowMs: number, body: string | Uint8Array): Record<string, string> {
  const timestamp = Math.floor(nowMs / 1000);
  const signatures = secrets.map((secret) => {
    const key = standardKey(secret);
    if (key === null)
      throw new UserError('webhook.bad-secret', 'The secret is not one of Standard Webhooks: base64 of at least 16 bytes, with or without whsec_.', {
        status: 422,
        remedy: 'Store a credential of kind webhook-secret with such a secret.',
      });
    return standardSignature(key, id, timestamp, body);
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}
