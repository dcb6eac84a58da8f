import { expect, it } from 'vitest';

import { pagesOfJsonArray, splitJsonArray } from './json-array.ts';

it('the elements of an array are its texts, byte for byte', () => {
  expect(splitJsonArray('[]')).toEqual([]);
  expect(splitJsonArray(' [ \n] ')).toEqual([]);
  expect(splitJsonArray('[1]')).toEqual(['1']);
  const odd = ['"],[\\""', '{"a":[1,{"b":"}"}]}', '[[],[1,2]]', '1.0', '"\\\\"', 'null'];
  expect(splitJsonArray(` [ ${odd.join(' ,\n')} ] `)).toEqual(odd);
  for (const none of ['', '{}', '1', '[1', '"[1]"', 'null', '[']) expect(() => splitJsonArray(none), none).toThrow('not a JSON array');
});

it('pages begin where their first element does, in bytes, and hold 256 elements or 256 KB', () => {
  expect(pagesOfJsonArray('[]')).toEqual({ count: 0, items: [], bytes: [] });
  expect(pagesOfJsonArray(' [7]')).toEqual({ count: 1, items: [0], bytes: [2] });
  const items = Array.from({ length: 1_000 }, (_, n) => JSON.stringify({ n, text: `é${'ü,'.repeat(n < 600 ? n % 7 : 1_500)}` }));
  const text = `[${items.join(',')}]`;
  const pages = pagesOfJsonArray(text);
  expect(pages.count).toBe(1_000);
  expect(pages.items.slice(0, 3)).toEqual([0, 256, 512]);
  expect(pages.items.length).toBeGreaterThan(6);
  const bytes = Buffer.from(text);
  for (const [page, first] of pages.items.entries()) {
    const end = pages.bytes[page + 1] ?? bytes.length;
    const part = bytes.subarray(pages.bytes[page], end - 1).toString('utf8');
    expect(splitJsonArray(`[${part}]`)).toEqual(items.slice(first, pages.items[page + 1]));
    expect(part.length).toBeLessThan(256 * 1024 + 4_000);
  }
});
