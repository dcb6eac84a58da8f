import { describe, expect, it } from 'vitest';
import { inputFields, readInputForm } from './input-form.ts';

const fields = inputFields({
  type: 'object',
  required: ['url'],
  properties: {
    url: { type: 'string', title: 'Address' },
    top: { type: 'integer', default: 5 },
    deep: { type: 'boolean' },
    mode: { enum: ['a', 'b'] },
    rows: { type: 'array' },
    csv: { type: 'object', properties: { $file: { type: 'string' } } },
  },
});
const form = (values: Record<string, string>): FormData => {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
};

describe('input form', () => {
  it('makes a field of each property with its kind, default and need', () => {
    expect(fields.map(({ name, title, kind, required, value }) => [name, title, kind, required, value])).toEqual([
      ['url', 'Address', 'text', true, ''],
      ['top', 'top', 'number', false, '5'],
      ['deep', 'deep', 'boolean', false, ''],
      ['mode', 'mode', 'choice', false, ''],
      ['rows', 'rows', 'json', false, ''],
      ['csv', 'csv', 'file', false, ''],
    ]);
    expect(inputFields(null)).toEqual([]);
  });

  it('gives JSON of the right types and leaves empty fields out', () => {
    expect(
      readInputForm(form({ 'in.url': 'x', 'in.top': '7', 'in.deep': 'on', 'in.mode': '', 'in.rows': '[1]', 'in.csv': '{"$file":"x"}' }), fields),
    ).toEqual({ input: { url: 'x', top: 7, deep: true, rows: [1], csv: { $file: 'x' } } });
  });

  it('says which field cannot be read', () => {
    expect(readInputForm(form({ 'in.top': 'seven', 'in.rows': '[' }), fields)).toEqual({
      errors: [
        { path: '/top', message: 'This is not a number.' },
        { path: '/rows', message: 'This is not JSON.' },
      ],
    });
    expect(readInputForm(form({ way: 'json', json: '{' }), fields)).toMatchObject({ errors: [{ path: '/json' }] });
    expect(readInputForm(form({ way: 'json', json: '' }), fields)).toEqual({ input: {} });
  });
});
