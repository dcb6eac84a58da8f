/** What a cell of a CSV file means, and what must be written into one. Pure. */
import type { Json } from '@hub/dag/planner';

const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,3})?$/;
/** Texts of digits that would lose something as a number: 007, +49, more than 15 digits, an infinite one. */
const digits = /^[+-]?[\d.]+([eE][+-]?\d+)?$/;

/** The number a cell spells without loss, or null. */
export function numberOf(cell: string): number | null {
  if (!number.test(cell)) return null;
  const value = Number(cell);
  const significant = cell
    .replace(/[eE].*$/, '')
    .replaceAll(/\D/g, '')
    .replace(/^0+/, '');
  return Number.isFinite(value) && significant.length <= 15 && !(value === 0 && cell.startsWith('-')) ? value : null;
}

/** True for a cell that looks like a number and must stay text. One such cell keeps its whole column text, so that codes do not mix with numbers. */
export function isCode(cell: string): boolean {
  return digits.test(cell) && /\d/.test(cell) && numberOf(cell) === null;
}

/** A cell's value: empty is null, numbers and true/false by content, else the text as it is. */
export function valueOf(cell: string, asText: boolean): Json {
  const trimmed = cell.trim();
  if (trimmed === '') return null;
  if (asText) return cell;
  const asNumber = numberOf(trimmed);
  if (asNumber !== null) return asNumber;
  const lower = trimmed.length <= 5 ? trimmed.toLowerCase() : '';
  if (lower === 'true') return true;
  return lower === 'false' ? false : cell;
}

const formulaStart = /^[=+\-@\t\r]/;

/** A CSV cell: a text that a spreadsheet would run gets an apostrophe (05, rule 30); numbers do not. */
export function toCell(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  // 1e999 of a JSON file: no number that a spreadsheet knows.
  if (typeof value === 'number' && !Number.isFinite(value)) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const guarded = formulaStart.test(text) && numberOf(text) === null ? `'${text}` : text;
  return /[",\n\r\t;|]/.test(guarded) || guarded.trim() !== guarded ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
