import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { ActionRun } from '../../../types.ts';
import { toCell } from '../../cells.ts';
import { fileLimits, forbiddenNames } from '../../limits.ts';
import { xlsxMime } from '../../read-xlsx.ts';
import { writeWorkbook } from '../../write-xlsx.ts';
import type { writeFileSpec } from './spec.ts';

const mimes = { csv: 'text/csv', json: 'application/json', jsonl: 'application/x-ndjson', xlsx: xlsxMime } as const;
const rowsPerPiece = 500;

/** Writes a file and answers its handle and number of rows. */
export const runWriteFile: ActionRun<typeof writeFileSpec> = async ({ params, files, team, run }) => {
  const content = params.content as Json;
  const rows = params.format === 'json' ? (Array.isArray(content) ? content : [content]) : rowsOf(content);
  const meta = { name: fileName(params.name, params.format), mime: mimes[params.format], run };
  if (params.format === 'xlsx') {
    const objects = toObjects(rows);
    const workbook = await writeWorkbook(objects, params.columns ?? columnsOf(objects));
    const handle = await files.create(team, meta, once(workbook));
    return { output: { file: { ...handle }, rows: rows.length } };
  }
  const pieces =
    params.format === 'csv'
      ? csvPieces(rows, params.columns)
      : params.format === 'jsonl'
        ? linePieces(rows)
        : [`${JSON.stringify(content, null, 2)}\n`];
  const handle = await files.create(team, meta, encode(pieces));
  return { output: { file: { ...handle }, rows: rows.length } };
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

function toObjects(rows: Json[]): { [name: string]: Json }[] {
  return rows.map((row) => (typeof row === 'object' && row !== null && !Array.isArray(row) ? row : { value: row }));
}

async function* encode(pieces: Iterable<string>): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  for (const piece of pieces) yield encoder.encode(piece);
}

function rowsOf(content: Json): Json[] {
  const rows = Array.isArray(content)
    ? content
    : typeof content === 'object' && content !== null && Array.isArray(content['rows'])
      ? content['rows']
      : null;
  if (rows === null)
    throw new UserError('file.no-rows', 'The content is no list of rows.', {
      status: 422,
      remedy: 'Give a list, e.g. {{ nodes.read.output.rows }}.',
    });
  return rows;
}

function* csvPieces(rows: Json[], wanted: readonly string[] | undefined): Generator<string, void, undefined> {
  const objects = toObjects(rows);
  const columns = wanted ?? columnsOf(objects);
  // With a byte order mark spreadsheets read the file as UTF-8.
  yield `\uFEFF${columns.map((column) => toCell(column)).join(',')}\r\n`;
  for (let at = 0; at < objects.length; at += rowsPerPiece) {
    yield objects
      .slice(at, at + rowsPerPiece)
      .map((row) => `${columns.map((column) => toCell(Object.hasOwn(row, column) ? row[column] : null)).join(',')}\r\n`)
      .join('');
  }
}

function columnsOf(objects: { [name: string]: Json }[]): string[] {
  const columns = new Set<string>();
  for (const object of objects) for (const name of Object.keys(object)) if (!forbiddenNames.has(name)) columns.add(name);
  if (columns.size > fileLimits.maxColumns)
    throw new UserError('file.too-many-columns', `The rows have ${columns.size} different fields; at most ${fileLimits.maxColumns} are written.`, {
      status: 422,
      remedy: 'Name the columns you want.',
    });
  return [...columns];
}

function* linePieces(rows: Json[]): Generator<string, void, undefined> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}

/** No path, no control characters, the right ending. */
function fileName(name: string, format: keyof typeof mimes): string {
  const plain =
    name
      .replaceAll(/[\\/:*?"<>|\p{Cc}\p{Cf}]/gu, '-')
      .replace(/^\.+/, '')
      .trim() || 'file';
  return plain.toLowerCase().endsWith(`.${format}`) ? plain : `${plain}.${format}`;
}
