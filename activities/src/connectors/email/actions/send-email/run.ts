import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

import { UserError } from '@hub/kit/errors';

import type { ActionRun } from '../../../types.ts';
import { withTransport } from '../../transport.ts';
import type { sendEmailSpec } from './spec.ts';

const maxAttachmentBytes = 25 * 1_048_576;

/** Sends it; answers `{ messageId, accepted, rejected }`. The Message-ID is the same for every attempt, so that servers that know it drop a second one. */
export const runSendEmail: ActionRun<typeof sendEmailSpec> = async (context) => {
  const { params, files, team, idempotencyKey } = context;
  if (params.text === undefined && params.html === undefined)
    throw new UserError('step.invalid-params', 'The message is empty.', { status: 422, remedy: 'Give a text or HTML.' });
  const opened = await Promise.all(params.attachments.map(({ $file }) => files.open(team, $file)));
  const bytes = opened.reduce((sum, { handle }) => sum + handle.bytes, 0);
  if (bytes > maxAttachmentBytes)
    throw new UserError('connector.refused', `The attachments hold ${Math.ceil(bytes / 1_048_576)} MB; mail servers take about 25.`, {
      status: 422,
      remedy: 'Send fewer, or a link.',
    });
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
      attachments: opened.map(({ handle, stream }) => ({ filename: handle.name, contentType: handle.mime, content: Readable.from(stream()) })),
    });
    const rejected = (sent.rejected ?? []).map(String);
    if (rejected.length > 0) context.warn('email.rejected', `The mail server refused ${rejected.join(', ')}.`);
    return { output: { messageId, accepted: (sent.accepted ?? []).map(String), rejected } };
  });
};
