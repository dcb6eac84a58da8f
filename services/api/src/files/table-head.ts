/** A file that calls itself a table is looked at before it is kept, so that the mistake shows at the upload and not in the first run. Codes are those of the file connector. */
import { UserError } from '@hub/kit/errors';

const maxColumns = 1_000;
const maxHeaderChars = 200;
const maxDepth = 64;
const reserved = new Set(['__proto__', 'constructor', 'prototype']);
const byteOrderMark = '\uFEFF';
const delimiters = [',', ';', '\t', '|'];

function refuse(code: string, detail: string, remedy: string): never {
  throw new UserError(code, detail, { status: 422, remedy, details: [{ path: 'form/file', code, message: detail }] });
}

/** The first bytes of a file, and whether they are all of it. */
export interface Head {
  bytes: Uint8Array;
  whole: boolean;
}

function textOf({ bytes, whole }: Head): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  if (!wide && bytes.includes(0))
    refuse('file.not-text', 'The file holds NUL characters, so it is no text.', 'Export the table as CSV (UTF-8) or JSON and upload that.');
  try {
    return new TextDecoder(wide ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    return refuse('file.bad-encoding', 'The file is not valid UTF-8.', 'Save it as UTF-8 and upload it again.');
  }
}

/** Cells of the first record; null where it does not end within the text. */
function firstRecord(text: string, whole: boolean): string[] | null {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  const delimiter = delimiterOf(text);
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quoted && char === '"' && text[i + 1] === '"') i++;
    else if (char === '"') quoted = !quoted;
    else if (quoted) cell += char;
    else if (char === delimiter) {
      cells.push(cell);
      cell = '';
    } else if (char === '\n' || char === '\r') return [...cells, cell];
    else cell += char;
  }
  return whole && !quoted ? [...cells, cell] : null;
}

function delimiterOf(text: string): string {
  const line = text.split(/[\r\n]/, 1)[0] ?? '';
  const count = (delimiter: string): number => line.split(delimiter).length;
  return delimiters.reduce((best, next) => (count(next) > count(best) ? next : best));
}

function checkCsv(text: string, whole: boolean): void {
  const cells = firstRecord(text, whole);
  if (cells === null)
    return refuse(
      'file.bad-csv',
      'Line 1: a quotation mark is opened and never closed, or the row is too long.',
      'Correct the line, or export the file again.',
    );
  if (cells.length > maxColumns)
    refuse('file.too-many-columns', `The first row has more than ${maxColumns} columns.`, 'Check the delimiter, or drop columns.');
  for (const [at, cell] of cells.entries()) {
    if (reserved.has(cell.trim())) refuse('file.forbidden-column', `Column ${at + 1} has a name that is not allowed.`, 'Rename the column.');
    if (cell.trim().length > maxHeaderChars)
      refuse(
        'file.bad-header',
        `The name of column ${at + 1} is longer than ${maxHeaderChars} characters.`,
        'Is the first row data? Give the file a header.',
      );
  }
}

/** Depth of brackets outside texts. */
function depthOf(text: string): number {
  let [depth, most] = [0, 0];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char === '\\') i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') most = Math.max(most, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return most;
}

function checkJson(text: string, whole: boolean): void {
  if (depthOf(text) > maxDepth) refuse('file.too-deep', `The JSON nests deeper than ${maxDepth} levels.`, 'Flatten it.');
  if (!/^\s*[[{"\d\-tfn]/.test(text)) refuse('file.bad-json', 'The text is not JSON.', 'Export the file again.');
  if (!whole) return;
  try {
    JSON.parse(text);
  } catch {
    refuse('file.bad-json', 'The text is not JSON: it does not parse.', 'Export the file again.');
  }
}

/** @throws UserError 422 `file.*` where a file named .csv, .tsv or .json is plainly none. Other names pass. */
export function checkTableHead(head: Head, name: string): void {
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  if (!['csv', 'tsv', 'json'].includes(extension)) return;
  if (head.bytes.length === 0) refuse('file.empty', 'The file is empty.', 'Upload a file with at least a header row.');
  const [a, b, c, d] = head.bytes;
  const archive =
    (a === 0x50 && b === 0x4b) ||
    (a === 0x1f && b === 0x8b) ||
    (a === 0x25 && b === 0x50 && c === 0x44 && d === 0x46) ||
    (a === 0x89 && b === 0x50) ||
    (a === 0xff && b === 0xd8);
  if (archive)
    refuse('file.not-text', 'The content is not text, whatever the name says.', 'Export the table as CSV (UTF-8) or JSON and upload that.');
  const text = textOf(head).replace(byteOrderMark, '');
  if (text.trim() === '') refuse('file.empty', 'The file is empty.', 'Upload a file with at least a header row.');
  if (/^\s*<(!doctype|html|\?xml)/i.test(text))
    refuse('file.not-text', 'The file is a web page or XML, not a table.', 'Was it a download that asked to sign in? Export CSV or JSON.');
  if (extension === 'json') checkJson(text, head.whole);
  else checkCsv(text, head.whole);
}
