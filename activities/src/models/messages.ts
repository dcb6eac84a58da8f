/** From a prompt's config to messages: text, parts, files read and checked. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { FileStore } from '../ports.ts';
import type { ContentPart, ModelMessage, ModelProvider } from './types.ts';

const roles: ReadonlySet<string> = new Set(['system', 'user', 'assistant']);
const maxMessages = 200;
const maxFileBytes = 20 * 1_048_576;
const textMimes = /^(text\/|application\/(json|xml|x-ndjson|csv))/;

export interface MessageDeps {
  provider: ModelProvider;
  files: FileStore;
  team: string;
}

/** @throws UserError `prompt.bad-messages`, `model.unsupported-file`, `file.*`. */
export async function toMessages(given: Json | undefined, deps: MessageDeps): Promise<ModelMessage[]> {
  if (!Array.isArray(given) || given.length === 0 || given.length > maxMessages) throw bad('a prompt needs between 1 and 200 messages');
  const messages: ModelMessage[] = [];
  for (const [at, one] of given.entries()) {
    if (!isObject(one) || typeof one['role'] !== 'string' || !roles.has(one['role']))
      throw bad(`message ${at + 1} needs a role of ${[...roles].join(', ')}`);
    messages.push({ role: one['role'] as ModelMessage['role'], content: await toContent(one['content'], at, deps) });
  }
  if (messages.at(-1)?.role === 'system') throw bad('the last message must be of the user');
  return messages;
}

async function toContent(content: Json | undefined, at: number, deps: MessageDeps): Promise<string | ContentPart[]> {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content) || !content.every((part) => isObject(part) && (part['type'] === 'text' || part['type'] === 'file')))
    return JSON.stringify(content);
  const parts: ContentPart[] = [];
  for (const part of content as { [key: string]: Json }[]) {
    if (part['type'] === 'text')
      parts.push({ type: 'text', text: typeof part['text'] === 'string' ? part['text'] : JSON.stringify(part['text'] ?? '') });
    else parts.push(await toFilePart(part['file'], at, deps));
  }
  return parts;
}

async function toFilePart(file: Json | undefined, at: number, { provider, files, team }: MessageDeps): Promise<ContentPart> {
  if (!isObject(file) || typeof file['$file'] !== 'string') throw bad(`a file part of message ${at + 1} has no file handle`);
  const { handle, stream } = await files.open(team, file['$file']);
  const isText = textMimes.test(handle.mime);
  if (!isText && !provider.reads(handle.mime)) {
    throw new UserError('model.unsupported-file', `${provider.id} does not read files of the type ${handle.mime}.`, {
      status: 422,
      remedy: 'Give images (PNG, JPEG, WebP, GIF), PDF or text, and a model that reads them.',
    });
  }
  if (handle.bytes > maxFileBytes)
    throw new UserError(
      'model.file-too-large',
      `The file has ${Math.ceil(handle.bytes / 1_048_576)} MB; at most ${maxFileBytes / 1_048_576} are sent.`,
      { status: 422, remedy: 'Make it smaller.' },
    );
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return isText
    ? { type: 'text', text: `<file name=${JSON.stringify(handle.name)}>\n${bytes.toString('utf8')}\n</file>` }
    : { type: 'file', name: handle.name, mime: handle.mime, base64: bytes.toString('base64') };
}

function bad(what: string): UserError {
  return new UserError('prompt.bad-messages', `The messages cannot be used: ${what}.`, {
    status: 422,
    remedy: 'Give e.g. [{ "role": "user", "content": "…" }].',
  });
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
