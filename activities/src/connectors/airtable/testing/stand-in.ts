/**
 * Airtable's Web API: paths and fields of lists, creates and updates are those of the SDK's declarations; what the SDK does not know (upsert, the metadata API, limits, error types) is as
 * Airtable's reference has it. Scopes count, five requests a second and base count, ten records to a request count.
 */
import type { Json } from '@hub/dag/planner';

import { fieldsOf, packagePath, readDeclarations } from '../../testing/contract/declarations.ts';
import { refuse, startStandIn } from '../../testing/contract/stand-in.ts';
import type { Answered, Asked, StandIn } from '../../testing/contract/stand-in.ts';

export interface Field {
  id: string;
  name: string;
  type: string;
  options?: Json;
}
export interface Table {
  id: string;
  name: string;
  fields: Field[];
  views: { id: string; name: string; type: string }[];
  records: Map<string, { id: string; createdTime: string; fields: Record<string, Json> }>;
}
export interface AirtableWorld {
  bases: Map<string, { name: string; tables: Table[] }>;
  scopes: Set<string>;
  /** Does whoami list them? It does for OAuth tokens. */
  oauth: boolean;
}

const perSecond = 5;
const mostAtOnce = 10;
const declared = readDeclarations(packagePath('airtable', 'lib'));
const listFields = new Set([...fieldsOf(declared, 'QueryParams').keys()].filter((name) => name !== 'method'));
const recordFields = new Set(fieldsOf(declared, 'RecordData').keys());
// Table's own: in the SDK a type of this name exists for single records as well.
const writeFields = new Set(['records', 'typecast', 'performUpsert', 'returnFieldsByFieldId']);

