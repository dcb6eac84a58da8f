/** Records between Airtable and outputs. */
import type { Json } from '@hub/dag/planner';
import type Airtable from 'airtable';

export type Values = { [field: string]: Json };
export type Row = { id: string; createdTime: string; fields: Values };
export type Fields = Airtable.FieldSet;
/** Airtable takes and answers records by tens. */
export const batchSize = 10;
export const pageSize = 100;

/** What the SDK's record was made of. */
export function rowOf(record: { _rawJson: unknown }): Row {
  return plain(record._rawJson);
}

/** A record as answered, without what else an answer may hold. */
export function plain(raw: unknown): Row {
  const { id, createdTime = '', fields = {} } = raw as Partial<Row> & { id: string };
  return { id, createdTime, fields };
}

export function listOf<Item>(given: Item | readonly Item[]): Item[] {
  return Array.isArray(given) ? [...(given as readonly Item[])] : [given as Item];
}

/** A formula that holds where every field equals its value. Texts are quoted, so that no value becomes a part of the formula. */
export function formulaOf(match: Values): string {
  return `AND(${Object.entries(match)
    .map(([field, value]) => `{${field.replaceAll('\\', '\\\\').replaceAll('}', '\\}')}} = ${literal(value)}`)
    .join(', ')})`;
}

function literal(value: Json): string {
  if (value === null) return 'BLANK()';
  if (typeof value === 'boolean') return value ? 'TRUE()' : 'FALSE()';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;
}
