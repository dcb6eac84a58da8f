/** E-mail through the worker's mail port. One Message-ID over all attempts, so that a repeat is one mail to most mailboxes. */
import { createHash } from 'node:crypto';
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import { own } from '../../values/json.ts';
import type { OutwardInput } from '../outward-step.ts';
import { neededText, textField } from './fields.ts';

const address = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,255}$/;
const maxPeople = 50;

export async function sendEmail({ filled, facts, idempotencyKey, deps, signal }: OutwardInput): Promise<Json> {
  if (deps.mail === undefined) throw new UserError('notify.no-mail', 'This worker has no way to send mail');
  const to = people(filled, 'to');
  if (to.length === 0) throw new UserError('step.invalid-params', 'to names nobody');
  const messageId = `<${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 40)}@workflow-hub>`;
  const sent = await deps.mail.send(
    {
      team: facts.team,
      to,
      cc: people(filled, 'cc'),
      replyTo: people(filled, 'replyTo')[0] ?? null,
      subject: line(neededText(filled, 'subject', 2_000)),
      text: neededText(filled, 'body', 500_000),
      messageId,
    },
    signal,
  );
  return { channel: 'email', to, messageId, sent: sent === 'sent' };
}

/** A header is one line. */
const line = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ').slice(0, 500);

function people(filled: Json, name: string): string[] {
  const value = own(filled, name);
  const list = Array.isArray(value)
    ? value.flatMap((one) => (typeof one === 'string' ? one.split(',') : [String(one)]))
    : (textField(filled, name) ?? '').split(',');
  const found = [...new Set(list.map((one) => one.trim()).filter((one) => one !== ''))];
  if (found.length > maxPeople) throw new UserError('step.invalid-params', `${name} has more than ${maxPeople} addresses`);
  for (const one of found)
    if (!address.test(one)) throw new UserError('step.invalid-params', `${name} holds what is not a mail address: ${one.slice(0, 80)}`);
  return found;
}
