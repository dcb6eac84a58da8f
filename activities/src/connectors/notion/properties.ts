/** Properties of pages as plain values, and back. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import { plainOf, plainText } from './markdown/rich-text.ts';
import type { GivenText } from './markdown/rich-text.ts';

/** A property of a page, or its description in a data source. */
export interface Property {
  type: string;
  [field: string]: unknown;
}
type Values = { [property: string]: Json };
interface Person {
  id: string;
  name?: string | null;
}
interface FileRef {
  name?: string;
  external?: { url: string };
  file?: { url: string };
}
interface DateRange {
  start: string;
  end?: string | null;
  time_zone?: string | null;
}

/** Plain values of all properties of a page. */
export function plainValues(properties: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, plainValue(property as Property)]));
}

function plainValue(property: Property): Json {
  const value = property[property.type] as never;
  if (value === null || value === undefined) return null;
  switch (property.type) {
    case 'title':
    case 'rich_text':
      return plainOf(value as GivenText[]);
    case 'select':
    case 'status':
      return (value as { name: string }).name;
    case 'multi_select':
      return (value as { name: string }[]).map(({ name }) => name);
    case 'date':
      return plainDate(value as DateRange);
    case 'people':
      return (value as Person[]).map(person);
    case 'created_by':
    case 'last_edited_by':
      return person(value as Person);
    case 'files':
      return (value as FileRef[]).map(({ name = '', external, file }) => ({ name, url: external?.url ?? file?.url ?? '' }));
    case 'relation':
      return (value as { id: string }[]).map(({ id }) => id);
    case 'formula':
    case 'rollup':
      return plainResult(value as Property);
    case 'unique_id': {
      const { prefix, number } = value as { prefix: string | null; number: number };
      return prefix === null || prefix === undefined ? number : `${prefix}-${number}`;
    }
    case 'verification':
      return (value as { state: string }).state;
    case 'button':
      return null;
    default:
      return value;
  }
}

function person({ id, name }: Person): Json {
  return { id, name: name ?? null };
}

function plainDate({ start, end = null }: DateRange): Json {
  return end === null ? start : { start, end };
}

function plainResult(result: Property): Json {
  const value = result[result.type];
  if (value === null || value === undefined) return null;
  if (result.type === 'date') return plainDate(value as DateRange);
  if (result.type === 'array') return (value as Property[]).map(plainValue);
  return typeof value === 'object' ? null : (value as Json);
}

/** Properties as Notion takes them. `known`: those of the data source, or of the page that is changed. @throws UserError `connector.refused` for one it has not. */
export function toProperties(given: Values, known: Readonly<Record<string, Property>>): { [name: string]: unknown } {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const property = Object.hasOwn(known, name) ? known[name] : undefined;
      if (property === undefined)
        throw new UserError('connector.refused', `There is no property "${name}".`, {
          status: 422,
          remedy: `It has: ${Object.keys(known).join(', ').slice(0, 300)}.`,
        });
      return [name, toProperty(name, property.type, value)];
    }),
  );
}

const lists = new Set(['title', 'rich_text', 'multi_select', 'people', 'files', 'relation']);
const texts = new Set(['url', 'email', 'phone_number']);

function toProperty(name: string, type: string, value: Json): { [type: string]: unknown } {
  // As Notion has it, for what plain values cannot say.
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, type)) return { [type]: value[type] };
  if (value === null || value === '') return { [type]: type === 'checkbox' ? false : lists.has(type) ? [] : null };
  if (type === 'title' || type === 'rich_text') return { [type]: plainText(textOf(value)) };
  if (texts.has(type)) return { [type]: textOf(value) };
  switch (type) {
    case 'number':
      return { number: numberOf(name, value) };
    case 'checkbox':
      return { checkbox: value === true || value === 'true' };
    case 'select':
    case 'status':
      return { [type]: { name: textOf(value) } };
    case 'multi_select':
      return { multi_select: listOf(value).map((one) => ({ name: textOf(one) })) };
    case 'date':
      return { date: typeof value === 'object' ? value : { start: textOf(value) } };
    case 'people':
      return { people: listOf(value).map((one) => ({ object: 'user', id: refOf(one) })) };
    case 'relation':
      return { relation: listOf(value).map((one) => ({ id: refOf(one) })) };
    case 'files':
      return { files: listOf(value).map(fileOf) };
    default:
      throw new UserError('connector.refused', `The property "${name}" is filled by Notion itself.`, { status: 422, remedy: 'Leave it out.' });
  }
}

