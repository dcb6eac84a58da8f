import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonBody } from './json-body.ts';

const codeOf = (text: string | Buffer): string => {
  try {
    parseJsonBody(Buffer.from(text));
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('a JSON body', () => {
  it('is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, noUnicodeString: true }), (value) => {
        const text = JSON.stringify(value);
        if (/__proto__|constructor|prototype|\\u0000/.test(text)) return;
        expect(parseJsonBody(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['{"a":', 'request.bad-json'],
    ['', 'request.bad-json'],
    ['{"__proto__":1}', 'request.bad-key'],
    ['{"a":{"constructor":1}}', 'request.bad-key'],
    ['[{"prototype":1}]', 'request.bad-key'],
    ['{"a":"\\u0000"}', 'request.bad-text'],
    ['{"a":"\\ud800"}', 'request.bad-text'],
    ['{"a":[1e400]}', 'request.bad-number'],
    ['-1e308', 'ok'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, 'request.too-deep'],
    [`${'['.repeat(64)}${']'.repeat(64)}`, 'ok'],
    [`"${'['.repeat(100)}"`, 'ok'],
    ['"\\"[[["', 'ok'],
  ])('%s is %s', (text, code) => expect(codeOf(text)).toBe(code));

  it('must be UTF-8', () => expect(codeOf(Buffer.from([0x22, 0xff, 0x22]))).toBe('request.bad-utf8'));

  it('names the place of the fault', () => {
    expect(() => parseJsonBody(Buffer.from('{"a":[{"b/c":"\\u0000"}]}'))).toThrow('/a/0/b~1c');
  });
});
