import type { ConnectorManifest } from '../types.ts';
import { sendEmailSpec } from './actions/send-email/spec.ts';

export const emailManifest = {
  id: 'email',
  title: 'E-mail',
  help: 'Sends e-mails with attachments through a mail server of your own (SMTP).',
  version: '1.0.0',
  actions: { 'send-email': sendEmailSpec },
} as const satisfies ConnectorManifest;
