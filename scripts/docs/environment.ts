/** Every environment variable of the hub, read from the zod schemas of its processes: help, example, who reads it. */
import { apiEnv } from '@hub/api/env';
import { migrateEnv, seedEnv } from '@hub/db/env';
import { workerEnvSchema } from '@hub/worker/env';
import { z } from 'zod';
import { launcherEnv } from './launcher-env.ts';

/** The processes and what each reads. A new process with an environment of its own is one line here. */
export const environments: Record<string, z.ZodObject> = {
  launcher: launcherEnv,
  api: apiEnv,
  worker: workerEnvSchema,
  migrate: migrateEnv,
  seed: seedEnv,
};

export interface Variable {
  name: string;
  help: string;
  /** Empty where its description holds no `e.g.`. */
  example: string;
  readers: string[];
  /** True where some process does not start without it. */
  required: boolean;
  /** As text; null: none. */
  fallback: string | null;
}

/** Every variable once, in order of first reader and place. A description is `<help>, e.g. <example>`. */
export function variables(): Variable[] {
  const found = new Map<string, Variable>();
  for (const [reader, schema] of Object.entries(environments)) {
    for (const [name, field] of Object.entries(schema.shape)) {
      const known = found.get(name);
      const required = !z.object({ field: field as z.ZodType }).safeParse({}).success;
      if (known) {
        known.readers.push(reader);
        known.required ||= required;
        continue;
      }
      const { help, example } = described(field as z.ZodType);
      found.set(name, { name, help, example, readers: [reader], required, fallback: fallbackOf(field as z.ZodType) });
    }
  }
  return [...found.values()];
}

function described(field: z.ZodType): { help: string; example: string } {
  const text = descriptionOf(field);
  const at = text.lastIndexOf(', e.g. ');
  return at < 0 ? { help: text, example: '' } : { help: text.slice(0, at), example: text.slice(at + 7) };
}

/** A description stands on the schema or on what it wraps (optional, default, transform). */
function descriptionOf(field: z.ZodType): string {
  if (field.description !== undefined) return field.description;
  const def = field.def as { innerType?: z.ZodType; in?: z.ZodType };
  const inner = def.innerType ?? def.in;
  return inner === undefined ? '' : descriptionOf(inner);
}

function fallbackOf(field: z.ZodType): string | null {
  const read = z.object({ field }).safeParse({});
  const value = read.success ? read.data.field : undefined;
  return value === undefined || value === '' ? null : String(value);
}

/** The text of `.env.example`. */
export function envExample(): string {
  const lines = [
    '# Every variable of the hub. `npm start` makes all of them itself (secrets at random, into .data/secrets.env): this file is for running the processes on your own.',
    '# Made from the code by `node scripts/docs/main.ts`; change the schemas in the env.ts files instead.',
  ];
  for (const { name, help, example, readers, required, fallback } of variables()) {
    const state = required ? 'required' : fallback === null ? 'optional' : `default ${fallback}`;
    lines.push(
      '',
      `# ${help} (${readers.join(', ')}; ${state})`,
      `${required ? '' : '# '}${name}=${/[\s#<]/.test(example) ? `"${example}"` : example}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
