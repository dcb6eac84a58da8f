/** The input of a run as a form: fields from the definition's JSON Schema, and back to JSON. Pure. */

export interface InputField {
  name: string;
  title: string;
  help: string | null;
  required: boolean;
  kind: 'text' | 'long' | 'number' | 'boolean' | 'choice' | 'file' | 'json';
  choices: string[];
  value: string;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function kindOf(schema: Record<string, unknown>): InputField['kind'] {
  if (Array.isArray(schema['enum'])) return 'choice';
  if (schema['type'] === 'number' || schema['type'] === 'integer') return 'number';
  if (schema['type'] === 'boolean') return 'boolean';
  if (schema['type'] === 'string')
    return schema['format'] === 'textarea' || (typeof schema['maxLength'] === 'number' && schema['maxLength'] > 200) ? 'long' : 'text';
  return isObject(schema['properties']) && '$file' in schema['properties'] ? 'file' : 'json';
}

/** One field per property of the schema's top; none for a schema without properties. */
export function inputFields(schema: Record<string, unknown> | null): InputField[] {
  const properties = schema && isObject(schema['properties']) ? schema['properties'] : {};
  const required = new Set(Array.isArray(schema?.['required']) ? schema['required'] : []);
  return Object.entries(properties)
    .filter((entry): entry is [string, Record<string, unknown>] => isObject(entry[1]))
    .map(([name, inner]) => {
      const kind = kindOf(inner);
      const given = inner['default'];
      return {
        name,
        title: typeof inner['title'] === 'string' ? inner['title'] : name,
        help: typeof inner['description'] === 'string' ? inner['description'] : null,
        required: required.has(name),
        kind,
        choices: Array.isArray(inner['enum']) ? inner['enum'].map(String) : [],
        value: given === undefined ? '' : typeof given === 'string' ? given : JSON.stringify(given),
      };
    });
}

function fieldValue(field: InputField, given: string): unknown {
  if (field.kind === 'number') return Number(given);
  if (field.kind === 'boolean') return given === 'on' || given === 'true';
  if (field.kind === 'json' || field.kind === 'file') return JSON.parse(given) as unknown;
  return given;
}

/** The form's content as JSON. A field left empty is absent, so that the schema's default holds. */
export function readInputForm(form: FormData, fields: InputField[]): { input: unknown } | { errors: { path: string; message: string }[] } {
  const read = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  if (read('way') === 'json') {
    const given = read('json').trim();
    try {
      return { input: given ? (JSON.parse(given) as unknown) : {} };
    } catch (error) {
      return { errors: [{ path: '/json', message: `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}` }] };
    }
  }
  const errors: { path: string; message: string }[] = [];
  const input: [string, unknown][] = [];
  for (const field of fields) {
    const given = read(`in.${field.name}`);
    if (given === '' && field.kind !== 'boolean') continue;
    try {
      const value = fieldValue(field, given);
      if (typeof value === 'number' && Number.isNaN(value)) throw new TypeError('a number is needed');
      input.push([field.name, value]);
    } catch {
      errors.push({ path: `/${field.name}`, message: field.kind === 'number' ? 'This is not a number.' : 'This is not JSON.' });
    }
  }
  return errors.length > 0 ? { errors } : { input: Object.fromEntries(input) };
}
