/** Reading an answer: by its content type into JSON, text or a file. */
import { TextDecoder } from 'node:util';

import type { Json } from '@hub/dag/planner';
import { TransientError, UserError } from '@hub/kit/errors';
import type { OutboundResponse } from '@hub/kit/http';

import type { FileHandle } from '../../../../ports.ts';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Json;
  url: string;
}

export interface ReadOptions {
  as: 'auto' | 'json' | 'text' | 'file';
  idempotent: boolean;
  warn: (code: string, message: string) => void;
  saveFile: (name: string, mime: string, content: AsyncIterable<Uint8Array>) => Promise<FileHandle>;
}

const maxDepth = 64;

/** Reads the body. @throws UserError or TransientError `http.bad-json`, and what the guard throws while reading. */
export async function readAnswer(response: OutboundResponse, options: ReadOptions): Promise<Answer> {
  const contentType = (response.headers['content-type'] ?? '').toLowerCase();
  const mime = contentType.split(';')[0]?.trim() ?? '';
  const as = options.as === 'auto' ? kindOf(mime) : options.as;
  const facts = { status: response.status, headers: response.headers, url: response.url };
  if (as === 'file') {
    const name =
      /filename\*?=(?:UTF-8'')?"?([^";]{1,150})/i.exec(response.headers['content-disposition'] ?? '')?.[1] ?? response.url.split('/').pop() ?? '';
    return {
      ...facts,
      body: { ...(await options.saveFile(name.replaceAll(/[\\/\p{Cc}]/gu, '-') || 'answer', mime || 'application/octet-stream', response.body)) },
    };
  }
  const bytes = await response.bytes();
  if (bytes.length === 0) return { ...facts, body: null };
  const text = decode(bytes, /charset="?([\w-]+)/.exec(contentType)?.[1], options.warn);
  return { ...facts, body: as === 'json' ? parse(text, response, options.idempotent) : text };
}

function kindOf(mime: string): 'json' | 'text' | 'file' {
  if (mime === 'application/json' || mime === 'text/json' || mime.endsWith('+json')) return 'json';
  if (
    mime === '' ||
    mime.startsWith('text/') ||
    mime === 'application/xml' ||
    mime.endsWith('+xml') ||
    mime === 'application/x-www-form-urlencoded' ||
    mime === 'application/javascript' ||
    mime === 'application/x-ndjson'
  )
    return 'text';
  return 'file';
}

function decode(bytes: Uint8Array, charset: string | undefined, warn: ReadOptions['warn']): string {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset ?? 'utf-8');
  } catch {
    warn('http.unknown-charset', `The answer claims the character set "${charset?.slice(0, 40)}"; it was read as UTF-8.`);
    decoder = new TextDecoder();
  }
  const text = decoder.decode(bytes);
  if (decoder.encoding === 'utf-8' && text.includes('\uFFFD'))
    warn('http.invalid-utf8', 'The answer holds bytes that are not UTF-8; they became U+FFFD.');
  return text;
}

function parse(text: string, response: OutboundResponse, idempotent: boolean): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    const message = `${response.url} answered ${response.status} with something that is not JSON (${text.length} characters).`;
    // A call that must not be repeated has been made: the fault is final. Else the answer may have been cut on its way.
    if (idempotent) throw new TransientError('http.bad-json', message, { cause, remedy: 'Set response to text to see it.' });
    throw new UserError('http.bad-json', message, { cause, status: 422, remedy: 'Set response to text to see it.' });
  }
  if (depthOver(value, maxDepth))
    throw new UserError('http.too-deep', `${response.url} answered with JSON deeper than ${maxDepth} levels.`, {
      status: 422,
      remedy: 'Set response to text.',
    });
  return value;
}

/** Level by level, so that a deep value cannot exhaust the stack. */
function depthOver(value: Json, most: number): boolean {
  let level: Json[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true;
    level = level.flatMap((inner) => (typeof inner === 'object' && inner !== null ? Object.values(inner) : []));
  }
  return false;
}
