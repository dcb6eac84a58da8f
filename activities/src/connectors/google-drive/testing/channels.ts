/** Drive's notification channels, with Google's own limits; notifications go out over HTTP as Google sends them. */
import type { Json } from '@hub/dag/planner';

import { refuse } from '../../testing/contract/stand-in.ts';
import type { Answered, Asked } from '../../testing/contract/stand-in.ts';

interface Channel {
  id: string;
  resource: string;
  address: string;
  token: string | null;
  expiresAt: number;
  /** Whose token opened it: nobody else can stop it. */
  owner: string;
  number: number;
}

const usualMs = 3_600_000;
const firstPage = '1000';
const resource = 'res-of-the-account';

export interface Channels {
  open: Map<string, Channel>;
  /** Statuses that notifications were answered with, by state. */
  answers: { state: string; status: number }[];
  /** How many channels were ever opened, and stopped. */
  opened: number;
  stopped: number;
  /** What Google grants at most: a week, or less. */
  longestMs: number;
  /** Set: notifications are lost on the way. */
  mute: boolean;
  startPageToken: () => Answered;
  watch: (asked: Asked) => Answered;
  stop: (asked: Asked) => Answered;
  /** Something changed: every open channel is told, `times` over. */
  changed: (times?: number) => Promise<void>;
  /** Waits for what is under way. */
  sent: () => Promise<void>;
}

/** `places`: where origins of addresses are reached (a test has neither DNS nor certificates). */
export function createChannels(places: () => Readonly<Record<string, string>> = () => ({}), now: () => number = Date.now): Channels {
  const open = new Map<string, Channel>();
  const used = new Set<string>();
  const under = new Set<Promise<void>>();

  async function send(channel: Channel, state: 'sync' | 'change'): Promise<void> {
    if (channel.expiresAt <= now() || channels.mute) return;
    const url = new URL(channel.address);
    const place = places()[url.origin];
    if (place === undefined) return;
    channel.number += 1;
    const headers: Record<string, string> = {
      'content-type': 'application/json; utf-8',
      'x-goog-channel-id': channel.id,
      'x-goog-channel-expiration': new Date(channel.expiresAt).toUTCString(),
      'x-goog-message-number': String(channel.number),
      'x-goog-resource-id': channel.resource,
      'x-goog-resource-state': state,
      'x-goog-resource-uri': 'https://www.googleapis.com/drive/v3/changes?alt=json',
      ...(channel.token === null ? {} : { 'x-goog-channel-token': channel.token }),
    };
    const { status, body } = await fetch(new URL(url.pathname + url.search, place), { method: 'POST', headers, body: '' });
    await body?.cancel();
    channels.answers.push({ state, status });
  }
  const dispatch = (channel: Channel, state: 'sync' | 'change'): Promise<void> => {
    const sending = send(channel, state).finally(() => under.delete(sending));
    under.add(sending);
    return sending;
  };

  const channels: Channels = {
    open,
    answers: [],
    opened: 0,
    stopped: 0,
    longestMs: 7 * 86_400_000,
    mute: false,
    startPageToken: () => ({ body: { kind: 'drive#startPageToken', startPageToken: firstPage } }),
    watch(asked) {
      const { id, type, address, token, expiration } = bodyOf(asked);
      if (asked.query.get('pageToken') !== firstPage) refuse(400, 'Invalid Value: pageToken');
      if (typeof id !== 'string' || !/^[A-Za-z0-9\-_+/=]{1,64}$/.test(id)) refuse(400, 'Invalid value for field: id');
      if (used.has(id)) refuse(400, `Channel id ${id} not unique`);
      if (type !== 'web_hook' && type !== 'webhook') refuse(400, 'Unknown channel type');
      if (typeof address !== 'string' || !address.startsWith('https://')) refuse(400, `WebHook callback must be HTTPS: ${String(address)}`);
      if (token !== undefined && (typeof token !== 'string' || token.length > 256)) refuse(400, 'Invalid value for field: token');
      const until = expiration === undefined ? now() + usualMs : Number(expiration);
      if (typeof (expiration ?? '') !== 'string' || !Number.isSafeInteger(until) || until <= now())
        refuse(400, 'Invalid value for field: expiration');
      const expiresAt = Math.min(until, now() + channels.longestMs);
      const channel: Channel = { id, resource, address, token: token ?? null, expiresAt, owner: ownerOf(asked), number: 0 };
      used.add(id);
      open.set(id, channel);
      channels.opened += 1;
      void dispatch(channel, 'sync').catch(() => undefined);
      const resourceUri = 'https://www.googleapis.com/drive/v3/changes?alt=json';
      return {
        body: {
          kind: 'api#channel',
          id,
          resourceId: resource,
          resourceUri,
          ...(token === undefined ? {} : { token }),
          expiration: String(expiresAt),
        },
      };
    },
    stop(asked) {
      const { id, resourceId } = bodyOf(asked);
      const channel = open.get(String(id));
      if (channel === undefined || channel.resource !== resourceId || channel.expiresAt <= now() || channel.owner !== ownerOf(asked))
        refuse(404, `Channel '${String(id)}' not found for project`);
      open.delete(channel.id);
      channels.stopped += 1;
      return { status: 204 };
    },
    async changed(times = 1) {
      const all = Array.from({ length: times }, () => [...open.values()]).flat();
      await Promise.all(all.map((channel) => dispatch(channel, 'change')));
    },
    async sent() {
      while (under.size > 0) await Promise.allSettled(under);
    },
  };
  return channels;
}

function bodyOf(asked: Asked): Record<string, string | undefined> {
  const given = asked.json as Record<string, Json> | undefined;
  if (given === undefined) return refuse(400, 'Required');
  return given as Record<string, string | undefined>;
}

const ownerOf = (asked: Asked): string => asked.headers['authorization'] ?? '';