export function startAirtable(world: AirtableWorld): Promise<StandIn> {
  const asks = new Map<string, number[]>();
  const scoped = (scope: string): void => {
    if (!world.scopes.has(scope)) refuse(403, 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND');
  };

  return startStandIn({
    hosts: ['api.airtable.com'],
    headers: ['x-api-version', 'x-airtable-application-id'],
    handle(asked) {
      const [, version, base = '', ...rest] = asked.path.replace(/\/$/, '').split('/');
      if (version !== 'v0') return refuse(404, 'NOT_FOUND');
      limit(asks, base);
      if (base === 'meta') {
        if (asked.method !== 'GET') refuse(404, 'NOT_FOUND');
        return meta(world, asked, rest, scoped);
      }
      const tables = world.bases.get(base)?.tables ?? refuse(404, 'NOT_FOUND');
      const [named = '', id, more] = rest;
      const table = tables.find((one) => one.id === named || one.name === named) ?? refuse(403, 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND');
      if (more !== undefined) refuse(404, 'NOT_FOUND');
      if (id === 'listRecords' && asked.method === 'POST') {
        scoped('data.records:read');
        return list(table, objectOf(asked.json));
      }
      if (id !== undefined && asked.method === 'GET') {
        scoped('data.records:read');
        return { body: table.records.get(id) ?? refuse(404, 'NOT_FOUND') };
      }
      if (id !== undefined) return refuse(404, 'NOT_FOUND');
      scoped('data.records:write');
      if (asked.method === 'DELETE') return destroy(table, asked.query);
      return write(table, asked);
    },
    error: (status, message, fault) => {
      if (fault === 'scope') return { status, body: { error: { type: 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND', message: 'Invalid permissions.' } } };
      if (fault === 'expired') return { status, body: { error: { type: 'AUTHENTICATION_REQUIRED', message: 'Authentication required' } } };
      const type = /^[A-Z_]+/.exec(message)?.[0] ?? 'INVALID_REQUEST_UNKNOWN';
      return { status, body: type === 'NOT_FOUND' ? { error: type } : { error: { type, message } } };
    },
  });

  function limit(all: Map<string, number[]>, base: string): void {
    const now = performance.now();
    // Of the second, four tenths are left to a busy machine that delivers one request late and the next at once.
    const recent = (all.get(base) ?? []).filter((at) => now - at < 600);
    all.set(base, [...recent, now]);
    if (recent.length >= perSecond) refuse(429, 'RATE_LIMIT_REACHED');
  }
}

function meta(world: AirtableWorld, asked: Asked, [what, base, tables, more]: string[], scoped: (scope: string) => void): Answered {
  if (what === 'whoami' && base === undefined) return { body: { id: 'usrAda0000000000', ...(world.oauth ? { scopes: [...world.scopes] } : {}) } };
  if (what !== 'bases' || more !== undefined) return refuse(404, 'NOT_FOUND');
  scoped('schema.bases:read');
  if (base === undefined) {
    const all = [...world.bases].map(([id, { name }]) => ({ id, name, permissionLevel: 'create' }));
    const from = Number(asked.query.get('offset') ?? 0);
    return { body: { bases: all.slice(from, from + 2), ...(from + 2 < all.length ? { offset: String(from + 2) } : {}) } };
  }
  const found = world.bases.get(base) ?? refuse(404, 'NOT_FOUND');
  if (tables !== 'tables') refuse(404, 'NOT_FOUND');
  return { body: { tables: found.tables.map(({ records: _records, ...rest }) => rest) as unknown as Json } };
}

function objectOf(json: Json | undefined): Record<string, Json> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : refuse(422, 'INVALID_REQUEST_MISSING_FIELDS');
}

function only(given: Record<string, Json>, known: ReadonlySet<string>): void {
  const odd = Object.keys(given).filter((name) => !known.has(name));
  if (odd.length > 0) refuse(422, `INVALID_REQUEST_UNKNOWN unknown fields ${odd.join(', ')}`);
}

/** Knows one formula: fields that equal texts, as AND({A} = "b", …). */
function list(table: Table, given: Record<string, Json>): Answered {
  only(given, listFields);
  const size = given['pageSize'] === undefined ? 100 : Number(given['pageSize']);
  if (!(size >= 1 && size <= 100)) refuse(422, 'INVALID_PAGE_SIZE');
  if (given['view'] !== undefined && !table.views.some(({ id, name }) => id === given['view'] || name === given['view']))
    refuse(422, 'VIEW_NAME_NOT_FOUND');
  const names = new Set(table.fields.map(({ name }) => name));
  const sort = (given['sort'] ?? []) as { field: string; direction?: string }[];
  const wanted = given['fields'] as string[] | undefined;
  if ([...sort.map(({ field }) => field), ...(wanted ?? [])].some((name) => !names.has(name))) refuse(422, 'UNKNOWN_FIELD_NAME');
  let rows = [...table.records.values()];
  const formula = given['filterByFormula'] as string | undefined;
  if (formula !== undefined) {
    const [, inner] = /^AND\((.+)\)$/.exec(formula) ?? refuse(422, 'INVALID_FILTER_BY_FORMULA');
    const equals = [...(inner ?? '').matchAll(/\{([^}]+)\} = ("(?:[^"\\]|\\.)*")/g)].map(([, field = '', text = '']) => [
      field,
      JSON.parse(text) as string,
    ]);
    rows = rows.filter(({ fields }) => equals.every(([field = '', value]) => fields[field] === value));
  }
  for (const { field, direction } of sort.toReversed())
    rows = rows.toSorted((a, b) => String(a.fields[field]).localeCompare(String(b.fields[field])) * (direction === 'desc' ? -1 : 1));
  const from =
    given['offset'] === undefined
      ? 0
      : Number(/^itr\/(\d+)$/.exec(String(given['offset']))?.[1] ?? refuse(422, 'LIST_RECORDS_ITERATOR_NOT_AVAILABLE'));
  const records = rows.slice(from, from + size).map((row) => ({
    ...row,
    fields: wanted === undefined ? row.fields : Object.fromEntries(Object.entries(row.fields).filter(([name]) => wanted.includes(name))),
  }));
  return { body: { records, ...(from + size < rows.length ? { offset: `itr/${from + size}` } : {}) } };
}

function write(table: Table, { method, json }: Asked): Answered {
  if (method !== 'POST' && method !== 'PATCH' && method !== 'PUT') return refuse(404, 'NOT_FOUND');
  const given = objectOf(json);
  only(given, writeFields);
  const records = (given['records'] ?? refuse(422, 'INVALID_REQUEST_MISSING_FIELDS')) as { id?: string; fields: Record<string, Json> }[];
  if (records.length === 0 || records.length > mostAtOnce) refuse(422, 'INVALID_RECORDS at most 10');
  for (const record of records) {
    only(record as Record<string, Json>, recordFields);
    for (const [name, value] of Object.entries(record.fields)) check(table, name, value, given['typecast'] === true);
  }
  if (method === 'POST') return { body: { records: records.map(({ fields }) => make(table, fields)) } };
  const upsert = given['performUpsert'] as { fieldsToMergeOn: string[] } | undefined;
  if (upsert === undefined) {
    if (records.some(({ id }) => !table.records.has(id ?? ''))) refuse(422, 'ROW_DOES_NOT_EXIST');
    return { body: { records: records.map(({ id = '', fields }) => change(table, id, fields, method === 'PUT')) } };
  }
  if (upsert.fieldsToMergeOn.length < 1 || upsert.fieldsToMergeOn.length > 3) refuse(422, 'INVALID_FIELDS_TO_MERGE_ON');
  const created: string[] = [];
  const updated: string[] = [];
  const now = records.map(({ fields }) => {
    const same = [...table.records.values()].filter((row) => upsert.fieldsToMergeOn.every((key) => row.fields[key] === fields[key]));
    if (same.length > 1) refuse(422, 'CANNOT_UPSERT more than one record matches');
    const row = same[0] === undefined ? make(table, fields) : change(table, same[0].id, fields, method === 'PUT');
    (same[0] === undefined ? created : updated).push(row.id);
    return row;
  });
  return { body: { records: now, createdRecords: created, updatedRecords: updated } };
}

function check(table: Table, name: string, value: Json, typecast: boolean): void {
  const field = table.fields.find((one) => one.id === name || one.name === name) ?? refuse(422, `UNKNOWN_FIELD_NAME ${name}`);
  if (field.type === 'autoNumber' || field.type === 'formula') refuse(422, 'INVALID_VALUE_FOR_COLUMN computed');
  if (field.type === 'number' && value !== null && typeof value !== 'number' && !typecast) refuse(422, 'INVALID_VALUE_FOR_COLUMN');
}

function make(table: Table, fields: Record<string, Json>) {
  const id = `rec${String(table.records.size + 1).padStart(14, 'N')}`;
  const row = { id, createdTime: '2026-01-02T03:04:05.000Z', fields: { ...fields } };
  table.records.set(id, row);
  return row;
}

function change(table: Table, id: string, fields: Record<string, Json>, whole: boolean) {
  const row = table.records.get(id) ?? refuse(404, 'NOT_FOUND');
  row.fields = whole ? { ...fields } : { ...row.fields, ...fields };
  return row;
}

function destroy(table: Table, query: URLSearchParams): Answered {
  if ([...query.keys()].some((name) => name !== 'records[]')) refuse(422, 'INVALID_REQUEST_UNKNOWN');
  const ids = query.getAll('records[]');
  if (ids.length === 0 || ids.length > mostAtOnce) refuse(422, 'INVALID_RECORDS at most 10');
  if (ids.some((id) => !table.records.has(id))) refuse(404, 'NOT_FOUND');
  for (const id of ids) table.records.delete(id);
  return { body: { records: ids.map((id) => ({ id, deleted: true })) } };
}
