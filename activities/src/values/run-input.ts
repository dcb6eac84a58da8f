/** A run's input against the workflow's `inputs` schema: defaults filled in, then checked (03, "Triggers and the input of a run"). */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { createHash } from 'node:crypto';
import formats from 'ajv-formats';
import { UserError } from '@hub/kit/errors';
import { RE2JS } from 're2js';

const maxCompiled = 200;
const compiled = new Map<string, ValidateFunction>();

/** Patterns are an author's: they run on a linear-time engine, never on the built-in one (05, rule 29). */
const linearRegExp = Object.assign(
  (pattern: string) => {
    const machine = RE2JS.compile(pattern);
    // ajv tells patterns apart by this text: without it, all of a schema would share the first one's machine.
    return { test: (text: string) => machine.matcher(text).find(), toString: () => `linear:${pattern}` };
  },
  { code: 'linearRegExp' },
);

/** Checks schemas against the 2020-12 meta-schema; shared, because the meta-schema is what weighs. */
const metaCheck = new Ajv2020({ strict: false, logger: false });

/** The check of a schema; fills defaults in. Compiled schemas are kept, bounded, by content (05, rule 36). Throws Error where it does not compile. */
export function validatorOf(schema: unknown): ValidateFunction {
  const text = JSON.stringify(schema);
  const key = createHash('sha256').update(text).digest('base64');
  const known = compiled.get(key);
  if (known) return known;
  if (metaCheck.validateSchema(schema as object) !== true) throw new Error(metaCheck.errorsText(metaCheck.errors, { dataVar: 'schema' }));
  // A fresh instance per schema, so that `$id`s of two teams never meet; `strict` off because authors add keywords of their own.
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    useDefaults: true,
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    ownProperties: true,
    logger: false,
    code: { regExp: linearRegExp as never },
  });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  const validate = ajv.compile(schema as object);
  if (compiled.size >= maxCompiled) compiled.delete(compiled.keys().next().value as string);
  compiled.set(key, validate);
  return validate;
}

/** Checks that an `inputs` schema can be used at all. Null, or what is wrong with it. */
export function inputsFault(schema: unknown): string | null {
  if (schema === undefined || schema === null) return null;
  try {
    validatorOf(schema);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 300) : 'it does not compile';
  }
}

function compile(schema: unknown): ValidateFunction {
  try {
    return validatorOf(schema);
  } catch (cause) {
    throw new UserError('workflow.bad-inputs', 'The `inputs` schema of this version cannot be used.', { status: 422, cause });
  }
}

function pathOf(error: ErrorObject): string {
  const missing = error.keyword === 'required' ? (error.params as { missingProperty?: string }).missingProperty : undefined;
  const extra =
    error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties'
      ? (Object.values(error.params as Record<string, string>)[0] ?? undefined)
      : undefined;
  const last = missing ?? extra;
  return `/input${error.instancePath}${last === undefined ? '' : `/${last.replaceAll('~', '~0').replaceAll('/', '~1')}`}`;
}

/**
 * The input with defaults, checked.
 * @throws UserError 422 `run.invalid-input` with `errors[].path` (`/input/...`).
 */
export function checkInput(schema: unknown, input: unknown): unknown {
  const filled: unknown = input === undefined ? {} : structuredClone(input);
  if (schema === undefined || schema === null) {
    if (typeof filled === 'object' && filled !== null && !Array.isArray(filled)) return filled;
    throw refused([{ path: '/input', code: 'input.type', message: 'must be object' }]);
  }
  const validate = compile(schema);
  if (validate(filled)) return filled;
  throw refused(
    (validate.errors ?? [])
      .slice(0, 100)
      .map((error) => ({ path: pathOf(error), code: `input.${error.keyword}`, message: error.message ?? 'is not valid' })),
  );
}

function refused(errors: { path: string; code: string; message: string }[]): UserError {
  const first = errors[0];
  return new UserError('run.invalid-input', `The input does not fit the workflow: ${first?.path ?? ''} ${first?.message ?? ''}.`.slice(0, 500), {
    status: 422,
    details: errors,
  });
}

/** The same for fires of triggers, where nobody is asked to send another input: one that does not fit makes a run that failed with this. */
export function judgeInput(schema: unknown, given: unknown): { input: unknown; failed: { code: string; message: string } | null } {
  try {
    return { input: checkInput(schema, given), failed: null };
  } catch (error) {
    if (error instanceof UserError) return { input: given, failed: { code: error.code, message: error.message } };
    throw error;
  }
}
