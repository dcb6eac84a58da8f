/** What a file is, decided from its first bytes; the name only chooses between texts; what the client claims counts for nothing (05, rule 30). */
import { type Head, checkTableHead } from './table-head.ts';

const sniffBytes = 65_536;
const signatures: [string, number[]][] = [
  ['application/pdf', [0x25, 0x50, 0x44, 0x46]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['application/zip', [0x50, 0x4b, 0x03, 0x04]],
  ['application/gzip', [0x1f, 0x8b]],
];
const officeTypes: Record<string, string> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};

function isText(head: Uint8Array, whole: boolean): boolean {
  if (head.includes(0)) return false;
  try {
    // A character cut at the end of the sample is not a fault.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !whole });
    return true;
  } catch {
    return false;
  }
}

/** Mime type of a file by its first bytes and, among texts and zips, its name. */
export function mimeOf(head: Uint8Array, name: string, whole: boolean): string {
  const extension = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  for (const [mime, bytes] of signatures) {
    if (bytes.every((byte, i) => head[i] === byte)) return mime === 'application/zip' ? (officeTypes[extension] ?? mime) : mime;
  }
  if (!isText(head, whole)) return 'application/octet-stream';
  const start = new TextDecoder().decode(head).trimStart()[0];
  if (extension === 'json' || (extension !== 'csv' && (start === '{' || start === '['))) return 'application/json';
  if (extension === 'csv' || extension === 'tsv') return 'text/csv';
  return 'text/plain';
}

/**
 * Looks at the first bytes and gives back the whole stream.
 * @throws UserError 422 `file.*` for a table that is plainly none.
 */
export async function sniffed(source: AsyncIterable<Uint8Array>, name: string): Promise<{ mime: string; content: AsyncIterable<Uint8Array> }> {
  const reader = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  while (size < sniffBytes && !ended) {
    const next = await reader.next();
    if (next.done) ended = true;
    else {
      first.push(next.value);
      size += next.value.length;
    }
  }
  const head: Head = { bytes: Buffer.concat(first).subarray(0, sniffBytes), whole: ended && size <= sniffBytes };
  checkTableHead(head, name);
  async function* content(): AsyncGenerator<Uint8Array> {
    yield* first;
    if (ended) return;
    for (let next = await reader.next(); !next.done; next = await reader.next()) yield next.value;
  }
  return { mime: mimeOf(head.bytes, name, head.whole), content: content() };
}
