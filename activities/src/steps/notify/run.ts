/** notify: an e-mail, a Slack message, a signed webhook. One file per channel. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import { own } from '../../values/json.ts';
import type { OutwardInput, OutwardStep } from '../outward-step.ts';
import { sendEmail } from './email.ts';
import { sendSlack } from './slack.ts';
import { sendWebhook } from './webhook.ts';

const channels: Record<string, (input: OutwardInput) => Promise<Json>> = { email: sendEmail, slack: sendSlack, webhook: sendWebhook };

export const notify: OutwardStep = {
  toFill: (config) => ({
    value: Object.fromEntries(Object.entries(config).filter(([name]) => name !== 'channel' && name !== 'credentialId')),
    literal: [],
  }),
  isIdempotent: (config) => config['channel'] !== 'slack',
  run: async (input) => {
    const send = channels[String(own(input.node.config, 'channel'))];
    if (send === undefined) throw new UserError('step.invalid-config', 'channel is email, slack or webhook');
    return { outputText: JSON.stringify(await send(input)), port: 'out', warnings: [] };
  },
};
