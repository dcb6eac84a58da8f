import { describe, expect, it } from 'vitest';
import type { FormField, VendorSource } from './types.ts';
import { askOptions, columnsOf, faultWords, firstPageOf, joined, labelOf, placeParams, VendorFault, withStrays } from './vendor-model.ts';

const one = (value: string) => ({ value, label: value.toUpperCase() });
const source = (pages: Record<string, { items: { value: string; label: string }[]; nextCursor: string | null }>): VendorSource => ({
  why: null,
  key: 'test',
  options: async ({ cursor }) => pages[cursor ?? ''] ?? { items: [], nextCursor: null },
  fields: async () => ({}),
});
const ask = { resource: 'tables', search: '', cursor: null, signal: new AbortController().signal };

describe('choices of a vendor', () => {
  it('are looked for behind empty pages, are remembered by name, and stand once', async () => {
    const vendor = source({ '': { items: [], nextCursor: '1' }, '1': { items: [one('a'), one('b')], nextCursor: '2' } });
    const page = await askOptions(vendor, ask);
    expect(page.items.map(({ value }) => value)).toEqual(['a', 'b']);
    expect(labelOf('tables', 'a')).toBe('A');
    expect(firstPageOf(vendor, 'tables')).toBe(page);
    expect(joined(page, { items: [one('b'), one('c')], nextCursor: null })).toEqual({ items: [one('a'), one('b'), one('c')], nextCursor: null });
  });

  it('end where a vendor has empty pages without end', async () => {
    let asked = 0;
    const endless: VendorSource = {
      ...source({}),
      options: async () => {
        asked += 1;
        return { items: [], nextCursor: 'more' };
      },
    };
    expect(await askOptions(endless, ask)).toEqual({ items: [], nextCursor: 'more' });
    expect(asked).toBe(6);
  });

  it('say a refusal in the words it came with', () => {
    expect(faultWords(new VendorFault('No.')).message).toBe('No.');
    expect(faultWords(new TypeError('fetch failed')).message).toMatch(/did not answer/);
  });
});

describe('fields of a row', () => {
  const schema = {
    type: 'object',
    properties: { order_id: { type: 'integer', readOnly: true }, 'Placed at': {}, total: { type: 'number', title: 'Sum' } },
    required: ['total'],
  };
  it('are called as the vendor calls them, without what is only read, the many folded', () => {
    expect(columnsOf(schema, true).map(({ label, required }) => [label, required ?? false])).toEqual([
      ['Placed at', false],
      ['Sum', true],
    ]);
    const many = { type: 'object', properties: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`c${n}`, {}])), required: ['c19'] };
    expect(columnsOf(many, true).filter(({ more }) => more).length).toBe(7);
    expect(columnsOf(null, true)).toEqual([]);
  });

  it('show what a row holds besides, also when the vendor is away', () => {
    expect(withStrays(columnsOf(schema, true), [{ total: 1, colour: 'green' }], true).map(({ name }) => name)).toEqual([
      'Placed at',
      'total',
      'colour',
    ]);
    expect(withStrays(null, [{ a: 1 }, { b: 2 }], true).map(({ name, help }) => [name, help])).toEqual([
      ['a', undefined],
      ['b', undefined],
    ]);
  });
});

describe('what a vendor is told of a form', () => {
  const fields: FormField[] = [
    { name: 'table', label: 'Table', kind: 'text', options: 'tables' },
    { name: 'sheet', label: 'Tab', kind: 'text', options: 'sheets' },
    { name: 'text', label: 'Text', kind: 'text' },
    { name: 'limit', label: 'At most', kind: 'number' },
  ];
  it('is where to look: what is chosen, never what is written or filled in a run', () => {
    expect(placeParams(fields, { table: 'orders', sheet: '{{ input.sheet }}', text: 'secret', limit: 5, rows: [{}] })).toEqual({
      table: 'orders',
      limit: 5,
    });
    expect(placeParams(fields, null)).toEqual({});
  });
});
