import type { ActionRun } from '../../../types.ts';
import { withSlack } from '../../client.ts';
import type { updateMessageSpec } from './spec.ts';

/** Answers `{ channel, ts }`. */
export const runUpdateMessage: ActionRun<typeof updateMessageSpec> = (context) =>
  withSlack(context, async (client) => {
    const { channel, ts, text } = context.params;
    const changed = await client.chat.update({ channel, ts, text });
    return { output: { channel: changed.channel ?? channel, ts: changed.ts ?? ts } };
  });
