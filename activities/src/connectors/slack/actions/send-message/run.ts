import type { ActionRun } from '../../../types.ts';
import { withSlack } from '../../client.ts';
import type { sendMessageSpec } from './spec.ts';

/** Answers `{ channel, ts }`. */
export const runSendMessage: ActionRun<typeof sendMessageSpec> = (context) =>
  withSlack(context, async (client) => {
    const { channel, text, thread, blocks, unfurl } = context.params;
    const sent = await client.chat.postMessage({
      channel,
      text,
      unfurl_links: unfurl,
      unfurl_media: unfurl,
      ...(thread === undefined ? {} : { thread_ts: thread }),
      ...(blocks === undefined ? {} : { blocks: blocks as never }),
    });
    return { output: { channel: sent.channel ?? channel, ts: sent.ts ?? '' } };
  });
