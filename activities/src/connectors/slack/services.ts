import type { WebClient } from '@slack/web-api';

import type { Page } from '../sdk/pages.ts';
import type { ConnectorServices } from '../types.ts';
import { withSlack } from './client.ts';

const pageSize = 200;

export interface Channel extends Record<string, string | boolean> {
  id: string;
  name: string;
  member: boolean;
}

/** A page of the workspace's public channels. */
export async function channelPage(client: WebClient, cursor: string | null, archived: boolean): Promise<Page<Channel>> {
  const page = await client.conversations.list({
    types: 'public_channel',
    exclude_archived: !archived,
    limit: pageSize,
    ...(cursor === null ? {} : { cursor }),
  });
  const rows = (page.channels ?? []).map(({ id = '', name = '', is_member = false }) => ({ id, name, member: is_member }));
  return { rows, next: page.response_metadata?.next_cursor ?? null };
}

export const slackServices: ConnectorServices = {
  test: (context) =>
    withSlack(context, async (client) => {
      const { team, user, response_metadata } = await client.auth.test();
      return { message: `Connected to the workspace ${team ?? ''}.`, account: user ?? null, scopes: response_metadata?.scopes ?? null };
    }),
  resources: {
    channels: (context) =>
      withSlack(context, async (client) => {
        const { rows, next } = await channelPage(client, context.cursor ?? null, false);
        const wanted = (context.search ?? '').toLowerCase();
        const items = rows
          .filter(({ name }) => name.toLowerCase().includes(wanted))
          .map(({ id, name, member }) => ({ value: id, label: `#${name}`, ...(member ? {} : { help: 'the bot is not in it' }) }));
        return { items, nextCursor: next === '' ? null : next };
      }),
  },
};
