/** Mails by SMTP, or kept for the operator where no mail server is set. Never logs a mail's text: it may carry a link that opens an account. */
import { createTransport } from 'nodemailer';
import type { Logger } from '@hub/kit';
import { v7 } from 'uuid';

export interface Mail {
  to: string;
  subject: string;
  text: string;
}
export interface KeptMail extends Mail {
  id: string;
  at: string;
}

export interface Mailer {
  /** Sends, or keeps. Never throws: a failing mail server must not fail sign-up; the failure is logged. */
  send(mail: Mail): Promise<void>;
  /** Mails not sent because SMTP_URL is unset, newest first. */
  kept(): KeptMail[];
  /** True where mails really leave. */
  sends: boolean;
  close(): void;
}

const maxKept = 200;

/** A mailer over `smtpUrl`; null keeps the newest 200 mails in memory. */
export function createMailer(options: { smtpUrl: string | null; from: string; log: Logger }): Mailer {
  if (options.smtpUrl === null) return keepingMailer(options.log);
  const transport = createTransport(options.smtpUrl);
  return {
    sends: true,
    kept: () => [],
    close: () => transport.close(),
    async send(mail) {
      try {
        await transport.sendMail({ from: options.from, ...mail });
      } catch (error) {
        options.log.error({ err: error, subject: mail.subject }, 'a mail could not be sent');
      }
    },
  };
}

function keepingMailer(log: Logger): Mailer {
  const mails: KeptMail[] = [];
  return {
    sends: false,
    kept: () => [...mails].reverse(),
    close: () => undefined,
    async send(mail) {
      mails.push({ id: v7(), at: new Date().toISOString(), ...mail });
      if (mails.length > maxKept) mails.shift();
      log.info({ subject: mail.subject }, 'SMTP_URL is not set: the mail is kept at /dev/mail');
    },
  };
}
