/** Where rows go: into the output while they are few, or into a file of any size. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { FileStore } from '../../ports.ts';
import { own } from '../../values/json.ts';
import { toCell } from '../file/cells.ts';
import { fileLimits } from '../file/limits.ts';
import type { Row } from './source.ts';

export type Into = 'rows' | 'csv' | 'jsonl';
export interface SinkContext {
  files: FileStore;
  team: string;
  run: string;
}

/** `{ rows, count }` or `{ file, count }`. @throws UserError `file.too-large`, `file.too-many-rows`. */
export async function writeRows(
  batches: AsyncIterable<readonly Row[]>,
  into: Into,
  name: string,
  context: SinkContext,
): Promise<{ [key: string]: Json }> {
  if (into === 'rows') return gatherRows(batches);
  const written = { count: 0 };
  const mime = into === 'csv' ? 'text/csv' : 'application/x-ndjson';
  const file = await context.files.create(context.team, { name: `${name}.${into}`, mime, run: context.run }, encodeRows(batches, into, written));
  return { file: { ...file }, count: written.count };
}

async function gatherRows(batches: AsyncIterable<readonly Row[]>): Promise<{ rows: Row[]; count: number }> {
  const rows: Row[] = [];
  let chars = 0;
  for await (const batch of batches) {
    for (const row of batch) {
      chars += JSON.stringify(row).length;
      rows.push(row);
    }
    if (rows.length > fileLimits.maxRows || chars > fileLimits.maxOutputChars)
      throw new UserError(
        rows.length > fileLimits.maxRows ? 'file.too-many-rows' : 'file.too-large',
        'The result is too large to be handed on as rows.',
        {
          status: 413,
          remedy: 'Give it as a CSV or JSON lines file.',
        },
      );
  }
  return { rows, count: rows.length };
}

/** Bytes of a CSV or JSON-lines file. The columns of a CSV file are those of its first row, or `columns`. */
export async function* encodeRows(
  batches: AsyncIterable<readonly Row[]>,
  into: 'csv' | 'jsonl',
  written: { count: number },
  columns: string[] | null = null,
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  let names = columns;
  for await (const batch of batches) {
    const [first] = batch;
    if (first === undefined) continue;
    let text = '';
    if (into === 'csv') {
      if (written.count === 0) {
        names ??= Object.keys(first);
        // With a byte order mark spreadsheets read the file as UTF-8.
        text = `\uFEFF${names.map((name) => toCell(name)).join(',')}\r\n`;
      }
      const known = names ?? [];
      for (const row of batch) text += `${known.map((name) => toCell(own(row, name))).join(',')}\r\n`;
    } else for (const row of batch) text += `${JSON.stringify(row)}\n`;
    written.count += batch.length;
    yield encoder.encode(text);
  }
}
