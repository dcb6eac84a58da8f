/** What a vendor says to fields: asked in pages, remembered for a while. No React. */
import { fieldsOfSchema } from './schema-fields.ts';
import type { FormField, JsonObject, VendorChoice, VendorPage, VendorSource } from './types.ts';
import { isObject } from './values.ts';

/** A refusal in words. `mend`: where it can be put right. */
export class VendorFault extends Error {
  readonly mend: { label: string; to: string } | null;
  constructor(message: string, mend: { label: string; to: string } | null = null) {
    super(message);
    this.name = 'VendorFault';
    this.mend = mend;
  }
}

/** A text that is chosen from a vendor's list. */
export const isPicked = (field: FormField): boolean => field.options !== undefined && field.kind === 'text';

/** A map that forgets its oldest entry beyond `most`. */
class Remembered<T> {
  readonly #map = new Map<string, T>();
  readonly #most: number;
  constructor(most: number) {
    this.#most = most;
  }
  get(key: string): T | undefined {
    return this.#map.get(key);
  }
  set(key: string, value: T): void {
    this.#map.delete(key);
    this.#map.set(key, value);
    const [oldest] = this.#map.keys();
    if (this.#map.size > this.#most && oldest !== undefined) this.#map.delete(oldest);
  }
}

const labels = new Remembered<string>(500);
const firstPages = new Remembered<VendorPage>(50);
const rowFields = new Remembered<readonly FormField[]>(50);

/** What a value was called when it was last in a list: ids say nothing to people. */
export const labelOf = (resource: string, value: string): string | undefined => labels.get(`${resource} ${value}`);

export const rememberLabel = (resource: string, { value, label }: VendorChoice): void => labels.set(`${resource} ${value}`, label);

const pageKey = (source: VendorSource, resource: string): string => `${source.key} ${resource}`;

/** The first page as it was last seen. */
export const firstPageOf = (source: VendorSource, resource: string): VendorPage | undefined => firstPages.get(pageKey(source, resource));

/** Vendors that search within a page only may answer with none of it; so many are turned by themselves. */
const emptyPages = 5;

/** A page with something on it, where there is one. */
export async function askOptions(source: VendorSource, ask: Parameters<VendorSource['options']>[0]): Promise<VendorPage> {
  let page = await source.options(ask);
  for (let turned = 0; page.items.length === 0 && page.nextCursor !== null && turned < emptyPages; turned++)
    page = await source.options({ ...ask, cursor: page.nextCursor });
  for (const item of page.items) rememberLabel(ask.resource, item);
  if (ask.search === '' && ask.cursor === null) firstPages.set(pageKey(source, ask.resource), page);
  return page;
}

/** Pages put together; what comes twice stands once. */
export function joined(before: VendorPage, next: VendorPage): VendorPage {
  const known = new Set(before.items.map(({ value }) => value));
  return { items: [...before.items, ...next.items.filter(({ value }) => !known.has(value))], nextCursor: next.nextCursor };
}

/** Beyond this many, what need not be filled in is folded away. */
const shownColumns = 12;

/** Fields of a row by its JSON Schema: columns are called what the vendor calls them. */
export function columnsOf(schema: unknown, expression: boolean): FormField[] {
  const properties: JsonObject = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {};
  const about = (name: string): JsonObject => {
    const found = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return isObject(found) ? found : {};
  };
  return fieldsOfSchema(schema, { expression })
    .filter(({ name }) => about(name)['readOnly'] !== true)
    .map((field, index) => ({
      ...field,
      label: typeof about(field.name)['title'] === 'string' ? field.label : field.name,
      ...(index >= shownColumns && !field.required ? { more: true } : {}),
    }));
}

export const rememberedColumns = (source: VendorSource, field: string): readonly FormField[] | undefined => rowFields.get(`${source.key} ${field}`);

export async function askColumns(source: VendorSource, field: FormField, signal: AbortSignal): Promise<readonly FormField[]> {
  const columns = columnsOf(await source.fields(field.name, signal), field.expression ?? false);
  rowFields.set(`${source.key} ${field.name}`, columns);
  return columns;
}

/** The columns, and behind them what the rows hold besides: nothing that somebody wrote is hidden. */
export function withStrays(columns: readonly FormField[] | null, rows: readonly JsonObject[], expression: boolean): FormField[] {
  const known = new Set((columns ?? []).map(({ name }) => name));
  const strays = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => !known.has(name));
  return [
    ...(columns ?? []),
    ...strays.map(
      (name): FormField => ({
        name,
        label: name,
        kind: 'any',
        expression,
        ...(columns ? { help: 'There is no such field now. Empty it to leave it out.' } : {}),
      }),
    ),
  ];
}

/** The words of a fault, whatever was thrown. */
export const faultWords = (error: unknown): VendorFault =>
  error instanceof VendorFault ? error : new VendorFault('The service did not answer. What is chosen stays as it is.');

/** Fields that say where: chosen, not written. What is typed freely asks nothing anew. */
const places = (fields: readonly FormField[]): readonly FormField[] =>
  fields.filter(({ kind, options }) => options !== undefined || ['choice', 'switch', 'number'].includes(kind));

const isKnown = (value: unknown): boolean =>
  ['string', 'number', 'boolean'].includes(typeof value) && value !== '' && !(typeof value === 'string' && value.includes('{{'));

/** The params that say where to look. */
export function placeParams(fields: readonly FormField[], params: unknown): JsonObject {
  const given = isObject(params) ? params : {};
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => isKnown(value) && places(fields).some((field) => field.name === name)));
}
