/** Slack's Web API. Methods and their arguments are those of the declarations in @slack/web-api; scopes, limits and error words are those of Slack's method pages. */
import type { Json } from '@hub/dag/planner';

import { fieldsOf, packagePath, readDeclarations } from '../../testing/contract/declarations.ts';
import { refuse, startStandIn } from '../../testing/contract/stand-in.ts';
import type { Answered, Asked, StandIn } from '../../testing/contract/stand-in.ts';

export interface SlackWorld {
  channels: { id: string; name: string; is_member: boolean; is_archived: boolean }[];
  messages: Map<string, { ts: string; text: string; user: string }[]>;
  users: Map<string, { id: string; real_name: string }>;
  files: { id: string; title: string; channel: string; bytes: number }[];
  /** What the token may do; absent: all that there is. */
  granted?: readonly string[];
}

const scopes: Record<string, string> = {
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'chat.delete': 'chat:write',
  'conversations.list': 'channels:read',
  'conversations.history': 'channels:history',
  'users.lookupByEmail': 'users:read.email',
  'files.getUploadURLExternal': 'files:write',
  'files.completeUploadExternal': 'files:write',
  'auth.test': '',
};
const mostPerPage = 200;
const declarations = readDeclarations(packagePath('@slack/web-api', 'dist/types/request'));
const typeOf = (method: string): string =>
  `${method
    .split('.')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}Arguments`;

export function startSlack(data: SlackWorld): Promise<StandIn> {
  const pending = new Map<string, { name: string; length: number; got: number }>();
  let clock = 1_700_000_000;

  function method(asked: Asked): Answered {
    const name = asked.path.replace('/api/', '');
    if (asked.method !== 'POST' || scopes[name] === undefined) return says('unknown_method');
    const needed = scopes[name];
    if (needed !== '' && data.granted !== undefined && !data.granted.includes(needed))
      return { body: { ok: false, error: 'missing_scope', needed, provided: data.granted.join(',') } };
    const given = Object.fromEntries(new URLSearchParams(asked.body.toString('utf8')));
    const known = fieldsOf(declarations, typeOf(name));
    const odd = Object.keys(given).filter((field) => !known.has(field));
    if (odd.length > 0 && name !== 'auth.test') refuse(400, `${name} does not know ${odd.join(', ')}`);
    const messages = data.messages.get(given['channel'] ?? '');
    if ('channel' in given && messages === undefined) return says('channel_not_found');
    switch (name) {
      case 'auth.test':
        return {
          headers: { 'x-oauth-scopes': (data.granted ?? [...new Set(Object.values(scopes))].filter((scope) => scope !== '')).join(',') },
          body: { ok: true, team: 'Acme', user: 'hub', bot_id: 'B1' },
        };
      case 'chat.postMessage': {
        if (given['text'] === undefined || given['text'].length > 40_000) return says('no_text');
        clock += 1;
        const ts = `${clock}.000100`;
        messages?.unshift({ ts, text: given['text'], user: 'U0HUB' });
        return { body: { ok: true, channel: given['channel'] ?? '', ts } };
      }
      case 'chat.update': {
        const found = messages?.find(({ ts }) => ts === given['ts']);
        if (found === undefined) return says('message_not_found');
        found.text = given['text'] ?? '';
        return { body: { ok: true, channel: given['channel'] ?? '', ts: found.ts, text: found.text } };
      }
      case 'chat.delete': {
        const at = messages?.findIndex(({ ts }) => ts === given['ts']) ?? -1;
        if (at < 0) return says('message_not_found');
        messages?.splice(at, 1);
        return { body: { ok: true, channel: given['channel'] ?? '', ts: given['ts'] ?? '' } };
      }
      case 'conversations.history':
        return page(
          (messages ?? []).filter(({ ts }) => ts > (given['oldest'] ?? '') && (given['latest'] === undefined || ts < given['latest'])),
          given,
          'messages',
        );
      case 'conversations.list':
        return page(
          data.channels.filter(({ is_archived }) => given['exclude_archived'] !== 'true' || !is_archived),
          given,
          'channels',
        );
      case 'users.lookupByEmail': {
        const user = data.users.get(given['email'] ?? '');
        return user === undefined ? says('users_not_found') : { body: { ok: true, user } };
      }
      case 'files.getUploadURLExternal': {
        const id = `F${pending.size + 1}`;
        pending.set(id, { name: given['filename'] ?? '', length: Number(given['length']), got: -1 });
        return { body: { ok: true, upload_url: `https://files.slack.com/upload/v1/${id}`, file_id: id } };
      }
      default: {
        const files = JSON.parse(given['files'] ?? '[]') as { id: string; title?: string }[];
        if (files.some(({ id }) => pending.get(id)?.got !== pending.get(id)?.length)) return says('file_not_found');
        for (const { id, title = '' } of files) data.files.push({ id, title, channel: given['channel_id'] ?? '', bytes: pending.get(id)?.got ?? 0 });
        return { body: { ok: true, files: files as unknown as Json } };
      }
    }
  }

  return startStandIn({
    hosts: ['slack.com', 'files.slack.com'],
    // The address of an upload is its own proof.
    tokenOf: (asked, { tokens }) =>
      asked.host === 'files.slack.com' ? ([...tokens][0] ?? null) : (/^Bearer (.+)$/.exec(asked.headers['authorization'] ?? '')?.[1] ?? null),
    handle(asked) {
      if (asked.host !== 'files.slack.com') return method(asked);
      const file = pending.get(asked.path.replace('/upload/v1/', ''));
      if (file === undefined) return refuse(404, 'no such upload');
      file.got = asked.headers['content-type']?.startsWith('multipart/form-data') ? partLength(asked.body) : asked.body.length;
      return { body: Buffer.from('OK') };
    },
    error(status, message, fault) {
      if (fault === 'expired') return says('invalid_auth');
      if (fault === 'scope') return { body: { ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'identify' } };
      return { status, body: { ok: false, error: message } };
    },
  });
}

const says = (error: string): Answered => ({ body: { ok: false, error } });

function page(all: Json[], given: Record<string, string>, name: string): Answered {
  const from = Number(given['cursor'] ?? 0);
  const size = Math.min(mostPerPage, Number(given['limit'] ?? 100));
  const next = from + size < all.length ? String(from + size) : '';
  return { body: { ok: true, [name]: all.slice(from, from + size), response_metadata: { next_cursor: next } } };
}

/** Bytes of the only part of a form. */
function partLength(body: Buffer): number {
  const begin = body.indexOf('\r\n\r\n') + 4;
  return body.lastIndexOf('\r\n--') - begin;
}
