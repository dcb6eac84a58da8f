import { connectorManifests } from '@hub/activities/catalogue';
import { nodeFields, nodeKinds, settingsFields, triggerTypes } from '@hub/dag/catalogue';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { membersOf, reshaped, shapeOf, withMembers, withOperator } from './condition-model.ts';
import { caretIn, completions, insertName, marksOf } from './expression-text.ts';
import { fieldsOfSchema, labelOf } from './schema-fields.ts';
import { propertiesOf, schemaOf, withType } from './schema-model.ts';
import type { FormField, JsonObject } from './types.ts';
import { looseText, looseValue, moved, splitDuration, splitMs, wayOf, withWay } from './values.ts';

/** Every field of a form with its place, through groups, tables, ways. */
function all(fields: readonly FormField[], at: string): [place: string, field: FormField][] {
  return fields.flatMap((field) => {
    const here = field.name ? `${at}.${field.name}` : at;
    const ways = (field.ways ?? []).flatMap((way) => all(way.fields, `${here}(${way.label})`));
    return [[here, field] as [string, FormField], ...all(field.fields ?? [], here), ...ways];
  });
}
const actions = Object.values(connectorManifests).flatMap((manifest) =>
  Object.values(manifest.actions).map((action) => [`${manifest.id}.${action.id}`, action] as const),
);
const actionFields = (action: (typeof actions)[number][1]): FormField[] =>
  fieldsOfSchema(z.toJSONSchema(action.params, { io: 'input', unrepresentable: 'any' }), { expression: true, literal: action.literalParams });
const everyField = [
  ...nodeKinds.flatMap(({ type, fields }) => all(fields, type)),
  ...actions.flatMap(([id, action]) => all(actionFields(action), id)),
  ...triggerTypes.flatMap(({ type, fields }) => all(fields, `trigger ${type}`)),
  ...all(nodeFields, 'node'),
  ...all(settingsFields, 'settings'),
];

describe('fields of nodes, actions and triggers', () => {
  it('fall back to a JSON box only where they are free of form', () => {
    expect(everyField.filter(([, { kind }]) => kind === 'json').map(([place]) => place)).toMatchSnapshot();
  });

  it('take any value (text, expression or JSON) only where the format does', () => {
    expect(everyField.filter(([, { kind }]) => kind === 'any').map(([place]) => place)).toMatchSnapshot();
  });

  it('of actions have the labels and helps of their params', () => {
    const fields = all(
      actions.flatMap(([, action]) => actionFields(action)),
      '',
    );
    expect(fields.filter(([, { label }]) => /^[a-z]|_/.test(label)).map(([place]) => place)).toEqual([]);
    const url = fields.find(([place]) => place === '.url')?.[1];
    expect(url).toMatchObject({ label: 'URL', kind: 'text', required: true, expression: true, help: 'The whole address, https.' });
  });
});

describe('fields of a schema', () => {
  it('know text, numbers, choices, lists, tables, ways, files and free values', () => {
    const schema = z.toJSONSchema(
      z.object({
        title: z.string(),
        body: z.string().max(5000).optional(),
        count: z.int().min(1).max(9).default(3),
        ok: z.boolean().optional(),
        mode: z.enum(['for_each', 'GET']),
        tags: z.array(z.string()),
        kinds: z.array(z.enum(['a', 'b'])),
        rows: z.array(z.object({ name: z.string() })),
        extra: z.record(z.string(), z.string()),
        how: z.discriminatedUnion('by', [z.object({ by: z.literal('page'), size: z.int() }), z.object({ by: z.literal('cursor') })]),
        file: z.looseObject({ $file: z.string() }),
        anything: z.json(),
      }),
      { io: 'input' },
    );
    const fields = fieldsOfSchema(schema, { expression: true, literal: ['title'] });
    expect(fields.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'title text',
      'body text',
      'count number',
      'ok switch',
      'mode choice',
      'tags list',
      'kinds choices',
      'rows table',
      'extra key-value',
      'how variant',
      'file file',
      'anything any',
    ]);
    expect(fields[0]).toEqual({ name: 'title', label: 'Title', kind: 'text', required: true });
    expect(fields[2]).toMatchObject({ default: 3, min: 1, max: 9, whole: true });
    expect(fields[4]?.choices?.map(({ label }) => label)).toEqual(['For each', 'GET']);
    expect(fields[9]?.ways?.map(({ label, set, fields: inner }) => [label, set, inner.map(({ name }) => name)])).toEqual([
      ['Page', { by: 'page' }, ['size']],
      ['Cursor', { by: 'cursor' }, []],
    ]);
    expect(fieldsOfSchema(null)).toEqual([]);
    expect(labelOf('maxPages_perCall')).toBe('Max pages per call');
  });
});

