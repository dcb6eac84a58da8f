/** Files: up as a stream with limits, down as an attachment that no browser shows as a page (05, rules 6 and 25). */
import { Readable } from 'node:stream';
import { routes } from '@hub/contract';
import { createFileStore } from '@hub/db';
import { listFiles } from '@hub/db/read';
import { deleteFile } from '@hub/db/write';
import { UserError, errorCode } from '@hub/kit/errors';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { isCleanText } from '../http/json-body.ts';
import { handle } from '../http/route.ts';
import { firstAnswer } from '../plugins/app/idempotency.ts';
import { instant } from '../http/shapes.ts';
import { sniffed } from '../files/sniff.ts';

const badFile = (code: string, detail: string, status = 400) =>
  new UserError(code, detail, { status, details: [{ path: 'form/file', code, message: detail }] });

/** The last part of a client's path, without what could steer a header or a disk. */
export function safeName(name: string): string {
  const last = name.split(/[/\\]/).pop() ?? '';
  const clean = last
    .replace(/[\p{Cc}"]/gu, '')
    .trim()
    .slice(0, 200);
  return clean === '' || clean === '.' || clean === '..' ? 'file' : clean;
}

/** Content-Disposition that saves under `name`, whatever stands in it. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}

const badForm = (cause: unknown) =>
  new UserError('request.bad-form', 'The form is cut short or not well formed.', {
    cause,
    details: [{ path: 'form', code: 'request.bad-form', message: 'is not whole' }],
  });

async function firstPart(request: FastifyRequest): Promise<MultipartFile | undefined> {
  try {
    return await request.file();
  } catch (error) {
    // The parser's own faults have no code of Fastify's.
    throw errorCode(error)?.startsWith('FST_') === true ? error : badForm(error);
  }
}

/** The part's bytes; a form that breaks off in the middle is the sender's fault, not ours. */
async function* wholeForm(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = bytes[Symbol.asyncIterator]();
  for (;;) {
    const next = await reader.next().catch((error: unknown) => {
      throw badForm(error);
    });
    if (next.done) return;
    yield next.value;
  }
}

/** Registers them. */
export function fileRoutes(app: FastifyInstance, { deps, audit }: RouteContext): void {
  const files = createFileStore(deps.sql, { blobKey: deps.settings.blobKey });
  handle(app, 'uploadFile', routes.uploadFile, async ({ team, caller, request, reply }) => {
    const part = await firstPart(request);
    if (!part) throw badFile('file.missing', 'Send one part named file.');
    if (part.fieldname !== 'file') throw badFile('file.missing', 'The part must be named file.');
    const name = safeName(isCleanText(part.filename ?? '') ? (part.filename ?? '') : '');
    const { mime, content } = await sniffed(wholeForm(part.file), name);
    const handleOfFile = await files.createUpload(team.id, { name, mime, userId: caller.userId }, content, {
      maxBytes: deps.settings.uploadLimitBytes,
    });
    const { $file, bytes, sha256 } = handleOfFile;
    let first: unknown = null;
    try {
      first = await firstAnswer(request, reply, deps.sql, JSON.stringify([name, mime, sha256]));
    } catch (error) {
      await deleteFile(deps.sql, team.id, $file);
      throw error;
    }
    if (first !== null) {
      await deleteFile(deps.sql, team.id, $file);
      return first as typeof handleOfFile;
    }
    await audit(request, 'file.upload', `file:${$file}`, { name, bytes });
    return handleOfFile;
  });
  handle(app, 'listFiles', routes.listFiles, async ({ team, query }) => {
    const { items, nextCursor } = await listFiles(deps.sql, team.id, query);
    return {
      items: items.map((row) => ({
        $file: row.id,
        name: row.name,
        mime: row.mime,
        bytes: row.bytes,
        sha256: row.sha256,
        createdAt: instant(row.createdAt),
      })),
      nextCursor,
    };
  });
  handle(app, 'getFile', routes.getFile, async ({ params, team, reply }) => {
    const { handle: file, stream } = await files.open(team.id, params.id);
    // Never as HTML or script of this origin, whatever was uploaded.
    return reply
      .type('application/octet-stream')
      .header('content-disposition', attachment(file.name))
      .header('x-content-type-options', 'nosniff')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('content-length', file.bytes)
      .send(Readable.from(stream()));
  });
  handle(app, 'deleteFile', routes.deleteFile, async ({ params, team, request }) => {
    if (!(await deleteFile(deps.sql, team.id, params.id))) throw notFound('file');
    await audit(request, 'file.delete', `file:${params.id}`);
    return undefined;
  });
}
