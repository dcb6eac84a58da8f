import type { Json } from '@hub/dag/planner';

import { collect } from '../../../sdk/pages.ts';
import type { ActionRun } from '../../../types.ts';
import { withSlack } from '../../client.ts';
import type { readMessagesSpec } from './spec.ts';

const pageSize = 200;

/** Answers `{ messages, count, more }`. */
export const runReadMessages: ActionRun<typeof readMessagesSpec> = (context) =>
  withSlack(context, async (client) => {
    const { channel, after, before, limit } = context.params;
    const { rows, more } = await collect(limit, async (cursor, wanted) => {
      const page = await client.conversations.history({
        channel,
        limit: Math.min(pageSize, wanted),
        ...(cursor === null ? {} : { cursor }),
        ...(after === undefined || after === '' ? {} : { oldest: after }),
        ...(before === undefined || before === '' ? {} : { latest: before }),
      });
      return { rows: (page.messages ?? []) as unknown as Json[], next: page.response_metadata?.next_cursor ?? null };
    });
    if (more) context.warn('connector.more-rows', `There are more than ${limit} messages; the rest was not read.`);
    return { output: { messages: rows, count: rows.length, more } };
  });