describe('text and values', () => {
  it('reads numbers, true, false and null as such, quoted ones and the rest as text, and writes them so that they come back', () => {
    for (const value of ['', 'a', '4', 4, -1.5, true, 'true', null, 'null', '"x"', '007', '{{ a }}', '1e400', 'NaN', ' 4'])
      expect(looseValue(looseText(value))).toEqual(value);
    expect([looseValue('4'), looseValue('"4"'), looseValue('007'), looseText('4')]).toEqual([4, '4', '007', '"4"']);
  });

  it('knows durations', () => {
    expect([splitDuration('5m'), splitDuration('5 m'), splitMs(60_000), splitMs(90_000), splitMs(0)]).toEqual([
      { count: 5, unit: 'm' },
      null,
      { count: 1, unit: 'm' },
      { count: 90, unit: 's' },
      { count: 0, unit: 'ms' },
    ]);
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a'], 0, 1)).toEqual(['a']);
  });

  it('finds and changes the way of a variant, keeping what both ways know', () => {
    const ways = nodeKinds.find(({ type }) => type === 'transform')?.fields[0]?.ways ?? [];
    const sort: JsonObject = { preset: 'sort', source: '{{ a }}', by: [] };
    expect(ways[wayOf(ways, sort)]?.label).toBe('Sort');
    expect(
      withWay(
        ways,
        sort,
        ways.findIndex(({ label }) => label === 'Filter'),
      ),
    ).toEqual({ preset: 'filter', source: '{{ a }}' });
    expect(withWay(ways, sort, 0)).toEqual({});
    const waits = nodeKinds.find(({ type }) => type === 'wait')?.fields[0]?.ways ?? [];
    expect(waits[wayOf(waits, { signal: 'paid' })]?.label).toBe('For a signal');
  });
});

describe('expressions in text', () => {
  it('are marked without losing a character', () => {
    for (const text of ['', 'plain', 'a {{ b }} c', '{{b}}{{ "}}" }}', 'open {{ b', '\\{{ literal }} {{ x }}', '{{ {"a": {"b": 1}} }}'])
      expect(
        marksOf(text, false)
          .map((mark) => mark.text)
          .join(''),
      ).toBe(text);
    expect(marksOf('a {{ b }} c', false).map(({ kind }) => kind)).toEqual(['text', 'expression', 'text']);
    expect(marksOf('a {{ b', false).at(-1)).toEqual({ kind: 'fault', text: '{{ b' });
  });

  const names = [{ label: 'Input', names: [{ path: 'input.text' }, { path: 'nodes.a.output', hint: 'Read text' }] }];
  it('complete inside the braces only', () => {
    expect(completions('a in', 4, false, names)).toEqual([]);
    expect(completions('{{ in', 5, false, names).map(({ path }) => path)).toEqual(['input.text']);
    expect(completions('{{ text', 7, false, names).map(({ path }) => path)).toEqual(['input.text', 'nodes.a.output']);
    expect(completions('in', 2, true, names).map(({ path }) => path)).toEqual(['input.text']);
    expect([caretIn('{{ a }}', 3), caretIn('{{ a }} ', 8), caretIn('\\{{ a', 5)]).toEqual([true, false, false]);
  });

  it('take a name in place of what was typed of it, in braces where there are none', () => {
    expect(insertName('{{ in', 5, false, 'input.text').text).toBe('{{ input.text }}');
    expect(insertName('{{ in }} x', 5, false, 'input.text').text).toBe('{{ input.text }} x');
    expect(insertName('Dear ', 5, false, 'input.text')).toEqual({ text: 'Dear {{ input.text }}', caret: 21 });
    expect(insertName('$sum(in', 7, true, 'input.text').text).toBe('$sum(input.text');
    expect(insertName('{{', 2, false, 'item').text).toBe('{{ item }}');
  });
});

describe('conditions', () => {
  it('change their form without losing what was written', () => {
    const one = { left: '{{ a }}', op: 'gt', right: 1 };
    expect(reshaped(one, 'any')).toEqual({ any: [one] });
    expect(reshaped({ any: [one, one] }, 'all')).toEqual({ all: [one, one] });
    expect(reshaped(one, 'not')).toEqual({ not: one });
    expect(reshaped({ not: one }, 'all')).toEqual({ all: [one] });
    expect(reshaped({ expression: 'a' }, 'all')).toEqual({ all: [{ left: '', op: 'eq', right: '' }] });
    expect(withMembers(one, [one, one])).toEqual({ all: [one, one] });
    expect([shapeOf({}), shapeOf({ expression: 'x' }), membersOf(one)]).toEqual(['compare', 'expression', [one]]);
    expect(withOperator(one, 'exists')).toEqual({ left: '{{ a }}', op: 'exists' });
    expect(withOperator({ left: 1, op: 'exists' }, 'eq')).toEqual({ left: 1, op: 'eq', right: '' });
  });
});

describe('a schema as rows', () => {
  it('comes back as it was, and stays JSON where it says more', () => {
    const schema = {
      type: 'object',
      properties: {
        score: { type: 'number', description: '1 to 5' },
        mood: { type: 'string', enum: ['good', 'bad'] },
        tags: { type: 'array', items: { type: 'string' } },
      },
      required: ['score'],
    };
    const rows = propertiesOf(schema);
    expect(rows?.map(({ name, type, required }) => [name, type, required])).toEqual([
      ['score', 'number', true],
      ['mood', 'choice', false],
      ['tags', 'texts', false],
    ]);
    expect(schemaOf(rows ?? [])).toEqual(schema);
    for (const more of [
      { ...schema, additionalProperties: false },
      { type: 'object', properties: { a: { type: 'number', minimum: 1 } } },
      { type: 'array' },
      true,
    ])
      expect(propertiesOf(more)).toBeNull();
    expect(propertiesOf(undefined)).toEqual([]);
    const titled = { type: 'object', properties: { least: { type: 'integer', title: 'Least score', default: 3, description: 'Of 5' } } };
    const [least] = propertiesOf(titled) ?? [];
    expect(least && schemaOf([least])).toEqual(titled);
    expect(least && schemaOf([withType(least, 'string')]).properties).toEqual({
      least: { type: 'string', title: 'Least score', description: 'Of 5' },
    });
  });
});
