import type { Json } from '@hub/dag/planner';

/** An Excel workbook of one sheet. Texts are cells of text, so that none of them is a formula; the library is loaded with the first one written. */
export async function writeWorkbook(rows: readonly { [column: string]: Json }[], columns: readonly string[]): Promise<Uint8Array> {
  const { default: writeXlsxFile } = await import('write-excel-file/node');
  const header = columns.map((value) => ({ value, type: String, fontWeight: 'bold' as const }));
  const data = rows.map((row) => columns.map((column) => cellOf(Object.hasOwn(row, column) ? (row[column] ?? null) : null)));
  return writeXlsxFile([header, ...data]).toBuffer();
}

/** Excel holds at most 32,767 characters in a cell. */
const maxCellChars = 32_767;

function cellOf(value: Json) {
  if (value === null) return null;
  if (typeof value === 'number') return { value, type: Number };
  if (typeof value === 'boolean') return { value, type: Boolean };
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { value: text.slice(0, maxCellChars), type: String };
}
