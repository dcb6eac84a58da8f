/** Reading settings: one zod schema per process, read once in its `env.ts`, all faults together, values never echoed. */
import type { z } from 'zod';

import { isHubError, UserError } from './errors.ts';

/** Exit code of a process whose settings are wrong (EX_CONFIG of sysexits.h): to start it again would not help, and who keeps it need not try. */
const badSettings = 78;

/**
 * For the entry of a process that could not start: says why, and gives the exit code. What the operator can mend is told in words, with the way out; anything
 * else keeps its stack.
 */
export function tellStartFault(error: unknown, say: (text: string) => void = (text) => console.error(text)): number {
  if (isHubError(error) && error.kind === 'user') {
    say(error.remedy === undefined ? error.message : `${error.message}\n${error.remedy}`);
    return badSettings;
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}

/**
 * Checks `source` (a process's environment) against `schema`. An empty string counts as not set.
 * @throws UserError `env.invalid`, whose message names every wrong variable and what it wants, never a value.
 */
export function readEnv<Schema extends z.ZodObject>(schema: Schema, source: Record<string, string | undefined>): z.output<Schema> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = source[name];
    if (value !== undefined && value !== '') given[name] = value;
  }
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) => {
    const name = issue.path.map(String).join('.');
    const missing = given[String(issue.path[0])] === undefined;
    const wants = schema.shape[String(issue.path[0])]?.description;
    return {
      path: name,
      code: missing ? 'env.missing' : 'env.wrong',
      message: `${name}: ${missing ? 'is not set' : safe(issue)}${wants ? ` (${wants})` : ''}`,
    };
  });
  throw new UserError('env.invalid', `The environment is not usable:\n${faults.map((fault) => `  ${fault.message}`).join('\n')}`, {
    remedy: 'Start with `npm start`, which sets everything, or set these variables (see .env.example).',
    details: faults,
  });
}

/** zod may quote what it got (`received "..."`); of its issues only what was wanted is passed on. */
function safe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `wants ${issue.expected}`;
    case 'invalid_value':
      return `wants one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return `wants the format ${issue.format}`;
    case 'too_small':
      return `is below the minimum ${String(issue.minimum)}`;
    case 'too_big':
      return `is above the maximum ${String(issue.maximum)}`;
    case 'custom':
      return issue.message;
    default:
      return 'is not valid';
  }
}
