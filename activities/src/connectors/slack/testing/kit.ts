import assert from 'node:assert/strict';

import type { Json } from '@hub/dag/planner';

import type { LiveCredential } from '../../../ports.ts';
import { memoryFiles } from '../../testing/context.ts';
import type { LiveKit } from '../../testing/contract/live.ts';
import { standInOutbound } from '../../testing/contract/outbound.ts';
import { worldOf } from '../../testing/contract/suite.ts';
import type { ContractKit, World } from '../../testing/contract/suite.ts';
import { startSlack } from './stand-in.ts';
import type { SlackWorld } from './stand-in.ts';

const worlds = new WeakMap<World, SlackWorld>();
const dataOf = (world: World): SlackWorld => worlds.get(world) as SlackWorld;
const channel = 'C1';

/** `granted`: what its token may do; absent: everything. */
export async function slackWorld(granted?: readonly string[]): Promise<World> {
  const data: SlackWorld = {
    ...(granted === undefined ? {} : { granted }),
    channels: Array.from({ length: 450 }, (_, at) => ({
      id: `C${at + 1}`,
      name: `channel-${at + 1}`,
      is_member: at % 2 === 0,
      is_archived: at === 449,
    })),
    messages: new Map([
      [channel, Array.from({ length: 650 }, (_, at) => ({ ts: `${1_600_000_650 - at}.000100`, text: `message ${at}`, user: 'U1' }))],
    ]),
    users: new Map([['ada@example.com', { id: 'U1', real_name: 'Ada' }]]),
    files: [],
  };
  const slack = await startSlack(data);
  const made = worldOf(slack, standInOutbound(slack), memoryFiles());
  worlds.set(made, data);
  return made;
}

const first = { ts: '1600000650.000100' };

const liveChannel = (at: Readonly<Record<string, string>>): { channel: string } => ({ channel: at['LIVE_SLACK_CHANNEL'] ?? '' });
const sentTs = (made: Readonly<Record<string, Json>>): string => (made['send-message'] as { ts?: string } | undefined)?.ts ?? '0.0';
const live: LiveKit = {
  variables: {
    LIVE_SLACK_TOKEN: 'a bot token with the scopes of all actions',
    LIVE_SLACK_CHANNEL: 'the id of a channel the bot is in',
    LIVE_SLACK_EMAIL: 'the address of a person of the workspace',
  },
  credential: ({ LIVE_SLACK_TOKEN: token = '' }) =>
    ({ id: 'live', kind: 'slack-bot-token', values: { token }, allowedHosts: ['slack.com', 'files.slack.com'] }) as LiveCredential,
  calls: [
    { action: 'list-channels', params: () => ({ limit: 5 }) },
    { action: 'send-message', params: (at) => ({ ...liveChannel(at), text: 'workflow hub' }) },
    { action: 'read-messages', params: (at) => ({ ...liveChannel(at), limit: 5 }) },
    { action: 'update-message', params: (at, made) => ({ ...liveChannel(at), ts: sentTs(made), text: 'workflow hub 2' }) },
    { action: 'delete-message', params: (at, made) => ({ ...liveChannel(at), ts: sentTs(made) }) },
    { action: 'find-user', params: (at) => ({ email: at['LIVE_SLACK_EMAIL'] ?? '' }) },
    { action: 'upload-file', params: (at, _made, put) => ({ ...liveChannel(at), file: { $file: put('a,b\n1,2\n') } }) },
  ],
};

export const slackKit: ContractKit = {
  connector: 'slack',
  live,
  world: () => slackWorld(),
  credential: { id: 'c', kind: 'slack-bot-token', values: { token: 'good-token' }, allowedHosts: ['slack.com', 'files.slack.com'] } as LiveCredential,
  actions: {
    'send-message': {
      params: () => ({ channel, text: 'Hello', thread: first.ts, blocks: [{ type: 'divider' }] }),
      check: (output, at) =>
        assert.equal(
          dataOf(at)
            .messages.get(channel)
            ?.find(({ ts }) => ts === (output as { ts: string }).ts)?.text,
          'Hello',
        ),
    },
    'update-message': {
      params: () => ({ channel, ts: first.ts, text: 'Changed' }),
      check: (_output, at) => assert.equal(dataOf(at).messages.get(channel)?.[0]?.text, 'Changed'),
    },
    'delete-message': {
      params: () => ({ channel, ...first }),
      check: (output, at) => assert.deepEqual([output, dataOf(at).messages.get(channel)?.length], [{ deleted: true }, 649]),
    },
    'read-messages': {
      params: () => ({ channel, limit: 5 }),
      check: (output) => assert.equal((output as { count: number }).count, 5),
      paging: { params: () => ({ channel, limit: 1_000 }), rows: 650, rowsOf: (output) => (output as { messages: Json[] }).messages },
    },
    'list-channels': {
      params: () => ({ limit: 3 }),
      check: (output) => assert.deepEqual((output as { channels: Json[] }).channels[0], { id: 'C1', name: 'channel-1', member: true }),
      paging: { params: () => ({}), rows: 449, rowsOf: (output) => (output as { channels: Json[] }).channels },
    },
    'find-user': {
      params: () => ({ email: 'ada@example.com' }),
      check: (output) => assert.deepEqual(output, { found: true, id: 'U1', name: 'Ada' }),
    },
    'upload-file': {
      params: (at) => ({ channel, file: { $file: (at.files as ReturnType<typeof memoryFiles>).put('a,b\n1,2\n') }, comment: 'Here' }),
      check: (_output, at) => assert.deepEqual(dataOf(at).files, [{ id: 'F1', title: 'upload', channel, bytes: 8 }]),
    },
  },
};
