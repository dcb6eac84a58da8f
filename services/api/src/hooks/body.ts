/**
 * What a request of the outside brings, read once and strictly by its content type (05, rule 7). Files come as bytes beside the input; a file handle
 * written into JSON is refused, because handles are made by our upload code only (05, rule 6).
 */
import { UserError } from '@hub/kit/errors';
import { parseJsonBody } from '../http/json-body.ts';

export interface HookFile {
  field: string;
  name: string;
  bytes: Uint8Array;
}
export interface HookBody {
  /** JSON body as it is; a form's fields as an object; text as `{ text }`; nothing as `{}`. */
  input: unknown;
  files: HookFile[];
}

const json = /^application\/([a-z0-9!#$&^_.+-]{1,80}\+)?json(; ?charset="?utf-8"?)?$/i;
const form = /^application\/x-www-form-urlencoded(; ?charset="?utf-8"?)?$/i;
const multipart = /^multipart\/form-data; ?boundary=[^\s;]{1,100}$/i;
const text = /^(text\/[a-z0-9.+-]{1,60}|application\/([a-z0-9.+-]{1,80}\+)?xml)(; ?charset="?(utf-8|us-ascii)"?)?$/i;
const reserved = new Set(['__proto__', 'constructor', 'prototype']);
const maxFields = 1_000;
const maxFiles = 10;
const maxFieldChars = 1_000_000;

const refuse = (code: string, detail: string, status = 400, cause?: unknown) =>
  new UserError(code, detail, {
    status,
    cause,
    details: [{ path: code === 'request.media-type' ? 'headers/content-type' : '/', code, message: detail }],
  });

/** Reads the bytes. @throws UserError 400 `request.*` | `hook.*`, 415 `request.media-type`. */
export async function readHookBody(contentType: string | undefined, bytes: Buffer): Promise<HookBody> {
  if (bytes.length === 0) return { input: {}, files: [] };
  if (contentType !== undefined && multipart.test(contentType)) return readMultipart(contentType, bytes);
  return { input: readPlain(contentType, bytes), files: [] };
}

function readPlain(contentType: string | undefined, bytes: Buffer): unknown {
  if (contentType !== undefined && json.test(contentType)) {
    const value = parseJsonBody(bytes, { allowBadText: true });
    refuseHandles(value, 0);
    return value;
  }
  if (contentType !== undefined && form.test(contentType)) return readForm(new URLSearchParams(utf8(bytes)));
  if (contentType === undefined || text.test(contentType)) return { text: utf8(bytes) };
  throw refuse('request.media-type', 'Send JSON, a form, multipart/form-data, or text in UTF-8.', 415);
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refuse('request.bad-utf8', 'The body is not UTF-8.', 400, cause);
  }
}

/** A field that comes several times is a list. */
function readForm(fields: Iterable<[string, string]>): Record<string, unknown> {
  const input = Object.create(null) as Record<string, unknown>;
  let count = 0;
  for (const [name, value] of fields) {
    count += 1;
    if (count > maxFields) throw refuse('hook.too-many-fields', `A form has at most ${maxFields} fields.`);
    addField(input, name, value);
  }
  return input;
}

function addField(input: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '' || name.length > 200 || reserved.has(name) || name === '$file')
    throw refuse('request.bad-key', 'A field has a name that is empty, too long or reserved.');
  const before = input[name];
  if (before === undefined) input[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else input[name] = [before, value];
}

async function readMultipart(contentType: string, bytes: Buffer): Promise<HookBody> {
  let parts: FormData;
  try {
    parts = await new Response(bytes as unknown as ConstructorParameters<typeof Response>[0], {
      headers: { 'content-type': contentType },
    }).formData();
  } catch (cause) {
    throw refuse('request.bad-form', 'The form is cut short or not well formed.', 400, cause);
  }
  const input = Object.create(null) as Record<string, unknown>;
  const files: HookFile[] = [];
  let count = 0;
  for (const [name, value] of parts) {
    count += 1;
    if (count > maxFields) throw refuse('hook.too-many-fields', `A form has at most ${maxFields} fields.`);
    if (typeof value === 'string') {
      if (value.length > maxFieldChars) throw refuse('request.too-large', 'A field of the form is larger than 1 MB.', 413);
      addField(input, name, value);
    } else if (value.size > 0 || value.name !== '') {
      if (files.length === maxFiles) throw refuse('hook.too-many-files', `A form has at most ${maxFiles} files.`);
      files.push({ field: name, name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) });
    }
  }
  return { input, files };
}

/** n8n's CVE-2026-21858: a JSON body that says it is a file. */
function refuseHandles(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null || depth > 64) return;
  if (Array.isArray(value)) for (const one of value) refuseHandles(one, depth + 1);
  else {
    if (Object.hasOwn(value, '$file')) throw refuse('hook.file-handle', 'Files come as parts of a multipart form, never as a handle in the body.');
    for (const one of Object.values(value)) refuseHandles(one, depth + 1);
  }
}

/** Refuses file handles in values that did not come through `readHookBody`. */
export function refuseFileHandles(value: unknown): void {
  refuseHandles(value, 0);
}

/** Puts the stored files where their fields are. */
export function withFiles(input: unknown, handles: { field: string; handle: unknown }[]): unknown {
  if (handles.length === 0) return input;
  const all = input as Record<string, unknown>;
  for (const { field, handle } of handles) addField(all, field, handle);
  return all;
}
