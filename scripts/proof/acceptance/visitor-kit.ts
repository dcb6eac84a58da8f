/** Short hand of the fifth reader's cases. */
import { randomUUID } from 'node:crypto';
import type { ScriptedCase } from './api.ts';
import type { RunCase } from './cases.ts';
import type { Answer, Hub } from './run.ts';
import type { Part } from './unseen-kit.ts';
import { signal } from './wait-words.ts';

export const completes = (name: string, definition: object, output: Part, more: Partial<RunCase['expect']> = {}, input: unknown = {}): RunCase => ({
  name: `visitor: ${name}`,
  definition,
  input,
  expect: { status: 'completed', output, ...more },
});
export const fails = (name: string, definition: object, error: RunCase['expect']['error'], more: Partial<RunCase['expect']> = {}): RunCase => ({
  name: `visitor: ${name}`,
  definition,
  expect: { status: 'failed', ...(error === undefined ? {} : { error }), ...more },
});
export const within = (parent: string): Part => ({ parent });

export const visitor = (name: string, run: ScriptedCase['run']): ScriptedCase => ({ name: `visitor: ${name}`, run });
/** A signal under a message id of its own. */
export const tell = (hub: Hub, run: string, name: string, body: Part = {}): Promise<Answer> =>
  signal(hub, run, name, { messageId: randomUUID(), ...body });
