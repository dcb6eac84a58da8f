/**
 * Content in PostgreSQL, in rows of at most 1 MB, addressed by an HMAC with the team's own key: equal content is kept once per team, and
 * nobody without the key can ask whether some content is there.
 */
import { createHmac, type Hmac } from 'node:crypto';
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';
import { asTeam, callAgain, callOnce, one, type Sql } from '../database.ts';
import { cleanJsonText, filesIn, inlineLimitBytes, previewOf, previewOfItems } from '../text.ts';

/** HUB_BLOB_KEY: 32 random bytes. */
export type BlobKey = Uint8Array;
/** Who needs a blob: it lives as long as one of its owners. */
export interface BlobOwner {
  kind: 'run' | 'file';
  id: string;
}

const chunkBytes = 1024 * 1024;

/** A value ready for its row. Exactly one of text and blob is set, or none for no value. */
export interface StoredText {
  text: string | null;
  blob: string | null;
  bytes: number | null;
  preview: Json;
  /** True when something PostgreSQL cannot keep was replaced. */
  changed: boolean;
}

/** Cleans a JSON text and puts it where it belongs: into the row up to 32 KB, else into a blob of this owner. */
export async function storeText(sql: Sql, key: BlobKey, team: string, owner: BlobOwner, given: string | null): Promise<StoredText> {
  if (given === null) return { text: null, blob: null, bytes: null, preview: null, changed: false };
  const { text, changed } = cleanJsonText(given);
  const preview = previewOf(text);
  if (text.length <= inlineLimitBytes) {
    const bytes = Buffer.byteLength(text);
    if (bytes <= inlineLimitBytes) return { text, blob: null, bytes, preview, changed };
  }
  const content = Buffer.from(text);
  const blob = await putBlob(sql, key, team, owner, content);
  await noteFiles(sql, team, blob, filesIn(text));
  return { text: null, blob, bytes: content.length, preview, changed };
}

/** What a value names must not be taken away while it may be read (db/migrations/0024). */
async function noteFiles(sql: Sql, team: string, blob: string, files: string[]): Promise<void> {
  if (files.length > 0) await callAgain(() => sql`select hub_blob_names(${team}::uuid, ${blob}::uuid, ${files}::uuid[])`);
}

/** The same for an array that comes element by element, each a JSON text: it is never in memory as a whole where it becomes a blob. */
export async function storeItems(sql: Sql, key: BlobKey, team: string, owner: BlobOwner, items: AsyncIterable<string>): Promise<StoredText> {
  const preview = previewOfItems();
  const files = new Set<string>();
  let changed = false;
  const parts = (async function* () {
    let before = '[';
    for await (const item of items) {
      const clean = cleanJsonText(item);
      changed ||= clean.changed;
      preview.add(clean.text);
      for (const id of filesIn(clean.text)) files.add(id);
      yield Buffer.from(`${before}${clean.text}`);
      before = ',';
    }
    yield Buffer.from(before === '[' ? '[]' : ']');
  })();
  const head: Buffer[] = [];
  let bytes = 0;
  for (let part = await parts.next(); part.done !== true; part = await parts.next()) {
    head.push(part.value);
    bytes += part.value.length;
    if (bytes <= inlineLimitBytes) continue;
    const all = (async function* () {
      yield* head.splice(0);
      yield* parts;
    })();
    const stored = await putStream(sql, key, team, owner, all, () => undefined);
    await noteFiles(sql, team, stored.blob, [...files]);
    return { text: null, ...stored, preview: preview.value(), changed };
  }
  return { text: Buffer.concat(head).toString('utf8'), blob: null, bytes, preview: preview.value(), changed };
}

function hasher(key: BlobKey, team: string): Hmac {
  // The team's own key is derived, so none is stored.
  return createHmac('sha256', createHmac('sha256', key).update(`blob ${team}`).digest());
}

/** Stores content that is in memory; answers the blob's id. */
export async function putBlob(sql: Sql, key: BlobKey, team: string, owner: BlobOwner, content: Buffer): Promise<string> {
  const hash = hasher(key, team).update(content).digest();
  if (content.length <= chunkBytes) {
    const row = one(
      await callAgain(
        () => sql<{ id: string }[]>`select hub_put_blob(${team}::uuid, ${hash}::bytea, ${content}::bytea, ${owner.kind}, ${owner.id}::uuid) as id`,
      ),
    );
    return row.id;
  }
  const found = one(
    await callAgain(() => sql<{ id: string | null }[]>`select hub_touch_blob(${team}::uuid, ${hash}::bytea, ${owner.kind}, ${owner.id}::uuid) as id`),
  );
  if (found.id !== null) return found.id;
  const parts = (function* () {
    for (let at = 0; at < content.length; at += chunkBytes) yield content.subarray(at, at + chunkBytes);
  })();
  const written = await writeChunks(sql, team, parts);
  return sealBlob(sql, team, owner, written.blob, hash, written.bytes);
}

