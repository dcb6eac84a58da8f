/** For tests of actions: files in memory and a context around them. */
import { createHash } from 'node:crypto';

import { UserError } from '@hub/kit/errors';
import { createOutbound, parseAllowList } from '@hub/kit/http';
import type { Outbound } from '@hub/kit/http';

import type { FileHandle, FileStore, LiveCredential } from '../../ports.ts';
import { parseParams } from '../params.ts';
import type { ActionContext, ActionSpec } from '../types.ts';

export interface MemoryFiles extends FileStore {
  /** Puts bytes in, in pieces of `pieceBytes`, and answers the id. */
  put(content: string | Uint8Array, pieceBytes?: number): string;
  contents: Map<string, { handle: FileHandle; bytes: Buffer }>;
}

export function memoryFiles(): MemoryFiles {
  const contents = new Map<string, { handle: FileHandle; bytes: Buffer; pieceBytes: number }>();
  const add = (name: string, mime: string, bytes: Buffer, pieceBytes: number): FileHandle => {
    const handle = { $file: `file-${contents.size + 1}`, name, mime, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    contents.set(handle.$file, { handle, bytes, pieceBytes });
    return handle;
  };
  return {
    contents,
    put: (content, pieceBytes = 65_536) => add('upload', 'application/octet-stream', Buffer.from(content as string), pieceBytes).$file,
    async open(_team, id) {
      const file = contents.get(id);
      if (file === undefined) throw new UserError('file.not-found', 'There is no such file.', { status: 404 });
      async function* stream(): AsyncGenerator<Uint8Array, void, undefined> {
        for (let at = 0; file !== undefined && at < file.bytes.length; at += file.pieceBytes) yield file.bytes.subarray(at, at + file.pieceBytes);
      }
      return { handle: file.handle, stream };
    },
    async create(_team, meta, content) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(chunk);
      return add(meta.name, meta.mime, Buffer.concat(chunks), 65_536);
    },
  };
}

export interface TestContext<Params> extends ActionContext<Params> {
  warnings: string[];
}

/** A context for `spec` with checked `params`; `allow` lists the places the guarded client may reach. */
export function contextFor<Spec extends ActionSpec>(
  spec: Spec,
  params: unknown,
  more: { files?: FileStore; http?: Outbound; credential?: LiveCredential; signal?: AbortSignal } = {},
) {
  const warnings: string[] = [];
  return {
    params: parseParams(spec, params),
    credential: more.credential ?? null,
    http: more.http ?? createOutbound({ allow: parseAllowList('') }),
    files: more.files ?? memoryFiles(),
    signal: more.signal ?? new AbortController().signal,
    idempotencyKey: 'team/run/step/0/0',
    team: 'team',
    run: 'run',
    log: () => undefined,
    warn: (code: string) => void warnings.push(code),
    warnings,
  };
}
