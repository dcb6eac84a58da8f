/** One value of a credential, as its form asks for it and as it is checked. All values are texts. */
import { z } from 'zod';

export interface CredentialField {
  name: string;
  label: string;
  help: string;
  /** Secrets are never shown again, and every spelling of them is masked in what a step writes. */
  secret: boolean;
  required: boolean;
  input: 'line' | 'lines' | 'choice';
  choices?: readonly { value: string; label: string }[];
  /** Filled in where nothing was given. */
  fallback?: string;
  check: z.ZodType<string>;
}

type More = Partial<Omit<CredentialField, 'name' | 'label' | 'check'>> & { check?: z.ZodType<string> };

const maxLine = 8_000;
/** One line without control characters. */
const line = z
  .string()
  .min(1)
  .max(maxLine)
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'one line without control characters');
const lines = z.string().min(1).max(20_000);

/** A value that may be shown. */
export function plain(name: string, label: string, more: More = {}): CredentialField {
  return { help: '', secret: false, required: true, input: 'line', check: more.input === 'lines' ? lines : line, ...more, name, label };
}

/** A value that nobody may see again. */
export function secret(name: string, label: string, more: More = {}): CredentialField {
  return plain(name, label, { ...more, secret: true });
}

/** One of a few; the first is the fallback. */
export function choice(name: string, label: string, choices: readonly { value: string; label: string }[], help = ''): CredentialField {
  return {
    name,
    label,
    help,
    secret: false,
    required: false,
    input: 'choice',
    choices,
    fallback: choices[0]?.value ?? '',
    check: z.enum(choices.map(({ value }) => value) as [string, ...string[]]),
  };
}

/** The schema of a kind's values: exactly its fields. */
export function schemaOf(fields: readonly CredentialField[]): z.ZodType<Record<string, string>> {
  const shape: Record<string, z.ZodType> = {};
  for (const { name, check, required, fallback } of fields)
    shape[name] = required ? check : fallback === undefined ? check.optional() : check.default(fallback);
  return z.strictObject(shape) as unknown as z.ZodType<Record<string, string>>;
}
