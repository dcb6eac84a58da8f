import { z } from 'zod';

import type { ActionSpec } from '../../../types.ts';

const address = z.string().min(3).max(320);
const addresses = (words: string) =>
  z
    .union([address, z.array(address).max(100)])
    .describe(words)
    .meta({
      ui: { kind: 'list', fields: [{ name: '', label: 'Address', kind: 'text', expression: true, required: true }], words: { one: 'address' } },
    });

const params = z.strictObject({
  to: addresses('Who it goes to.'),
  subject: z
    .string()
    .min(1)
    .max(900)
    .describe('One line.')
    .meta({ ui: { multiline: false } }),
  text: z
    .string()
    .max(2_000_000)
    .optional()
    .describe('The message as plain text.')
    .meta({ title: 'Message', ui: { multiline: true } }),
  html: z
    .string()
    .max(2_000_000)
    .optional()
    .describe('The message as HTML; give the text as well, for readers without it.')
    .meta({ title: 'HTML', ui: { multiline: true, more: true } }),
  attachments: z
    .array(z.looseObject({ $file: z.string().min(1) }))
    .max(20)
    .default([])
    .describe('Files, together at most 25 MB.')
    .meta({ ui: { words: { one: 'file' } } }),
  from: address
    .optional()
    .describe('Sender; that of the credential when left out.')
    .meta({ ui: { more: true, width: 'half' } }),
  replyTo: address
    .optional()
    .describe('Where answers go.')
    .meta({ title: 'Answers to', ui: { more: true, width: 'half' } }),
  cc: addresses('Copies.')
    .optional()
    .meta({
      title: 'Copy to',
      ui: {
        more: true,
        kind: 'list',
        fields: [{ name: '', label: 'Address', kind: 'text', expression: true, required: true }],
        words: { one: 'address' },
      },
    }),
  bcc: addresses('Copies that the others do not see.')
    .optional()
    .meta({
      title: 'Hidden copy to',
      ui: {
        more: true,
        kind: 'list',
        fields: [{ name: '', label: 'Address', kind: 'text', expression: true, required: true }],
        words: { one: 'address' },
      },
    }),
});

export const sendEmailSpec = {
  id: 'send-email',
  version: 1,
  kind: 'write',
  title: 'Send an e-mail',
  help: 'Sends an e-mail with attachments through your mail server. It is sent once: when it is not known whether it went out, the run asks instead of sending again.',
  example: {
    params: { to: ['ada@example.com'], subject: 'Report', text: 'Here it is.', attachments: ['{{ nodes.report.output.file }}'] },
    output: { messageId: '<…@workflow-hub>', accepted: ['ada@example.com'], rejected: [] },
  },
  params,
  literalParams: [],
  idempotent: false,
  output: {
    help: 'The Message-ID, and which addresses the server took and refused.',
    schema: {
      type: 'object',
      required: ['messageId', 'accepted', 'rejected'],
      properties: {
        messageId: { type: 'string' },
        accepted: { type: 'array', items: { type: 'string' } },
        rejected: { type: 'array', items: { type: 'string' } },
      },
    },
  },
  credentialKinds: ['smtp'],
} as const satisfies ActionSpec<typeof params>;
