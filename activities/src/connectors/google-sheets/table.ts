/** A tab as a table: its first row names the columns. */
import type { sheets_v4 } from '@googleapis/sheets';
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

export type Api = sheets_v4.Resource$Spreadsheets;
export type Row = { [column: string]: Json };

export interface Tab {
  spreadsheetId: string;
  title: string;
  /** Rows of the grid, the header among them. */
  rowCount: number;
  columns: string[];
}

/** A range of the tab in A1 notation. */
export function rangeOf(title: string, cells: string): string {
  return `'${title.replaceAll("'", "''")}'${cells === '' ? '' : `!${cells}`}`;
}

/** Column 0 is A. */
export function letters(column: number): string {
  let left = column + 1;
  let name = '';
  while (left > 0) {
    const digit = (left - 1) % 26;
    name = String.fromCharCode(65 + digit) + name;
    left = Math.floor((left - 1) / 26);
  }
  return name;
}

/** The tabs of a spreadsheet. */
export async function tabsOf(api: Api, spreadsheetId: string): Promise<{ title: string; rowCount: number }[]> {
  const { data } = await api.get({ spreadsheetId, fields: 'properties.title,sheets.properties(title,gridProperties.rowCount)' });
  return (data.sheets ?? []).map(({ properties }) => ({ title: properties?.title ?? '', rowCount: properties?.gridProperties?.rowCount ?? 0 }));
}

/** @throws UserError `connector.not-found` for no such tab. */
export async function openTab(api: Api, spreadsheetId: string, title: string): Promise<Tab> {
  const tabs = await tabsOf(api, spreadsheetId);
  const tab = tabs.find((one) => one.title === title);
  if (tab === undefined)
    throw new UserError('connector.not-found', `The spreadsheet has no tab "${title}".`, {
      status: 422,
      remedy: `Choose one of: ${tabs
        .map((one) => one.title)
        .join(', ')
        .slice(0, 300)}.`,
    });
  const { data } = await api.values.get({ spreadsheetId, range: rangeOf(title, '1:1'), valueRenderOption: 'FORMATTED_VALUE' });
  return { spreadsheetId, ...tab, columns: namesOf((data.values?.[0] ?? []) as unknown[]) };
}

/** Names of columns: empty ones by their letter, doubles with a number. */
function namesOf(cells: readonly unknown[]): string[] {
  const taken = new Set<string>();
  return cells.map((cell, at) => {
    const wanted = String(cell ?? '').trim() || letters(at);
    let name = wanted === '__proto__' || wanted === 'constructor' || wanted === 'prototype' ? `${wanted}_` : wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}_${count}`;
    taken.add(name);
    return name;
  });
}

/** Cells of a record in order of columns. @throws UserError `connector.refused` for a column the tab has not. */
export function cellsOf(tab: Tab, row: Row): Json[] {
  const unknown = Object.keys(row).filter((name) => !tab.columns.includes(name));
  if (unknown.length > 0)
    throw new UserError('connector.refused', `The tab "${tab.title}" has no column ${unknown.slice(0, 5).join(', ')}.`, {
      status: 422,
      remedy: `Its first row names: ${tab.columns.join(', ').slice(0, 300)}.`,
    });
  return tab.columns.map((name) => toCell(row[name] ?? null));
}

export function toCell(value: Json): Json {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

/** The row number (from 1) of each value of the key column; the first of doubles. */
export async function rowsByKey(api: Api, tab: Tab, key: string): Promise<Map<string, number>> {
  const column = tab.columns.indexOf(key);
  if (column < 0)
    throw new UserError('connector.refused', `The tab "${tab.title}" has no column ${key}.`, {
      status: 422,
      remedy: `Its first row names: ${tab.columns.join(', ').slice(0, 300)}.`,
    });
  const { data } = await api.values.get({
    spreadsheetId: tab.spreadsheetId,
    range: rangeOf(tab.title, `${letters(column)}2:${letters(column)}`),
    valueRenderOption: 'UNFORMATTED_VALUE',
    majorDimension: 'COLUMNS',
  });
  const found = new Map<string, number>();
  for (const [at, cell] of ((data.values?.[0] ?? []) as Json[]).entries()) {
    const text = String(cell ?? '');
    if (text !== '' && !found.has(text)) found.set(text, at + 2);
  }
  return found;
}

export const inputOption = (input: 'raw' | 'user'): string => (input === 'raw' ? 'RAW' : 'USER_ENTERED');
const mostRanges = 500;

/** Writes only the cells that `changes` name; neighbours in a row go together. */
export async function updateCells(api: Api, tab: Tab, changes: readonly { row: number; values: Row }[], input: 'raw' | 'user'): Promise<void> {
  const data = changes.flatMap(({ row, values }) => {
    cellsOf(tab, values);
    const runs: { from: number; cells: Json[] }[] = [];
    for (const [at, name] of tab.columns.entries()) {
      if (!Object.hasOwn(values, name)) continue;
      const last = runs.at(-1);
      if (last !== undefined && last.from + last.cells.length === at) last.cells.push(toCell(values[name] ?? null));
      else runs.push({ from: at, cells: [toCell(values[name] ?? null)] });
    }
    return runs.map(({ from, cells }) => ({
      range: rangeOf(tab.title, `${letters(from)}${row}:${letters(from + cells.length - 1)}${row}`),
      values: [cells],
    }));
  });
  for (let at = 0; at < data.length; at += mostRanges)
    await api.values.batchUpdate({
      spreadsheetId: tab.spreadsheetId,
      requestBody: { valueInputOption: inputOption(input), data: data.slice(at, at + mostRanges) },
    });
}

/** Adds rows behind the last one. */
export async function appendCells(api: Api, tab: Tab, rows: readonly Row[], input: 'raw' | 'user'): Promise<void> {
  if (rows.length === 0) return;
  await api.values.append({
    spreadsheetId: tab.spreadsheetId,
    range: rangeOf(tab.title, 'A1'),
    valueInputOption: inputOption(input),
    insertDataOption: 'INSERT_ROWS',
    requestBody: { values: rows.map((row) => cellsOf(tab, row)) },
  });
}
