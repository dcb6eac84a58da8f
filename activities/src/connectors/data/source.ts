/** Rows from wherever they are, in batches: a list, or a file of any size (CSV and JSON lines are streamed; JSON and Excel are held at once, within their limits). */
import { Readable } from 'node:stream';

import type { Json } from '@hub/dag/planner';
import { UserError, errorCode } from '@hub/kit/errors';
import { parse } from 'csv-parse';

import type { FileStore } from '../../ports.ts';
import { isCode, valueOf } from '../file/cells.ts';
import { decodeText, sniffDelimiter, sniffFormat } from '../file/decode.ts';
import { readHeader } from '../file/header.ts';
import { fileLimits } from '../file/limits.ts';
import { gather, linesOf, readJson } from '../file/read-json.ts';
import { isWorkbook, readWorkbook } from '../file/read-xlsx.ts';

export type Row = { [column: string]: Json };

export interface SourceContext {
  files: FileStore;
  team: string;
  signal: AbortSignal;
  warn: (code: string, message: string) => void;
}

const batchRows = 1_000;

/** The handle in a source, or null where it is a list. */
export function fileOf(source: Json): string | null {
  const handle = typeof source === 'object' && source !== null && !Array.isArray(source) ? source['$file'] : undefined;
  return typeof handle === 'string' ? handle : null;
}

/** @throws UserError `file.*`. */
export async function* readSource(source: Json, context: SourceContext): AsyncGenerator<Row[], void, undefined> {
  const id = fileOf(source);
  if (id === null) return yield* inBatches(rowsOf(source));
  const { handle, stream } = await context.files.open(context.team, id);
  if (isWorkbook(handle))
    return yield* inBatches((await readWorkbook(stream(), { header: true, limit: undefined, sheet: undefined, warn: context.warn })).rows);
  const decoded = await decodeText(stream(), 'auto', Number.POSITIVE_INFINITY);
  const format = sniffFormat(decoded.head);
  if (format === 'csv') yield* readCsvRows(decoded.text, sniffDelimiter(decoded.head), context);
  else if (format === 'jsonl') yield* readLineRows(decoded.text, context.signal);
  else yield* inBatches(readJson(await gather(decoded.text), { path: undefined, limit: undefined, warn: context.warn }).rows);
}

function* inBatches(rows: readonly Row[]): Generator<Row[], void, undefined> {
  for (let at = 0; at < rows.length; at += batchRows) yield rows.slice(at, at + batchRows);
}

/** Rows of a list, or of `{ rows }` as reading steps give it. */
function rowsOf(source: Json): Row[] {
  const list = Array.isArray(source)
    ? source
    : typeof source === 'object' && source !== null && Array.isArray(source['rows'])
      ? source['rows']
      : null;
  if (list === null)
    throw new UserError('file.no-rows', 'There is no list of rows and no file.', {
      status: 422,
      remedy: 'Give e.g. {{ nodes.read.output.rows }} or {{ input.file }}.',
    });
  return list.map((row) => (typeof row === 'object' && row !== null && !Array.isArray(row) ? row : { value: row }));
}

/** Each cell by itself: a number where it spells one without loss, codes such as 007 as text. The whole column is never known while streaming. */
async function* readCsvRows(text: AsyncIterable<string>, delimiter: string, { signal, warn }: SourceContext): AsyncGenerator<Row[], void, undefined> {
  // The first pieces were read before this, to tell the encoding and the delimiter.
  signal.throwIfAborted();
  const parser = Readable.from(text, { highWaterMark: 1 }).pipe(
    parse({
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: 4 * fileLimits.maxCellChars,
    }),
  );
  const stop = (): void => void parser.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  let columns: string[] | null = null;
  let batch: Row[] = [];
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (columns === null) {
        columns = readHeader(record, warn);
        continue;
      }
      const row: Row = {};
      for (let at = 0; at < columns.length; at += 1) {
        const cell = record[at] ?? '';
        row[columns[at] as string] = valueOf(cell, isCode(cell.trim()));
      }
      batch.push(row);
      if (batch.length < batchRows) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!(errorCode(error) ?? '').startsWith('CSV_')) throw error;
    throw new UserError('file.bad-csv', 'A row of the file cannot be read as CSV.', {
      cause: error,
      status: 422,
      remedy: 'Is a quotation mark opened and never closed?',
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (batch.length > 0) yield batch;
}

async function* readLineRows(text: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<Row[], void, undefined> {
  let batch: Row[] = [];
  let line = 0;
  for await (const next of linesOf(text)) {
    line += 1;
    if (next.trim() === '') continue;
    signal.throwIfAborted();
    let value: Json;
    try {
      value = JSON.parse(next) as Json;
    } catch (cause) {
      throw new UserError('file.bad-json', `Line ${line}: this is not JSON.`, { cause, status: 422 });
    }
    batch.push(typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value });
    if (batch.length < batchRows) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
