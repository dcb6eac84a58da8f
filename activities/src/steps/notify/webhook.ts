/** An outgoing webhook by Standard Webhooks 1.0 (05, rule 21). `webhook-id` is the effect's key: the same over all attempts. */
import { createHash } from 'node:crypto';
import type { Json } from '@hub/dag/planner';
import { standardHeaders } from '@hub/kit/webhooks';

import { isObject, own } from '../../values/json.ts';
import type { OutwardInput } from '../outward-step.ts';
import { answerText, credentialOf, neededText, redactorOf, textField } from './fields.ts';
import { UserError } from '@hub/kit/errors';

const limits = { headersTimeoutMs: 20_000, totalTimeoutMs: 30_000, maxRedirects: 0, maxBodyBytes: 1_048_576 };
const ownHeader = /^(x-[a-z0-9-]{1,80}|authorization|content-language)$/;

export async function sendWebhook(input: OutwardInput): Promise<Json> {
  const { filled, idempotencyKey, deps, signal, facts } = input;
  const credential = await credentialOf(input, ['webhook-secret']);
  const url = neededText(filled, 'url', 4_000);
  const id = `msg_${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 40)}`;
  const event = textField(filled, 'event', 200);
  const data = own(filled, 'body') ?? null;
  // With a name it is the envelope that Standard Webhooks recommends; without one the body goes as the author wrote it.
  const body = JSON.stringify(event === null ? data : { type: event, timestamp: facts.startedAt, data });
  const { secret, previous } = credential.values;
  const secrets = [secret ?? '', ...(previous === undefined ? [] : [previous])];
  const response = await deps.http.request({
    url,
    method: 'POST',
    headers: {
      ...headersOf(own(filled, 'headers')),
      'content-type': 'application/json',
      ...standardHeaders(secrets, id, deps.now?.() ?? Date.now(), body),
    },
    body,
    signal,
    limits,
  });
  // Redirects are not followed: 3xx is a failure by the standard, and so a refusal here.
  await answerText(response, response.url, redactorOf(credential));
  return { channel: 'webhook', id, status: response.status };
}

function headersOf(given: Json | undefined): Record<string, string> {
  if (given === undefined || given === null) return {};
  if (!isObject(given)) throw new UserError('step.invalid-params', 'headers is not an object of names and values');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const key = name.toLowerCase();
    if (!ownHeader.test(key))
      throw new UserError(
        'step.invalid-params',
        `The header ${key.slice(0, 80)} cannot be set here: only x-…, authorization and content-language can`,
      );
    if (value !== null) headers[key] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return headers;
}
