/** What waiting needs of cryptography: keys of signals and tokens of one-time links. */
import { hmacBase64Url, sha256Hex } from './tokens.ts';

/** The key of a signal as a hash, because what an author computed does not go into workflow history. Null: no key. A number and its text are one key, and so are objects whose keys stand in another order: what is equal (03, operators) is one key. */
export function signalKey(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  return sha256Hex(typeof value === 'string' ? value : JSON.stringify(value, inOrder)).slice(0, 32);
}

function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Token of the one-time link to a step that waits: the same however often it is asked for, so that it can be sent before the wait is open. */
export function resumeToken(key: Uint8Array, { team, run, path }: { team: string; run: string; path: string }): string {
  return hmacBase64Url(key, `hub resume link|${team}|${run}|${path}`);
}
