/** The one JSON reader of request bodies: strict UTF-8, a depth limit, no poisoned keys, no text that a database cannot hold (05, rules 7 and 28). */
import { UserError } from '@hub/kit/errors';

const maxDepth = 64;
const poisoned = new Set(['__proto__', 'constructor', 'prototype']);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses a request body.
 * @throws UserError 400 `request.bad-json` | `request.bad-utf8` | `request.too-deep` | `request.bad-key` | `request.bad-text` | `request.bad-number`, with the JSON pointer.
 */
export function parseJsonBody(bytes: Buffer, options: { allowBadText?: boolean } = {}): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw whole('request.bad-utf8', 'The body is not UTF-8.', cause);
  }
  if (text.trim() === '') throw whole('request.bad-json', 'The body is empty, but its content type says JSON.');
  // Before parsing: a body a thousand brackets deep must not reach anything that recurses.
  refuseDepth(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw whole('request.bad-json', `The body is not JSON: ${cause instanceof Error ? cause.message.slice(0, 200) : 'it does not parse'}.`, cause);
  }
  refuseContent(value, '', options.allowBadText === true);
  return value;
}

/** A fault of the body as a whole. */
function whole(code: string, detail: string, cause?: unknown): UserError {
  return new UserError(code, detail, { cause, details: [{ path: '/', code, message: detail }] });
}

function refuseDepth(text: string): void {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inText) {
      if (char === '\\') i++;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === '{' || char === '[') {
      if (++depth > maxDepth) throw whole('request.too-deep', `The body is nested deeper than ${maxDepth} levels.`);
    } else if (char === '}' || char === ']') depth--;
  }
}

/** True for text that Postgres can hold: no U+0000, no lone surrogate. */
export function isCleanText(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

function refuseContent(value: unknown, pointer: string, allowBadText: boolean): void {
  if (typeof value === 'string') {
    if (!allowBadText && !isCleanText(value)) throw fault('request.bad-text', 'holds U+0000 or half a surrogate pair', pointer);
  } else if (typeof value === 'number') {
    // 1e400 parses to Infinity, which would be stored as null.
    if (!Number.isFinite(value)) throw fault('request.bad-number', 'has a number out of range', pointer);
  } else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) refuseContent(item, `${pointer}/${i}`, allowBadText);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const at = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (poisoned.has(key)) throw fault('request.bad-key', `uses the reserved key "${key}"`, at);
      if (!allowBadText && !isCleanText(key)) throw fault('request.bad-text', 'has a key with U+0000 or half a surrogate pair', pointer);
      refuseContent(item, at, allowBadText);
    }
  }
}

function fault(code: string, what: string, pointer: string): UserError {
  const path = pointer.slice(0, 500);
  return new UserError(code, `The body ${what} at ${path || '/'}.`, { details: [{ path, code, message: what }] });
}
