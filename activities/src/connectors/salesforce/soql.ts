/** Values put into SOQL: its API takes no parameters beside the text, so a value becomes a literal that cannot end early. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

const mostChars = 14_000;

/**
 * `:name` outside of texts becomes the literal of `values.name`; `:name:date` and `:name:datetime` one of a time.
 * @throws UserError `step.invalid-params` for a name without value, a value without place, or one that SOQL cannot say.
 */
export function bindSoql(soql: string, values: Readonly<Record<string, Json>>): string {
  const used = new Set<string>();
  // A text with its escapes, or a place: LAST_N_DAYS:30 and times have digits behind the colon.
  const bound = soql.replaceAll(
    /'(?:[^'\\]|\\[\s\S])*'|(\w?):([A-Za-z_]\w*)(?::(datetime|date)\b)?/g,
    (whole, before: string | undefined, name: string | undefined, type?: string) => {
      if (name === undefined) return whole;
      if (!Object.hasOwn(values, name)) throw bad(`The query names :${name}, and values has no ${name}.`);
      used.add(name);
      const literal = literalOf(name, values[name] ?? null, type);
      return before === undefined || before === '' ? literal : `${before}:${literal}`;
    },
  );
  const spare = Object.keys(values).filter((name) => !used.has(name));
  if (spare.length > 0)
    throw bad(
      `The query has no place for ${spare
        .slice(0, 5)
        .map((name) => `:${name}`)
        .join(', ')}.`,
    );
  if (bound.length > mostChars) throw bad(`The query is longer than ${mostChars} characters with its values in place.`);
  return bound;
}

function literalOf(name: string, value: Json, type: string | undefined): string {
  if (Array.isArray(value)) {
    if (value.length === 0) throw bad(`The list ${name} is empty, which SOQL cannot say.`);
    return `(${value.map((one) => literalOf(name, one, type)).join(', ')})`;
  }
  if (value === null) return 'null';
  if (type !== undefined) return timeLiteral(value, type as 'date' | 'datetime', name);
  if (typeof value === 'string') return textLiteral(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw bad(`The value ${name} is neither a text, a number, true, false, null nor a list of these.`);
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** A text between quotes. */
export const textLiteral = (text: string): string =>
  `'${text.replaceAll(/[\\'"\n\r\t\b\f]/g, (char) => escapes[char] ?? char)}'`.replaceAll('\0', '');

/** A day or an instant, which SOQL wants without quotes. @throws UserError `step.invalid-params`. */
export function timeLiteral(value: Json, type: 'date' | 'datetime', name: string): string {
  const time = typeof value === 'string' || typeof value === 'number' ? new Date(value) : new Date(Number.NaN);
  if (Number.isNaN(time.getTime())) throw bad(`The value ${name} is no time: give ISO 8601, such as 2026-01-02T03:04:05Z.`);
  return type === 'date' ? time.toISOString().slice(0, 10) : time.toISOString();
}

function bad(message: string): UserError {
  return new UserError('step.invalid-params', message, { status: 422, remedy: 'Write :name in the query and give name under values.' });
}
