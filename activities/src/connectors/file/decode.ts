/** From bytes to text: what the content is (never the name or the claimed type), in which encoding, piece by piece. */
import { UserError } from '@hub/kit/errors';

import { fileLimits } from './limits.ts';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'windows-1252';
export type TableFormat = 'csv' | 'json' | 'jsonl';

/** First bytes of things that are no text, however they are named. */
const signatures: [number[], string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 'an Excel or ZIP file'],
  [[0x50, 0x4b, 0x05, 0x06], 'an empty ZIP file'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel or Word file'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF'],
  [[0x1f, 0x8b], 'a gzip file'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG image'],
  [[0xff, 0xd8, 0xff], 'a JPEG image'],
  [[0x47, 0x49, 0x46, 0x38], 'a GIF image'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'a Zstandard file'],
  [[0x42, 0x5a, 0x68], 'a bzip2 file'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'a 7-Zip file'],
  [[0x7f, 0x45, 0x4c, 0x46], 'a program'],
  [[0x50, 0x41, 0x52, 0x31], 'a Parquet file'],
  [[0xff, 0xfe, 0x00, 0x00], 'UTF-32 text'],
];
const sniffChars = 65_536;

export interface DecodedText {
  encoding: TextEncoding;
  /** The first up to 64 K characters, without byte order mark. */
  head: string;
  /** The whole text, the head included. */
  text: AsyncIterable<string>;
}

/**
 * Opens a file's bytes as text; `maxBytes` is where a reader that holds the whole stops.
 * @throws UserError `file.not-text`, `file.bad-encoding`, `file.too-large`.
 */
export async function decodeText(
  bytes: AsyncIterable<Uint8Array>,
  wanted: TextEncoding | 'auto',
  maxBytes: number = fileLimits.maxFileBytes,
): Promise<DecodedText> {
  const source = bytes[Symbol.asyncIterator]();
  let first = Buffer.alloc(0);
  let ended = false;
  while (first.length < sniffChars && !ended) {
    const step = await source.next();
    if (step.done === true) ended = true;
    else first = Buffer.concat([first, step.value]);
  }
  for (const [signature, what] of signatures) {
    if (signature.every((byte, at) => first[at] === byte)) throw notText(`The file is ${what}.`);
  }
  const encoding = wanted === 'auto' ? (first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : 'utf-8') : wanted;
  if (wanted === 'auto' && first[0] === 0xfe && first[1] === 0xff) throw notText('The file is UTF-16 text with the high byte first.');
  if (encoding !== 'utf-16le' && first.includes(0)) throw notText('The file holds NUL characters, so it is no text.');
  const decoder = new TextDecoder(encoding, { fatal: true });
  let seenBytes = 0;
  let line = 1;
  const decode = (chunk: Uint8Array, last: boolean): string => {
    seenBytes += chunk.length;
    if (seenBytes > maxBytes)
      throw new UserError('file.too-large', `The file is larger than ${maxBytes / 1_048_576} MB.`, {
        status: 413,
        remedy: 'Split it.',
      });
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: !last });
    } catch (cause) {
      throw new UserError('file.bad-encoding', `The file is not valid ${encoding.toUpperCase()} (near line ${line}).`, {
        cause,
        status: 422,
        remedy: 'Save it as UTF-8, or choose the encoding windows-1252 in the step.',
      });
    }
    if (text.includes('\u0000')) throw notText(`The file holds NUL characters (near line ${line}), so it is no text.`);
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) line += 1;
    return text;
  };
  const head = decode(first, ended);
  async function* text(): AsyncGenerator<string, void, undefined> {
    if (head !== '') yield head;
    if (ended) return;
    for (let step = await source.next(); step.done !== true; step = await source.next()) yield decode(step.value, false);
    yield decode(new Uint8Array(0), true);
  }
  return { encoding, head: head.slice(0, sniffChars), text: text() };
}

function notText(message: string): UserError {
  return new UserError('file.not-text', message, { status: 422, remedy: 'Export the table as CSV (UTF-8) or JSON and upload that.' });
}

/** What a text is, from its beginning. A CSV header may begin with a bracket too, so the next character decides. */
export function sniffFormat(head: string): TableFormat {
  const start = head.trimStart();
  if (/^<(!doctype|html|\?xml)/i.test(start))
    throw new UserError('file.not-text', 'The file is a web page or XML, not a table.', {
      status: 422,
      remedy: 'Was it a download that asked to sign in? Export CSV or JSON.',
    });
  if (/^\[\s*([[{"\]-]|\d|true|false|null)/.test(start)) return 'json';
  if (!/^\{\s*["}]/.test(start)) return 'csv';
  // One object per line: the first line alone is a whole object and another one follows.
  const [line = '', ...rest] = start.split(/\r?\n/);
  return parses(line) && rest.some((next) => next.trimStart().startsWith('{')) ? 'jsonl' : 'json';
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The delimiter that splits the first line most, outside quotes; a comma where none does. */
export function sniffDelimiter(head: string): string {
  const counts = new Map([',', ';', '\t', '|'].map((delimiter) => [delimiter, 0]));
  let quoted = false;
  for (const char of head) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r')) break;
    else if (!quoted && counts.has(char)) counts.set(char, (counts.get(char) ?? 0) + 1);
  }
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), [',', 0] as [string, number])[0];
}
