import { z } from 'zod';

import type { CredentialKind } from '../types.ts';

export const slackKinds: readonly CredentialKind[] = ['slack-bot-token', 'slack-oauth'];
export const channel = z
  .string()
  .min(1)
  .max(100)
  .describe('Where: a channel the bot is in, or a person (their id).')
  .meta({ ui: { options: 'channels' } });
export const messageText = z
  .string()
  .max(40_000)
  .describe('The message; *bold*, _italic_ and <https://…|links> as Slack has them.')
  .meta({ title: 'Message', ui: { multiline: true } });
export const ts = z
  .string()
  .regex(/^\d+\.\d+$/, 'wants a time stamp such as 1700000000.000100')
  .describe('Which message: the ts that sending it gave.');
