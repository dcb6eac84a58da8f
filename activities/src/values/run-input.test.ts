import { describe, expect, it } from 'vitest';
import { checkInput, inputsFault } from './run-input.ts';

const schema = { type: 'object', properties: { text: { type: 'string', minLength: 1 }, times: { type: 'integer', default: 2 } }, required: ['text'] };
const pathsOf = (given: unknown, by: unknown = schema): string[] => {
  try {
    checkInput(by, given);
    return [];
  } catch (error) {
    return (error as { details: { path: string }[] }).details.map((fault) => fault.path).sort();
  }
};

describe("a run's input", () => {
  it('gets its defaults and is not changed in place', () => {
    const given = { text: 'a' };
    expect(checkInput(schema, given)).toEqual({ text: 'a', times: 2 });
    expect(given).toEqual({ text: 'a' });
  });

  it('is refused with the place of every fault', () => {
    expect(pathsOf({ times: 'x' })).toEqual(['/input/text', '/input/times']);
    expect(pathsOf('x')).toEqual(['/input']);
    expect(pathsOf({ 'a/b': 1 }, { type: 'object', additionalProperties: false })).toEqual(['/input/a~1b']);
  });

  it('is any object where the workflow has no schema', () => {
    expect(checkInput(undefined, undefined)).toEqual({});
    expect(pathsOf([], undefined)).toEqual(['/input']);
  });

  it('meets a hostile pattern in linear time', () => {
    const hostile = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    const began = performance.now();
    expect(pathsOf({ a: `${'a'.repeat(50_000)}b` }, hostile)).toEqual(['/input/a']);
    expect(performance.now() - began).toBeLessThan(30_000);
  });

  it('keeps the patterns of one schema apart', () => {
    const two = { type: 'object', properties: { a: { type: 'string', pattern: '^a+$' }, b: { type: 'string', pattern: '^b+$' } } };
    expect(pathsOf({ a: 'aa', b: 'bb' }, two)).toEqual([]);
    expect(pathsOf({ a: 'bb', b: 'aa' }, two)).toEqual(['/input/a', '/input/b']);
  });

  it('has schemas told apart from what is none, without fetching anything', () => {
    expect(inputsFault(schema)).toBeNull();
    for (const bad of [
      { type: 'objekt' },
      { properties: 5 },
      { $ref: 'https://evil.example/schema.json' },
      { type: 'string', pattern: '(' },
      { pattern: '(?=a)' },
    ])
      expect(inputsFault(bad), JSON.stringify(bad)).not.toBeNull();
  });
});
