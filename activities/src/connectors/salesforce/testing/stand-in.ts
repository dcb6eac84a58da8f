/**
 * Salesforce: an organisation in memory. Its objects are described in the form of the SDK's declarations (a description that has a field
 * these do not know is refused at the start), and reads and writes are held to that description. Addresses, limits and error codes are those of the REST API guide.
 */
import type { Json } from '@hub/dag/planner';

import { fieldsOf, packagePath, readDeclarations } from '../../testing/contract/declarations.ts';
import { refuse, startStandIn } from '../../testing/contract/stand-in.ts';
import type { Answered, Asked, Fault, StandIn } from '../../testing/contract/stand-in.ts';
import { parseSoql } from './soql.ts';

export interface FieldRules {
  type: string;
  length?: number;
  required?: boolean;
  readOnly?: boolean;
  externalId?: boolean;
  picklist?: string[];
}
export interface SObject {
  label: string;
  prefix: string;
  fields: Record<string, FieldRules>;
  records: Map<string, Record<string, Json>>;
}
export type Org = Map<string, SObject>;

const version = '62.0';
const base = `/services/data/v${version}`;
/** Salesforce gives fewer rows in a page than were asked for when it likes. */
const mostPerPage = 500;
const mostInCall = 200;
const declarations = readDeclarations(packagePath('@jsforce/jsforce-node', 'lib/types/common.d.ts'));

