/** What an Office file (a ZIP) would unpack to, from its own directory, before anything is unpacked. */
import { UserError } from '@hub/kit/errors';

import { fileLimits } from './limits.ts';

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
const maxUnpackedBytes = 200 * 1_048_576;
const maxEntries = 10_000;

/**
 * Gathers a file that must be held at once.
 * @throws UserError `file.too-large`.
 */
export async function gatherBytes(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > fileLimits.maxFileBytes)
      throw new UserError('file.too-large', `The file is larger than ${fileLimits.maxFileBytes / 1_048_576} MB.`, {
        status: 413,
        remedy: 'Split it.',
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws UserError `file.bad-office` for no ZIP, `file.too-large` for one that says it unpacks to more than 200 MB or has entries without end. */
export function checkZip(file: Buffer): void {
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > file.length || file.readUInt32LE(end) !== endMark) throw bad();
  const count = file.readUInt16LE(end + 10);
  let at = file.readUInt32LE(end + 16);
  let unpacked = 0;
  if (count > maxEntries) throw tooLarge();
  for (let entry = 0; entry < count; entry += 1) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== entryMark) throw bad();
    unpacked += file.readUInt32LE(at + 24);
    if (unpacked > maxUnpackedBytes) throw tooLarge();
    at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
}

function bad(): UserError {
  return new UserError('file.bad-office', 'The file is no Excel or Word file, or it is damaged.', { status: 422, remedy: 'Open and save it again.' });
}

function tooLarge(): UserError {
  return new UserError('file.too-large', 'The file unpacks to more than 200 MB.', { status: 413, remedy: 'Split it, or export CSV.' });
}
