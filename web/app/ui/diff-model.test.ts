import { describe, expect, it } from 'vitest';
import { diffTexts, folded, jsonText } from './diff-model.ts';

describe('differences', () => {
  it('number the lines of both sides', () => {
    expect(diffTexts('a\nb\nc', 'a\nx\nc').map(({ kind, text, before, after }) => [kind, text, before, after])).toEqual([
      ['same', 'a', 1, 1],
      ['gone', 'b', 2, null],
      ['new', 'x', null, 2],
      ['same', 'c', 3, 3],
    ]);
  });

  it('of JSON are differences in meaning: the order of keys is none', () => {
    expect(jsonText({ b: 1, a: [{ d: 1, c: 2 }] })).toBe(jsonText({ a: [{ c: 2, d: 1 }], b: 1 }));
    expect(jsonText(undefined)).toBe('');
  });

  it('fold what is far from a change', () => {
    const many = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    const parts = folded(diffTexts(many.join('\n'), [...many.slice(0, 19), 'new'].join('\n')), 2);
    expect(parts[0]).toMatchObject({ kind: 'fold' });
    expect(parts.filter(({ kind }) => kind !== 'fold')).toHaveLength(4);
    expect(folded(diffTexts('a', 'a'))).toHaveLength(1);
  });
});
