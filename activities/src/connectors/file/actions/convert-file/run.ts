import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { FileHandle } from '../../../../ports.ts';
import { encodeRows } from '../../../data/sink.ts';
import { readSource } from '../../../data/source.ts';
import type { Row } from '../../../data/source.ts';
import type { ActionContext, ActionRun } from '../../../types.ts';
import { decodeText } from '../../decode.ts';
import { readDocument } from '../../documents/read.ts';
import { fileLimits } from '../../limits.ts';
import { gather } from '../../read-json.ts';
import { isWorkbook, readWorkbook, xlsxMime } from '../../read-xlsx.ts';
import { writeWorkbook } from '../../write-xlsx.ts';
import { checkZip, gatherBytes } from '../../zip.ts';
import type { convertFileSpec } from './spec.ts';
import { own } from '../../../../values/json.ts';

type Params = Parameters<ActionRun<typeof convertFileSpec>>[0]['params'];
type Context = ActionContext<Params>;
type To = Params['to'];

const mimes: Record<To, string> = {
  csv: 'text/csv',
  jsonl: 'application/x-ndjson',
  json: 'application/json',
  xlsx: xlsxMime,
  text: 'text/plain',
  markdown: 'text/markdown',
  html: 'text/html',
};
const endings: Record<To, string> = { csv: 'csv', jsonl: 'jsonl', json: 'json', xlsx: 'xlsx', text: 'txt', markdown: 'md', html: 'html' };
const docxMime = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** What was made, as bytes in pieces, and what is known of it once they are all there. */
interface Made {
  pieces: AsyncIterable<Uint8Array>;
  facts: { rows?: number; pages?: number };
}

/** Answers `{ file }` or `{ text, characters }`. @throws UserError `file.*`, `file.no-conversion`. */
export const runConvertFile: ActionRun<typeof convertFileSpec> = async (context) => {
  const { params, files, team, run } = context;
  const { handle, stream } = await files.open(team, params.file.$file);
  const kind = kindOf(handle);
  const made = kind === 'table' ? await fromTable(context, handle) : await fromDocument(context, kind, stream());
  if (params.give === 'file' || params.to === 'xlsx') {
    const name = `${handle.name.replace(/\.[a-z0-9]{1,8}$/i, '') || 'file'}.${endings[params.to]}`;
    const file = await files.create(team, { name, mime: mimes[params.to], run }, made.pieces);
    return { output: { file: { ...file }, ...made.facts } };
  }
  const text = await gather(decoded(made.pieces));
  return { output: { text, characters: text.length, ...made.facts } };
};

function kindOf({ mime, name }: FileHandle): 'table' | 'pdf' | 'docx' | 'html' | 'text' {
  const ending = /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (mime === 'application/pdf') return 'pdf';
  if (mime === docxMime || (mime === 'application/zip' && ending === 'docx')) return 'docx';
  if (
    isWorkbook({ mime, name }) ||
    mime === 'text/csv' ||
    mime === 'application/json' ||
    mime === 'application/x-ndjson' ||
    ['csv', 'tsv', 'json', 'jsonl', 'ndjson'].includes(ending)
  )
    return 'table';
  if (mime === 'text/html' || ending === 'html' || ending === 'htm') return 'html';
  if (mime.startsWith('text/')) return 'text';
  throw new UserError('file.no-conversion', `Files of the kind ${mime} are not converted.`, {
    status: 422,
    remedy: 'Give CSV, JSON, Excel, PDF, Word, HTML, Markdown or text.',
  });
}

