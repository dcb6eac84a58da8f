/** Mails of steps: by SMTP, or kept in the database for the operator where no mail server is set. Unlike the api's mailer it throws: a step must know. */
import type { MailPort, StepMail } from '@hub/activities/ports';
import type { Sql } from '@hub/db';
import { keepUnsentMail } from '@hub/db/write';
import { TransientError, UserError } from '@hub/kit/errors';
import { createTransport } from 'nodemailer';

/** Attachments are streams that we made: paths and addresses in them are never followed. */
const closed = { disableFileAccess: true, disableUrlAccess: true };
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

interface SmtpFault {
  code?: string;
  responseCode?: number;
  message: string;
}

/** The port; close it when the worker has drained. */
export function createMailPort({ sql, smtpUrl, from }: { sql: Sql; smtpUrl: string | null; from: string }): MailPort & { close(): void } {
  if (smtpUrl === null) {
    return {
      close: () => undefined,
      async send(mail) {
        const to = [...mail.to, ...mail.cc].join(', ');
        const files = mail.attachments.map(({ name, bytes }) => `${name} (${bytes} bytes)`).join(', ');
        const text = files === '' ? mail.text : `${mail.text}\n\nAttached: ${files}`;
        await keepUnsentMail(sql, mail.team, { to, subject: mail.subject, text, messageId: mail.messageId });
        return 'kept';
      },
    };
  }
  const url = new URL(smtpUrl);
  const transport = createTransport({ url: url.href, pool: true, maxConnections: 4, ...timeouts, ...closed } as Parameters<
    typeof createTransport
  >[0]);
  return {
    close: () => transport.close(),
    async send(mail, signal) {
      signal.throwIfAborted();
      try {
        await transport.sendMail({ ...message(mail), from });
        return 'sent';
      } catch (error) {
        throw faultOf(error as SmtpFault);
      }
    },
  };
}

function message({ to, cc, replyTo, subject, text, messageId, attachments }: StepMail) {
  const files = attachments.map(({ name, mime, open }) => ({ filename: name, contentType: mime, content: open() }));
  return { to, cc, subject, text, messageId, attachments: files, ...(replyTo === null ? {} : { replyTo }) };
}

/** 5xx of a mail server is its last word, but for those that speak of us or of a full mailbox; everything else may pass. */
function faultOf({ code, responseCode, message: said }: SmtpFault): Error {
  const text = `The mail server did not take the mail: ${said}`.replaceAll(/\s+/g, ' ').slice(0, 300);
  if (responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH') return new UserError('notify.refused', text, { status: 422 });
  const didNothing = code === 'ECONNECTION' || code === 'EDNS' || code === 'EAUTH' || (responseCode !== undefined && responseCode >= 400);
  return new TransientError('notify.not-taken', text, { didNothing });
}