export function startSalesforce(org: Org, usage = '120/15000'): Promise<StandIn> {
  const cursors = new Map<string, { rows: Json[]; size: number }>();
  let clock = Date.UTC(2026, 6, 1);
  const now = (): string => new Date((clock += 1_000)).toISOString().replace('Z', '+0000');
  for (const [name, sobject] of org) describeOf(name, sobject);

  const objectOf = (name = ''): SObject => org.get(name) ?? refuse(404, 'NOT_FOUND: The requested resource does not exist');

  function checkValues(name: string, object: SObject, values: Readonly<Record<string, Json>>, isNew: boolean): void {
    for (const [field, value] of Object.entries(values)) {
      const rules = object.fields[field] ?? refuse(400, `INVALID_FIELD: No such column '${field}' on sobject of type ${name}`);
      if (rules.readOnly === true) refuse(400, `INVALID_FIELD_FOR_INSERT_UPDATE: Unable to create/update fields: ${field}`);
      if (value === null) continue;
      const wants =
        rules.type === 'boolean' ? 'boolean' : rules.type === 'double' || rules.type === 'currency' || rules.type === 'int' ? 'number' : 'string';
      if (typeof value !== wants) refuse(400, `JSON_PARSER_ERROR: Cannot deserialize instance of ${rules.type} from ${typeof value} value`);
      if (typeof value === 'string' && rules.length !== undefined && value.length > rules.length)
        refuse(400, `STRING_TOO_LONG: ${field}: data value too large`);
      if (rules.picklist !== undefined && !rules.picklist.includes(String(value)))
        refuse(400, `INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: ${field}: bad value for restricted picklist field: ${String(value)}`);
    }
    const missing = Object.entries(object.fields).filter(([field, { required }]) => required === true && (values[field] ?? '') === '');
    if (isNew && missing.length > 0)
      refuse(400, `REQUIRED_FIELD_MISSING: Required fields are missing: [${missing.map(([field]) => field).join(', ')}]`);
  }

  function put(name: string, object: SObject, values: Readonly<Record<string, Json>>, before?: Record<string, Json>): Record<string, Json> {
    checkValues(name, object, values, before === undefined);
    for (const [field, { externalId }] of Object.entries(object.fields))
      for (const other of object.records.values())
        if (externalId === true && other !== before && values[field] !== undefined && values[field] !== null && other[field] === values[field])
          refuse(400, `DUPLICATE_VALUE: duplicate value found: ${field} duplicates value on record with id: ${String(other['Id'])}`);
    const record = before ?? { Id: `${object.prefix}${String(object.records.size + 1).padStart(12, '0')}AAA` };
    Object.assign(record, values, { SystemModstamp: now() });
    object.records.set(String(record['Id']), record);
    return record;
  }

  function query(asked: Asked, rest: string): Answered {
    const size = /^batchSize=(\d+)$/.exec(asked.headers['sforce-query-options'] ?? '')?.[1] ?? '2000';
    if (Number(size) < 200 || Number(size) > 2_000) refuse(400, 'INVALID_QUERY_OPTIONS: batchSize');
    const asks = /^\?$|^\/(\w+)-(\d+)$/.exec(rest === '' ? '?' : rest) ?? refuse(404, 'NOT_FOUND: The requested resource does not exist');
    if (asks[1] !== undefined) return page(asks[1], Number(asks[2]));
    only(asked, 'q');
    const soql = parseSoql(asked.query.get('q') ?? '');
    const object = org.get(soql.object) ?? refuse(400, `INVALID_TYPE: sObject type '${soql.object}' is not supported.`);
    for (const field of [...soql.fields, ...soql.named])
      if (!(field in object.fields)) refuse(400, `INVALID_FIELD: No such column '${field}' on entity '${soql.object}'.`);
    const found = [...object.records.values()].filter((record) => soql.holds(record));
    for (const { field, down } of soql.order.toReversed())
      found.sort((a, b) => (down ? -1 : 1) * String(a[field] ?? '').localeCompare(String(b[field] ?? '')));
    const rows = found.slice(0, soql.limit).map((record) => shown(soql.object, record, soql.fields));
    const cursor = `01g${cursors.size + 1}`;
    cursors.set(cursor, { rows, size: Math.min(Number(size), mostPerPage) });
    return page(cursor, 0);
  }

  function page(cursor: string, from: number): Answered {
    const { rows, size } = cursors.get(cursor) ?? refuse(400, 'INVALID_QUERY_LOCATOR: invalid query locator');
    const next = from + size;
    const more = next < rows.length ? { done: false, nextRecordsUrl: `${base}/query/${cursor}-${next}` } : { done: true };
    return { body: { totalSize: rows.length, records: rows.slice(from, next), ...more } };
  }

  function one(asked: Asked, name: string, place: string): Answered {
    const object = objectOf(name);
    const [key = '', value] = place.split('/');
    if (value !== undefined && object.fields[key]?.externalId !== true)
      refuse(404, 'NOT_FOUND: Provided external ID field does not exist or is not accessible: ' + key);
    if (value === undefined && !/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(key))
      refuse(404, 'NOT_FOUND: Provided external ID field does not exist or is not accessible: ' + key);
    const record = value === undefined ? object.records.get(key) : [...object.records.values()].find((each) => String(each[key]) === value);
    if (record === undefined) return refuse(404, 'NOT_FOUND: The requested record does not exist');
    if (asked.method === 'GET') {
      only(asked, 'fields');
      const fields = asked.query.get('fields')?.split(',') ?? Object.keys(object.fields);
      for (const field of fields) if (!(field in object.fields)) refuse(400, `INVALID_FIELD: No such column '${field}' on entity '${name}'.`);
      return { body: shown(name, record, ['Id', ...fields]) };
    }
    only(asked);
    if (asked.method === 'DELETE') {
      object.records.delete(String(record['Id']));
      return { status: 204 };
    }
    if (asked.method !== 'PATCH') return refuse(405, `METHOD_NOT_ALLOWED: HTTP Method '${asked.method}' not allowed.`);
    put(name, object, bodyOf(asked), record);
    return { status: 204 };
  }

  function composite(asked: Asked, name: string, key: string): Answered {
    only(asked);
    const object = objectOf(name);
    if (object.fields[key]?.externalId !== true) refuse(400, `INVALID_FIELD: ${key} is not an external ID`);
    const { records, allOrNone, ...others } = bodyOf(asked) as { records: Record<string, Json>[]; allOrNone: boolean };
    if (Object.keys(others).length > 0 || typeof allOrNone !== 'boolean') refuse(400, 'JSON_PARSER_ERROR: unrecognized field');
    if (records.length > mostInCall) refuse(400, `EXCEEDED_MAX_SIZE_REQUEST: record limit of ${mostInCall}`);
    const results = records.map(({ attributes, ...values }): Json => {
      if ((attributes as { type?: string } | undefined)?.type !== name) refuse(400, 'INVALID_INPUT: attributes.type');
      const before = [...object.records.values()].find((each) => each[key] === values[key]);
      try {
        return { id: String(put(name, object, values, before)['Id']), success: true, errors: [], created: before === undefined };
      } catch (error) {
        const [statusCode = '', ...words] = (error as Error).message.split(': ');
        return { success: false, errors: [{ statusCode, message: words.join(': '), fields: [] }] };
      }
    });
    return { body: results };
  }

  function handle(asked: Asked): Answered {
    if (!asked.path.startsWith(`${base}/`)) return refuse(404, 'NOT_FOUND: The requested resource does not exist');
    if (asked.body.length > 0 && !(asked.headers['content-type'] ?? '').startsWith('application/json'))
      refuse(415, 'UNSUPPORTED_MEDIA_TYPE: content type');
    const path = asked.path.slice(base.length);
    const get = asked.method === 'GET';
    const ask = /^\/(query|queryAll)(\/[\w-]+)?$/.exec(path);
    if (ask !== null && get) return query(asked, ask[2] ?? '');
    const collection = /^\/composite\/sobjects\/(\w+)\/(\w+)$/.exec(path);
    if (collection !== null && asked.method === 'PATCH') return composite(asked, collection[1] ?? '', collection[2] ?? '');
    if (path === '/sobjects' && get)
      return { body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects: [...org].map(([name, object]) => globalOf(name, object)) } };
    const [, name = '', place] = /^\/sobjects\/(\w+)(?:\/(.+))?$/.exec(path) ?? refuse(404, 'NOT_FOUND: The requested resource does not exist');
    if (place === 'describe' && get) return { body: describeOf(name, objectOf(name)) };
    if (place !== undefined) return one(asked, name, place);
    only(asked);
    if (asked.method !== 'POST') return refuse(405, `METHOD_NOT_ALLOWED: HTTP Method '${asked.method}' not allowed.`);
    return { status: 201, body: { id: String(put(name, objectOf(name), bodyOf(asked))['Id']), success: true, errors: [] } };
  }

  return startStandIn({
    hosts: ['acme.my.salesforce.com'],
    headers: ['sforce-query-options'],
    error: salesforceError,
    handle: (asked) => ({ ...handle(asked), headers: { 'sforce-limit-info': `api-usage=${usage}` } }),
  });
}