async function fromTable(context: Context, handle: FileHandle): Promise<Made> {
  const { params, files, team, warn, signal } = context;
  const facts: Made['facts'] = {};
  const rows =
    isWorkbook(handle) && params.sheet !== undefined
      ? one(
          (await readWorkbook((await files.open(team, handle.$file)).stream(), { header: true, limit: undefined, sheet: params.sheet, warn, signal }))
            .rows,
        )
      : readSource({ $file: handle.$file }, context);
  if (params.to === 'csv' || params.to === 'jsonl') {
    const written = { count: 0 };
    const pieces = after(encodeRows(rows, params.to, written), () => void (facts.rows = written.count));
    return { pieces, facts };
  }
  const all = await hold(rows);
  facts.rows = all.length;
  const columns = [...new Set(all.flatMap((row) => Object.keys(row)))];
  if (params.to === 'xlsx') return { pieces: one(await writeWorkbook(all, columns)), facts };
  const text =
    params.to === 'json' ? `${JSON.stringify(all, null, 2)}\n` : params.to === 'html' ? htmlTable(all, columns) : markdownTable(all, columns);
  return { pieces: encoded(text), facts };
}

async function fromDocument(context: Context, kind: 'pdf' | 'docx' | 'html' | 'text', bytes: AsyncIterable<Uint8Array>): Promise<Made> {
  const { to } = context.params;
  const { signal } = context;
  if (to === 'csv' || to === 'jsonl' || to === 'json' || to === 'xlsx')
    throw new UserError('file.no-conversion', 'A document is no table.', {
      status: 422,
      remedy: 'Convert it to text, Markdown or HTML; a prompt can then take rows out of it.',
    });
  if (kind === 'text') return plainText(await gather((await decodeText(bytes, 'auto')).text), to);
  const file = await gatherBytes(bytes);
  if (kind === 'pdf') {
    if (to === 'html') throw new UserError('file.no-conversion', 'A PDF becomes text or Markdown.', { status: 422, remedy: 'Choose text.' });
    const pages = (await readDocument('pdf', file, signal)) as string[];
    return { pieces: encoded(`${pages.join('\n\n')}\n`), facts: { pages: pages.length } };
  }
  if (kind === 'html') {
    if (to === 'html') return { pieces: one(file), facts: {} };
    return { pieces: encoded(String(await readDocument('html-markdown', file, signal))), facts: {} };
  }
  checkZip(file);
  if (to === 'text') return { pieces: encoded(String(await readDocument('docx', file, signal))), facts: {} };
  const html = String(await readDocument('docx-html', file, signal));
  return { pieces: encoded(to === 'html' ? html : String(await readDocument('html-markdown', Buffer.from(html), signal))), facts: {} };
}

function plainText(text: string, to: To): Made {
  return { pieces: encoded(to === 'html' ? `<pre>${escaped(text)}</pre>\n` : text), facts: {} };
}

async function hold(rows: AsyncIterable<Row[]>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const batch of rows) {
    all.push(...batch);
    if (all.length > fileLimits.maxRows)
      throw new UserError('file.too-many-rows', `The table has more than ${fileLimits.maxRows} rows.`, {
        status: 413,
        remedy: 'Convert it to CSV or JSON lines, or split it first.',
      });
  }
  return all;
}

async function* one<T>(value: T): AsyncGenerator<T, void, undefined> {
  yield value;
}

async function* encoded(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield new TextEncoder().encode(text);
}

async function* decoded(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
}

async function* after<T>(items: AsyncIterable<T>, end: () => void): AsyncGenerator<T, void, undefined> {
  yield* items;
  end();
}

const shown = (value: Json | undefined): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function markdownTable(rows: readonly Row[], columns: readonly string[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\r?\n/g, ' ')).join(' | ')} |\n`;
  return line(columns) + line(columns.map(() => '---')) + rows.map((row) => line(columns.map((column) => shown(own(row, column))))).join('');
}

function htmlTable(rows: readonly Row[], columns: readonly string[]): string {
  const cells = (tag: string, texts: readonly string[]): string => `<tr>${texts.map((text) => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>\n`;
  const body = rows
    .map((row) =>
      cells(
        'td',
        columns.map((column) => shown(own(row, column))),
      ),
    )
    .join('');
  return `<table>\n<thead>\n${cells('th', columns)}</thead>\n<tbody>\n${body}</tbody>\n</table>\n`;
}