/** Writes a stream of any chunk sizes; memory stays at about one chunk. Answers the id, the bytes, and what `see` was shown. */
export async function putStream(
  sql: Sql,
  key: BlobKey,
  team: string,
  owner: BlobOwner,
  content: AsyncIterable<Uint8Array>,
  see: (part: Uint8Array) => void,
): Promise<{ blob: string; bytes: number }> {
  const hash = hasher(key, team);
  const parts = rechunk(content, (part) => {
    hash.update(part);
    see(part);
  });
  const written = await writeChunks(sql, team, parts);
  return { blob: await sealBlob(sql, team, owner, written.blob, hash.digest(), written.bytes), bytes: written.bytes };
}

async function* rechunk(content: AsyncIterable<Uint8Array>, see: (part: Uint8Array) => void): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const part of content) {
    see(part);
    let rest = part;
    while (size + rest.length >= chunkBytes) {
      const take = chunkBytes - size;
      yield Buffer.concat([...held, rest.subarray(0, take)]);
      rest = rest.subarray(take);
      held = [];
      size = 0;
    }
    if (rest.length > 0) held.push(Buffer.from(rest));
    size += rest.length;
  }
  if (size > 0) yield Buffer.concat(held);
}

async function writeChunks(sql: Sql, team: string, parts: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<{ blob: string; bytes: number }> {
  let blob: string | null = null;
  let bytes = 0;
  let n = 0;
  for await (const part of parts) {
    const at: string | null = blob;
    const row: { id: string } = one(await sql<{ id: string }[]>`select hub_add_chunk(${team}::uuid, ${at}::uuid, ${n}::int, ${part}::bytea) as id`);
    blob = row.id;
    bytes += part.length;
    n += 1;
  }
  // Empty content is one empty chunk, so that every blob has a row to read.
  if (blob === null) {
    const row = one(await sql<{ id: string }[]>`select hub_add_chunk(${team}::uuid, null, 0, ''::bytea) as id`);
    blob = row.id;
  }
  return { blob, bytes };
}

async function sealBlob(sql: Sql, team: string, owner: BlobOwner, blob: string, hash: Buffer, bytes: number): Promise<string> {
  const row = one(
    await callOnce(
      () =>
        sql<
          { id: string }[]
        >`select hub_seal_blob(${team}::uuid, ${blob}::uuid, ${hash}::bytea, ${bytes}::bigint, ${owner.kind}, ${owner.id}::uuid) as id`,
    ),
  );
  return row.id;
}

/** Every blob has a row of content, so one without has been removed since its name was read. */
function gone(): UserError {
  return new UserError('value.gone', 'The value is not stored any more.', {
    status: 404,
    remedy: 'The run or file that it belonged to was removed.',
  });
}

/** The whole content, for values that must be in memory anyway. @throws UserError `value.gone` */
export async function readBlob(sql: Sql, team: string, blob: string): Promise<Buffer> {
  const rows = await callAgain(() =>
    asTeam(sql, team, (tx) => tx<{ content: Buffer }[]>`select content from blob_chunks where team_id = ${team} and blob_id = ${blob} order by n`),
  );
  if (rows.length === 0) throw gone();
  return Buffer.concat(rows.map(({ content }) => content));
}

/** Chunk by chunk, each in a transaction of its own: a slow reader holds no connection. @throws UserError `value.gone` */
export async function* streamBlob(sql: Sql, team: string, blob: string): AsyncGenerator<Uint8Array> {
  for (let n = 0; ; n += 1) {
    const at = n;
    const rows: { content: Buffer }[] = await asTeam(
      sql,
      team,
      (tx) => tx<{ content: Buffer }[]>`select content from blob_chunks where team_id = ${team} and blob_id = ${blob} and n = ${at}`,
    );
    const chunk = rows[0]?.content;
    if (chunk === undefined && n === 0) throw gone();
    if (chunk === undefined) return;
    if (chunk.length > 0) yield chunk;
  }
}

/** The text of a value that stands in its row or in a blob. */
export async function textOf(sql: Sql, team: string, text: string | null, blob: string | null): Promise<string | null> {
  if (blob === null) return text;
  return (await readBlob(sql, team, blob)).toString('utf8');
}
