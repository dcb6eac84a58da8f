import { describe, expect, it } from 'vitest';
import { cleanJsonText, previewOf } from './text.ts';

describe('cleanJsonText', () => {
  it('replaces NUL and lone surrogates, raw or escaped, and nothing else', () => {
    const cases: [string, string][] = [
      [String.raw`"a\u0000b"`, '"a\uFFFDb"'],
      [String.raw`"a\\u0000b"`, String.raw`"a\\u0000b"`],
      [String.raw`"a\\\u0000b"`, String.raw`"a\\` + '\uFFFDb"'],
      [String.raw`"\ud83d\ude00"`, String.raw`"\ud83d\ude00"`],
      [String.raw`"\ud83dx"`, '"\uFFFDx"'],
      [String.raw`"\ude00\ud83d"`, '"\uFFFD\uFFFD"'],
      ['"\ud83d"', '"\uFFFD"'],
      ['"😀"', '"😀"'],
    ];
    for (const [given, wanted] of cases) expect(cleanJsonText(given)).toEqual({ text: wanted, changed: given !== wanted });
  });
});

describe('previewOf', () => {
  it('cuts what is long, wide or deep and marks the cut', () => {
    const deep = { a: { b: { c: { d: { e: { f: 1 } } } } } };
    expect(previewOf(JSON.stringify(deep))).toEqual({ a: { b: { c: { d: { e: '…' } } } } });
    expect((previewOf(JSON.stringify(Array.from({ length: 50 }, (_, i) => i))) as unknown[]).length).toBe(21);
    expect((previewOf(JSON.stringify('x'.repeat(1000))) as string).length).toBe(301);
  });
  it('never cuts a surrogate pair in two', () => {
    expect((previewOf(JSON.stringify(`${'x'.repeat(299)}😀`)) as string).isWellFormed()).toBe(true);
  });
  it('answers null for what is no JSON', () => {
    expect(previewOf('{')).toBeNull();
  });
});
