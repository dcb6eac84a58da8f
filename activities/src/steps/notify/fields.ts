/** What the channels share: reading filled fields, the credential, and what a status of the other side means. */
import type { Json } from '@hub/dag/planner';
import { TransientError, UserError } from '@hub/kit/errors';
import type { OutboundResponse } from '@hub/kit/http';
import { createRedactor } from '@hub/kit/redact';

import { retryAfterMs } from '../../connectors/http/actions/request/status.ts';
import { secretsOf } from '../../connectors/credentials.ts';
import type { LiveCredential } from '../../ports.ts';
import { own } from '../../values/json.ts';
import type { OutwardInput } from '../outward-step.ts';

/** A filled field as text; null where it is not there. Throws UserError `step.invalid-params`. */
export function textField(filled: Json, name: string, maxChars = 100_000): string | null {
  const value = own(filled, name);
  if (value === undefined || value === null) return null;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length > maxChars) throw new UserError('step.invalid-params', `${name} has more than ${maxChars} characters`);
  return text;
}

export function neededText(filled: Json, name: string, maxChars?: number): string {
  const text = textField(filled, name, maxChars);
  if (text === null || text.trim() === '') throw new UserError('step.invalid-params', `${name} is empty`);
  return text;
}

/** The node's credential, of one of `kinds`. */
export async function credentialOf({ node, facts, deps }: OutwardInput, kinds: readonly LiveCredential['kind'][]): Promise<LiveCredential> {
  const id = node.config['credentialId'];
  if (typeof id !== 'string') throw new UserError('step.invalid-config', 'Choose a credential for this notification');
  const credential = await deps.credentials.use(facts.team, id, { run: facts.run, nodeId: node.id });
  if (!kinds.includes(credential.kind))
    throw new UserError('credential.wrong-kind', `This channel takes a credential of kind ${kinds.join(' or ')}, not ${credential.kind}`);
  return credential;
}

/** Masks the credential's secrets in what others say. */
export function redactorOf(credential: LiveCredential): (text: string) => string {
  return createRedactor(secretsOf(credential));
}

const excerptChars = 300;

/** Reads the answer; 2xx gives its text. `who` stands for the address, which may be a secret itself. */
export async function answerText(response: OutboundResponse, who: string, redact: (text: string) => string): Promise<string> {
  const text = redact(Buffer.from(await response.bytes()).toString('utf8'));
  const { status } = response;
  if (status >= 200 && status < 300) return text;
  const said = text.replaceAll(/\s+/g, ' ').trim().slice(0, excerptChars);
  const message = `${who} answered ${status}${said === '' ? '.' : `: ${said}`}`;
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const wait = retryAfterMs(response.headers['retry-after']);
    throw new TransientError('notify.not-taken', message, { retryAfterMs: wait, didNothing: status === 429 || status === 503, details: { status } });
  }
  throw new UserError('notify.refused', message, {
    status: 422,
    details: { status },
    remedy: 'Look at what the other side says, and at the credential.',
  });
}
