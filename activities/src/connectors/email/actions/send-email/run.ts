import { createHash } from 'node:crypto';

import { UserError } from '@hub/kit/errors';

import { openAttachments } from '../../../../values/attachments.ts';
import type { ActionRun } from '../../../types.ts';
import { withTransport } from '../../transport.ts';
import type { sendEmailSpec } from './spec.ts';

/** Sends it; answers `{ messageId, accepted, rejected }`. The Message-ID is the same for every attempt, so that servers that know it drop a second one. */
export const runSendEmail: ActionRun<typeof sendEmailSpec> = async (context) => {
  const { params, files, team, idempotencyKey } = context;
  if (params.text === undefined && params.html === undefined)
    throw new UserError('step.invalid-params', 'The message is empty.', { status: 422, remedy: 'Give a text or HTML.' });
  const attachments = await openAttachments(files, { team, ids: params.attachments.map(({ $file }) => $file), code: 'connector.refused' });
  const messageId = `<${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 40)}@workflow-hub>`;
  return withTransport(context, async (transport, { values }) => {
    const sent: { accepted?: unknown[] | undefined; rejected?: unknown[] | undefined } = await transport.sendMail({
      messageId,
      from: params.from ?? values['from'] ?? values['user'],
      to: params.to,
      ...(params.cc === undefined ? {} : { cc: params.cc }),
      ...(params.bcc === undefined ? {} : { bcc: params.bcc }),
      ...(params.replyTo === undefined ? {} : { replyTo: params.replyTo }),
      subject: params.subject.replaceAll(/[\r\n]+/g, ' '),
      ...(params.text === undefined ? {} : { text: params.text }),
      ...(params.html === undefined ? {} : { html: params.html }),
      attachments: attachments.map(({ name, mime, open }) => ({ filename: name, contentType: mime, content: open() })),
    });
    const rejected = (sent.rejected ?? []).map(String);
    if (rejected.length > 0) context.warn('email.rejected', `The mail server refused ${rejected.join(', ')}.`);
    return { output: { messageId, accepted: (sent.accepted ?? []).map(String), rejected } };
  });
};
