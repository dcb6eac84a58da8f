/** A JSON Schema of an object as rows that people fill in. Pure. What does not fit the rows stays JSON. */
import type { Json } from '../json-path.ts';
import type { JsonObject } from './types.ts';
import { isObject } from './values.ts';

export const propertyTypes = [
  { value: 'string', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'integer', label: 'Whole number' },
  { value: 'boolean', label: 'Yes or no' },
  { value: 'choice', label: 'One of' },
  { value: 'texts', label: 'List of texts' },
  { value: 'objects', label: 'List of objects' },
  { value: 'object', label: 'Object' },
  { value: 'file', label: 'File' },
] as const;
export type PropertyType = (typeof propertyTypes)[number]['value'];

export interface Property {
  name: string;
  type: PropertyType;
  required: boolean;
  description: string;
  /** Of a `choice`. */
  choices: string[];
  /** What is said about it that has no place in a row: kept as it is. */
  kept?: JsonObject;
}

const keptKeys = ['title', 'default', 'examples'];
const plainKeys = new Set(['type', 'description', ...keptKeys]);
const only = (schema: JsonObject, more: string[] = []): boolean => Object.keys(schema).every((key) => plainKeys.has(key) || more.includes(key));

function typeOf(schema: JsonObject): PropertyType | null {
  const { type } = schema;
  if (Array.isArray(schema['enum']))
    return (type === undefined || type === 'string') && only(schema, ['enum']) && schema['enum'].every((each) => typeof each === 'string')
      ? 'choice'
      : null;
  if (type === 'string' || type === 'number' || type === 'integer' || type === 'boolean') return only(schema) ? type : null;
  if (type === 'object') {
    const inner = schema['properties'];
    if (isObject(inner) && Object.keys(inner).length === 1 && Object.hasOwn(inner, '$file') && only(schema, ['properties'])) return 'file';
    return only(schema) ? 'object' : null;
  }
  if (type !== 'array' || !only(schema, ['items']) || !isObject(schema['items'])) return null;
  const items = schema['items'];
  if (Object.keys(items).length !== 1) return null;
  return items['type'] === 'string' ? 'texts' : items['type'] === 'object' ? 'objects' : null;
}

/** The rows of a schema; null where it says more than rows can. */
export function propertiesOf(schema: unknown): Property[] | null {
  if (schema === undefined) return [];
  if (!isObject(schema) || schema['type'] !== 'object') return null;
  if (!Object.keys(schema).every((key) => ['type', 'properties', 'required'].includes(key))) return null;
  const properties = schema['properties'] ?? {};
  if (!isObject(properties)) return null;
  const required = new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : []);
  const rows: Property[] = [];
  for (const [name, inner] of Object.entries(properties)) {
    const type = isObject(inner) ? typeOf(inner) : null;
    if (type === null || !isObject(inner)) return null;
    const choices = Array.isArray(inner['enum']) ? inner['enum'].map(String) : [];
    const kept = Object.fromEntries(Object.entries(inner).filter(([key]) => keptKeys.includes(key)));
    rows.push({
      name,
      type,
      required: required.has(name),
      description: typeof inner['description'] === 'string' ? inner['description'] : '',
      choices,
      ...(Object.keys(kept).length > 0 ? { kept } : {}),
    });
  }
  return [...required].every((name) => Object.hasOwn(properties, name)) ? rows : null;
}

const shapes: Record<PropertyType, (property: Property) => JsonObject> = {
  string: () => ({ type: 'string' }),
  number: () => ({ type: 'number' }),
  integer: () => ({ type: 'integer' }),
  boolean: () => ({ type: 'boolean' }),
  choice: ({ choices }) => ({ type: 'string', enum: choices }),
  texts: () => ({ type: 'array', items: { type: 'string' } }),
  objects: () => ({ type: 'array', items: { type: 'object' } }),
  object: () => ({ type: 'object' }),
  file: () => ({ type: 'object', properties: { $file: { type: 'string' } } }),
};

/** With another type: a default or an example of the old one would be wrong. */
export function withType({ kept, ...row }: Property, type: PropertyType): Property {
  const title = kept?.['title'];
  return { ...row, type, ...(title === undefined ? {} : { kept: { title } }) };
}

/** The schema of the rows; rows without a name are left out. */
export function schemaOf(rows: readonly Property[]): JsonObject {
  const named = rows.filter(({ name }) => name !== '');
  const required: Json[] = named.filter((row) => row.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      named.map((row) => [row.name, { ...shapes[row.type](row), ...row.kept, ...(row.description ? { description: row.description } : {}) }]),
    ),
    ...(required.length > 0 ? { required } : {}),
  };
}
