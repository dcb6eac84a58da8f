import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { kinds } from '../kinds/index.ts';
import type { JsonObject } from '../pointer.ts';
import { settingsSchema } from '../settings.ts';
import { triggerKinds } from '../triggers.ts';
import type { FormField } from './field.ts';
import { kindFields, settingsFields, triggerFields } from './index.ts';

/** Every way through the variants of a form: what is set, and the fields then shown. */
function ways(fields: readonly FormField[]): { raw: JsonObject; names: string[] }[] {
  let found: { raw: JsonObject; names: string[] }[] = [{ raw: {}, names: [] }];
  for (const field of fields) {
    if (field.kind === 'conditions' && field.name === '') continue;
    const inner =
      field.kind === 'variant' && field.name === ''
        ? (field.ways ?? []).flatMap((way) => {
            const told = Object.keys(way.set).length === 0 ? Object.fromEntries(way.fields.slice(0, 1).map(({ name }) => [name, 'x'])) : way.set;
            return ways(way.fields).map(({ raw, names }) => ({ raw: { ...raw, ...told } as JsonObject, names: [...names, ...Object.keys(way.set)] }));
          })
        : [{ raw: {} as JsonObject, names: [field.name] }];
    found = found.flatMap((one) => inner.map((more) => ({ raw: { ...one.raw, ...more.raw }, names: [...one.names, ...more.names] })));
  }
  return found;
}

/** The names a schema knows; null where it is no plain object. */
function namesOf(schema: z.ZodType): string[] | null {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { properties?: object };
  return json.properties ? Object.keys(json.properties) : null;
}

function choices(fields: readonly FormField[]): JsonObject[] {
  const decisive = fields.find((field) => field.required && field.kind === 'choice' && field.choices);
  return decisive ? (decisive.choices ?? []).map(({ value }) => ({ [decisive.name]: value }) as JsonObject) : [{}];
}

describe('forms', () => {
  it.each(Object.values(kinds).map((kind) => [kind.type, kind] as const))('name every field of the config of %s and no other', (type, kind) => {
    for (const way of ways(kindFields[type])) {
      const known = choices(kindFields[type]).map((set) => namesOf(kind.schema({ ...way.raw, ...set })));
      if (known.includes(null)) continue;
      const all = [...new Set(known.flat())];
      // A batch takes the fields of a model call besides; merge knows its key in one mode only.
      if (type === 'batch_prompt') expect(way.names).toEqual(expect.arrayContaining(all));
      else expect(new Set(way.names)).toEqual(new Set(all));
    }
  });

  it.each([...triggerKinds.values()].map((kind) => [kind.type, kind] as const))('name every field of the trigger %s', (type, kind) => {
    const shown = new Set(ways(triggerFields[type] ?? []).flatMap(({ names }) => names));
    expect(shown).toEqual(new Set(namesOf(kind.schema) ?? []));
  });

  it('name every setting of a workflow', () => {
    expect(settingsFields.map(({ name }) => name)).toEqual(namesOf(settingsSchema));
  });

  it('say what a field is in words of people', () => {
    const all: FormField[] = [];
    const walk = (fields: readonly FormField[]): void => {
      for (const field of fields) {
        all.push(field);
        walk(field.fields ?? []);
        for (const way of field.ways ?? []) walk(way.fields);
      }
    };
    for (const fields of [...Object.values(kindFields), ...Object.values(triggerFields), settingsFields]) walk(fields);
    const labelled = all.filter(({ kind, name }) => kind !== 'variant' || name !== '');
    expect(labelled.filter(({ label }) => !/^[A-Z\d]/.test(label) || /[_!]/.test(label)).map(({ label }) => label)).toEqual([]);
    expect(all.filter(({ help }) => help !== undefined && !/[.]$/.test(help)).map(({ help }) => help)).toEqual([]);
    expect(all.filter(({ kind, choices: list }) => kind === 'choice' && (list?.length ?? 0) < 2)).toEqual([]);
  });
});
