/** A notification of Drive: headers only, the body is empty (developers.google.com/workspace/drive/api/guides/push). */
import type { PushNotification } from '../types.ts';

const longest = {
  'x-goog-channel-id': 64,
  'x-goog-channel-token': 256,
  'x-goog-message-number': 18,
  'x-goog-resource-id': 200,
  'x-goog-resource-state': 20,
};

/** Null where a header is missing, sent twice, too long or not of its form. */
export function readNotification(headers: Readonly<Record<string, string | string[] | undefined>>): PushNotification | null {
  const texts: string[] = [];
  for (const [name, most] of Object.entries(longest)) {
    const text = headers[name];
    if (typeof text !== 'string' || text === '' || text.length > most) return null;
    texts.push(text);
  }
  const [channel = '', token = '', number = '', resource = '', state = ''] = texts;
  if (!/^\d+$/.test(number) || !/^[a-z]+$/.test(state)) return null;
  return { channel, token, number: BigInt(number), resource, changed: state !== 'sync' };
}
