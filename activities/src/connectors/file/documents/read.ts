/** Documents of strangers, read in a child that may do nothing else. */
// oxlint-disable-next-line eslint/no-restricted-imports -- documents of strangers are read in a child with no rights, as expressions are
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Json } from '@hub/dag/planner';
import { UserError, isHubError } from '@hub/kit/errors';

import { readable } from '../../../expressions/pool/permissions.ts';

export type DocumentKind = 'xlsx' | 'pdf' | 'docx' | 'docx-html' | 'html-markdown';

const libraries = ['read-excel-file', 'unpdf', 'mammoth', 'turndown'];
const timeoutMs = 60_000;
const maxAnswerBytes = 64 * 1_048_576;
const here = dirname(fileURLToPath(import.meta.url));
/** Each reading is a process of up to 600 MB: two at a time, the others wait their turn. */
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

/**
 * What the document holds.
 * @throws UserError `file.bad-document`, `file.too-large`; the signal's reason.
 */
export async function readDocument(kind: DocumentKind, file: Uint8Array, signal: AbortSignal): Promise<Json> {
  if (running >= atOnce) await new Promise<void>((go) => waiting.push(go));
  running += 1;
  try {
    signal.throwIfAborted();
    return await inChild(kind, file, signal);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

function inChild(kind: DocumentKind, file: Uint8Array, signal: AbortSignal): Promise<Json> {
  const flags = ['--permission', ...readable(libraries).map((path) => `--allow-fs-read=${path}`), '--max-old-space-size=600', '--no-warnings'];
  const child = spawn(process.execPath, [...flags, join(here, 'child.mjs'), kind], { env: {}, stdio: ['pipe', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (outcome: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      child.kill('SIGKILL');
      outcome();
    };
    const timer = setTimeout(() => end(() => reject(bad('it took longer than a minute'))), timeoutMs);
    const aborted = (): void => end(() => reject(signal.reason as Error));
    signal.addEventListener('abort', aborted, { once: true });
    child.stdin.on('error', () => undefined).end(file);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxAnswerBytes)
        return end(() =>
          reject(new UserError('file.too-large', 'The document holds more than 64 MB of text.', { status: 413, remedy: 'Split it.' })),
        );
      chunks.push(chunk);
    });
    child.once('error', (error) => end(() => reject(error)));
    child.once('close', () =>
      end(() => {
        try {
          resolve(valueOf(Buffer.concat(chunks)));
        } catch (error) {
          reject(error as Error);
        }
      }),
    );
  });
}

function valueOf(answer: Buffer): Json {
  try {
    const read = JSON.parse(answer.toString('utf8')) as { ok: boolean; value: Json; message?: string };
    if (!read.ok) throw bad(read.message ?? '');
    return read.value;
  } catch (error) {
    if (isHubError(error)) throw error;
    throw bad('reading it took too much memory');
  }
}

function bad(why: string): UserError {
  return new UserError('file.bad-document', `The document cannot be read: ${why}.`.replace(/\.\.$/, '.'), {
    status: 422,
    remedy: 'Open and save it again, or export another format.',
  });
}
