/** Fields from a JSON Schema: of an action's params, a run's input, an approval's form. Hints stand in `title`, `description` and `ui`. Pure. */
import type { FieldKind, FormField } from '@hub/dag/forms';
import type { Json } from '../json-path.ts';
import { isObject } from './values.ts';

type Schema = { [key: string]: unknown };

/** `ui` of a schema: any property of a field but its name. */
type Hints = Partial<Omit<FormField, 'name'>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const record = (value: unknown): Schema => (isObject(value) ? value : {});

/** `maxPages` as "Max pages", `time_zone` as "Time zone". */
export function labelOf(name: string): string {
  const words = name
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .trim();
  return words ? words.charAt(0).toUpperCase() + words.slice(1) : name;
}

const isScalarType = (type: unknown): boolean => ['string', 'number', 'integer', 'boolean'].includes(String(type));

function isAny(schema: Schema): boolean {
  return !['type', 'enum', 'const', 'anyOf', 'oneOf', 'allOf', 'properties', 'items', '$ref'].some((key) => key in schema);
}

/** `{ $file: … }`, however much is said about it. */
function isFile(schema: Schema): boolean {
  return '$file' in record(schema['properties']);
}

function kindOf(schema: Schema): FieldKind {
  const { type } = schema;
  const ways = list(schema['oneOf'] ?? schema['anyOf']).map(record);
  if (schema['enum'] !== undefined) return 'choice';
  // zod writes "any JSON" as a reference to itself.
  if (typeof schema['$ref'] === 'string') return 'any';
  if (isFile(schema)) return 'file';
  if (ways.length > 0) {
    if (ways.every((way) => tagOf(ways) !== null && way['type'] === 'object')) return 'variant';
    return ways.every((way) => isScalarType(way['type']) || way['type'] === 'null') ? 'any' : isFreeForm(ways) ? 'any' : 'json';
  }
  if (type === 'string') return ['date-time', 'date'].includes(String(schema['format'])) ? 'date-time' : 'text';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'boolean') return 'switch';
  if (type === 'array') {
    const items = record(schema['items']);
    if (list(items['enum']).length > 0) return 'choices';
    if (Object.keys(record(items['properties'])).length > 0 && !isFile(items)) return 'table';
    return isScalarType(items['type']) || isFile(items) ? 'list' : 'json';
  }
  if (type === 'object') {
    if (Object.keys(record(schema['properties'])).length > 0) return 'group';
    return isObject(schema['additionalProperties']) ? 'key-value' : 'json';
  }
  return isAny(schema) ? 'any' : 'json';
}

/** zod's `z.json()`: a reference to itself, or a union of all JSON types. */
const isFreeForm = (ways: Schema[]): boolean =>
  ways.some((way) => way['type'] === 'array') && ways.some((way) => way['type'] === 'object') && ways.some((way) => way['type'] === 'null');

/** The property whose constant tells ways apart. */
function tagOf(ways: Schema[]): string | null {
  const [first] = ways;
  const names = Object.keys(record(first?.['properties']));
  return names.find((name) => ways.every((way) => record(record(way['properties'])[name])['const'] !== undefined)) ?? null;
}

function choicesOf(schema: Schema): FormField['choices'] {
  const labels = list(record(schema['ui'])['labels']);
  return list(schema['enum']).map((value, index) => ({
    value: value as string,
    label: text(labels[index]) ?? (typeof value === 'string' ? wordOf(value) : JSON.stringify(value)),
  }));
}

/** A choice as people read it: capitals and signs stay, words begin with a capital. */
function wordOf(value: string): string {
  if (value === '\t') return 'Tab';
  return /^[a-z][a-z_-]*$/.test(value) ? labelOf(value) : value;
}

function innerFields(schema: Schema, kind: FieldKind, expression: boolean): Partial<FormField> {
  if (kind === 'choice') return { choices: choicesOf(schema) ?? [] };
  if (kind === 'choices') return { choices: choicesOf(record(schema['items'])) ?? [] };
  if (kind === 'group') return { fields: fieldsOfSchema(schema, { expression }) };
  if (kind === 'table') return { fields: fieldsOfSchema(record(schema['items']), { expression }) };
  if (kind === 'list') {
    const { name: _, ...one } = fieldOf('', record(schema['items']), { required: true, expression });
    return { fields: [{ ...one, name: '' }] };
  }
  if (kind === 'variant') {
    const ways = list(schema['oneOf'] ?? schema['anyOf']).map(record);
    const tag = tagOf(ways) ?? '';
    return {
      ways: ways.map((way) => {
        const value = record(record(way['properties'])[tag])['const'] as string;
        return {
          label: text(way['title']) ?? wordOf(value),
          set: { [tag]: value },
          fields: fieldsOfSchema(way, { expression }).filter(({ name }) => name !== tag),
        };
      }),
    };
  }
  return {};
}

interface From {
  required: boolean;
  expression: boolean;
}

/** One field of a schema. */
function fieldOf(name: string, schema: Schema, { required, expression }: From): FormField {
  const hints = record(schema['ui']) as Hints;
  const kind = hints.kind ?? kindOf(schema);
  const long = typeof schema['maxLength'] === 'number' && schema['maxLength'] > 1000 && schema['format'] === undefined;
  const min = schema['minimum'];
  const max = schema['maximum'];
  const { labels: _, ...own } = hints as Hints & { labels?: unknown };
  return {
    name,
    label: text(schema['title']) ?? labelOf(name),
    kind,
    ...(text(schema['description']) ? { help: text(schema['description']) } : {}),
    ...(required && schema['default'] === undefined ? { required: true } : {}),
    ...(schema['default'] === undefined ? {} : { default: schema['default'] as Json }),
    ...(expression ? { expression: true } : {}),
    ...(kind === 'text' && (schema['format'] === 'textarea' || long) ? { multiline: true } : {}),
    ...(schema['format'] === 'password' ? { secret: true } : {}),
    ...(typeof min === 'number' && min > -9e15 ? { min } : {}),
    ...(typeof max === 'number' && max < 9e15 ? { max } : {}),
    ...(schema['type'] === 'integer' ? { whole: true } : {}),
    ...innerFields(schema, kind, expression),
    ...own,
  } as FormField;
}

/** A field per property. `expression`: strings in it are filled as templates, but for those named in `literal`. */
export function fieldsOfSchema(schema: unknown, options: { expression?: boolean; literal?: readonly string[] } = {}): FormField[] {
  const object = record(schema);
  const required = new Set(list(object['required']));
  return Object.entries(record(object['properties'])).map(([name, inner]) =>
    fieldOf(name, record(inner), {
      required: required.has(name),
      expression: (options.expression ?? false) && !(options.literal ?? []).includes(name),
    }),
  );
}
