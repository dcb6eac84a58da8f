/** What is new in the answer of a poll. Pure: where the poll stands comes in and goes out. */
import { createHash } from 'node:crypto';
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

/** `cursor` of 03: the field that tells one item from another, or where more is to be said. */
export interface CursorRule {
  /** Path of the item's own key, e.g. `id`. */
  key: string;
  /** Where the items are in the answer; absent: the answer itself, or its `rows`, `items`, `data`, `body`, or its only list. */
  items: string | null;
  /** `seen`: new is what was not seen; `rising`: new is what has a greater key. */
  order: 'seen' | 'rising';
  fromStart: boolean;
}

/** Where a poll stands. */
export interface PollPlace {
  /** What is polled; another source begins anew. */
  source: string;
  /** Hashes of keys, those of the newest answer last. */
  seen?: string[];
  last?: Json;
}

/** Items of one run. */
const mostItems = 1_000;
const mostSeen = 10_000;

/** Reads `cursor` of a config that publish has checked. */
export function cursorRule(given: unknown): CursorRule {
  const field = typeof given === 'string' ? { key: given } : typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
  return {
    key: text(field['key']) ?? 'id',
    items: text(field['items']),
    order: field['order'] === 'rising' ? 'rising' : 'seen',
    fromStart: field['from'] === 'start',
  };
}

/** The list in an answer. @throws UserError `poll.no-list` | `poll.too-many` */
export function itemsOf(output: Json, rule: CursorRule): Json[] {
  const found = rule.items === null ? listIn(output) : at(output, rule.items);
  if (!Array.isArray(found))
    throw new UserError(
      'poll.no-list',
      rule.items === null ? 'There is no list in the answer, or several.' : `There is no list at "${rule.items}" in the answer.`,
      {
        remedy: 'Say in cursor.items where the list is.',
      },
    );
  if (rule.order === 'seen' && found.length > mostSeen)
    throw new UserError('poll.too-many', `The answer has ${found.length} items; at most ${mostSeen} can be remembered.`, {
      remedy: 'Ask for fewer, or set cursor.order to rising and ask for what comes after {{ cursor }}.',
    });
  return found;
}

function listIn(output: Json): Json | undefined {
  if (Array.isArray(output)) return output;
  if (typeof output !== 'object' || output === null) return undefined;
  for (const name of ['rows', 'items', 'data', 'body']) {
    const inside = output[name];
    if (Array.isArray(inside)) return inside;
    if (name === 'body' && inside !== undefined) return listIn(inside);
  }
  const lists = Object.values(output).filter((inside) => Array.isArray(inside));
  return lists.length === 1 ? lists[0] : undefined;
}

function at(value: Json, path: string): Json | undefined {
  let here: Json | undefined = value;
  for (const name of path.split('.')) {
    if (typeof here !== 'object' || here === null || Array.isArray(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  return here;
}

function hashOf(key: Json): string {
  return createHash('sha256').update(JSON.stringify(key)).digest('base64url').slice(0, 16);
}

function keyOf(item: Json, rule: CursorRule): Json {
  const key = at(item, rule.key);
  if (key === undefined || key === null)
    throw new UserError('poll.no-key', `An item has nothing at "${rule.key}", so nobody can tell whether it is new.`, {
      remedy: 'Name another field in cursor.',
    });
  return key;
}

/**
 * New items and the place once they are fired: at most 1,000 (in rising order those that share the last one's key come with it, or nobody would see
 * them again). What is left comes with the next poll.
 */
export function whatIsNew(items: Json[], rule: CursorRule, before: PollPlace): { fresh: Json[]; after: PollPlace } {
  return rule.order === 'rising' ? whatRose(items, rule, before) : whatWasNotSeen(items, rule, before);
}

function whatRose(items: Json[], rule: CursorRule, before: PollPlace): { fresh: Json[]; after: PollPlace } {
  const rising = items
    .map((item) => ({ item, key: keyOf(item, rule) }))
    .filter(({ key }) => before.last === undefined || order(key, before.last) > 0)
    .toSorted((a, b) => order(a.key, b.key));
  let count = Math.min(mostItems, rising.length);
  const last = rising[count - 1];
  if (last === undefined) return { fresh: [], after: before };
  while (count < rising.length && order(rising[count]?.key ?? null, last.key) === 0) count += 1;
  return { fresh: rising.slice(0, count).map(({ item }) => item), after: { ...before, last: last.key } };
}

function whatWasNotSeen(items: Json[], rule: CursorRule, before: PollPlace): { fresh: Json[]; after: PollPlace } {
  const seen = new Set(before.seen);
  const present = new Set<string>();
  const fresh: Json[] = [];
  for (const item of items) {
    const hash = hashOf(keyOf(item, rule));
    if (!seen.has(hash)) {
      if (fresh.length >= mostItems) continue;
      seen.add(hash);
      fresh.push(item);
    }
    present.add(hash);
  }
  // What is there now is forgotten last: an item that stays for years must not come again because many others came and went.
  return { fresh, after: { ...before, seen: [...[...seen].filter((hash) => !present.has(hash)), ...present].slice(-mostSeen) } };
}

/** After the first look: everything there counts as seen. */
export function remember(place: PollPlace, rule: CursorRule, items: Json[]): PollPlace {
  if (rule.order === 'seen') return { ...place, seen: [...new Set(items.map((item) => hashOf(keyOf(item, rule))))] };
  const last = items
    .map((item) => keyOf(item, rule))
    .reduce<Json | undefined>((most, key) => (most === undefined || order(key, most) > 0 ? key : most), undefined);
  return last === undefined ? place : { ...place, last };
}

const whole = /^-?\d+$/;
const number = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/**
 * As conditions order (03): numbers when both are, also written as text, else instants, else texts. Whole numbers of any length are compared exactly:
 * ids of some vendors have 19 digits.
 */
function order(a: Json, b: Json): number {
  const [left, right] = [String(a), String(b)];
  if (whole.test(left) && whole.test(right)) return sign(BigInt(left), BigInt(right));
  if (number.test(left) && number.test(right)) return sign(Number(left), Number(right));
  const [from, to] = [instant.test(left) ? Date.parse(left) : Number.NaN, instant.test(right) ? Date.parse(right) : Number.NaN];
  // Of one millisecond the text decides: some clocks tell microseconds.
  if (!Number.isNaN(from) && !Number.isNaN(to) && from !== to) return sign(from, to);
  return sign(left, right);
}

function sign<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
