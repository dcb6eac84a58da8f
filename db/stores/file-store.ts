/** The worker's FileStore, and uploads of the API. A file is a handle of its team; its content is a blob. */
import { createHash } from 'node:crypto';
import type { FileHandle, FileStore } from '@hub/activities/ports';
import { UserError } from '@hub/kit/errors';
import { v7 as uuidv7 } from 'uuid';
import { asTeam, isUuid, type Sql } from '../database.ts';
import { type BlobKey, putStream, streamBlob } from './blobs.ts';

export interface HubFileStore extends FileStore {
  /** An upload; `fromRequest`: of a webhook or form, so that it ends where no run takes it (`adoptFiles`). Over `maxBytes` it stops with UserError `file.too-large` (413) and no file is made. */
  createUpload(
    team: string,
    meta: { name: string; mime: string; userId: string | null; fromRequest?: boolean },
    content: AsyncIterable<Uint8Array>,
    limits: { maxBytes: number },
  ): Promise<FileHandle>;
}

interface FileRow {
  id: string;
  name: string;
  mime: string;
  bytes: number;
  sha256: string;
  blob_id: string;
}

/** See the port; file ids are checked against the team. */
export function createFileStore(sql: Sql, { blobKey }: { blobKey: BlobKey }): HubFileStore {
  return {
    async open(team, id) {
      const [row] = isUuid(id)
        ? await asTeam(
            sql,
            team,
            (tx) => tx<FileRow[]>`select id, name, mime, bytes, sha256, blob_id from files where team_id = ${team} and id = ${id}`,
          )
        : [];
      if (row === undefined) throw new UserError('file.not-found', 'There is no such file.', { status: 404 });
      return { handle: handleOf(row), stream: () => streamBlob(sql, team, row.blob_id) };
    },
    create: (team, meta, content) => makeFile(sql, blobKey, team, { ...meta, userId: null }, content),
    createUpload: (team, meta, content, limits) => makeFile(sql, blobKey, team, { ...meta, run: null }, limited(content, limits.maxBytes)),
  };
}

async function* limited(content: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const part of content) {
    bytes += part.length;
    if (bytes > maxBytes) throw new UserError('file.too-large', `The file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB.`, { status: 413 });
    yield part;
  }
}

interface FileMeta {
  name: string;
  mime: string;
  run: string | null;
  userId: string | null;
  fromRequest?: boolean;
}

async function makeFile(sql: Sql, blobKey: BlobKey, team: string, meta: FileMeta, content: AsyncIterable<Uint8Array>): Promise<FileHandle> {
  const id = uuidv7();
  const sha256 = createHash('sha256');
  const { blob, bytes } = await putStream(sql, blobKey, team, { kind: 'file', id }, content, (part) => sha256.update(part));
  const row: FileRow = { id, name: nameOf(meta.name), mime: meta.mime, bytes, sha256: sha256.digest('hex'), blob_id: blob };
  await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into files (team_id, id, name, mime, bytes, sha256, blob_id, run_id, created_by, from_request)
    values (${team}, ${id}, ${row.name}, ${row.mime}, ${bytes}, ${row.sha256}, ${blob}, ${meta.run}, ${meta.userId}, ${meta.fromRequest ?? false})`,
  );
  return handleOf(row);
}

/** A name for people: no folder, no control character, at most 200 characters. It is never used as a path. */
function nameOf(given: string): string {
  const last = given.toWellFormed().split(/[/\\]/).at(-1) ?? '';
  return last.replace(/\p{C}/gu, '').trim().slice(0, 200) || 'file';
}

function handleOf(row: FileRow): FileHandle {
  return { $file: row.id, name: row.name, mime: row.mime, bytes: row.bytes, sha256: row.sha256 };
}
