import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import { fileLimits, forbiddenNames } from './limits.ts';
import type { Table } from './read-csv.ts';

export interface JsonOptions {
  path: string | undefined;
  limit: number | undefined;
  warn: (code: string, message: string) => void;
}

/** The whole of a text that must be held at once. @throws UserError `file.too-large`. */
export async function gather(text: AsyncIterable<string>): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for await (const part of text) {
    length += part.length;
    if (length > fileLimits.maxOutputChars)
      throw new UserError('file.too-large', `JSON of more than ${fileLimits.maxOutputChars / 1_048_576} MB is not read at once.`, {
        status: 413,
        remedy: 'Use JSON lines or CSV, or split the file.',
      });
    parts.push(part);
  }
  return parts.join('');
}

/**
 * Rows of a JSON text: the array at `path`, else the text's own array, else the only array in its object, else the object as one row.
 * @throws UserError `file.bad-json`, `file.too-deep`, `file.forbidden-column`, `file.no-rows`, `file.too-many-rows`, `file.empty`.
 */
export function readJson(text: string, options: JsonOptions): Table {
  if (text.trim() === '') throw new UserError('file.empty', 'The file is empty.', { status: 422, remedy: 'Upload a file with content.' });
  return toTable(findRows(parseJson(text, 1), options.path), options);
}

/** Rows of JSON lines. Empty lines do not count. @throws as `readJson`, with the line at fault. */
export async function readJsonLines(text: AsyncIterable<string>, options: JsonOptions): Promise<Table> {
  const items: Json[] = [];
  let line = 0;
  let chars = 0;
  const full = (): boolean => options.limit !== undefined && items.length >= options.limit;
  for await (const next of linesOf(text)) {
    line += 1;
    chars += next.length;
    if (chars > fileLimits.maxOutputChars)
      throw new UserError('file.too-large', `The rows are larger than ${fileLimits.maxOutputChars / 1_048_576} MB together (line ${line}).`, {
        status: 413,
        remedy: 'Set limit, or split the file.',
      });
    if (next.trim() === '') continue;
    if (full()) break;
    items.push(parseJson(next, line));
    if (items.length > fileLimits.maxRows) throw tooManyRows();
  }
  if (items.length === 0) throw new UserError('file.empty', 'The file is empty.', { status: 422, remedy: 'Upload a file with content.' });
  return toTable(items, options);
}

/** Lines of a text, without their ends. */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const part of text) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > fileLimits.maxOutputChars)
      throw new UserError('file.too-large', 'A line is too long.', { status: 413, remedy: 'Is this really JSON lines?' });
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function parseJson(text: string, firstLine: number): Json {
  checkDepth(text);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new UserError('file.bad-json', `${placeOf(text, cause, firstLine)}: this is not JSON.`, {
      cause,
      status: 422,
      remedy: 'Check commas, quotation marks and the end of the file.',
    });
  }
  checkNames(value);
  return value;
}

/** Line of the fault, which V8 names by position or not at all (then it is the end). */
function placeOf(text: string, error: unknown, firstLine: number): string {
  const position = /position (\d+)/.exec(String(error))?.[1];
  const until = position === undefined ? text : text.slice(0, Number(position));
  return `Line ${firstLine + (until.match(/\n/g)?.length ?? 0)}`;
}

/** Before parsing: a text of a hundred thousand brackets must not reach recursive code. */
function checkDepth(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (quoted) {
      if (char === 92) at += 1;
      else if (char === 34) quoted = false;
    } else if (char === 34) quoted = true;
    else if (char === 91 || char === 123) {
      depth += 1;
      if (depth > fileLimits.maxDepth)
        throw new UserError('file.too-deep', `The JSON is nested deeper than ${fileLimits.maxDepth} levels.`, { status: 422, remedy: 'Flatten it.' });
    } else if (char === 93 || char === 125) depth -= 1;
  }
}

function checkNames(value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) {
    for (const name of Object.keys(value)) {
      if (forbiddenNames.has(name))
        throw new UserError('file.forbidden-column', `A field is named "${name}", which is not allowed.`, {
          status: 422,
          remedy: 'Rename the field.',
        });
    }
  }
  for (const inner of Object.values(value)) checkNames(inner);
}

function findRows(value: Json, path: string | undefined): Json[] {
  if (path !== undefined) {
    const found = path
      .split('.')
      .reduce<Json | undefined>(
        (at, name) => (typeof at === 'object' && at !== null && !Array.isArray(at) && Object.hasOwn(at, name) ? at[name] : undefined),
        value,
      );
    if (!Array.isArray(found))
      throw new UserError('file.no-rows', `There is no list at "${path}".`, { status: 422, remedy: 'Name the place of the list, e.g. data.items.' });
    return found;
  }
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null)
    throw new UserError('file.no-rows', 'The file holds one bare value, not rows.', { status: 422, remedy: 'Give a list of objects.' });
  const lists = Object.values(value).filter(
    (inner): inner is Json[] => Array.isArray(inner) && inner.some((item) => typeof item === 'object' && item !== null && !Array.isArray(item)),
  );
  return lists.length === 1 && lists[0] !== undefined ? lists[0] : [value];
}

function toTable(items: Json[], options: JsonOptions): Table {
  if (options.limit === undefined && items.length > fileLimits.maxRows) throw tooManyRows();
  const columns = new Set<string>();
  let bare = 0;
  const rows = items.slice(0, options.limit).map((item) => {
    const isRow = typeof item === 'object' && item !== null && !Array.isArray(item);
    if (!isRow) bare += 1;
    const row = isRow ? item : { value: item };
    for (const name of Object.keys(row)) columns.add(name);
    if (columns.size > fileLimits.maxColumns)
      throw new UserError('file.too-many-columns', `The rows have more than ${fileLimits.maxColumns} different fields.`, {
        status: 422,
        remedy: 'Is the list elsewhere in the file? Set path.',
      });
    return row;
  });
  if (bare > 0) options.warn('file.bare-items', `${bare} items are no objects; each is given as { value }.`);
  return { rows, columns: [...columns] };
}

function tooManyRows(): UserError {
  return new UserError('file.too-many-rows', `The file has more than ${fileLimits.maxRows} rows.`, {
    status: 422,
    remedy: 'Set limit, or split the file.',
  });
}