const listOf = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);
const textOf = (value: Json): string => (typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value));
const refOf = (value: Json): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? textOf(value['id'] ?? '') : textOf(value);

function numberOf(name: string, value: Json): number {
  const number = typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw new UserError('step.invalid-params', `The property "${name}" wants a number.`, { status: 422 });
}

function fileOf(value: Json): { name: string; external: { url: string } } {
  const { name, url } = (typeof value === 'object' && value !== null ? value : { url: value }) as { name?: string; url?: Json };
  const address = textOf(url ?? '');
  return { name: (name ?? address.split(/[?#]/)[0]?.split('/').at(-1) ?? 'file').slice(0, 100) || 'file', external: { url: address } };
}

/** A filter that holds where every property has the given value. @throws UserError `connector.refused` for one that cannot be compared. */
export function toFilter(match: Values, known: Readonly<Record<string, Property>>): { and: unknown[] } {
  const all = Object.entries(toKnown(match, known)).map(([name, { type, value }]) => ({ property: name, [type]: conditionOf(name, type, value) }));
  return { and: all };
}

function toKnown(match: Values, known: Readonly<Record<string, Property>>): Record<string, { type: string; value: Json }> {
  const unknown = Object.keys(match).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length > 0)
    throw new UserError('connector.refused', `There is no property "${unknown[0]}".`, {
      status: 422,
      remedy: `It has: ${Object.keys(known).join(', ').slice(0, 300)}.`,
    });
  return Object.fromEntries(Object.entries(match).map(([name, value]) => [name, { type: known[name]?.type ?? '', value }]));
}

const comparable = new Set([...texts, 'title', 'rich_text', 'select', 'status', 'date']);

function conditionOf(name: string, type: string, value: Json): { [operator: string]: Json } {
  if (type === 'checkbox') return { equals: value === true || value === 'true' };
  if (value === null || value === '') return { is_empty: true };
  if (type === 'number' || type === 'unique_id') return { equals: numberOf(name, value) };
  if (type === 'multi_select') return { contains: textOf(value) };
  if (type === 'people' || type === 'relation') return { contains: refOf(value) };
  if (comparable.has(type)) return { equals: textOf(value) };
  throw new UserError('connector.refused', `The property "${name}" cannot be compared this way.`, {
    status: 422,
    remedy: 'Use a filter as Notion has it.',
  });
}

/** JSON Schema of one value, for forms; null for what Notion fills itself. */
export function schemaOf(property: Property): { [key: string]: Json } | null {
  const { type } = property;
  const choices = ((property[type] ?? {}) as { options?: { name: string }[] }).options?.map(({ name }) => name) ?? [];
  const choice: { [key: string]: Json } = choices.length === 0 ? { type: 'string' } : { type: 'string', enum: choices };
  if (type === 'title' || type === 'rich_text' || texts.has(type)) return { type: 'string' };
  if (type === 'number') return { type: 'number' };
  if (type === 'checkbox') return { type: 'boolean' };
  if (type === 'select' || type === 'status') return choice;
  if (type === 'multi_select') return { type: 'array', items: choice };
  if (type === 'date') return { type: 'string', format: 'date' };
  return type === 'people' || type === 'relation' || type === 'files' ? { type: 'array', items: { type: 'string' } } : null;
}
