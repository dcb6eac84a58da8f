import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Json } from '@hub/dag/planner';
import { UserError, errorCode } from '@hub/kit/errors';
import { parse } from 'csv-parse';

import { isCode, valueOf } from './cells.ts';
import { checkWidth, readHeader } from './header.ts';
import { fileLimits } from './limits.ts';

export interface Table {
  rows: { [column: string]: Json }[];
  columns: string[];
}

export interface CsvOptions {
  delimiter: string;
  header: boolean;
  types: 'auto' | 'text';
  limit: number | undefined;
  warn: (code: string, message: string) => void;
  signal: AbortSignal;
}

interface Parsed {
  record: string[];
  info: { lines: number };
}

/**
 * Reads CSV text piece by piece.
 * @throws UserError `file.*` with the line at fault.
 */
export async function readCsv(text: AsyncIterable<string>, options: CsvOptions): Promise<Table> {
  const parser = parse({
    delimiter: options.delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: 4 * fileLimits.maxCellChars,
  });
  const builder = new TableBuilder(options);
  try {
    await pipeline(
      Readable.from(text),
      parser,
      async (records: AsyncIterable<Parsed>) => {
        for await (const { record, info } of records) if (!builder.add(record, info.lines)) break;
      },
      { signal: options.signal },
    );
  } catch (error) {
    // Leaving the loop early ends the pipeline; that is no fault.
    if (!(builder.full && errorCode(error) === 'ABORT_ERR') && errorCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE')
      throw csvFault(error, options.signal);
    if (!builder.full) throw csvFault(error, options.signal);
  }
  return builder.finish();
}

class TableBuilder {
  columns: string[] | null = null;
  full = false;
  readonly #records: string[][] = [];
  readonly #options: CsvOptions;
  #chars = 0;
  #short = 0;

  constructor(options: CsvOptions) {
    this.#options = options;
  }

  /** Takes a record; false when no more are wanted. */
  add(record: string[], line: number): boolean {
    checkWidth(record.length);
    if (this.columns === null) {
      this.columns = readHeader(this.#options.header ? record : record.map((_, at) => `column_${at + 1}`), this.#options.warn);
      if (this.#options.header) return true;
    }
    if (this.#options.limit !== undefined && this.#records.length >= this.#options.limit) {
      this.full = true;
      return false;
    }
    if (this.#records.length >= fileLimits.maxRows) {
      throw new UserError('file.too-many-rows', `The file has more than ${fileLimits.maxRows} rows.`, {
        status: 422,
        remedy: 'Set limit, or split the file.',
      });
    }
    this.#records.push(this.#fit(record, line));
    return true;
  }

  #fit(record: string[], line: number): string[] {
    const width = this.columns?.length ?? 0;
    for (const cell of record) {
      this.#chars += cell.length + 10;
      if (cell.length > fileLimits.maxCellChars)
        throw new UserError('file.cell-too-large', `Line ${line}: a cell has more than ${fileLimits.maxCellChars} characters.`, {
          status: 422,
          remedy: 'Is a quotation mark missing?',
        });
    }
    if (this.#chars > fileLimits.maxOutputChars)
      throw new UserError('file.too-large', `The rows are larger than ${fileLimits.maxOutputChars / 1_048_576} MB together (line ${line}).`, {
        status: 413,
        remedy: 'Set limit, or split the file.',
      });
    if (record.length > width && record.slice(width).some((cell) => cell.trim() !== '')) {
      throw new UserError('file.bad-csv', `Line ${line} has ${record.length} cells, but there are ${width} columns.`, {
        status: 422,
        remedy: 'Put cells that hold the delimiter in quotation marks, or choose another delimiter.',
      });
    }
    if (record.length < width) this.#short += 1;
    return record;
  }

  finish(): Table {
    if (this.columns === null)
      throw new UserError('file.empty', 'The file is empty.', { status: 422, remedy: 'Upload a file with at least a header row.' });
    if (this.#short > 0)
      this.#options.warn('file.short-rows', `${this.#short} rows have fewer cells than there are columns; the missing ones are null.`);
    const { columns } = this;
    const asText = columns.map((_, at) => this.#options.types === 'text' || this.#records.some((record) => isCode((record[at] ?? '').trim())));
    const rows = this.#records.map((record) =>
      Object.fromEntries(columns.map((column, at) => [column, valueOf(record[at] ?? '', asText[at] === true)])),
    );
    return { rows, columns };
  }
}

function csvFault(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const code = errorCode(error) ?? '';
  if (!code.startsWith('CSV_')) return error;
  const line = typeof error === 'object' && error !== null && 'lines' in error ? Number(error.lines) : 0;
  const what: Record<string, string> = {
    CSV_QUOTE_NOT_CLOSED: 'a quotation mark is opened and never closed',
    CSV_MAX_RECORD_SIZE: 'a row is too long; is a quotation mark or the right delimiter missing?',
    CSV_INVALID_CLOSING_QUOTE: 'a quotation mark is closed in the middle of a cell',
    CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'there is text after a closing quotation mark',
  };
  return new UserError('file.bad-csv', `Line ${line}: ${what[code] ?? 'the row cannot be read'}.`, {
    cause: error,
    status: 422,
    remedy: 'Correct the line, or export the file again.',
  });
}
