/** A change of an action's params or output wants a new version: definitions that were published with the old one go on with it. */
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';
import { z } from 'zod';

import type { ActionSpec } from './types.ts';
import { actionFingerprints, fingerprintOf } from './versions.ts';

const recorded = JSON.parse(readFileSync(new URL('versions.json', import.meta.url), 'utf8')) as Record<string, string>;
const way = 'count its `version` up, keep the old spec and run in `earlier`, then run `node scripts/docs/main.ts`';

it('changes no version of an action that definitions may be published with', () => {
  const now = actionFingerprints();
  const changed = Object.entries(recorded).flatMap(([action, before]) => {
    if (now[action] === undefined) return [`${action} is gone: keep its spec and run in \`earlier\``];
    return now[action] === before ? [] : [`${action} has other params or another output: ${way}`];
  });
  expect(changed).toEqual([]);
});

it('has every version on record', () => {
  const missing = Object.keys(actionFingerprints()).filter((action) => recorded[action] === undefined);
  expect(missing, 'run `node scripts/docs/main.ts`').toEqual([]);
});

it('sees a new field and another default, and no change of words', () => {
  const field = z.string().describe('One.').meta({ title: 'One' });
  const spec = (params: z.ZodObject) => ({ params, output: { schema: {} }, literalParams: [] as string[] }) as unknown as ActionSpec;
  const before = fingerprintOf(spec(z.strictObject({ title: field })));
  expect(fingerprintOf(spec(z.strictObject({ title: z.string().describe('Other words.') })))).toBe(before);
  for (const other of [
    z.strictObject({ title: field.optional() }),
    z.strictObject({ title: field.default('x') }),
    z.strictObject({ title: field, description: z.string() }),
  ])
    expect(fingerprintOf(spec(other))).not.toBe(before);
});
