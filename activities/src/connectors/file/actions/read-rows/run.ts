import type { ActionRun } from '../../../types.ts';
import { decodeText, sniffDelimiter, sniffFormat } from '../../decode.ts';
import { fileLimits } from '../../limits.ts';
import { readCsv } from '../../read-csv.ts';
import type { Table } from '../../read-csv.ts';
import { gather, readJson, readJsonLines } from '../../read-json.ts';
import { isWorkbook, readWorkbook } from '../../read-xlsx.ts';
import type { readRowsSpec } from './spec.ts';

/** Reads a table. Answers `{ rows, count, columns }`; faults of the file are UserErrors `file.*`. */
export const runReadRows: ActionRun<typeof readRowsSpec> = async ({ params, files, signal, team, warn }) => {
  const { handle, stream } = await files.open(team, params.file.$file);
  if (params.format === 'xlsx' || (params.format === 'auto' && isWorkbook(handle))) {
    const sheet = await readWorkbook(stream(), { header: params.header, limit: params.limit, sheet: params.sheet, warn, signal });
    return { output: { rows: sheet.rows, count: sheet.rows.length, columns: sheet.columns } };
  }
  const decoded = await decodeText(stream(), params.encoding);
  const format = params.format === 'auto' ? sniffFormat(decoded.head) : params.format;
  const limited = limitWarnings(warn);
  const table = await read();
  limited.flush();
  return { output: { rows: table.rows, count: table.rows.length, columns: table.columns } };

  async function read(): Promise<Table> {
    const options = { path: params.path, limit: params.limit, warn: limited.warn };
    if (format === 'json') return readJson(await gather(decoded.text), options);
    if (format === 'jsonl') return readJsonLines(decoded.text, options);
    const delimiter = params.delimiter === 'auto' ? sniffDelimiter(decoded.head) : params.delimiter;
    return readCsv(decoded.text, { delimiter, header: params.header, types: params.types, limit: params.limit, warn: limited.warn, signal });
  }
};

/** A file with a thousand unnamed columns must not make a thousand warnings. */
function limitWarnings(warn: (code: string, message: string) => void) {
  let count = 0;
  const most = Math.min(10, fileLimits.maxColumns);
  return {
    warn: (code: string, message: string): void => {
      count += 1;
      if (count <= most) warn(code, message);
    },
    flush: (): void => {
      if (count > most) warn('file.more-warnings', `There are ${count - most} more warnings about this file.`);
    },
  };
}
