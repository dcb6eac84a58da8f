import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { FileHandle } from '../../ports.ts';
import { readDocument } from './documents/read.ts';
import { checkWidth, readHeader } from './header.ts';
import { fileLimits } from './limits.ts';
import type { Table } from './read-csv.ts';
import { checkZip, gatherBytes } from './zip.ts';

export const xlsxMime = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export interface WorkbookOptions {
  header: boolean;
  limit: number | undefined;
  /** Name, or number from 1; the first when absent. */
  sheet: string | undefined;
  warn: (code: string, message: string) => void;
  signal?: AbortSignal;
}

/** By what the upload found in the file, not by its name alone. */
export function isWorkbook(handle: Pick<FileHandle, 'mime' | 'name'>): boolean {
  return handle.mime === xlsxMime || (handle.mime === 'application/zip' && handle.name.toLowerCase().endsWith('.xlsx'));
}

interface Sheet {
  name: string;
  rows: Json[][];
}

/**
 * Rows of one sheet of an Excel workbook; formulas give their last values.
 * @throws UserError `file.*`, `file.no-sheet`.
 */
export async function readWorkbook(bytes: AsyncIterable<Uint8Array>, options: WorkbookOptions): Promise<Table> {
  const file = await gatherBytes(bytes);
  checkZip(file);
  const sheets = (await readDocument('xlsx', file, options.signal ?? new AbortController().signal)) as unknown as Sheet[];
  const { rows } = pick(sheets, options.sheet);
  const filled = rows.filter((row) => row.some((cell) => cell !== null && cell !== ''));
  const width = filled.reduce((most, row) => Math.max(most, row.length), 0);
  if (width === 0) throw new UserError('file.empty', 'The sheet is empty.', { status: 422, remedy: 'Choose another sheet.' });
  checkWidth(width);
  const head = filled[0] ?? [];
  const names = Array.from({ length: width }, (_, at) => (options.header ? String(head[at] ?? '') : `column_${at + 1}`));
  const columns = readHeader(names, options.warn);
  const data = filled.slice(options.header ? 1 : 0);
  if (options.limit === undefined && data.length > fileLimits.maxRows)
    throw new UserError('file.too-many-rows', `The sheet has more than ${fileLimits.maxRows} rows.`, {
      status: 422,
      remedy: 'Set limit, or export CSV.',
    });
  return { columns, rows: data.slice(0, options.limit).map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null]))) };
}

function pick(sheets: readonly Sheet[], wanted: string | undefined): Sheet {
  const found = wanted === undefined ? sheets[0] : (sheets.find(({ name }) => name === wanted) ?? sheets[Number(wanted) - 1]);
  if (found === undefined)
    throw new UserError('file.no-sheet', wanted === undefined ? 'The workbook has no sheet.' : `There is no sheet "${wanted.slice(0, 60)}".`, {
      status: 422,
      remedy: `Choose one of: ${sheets
        .map(({ name }) => name)
        .join(', ')
        .slice(0, 300)}.`,
    });
  return found;
}
