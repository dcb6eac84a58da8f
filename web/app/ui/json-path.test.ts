import { describe, expect, it } from 'vitest';
import { isRows, pathKey, pathText, searchJson } from './json-path.ts';

describe('json paths', () => {
  it('reads as an expression that can be pasted', () => {
    expect(pathText(['rows', 3, 'text'])).toBe('rows[3].text');
    expect(pathText(['a b', 'c-d', 0])).toBe('`a b`.`c-d`[0]');
  });

  it('finds names and values and says what to unfold', () => {
    const found = searchJson({ a: [{ Text: 'no' }, { text: 'Hello' }], b: 1 }, 'hello');
    expect([...found.hits]).toEqual([pathKey(['a', 1, 'text'])]);
    expect(found.open.has(pathKey(['a', 1]))).toBe(true);
    expect(searchJson({ a: [{ Text: 'no' }, { text: 'x' }] }, 'text').hits.size).toBe(2);
  });

  it('stops a search in a large value', () => {
    const found = searchJson(
      Array.from({ length: 5000 }, (_, n) => ({ n: `x${n}` })),
      'x',
    );
    expect(found.hits.size).toBe(500);
    expect(found.cut).toBe(true);
  });

  it('calls a list of alike objects rows', () => {
    expect(isRows([{ a: 1 }, { a: 2, b: 3 }])).toBe(true);
    expect(isRows([1, 2])).toBe(false);
    expect(isRows([])).toBe(false);
    expect(isRows([Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`k${n}`, n]))])).toBe(false);
  });
});
