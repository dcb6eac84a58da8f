/** Files that go out with a mail: opened, counted, and handed on as streams that begin when the mail server takes them. */
import { Readable } from 'node:stream';
import { UserError } from '@hub/kit/errors';

import type { Attachment, FileStore } from '../ports.ts';

/** Mail servers take about as much. */
const maxBytes = 25 * 1_048_576;

/** Opens the team's files of these ids. @throws UserError `file.not-found`, or `code` where they are too large together. */
export async function openAttachments(files: FileStore, { team, ids, code }: { team: string; ids: string[]; code: string }): Promise<Attachment[]> {
  const opened = await Promise.all(ids.map((id) => files.open(team, id)));
  const bytes = opened.reduce((sum, { handle }) => sum + handle.bytes, 0);
  if (bytes > maxBytes)
    throw new UserError(code, `The attachments hold ${Math.ceil(bytes / 1_048_576)} MB; mail servers take about 25.`, {
      status: 422,
      remedy: 'Send fewer, or a link.',
    });
  return opened.map(({ handle, stream }) => ({ name: handle.name, mime: handle.mime, bytes: handle.bytes, open: () => Readable.from(stream()) }));
}
