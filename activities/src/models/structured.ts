/** Answers as JSON of a schema: finding the JSON in a text, validating it, and what to say for the one repair. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';

import type { JsonSchema } from './types.ts';

const maxSchemaChars = 65_536;
const maxSchemas = 200;
const maxShownFaults = 10;

/** A schema of the author's own may hold any pattern; RE2 has no catastrophic ones (05, rule 29). */
function linearRegExp(pattern: string): RegExp {
  const compiled = RE2JS.compile(pattern);
  // Ajv keeps one pattern per spelling of its `toString`.
  return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern } as unknown as RegExp;
}
const regExpEngine = Object.assign(linearRegExp, { code: 'linearRegExp' });

/** Compiled schemas by their text; bounded, oldest out first. */
const compiled = new Map<string, ValidateFunction>();

/**
 * Faults of `value` under `schema`, in words; none: it fits.
 * @throws UserError `prompt.bad-schema` when the schema itself cannot be used.
 */
export function schemaFaults(schema: JsonSchema, value: Json): string[] {
  const validate = compile(schema);
  let fits: boolean;
  try {
    fits = validate(value);
  } catch (cause) {
    throw new UserError('prompt.bad-schema', 'The output schema refers to itself without end.', {
      cause,
      status: 422,
      remedy: 'Remove the circular $ref.',
    });
  }
  if (fits) return [];
  return (validate.errors ?? []).slice(0, maxShownFaults).map((fault) => {
    const allowed = Array.isArray(fault.params['allowedValues'])
      ? `: ${fault.params['allowedValues'].map((one) => JSON.stringify(one)).join(', ')}`
      : '';
    return `${fault.instancePath || '/'} ${fault.message ?? 'is not right'}${allowed}`;
  });
}

function compile(schema: JsonSchema): ValidateFunction {
  const text = JSON.stringify(schema);
  const known = compiled.get(text);
  if (known !== undefined) return known;
  if (text.length > maxSchemaChars)
    throw new UserError('prompt.bad-schema', `The output schema is larger than ${maxSchemaChars / 1024} KB.`, {
      status: 422,
      remedy: 'Ask for less in one step.',
    });
  let validate: ValidateFunction;
  try {
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true, code: { regExp: regExpEngine }, logger: false });
    addFormats.default(ajv);
    validate = ajv.compile(schema);
  } catch (cause) {
    throw new UserError('prompt.bad-schema', `The output schema cannot be used: ${String((cause as Error).message).slice(0, 200)}`, {
      cause,
      status: 422,
      remedy: 'Correct the JSON Schema (2020-12; no remote $ref).',
    });
  }
  if (compiled.size >= maxSchemas) compiled.delete(compiled.keys().next().value as string);
  compiled.set(text, validate);
  return validate;
}

/** The JSON in a model's text: the text itself, a fenced block, or the first balanced object or array in it. Undefined: there is none. */
export function findJson(text: string): Json | undefined {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)\n\s*```/.exec(text)?.[1];
  for (const candidate of [text, fenced, balanced(text)]) {
    if (candidate === undefined || candidate.trim() === '') continue;
    try {
      return JSON.parse(candidate) as Json;
    } catch {
      // The next candidate may be JSON.
    }
  }
  return undefined;
}

function balanced(text: string): string | undefined {
  const from = text.search(/[[{]/);
  if (from === -1) return undefined;
  let depth = 0;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char === '\\') at += 1;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') {
      depth -= 1;
      if (depth === 0) return text.slice(from, at + 1);
    }
  }
  return undefined;
}

const strictKeywords = new Set(['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'description', 'title', 'anyOf']);

/** True for the subset that providers enforce themselves: closed objects, all fields required, plain keywords. */
export function isStrict(schema: Json): boolean {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return false;
  if (Object.keys(schema).some((key) => !strictKeywords.has(key))) return false;
  const { properties } = schema;
  if (schema['type'] === 'object' || properties !== undefined) {
    if (typeof properties !== 'object' || properties === null || Array.isArray(properties) || schema['additionalProperties'] !== false) return false;
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    if (Object.keys(properties).some((name) => !required.includes(name)) || !Object.values(properties).every(isStrict)) return false;
  }
  if (schema['items'] !== undefined && !isStrict(schema['items'])) return false;
  return !Array.isArray(schema['anyOf']) || schema['anyOf'].every(isStrict);
}
