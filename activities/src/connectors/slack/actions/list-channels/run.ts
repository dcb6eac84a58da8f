import { collect } from '../../../sdk/pages.ts';
import type { ActionRun } from '../../../types.ts';
import { withSlack } from '../../client.ts';
import { channelPage } from '../../services.ts';
import type { listChannelsSpec } from './spec.ts';

/** Answers `{ channels, count, more }`. */
export const runListChannels: ActionRun<typeof listChannelsSpec> = (context) =>
  withSlack(context, async (client) => {
    const { archived, limit } = context.params;
    const { rows, more } = await collect(limit, (cursor) => channelPage(client, cursor, archived));
    if (more) context.warn('connector.more-rows', `There are more than ${limit} channels; the rest was not read.`);
    return { output: { channels: rows, count: rows.length, more } };
  });
