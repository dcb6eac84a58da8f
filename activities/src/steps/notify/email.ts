/** E-mail through the worker's mail port. One Message-ID over all attempts, so that a repeat is one mail to most mailboxes. */
import { createHash } from 'node:crypto';
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import { openAttachments } from '../../values/attachments.ts';
import { own } from '../../values/json.ts';
import type { OutwardInput } from '../outward-step.ts';
import { neededText, textField } from './fields.ts';

const address = /^[^\s@<>,;:"()[\]\\]{1,64}@[^\s@<>,;:"()[\]\\]{1,255}$/;
const maxPeople = 50;
const maxFiles = 20;

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
      attachments: await openAttachments(deps.files, { team: facts.team, ids: filesOf(filled), code: 'notify.refused' }),
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

/** A file handle, or a list of them; what is null is left out, so that a way that made no file sends the mail without. */
function filesOf(filled: Json): string[] {
  const value = own(filled, 'attachments') ?? null;
  const list = (Array.isArray(value) ? value.flat() : [value]).filter((one) => one !== null);
  if (list.length > maxFiles) throw new UserError('step.invalid-params', `attachments has more than ${maxFiles} files`);
  return list.map((one) => {
    const id = own(one, '$file');
    if (typeof id !== 'string') throw new UserError('step.invalid-params', 'attachments holds what is not a file');
    return id;
  });
}