function only({ query }: Asked, ...known: string[]): void {
  for (const name of query.keys()) if (!known.includes(name)) refuse(400, `INVALID_PARAMETER: ${name}`);
}

function bodyOf({ json }: Asked): Record<string, Json> {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : refuse(400, 'JSON_PARSER_ERROR: the body is no object');
}

function shown(name: string, record: Readonly<Record<string, Json>>, fields: readonly string[]): Json {
  const attributes = { type: name, url: `${base}/sobjects/${name}/${String(record['Id'])}` };
  return { attributes, ...Object.fromEntries(fields.map((field) => [field, record[field] ?? null])) };
}

function globalOf(name: string, { label, prefix }: SObject): { [key: string]: Json } {
  return known('DescribeGlobalSObjectResult', {
    name,
    label,
    labelPlural: `${label}s`,
    keyPrefix: prefix,
    queryable: true,
    deprecatedAndHidden: false,
    custom: name.endsWith('__c'),
  });
}

function describeOf(name: string, object: SObject): { [key: string]: Json } {
  const fields = Object.entries(object.fields).map(([field, { type, length = 0, required, readOnly, externalId, picklist }]) =>
    known('Field', {
      name: field,
      label: `${field} label`,
      type,
      length,
      createable: readOnly !== true,
      updateable: readOnly !== true,
      nillable: required !== true,
      defaultedOnCreate: type === 'boolean',
      externalId: externalId ?? false,
      idLookup: externalId ?? field === 'Id',
      restrictedPicklist: picklist !== undefined,
      picklistValues: (picklist ?? []).map((value) => ({ active: true, value, label: value, defaultValue: false })),
    }),
  );
  return known('DescribeSObjectResult', { name, label: object.label, queryable: true, fields });
}

/** The value, where the SDK's declaration of it knows every field. */
function known(type: string, value: { [key: string]: Json }): { [key: string]: Json } {
  const fields = fieldsOf(declarations, type);
  const odd = Object.keys(value).filter((name) => !fields.has(name));
  if (odd.length > 0) throw new Error(`${type} of the SDK knows no ${odd.join(', ')}`);
  return value;
}

/** Salesforce's form of an error: a list, each with a code. */
function salesforceError(status: number, text: string, fault?: Fault): Answered {
  if (fault === 'expired') return { status: 401, body: [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }] };
  if (fault === 'scope')
    return { status: 403, body: [{ message: 'This session is not valid for use with the REST API', errorCode: 'INVALID_SESSION_ID' }] };
  if (fault === 'limit') return { status: 403, body: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }] };
  const [, errorCode = 'UNKNOWN_EXCEPTION', message = text] = /^([A-Z_]+): ([\s\S]*)$/.exec(text) ?? [];
  return { status, body: [{ message, errorCode }] };
}
