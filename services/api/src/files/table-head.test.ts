import { describe, expect, it } from 'vitest';
import { mimeOf, sniffed } from './sniff.ts';
import { checkTableHead } from './table-head.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const codeOf = (name: string, content: string | Uint8Array, whole = true): string => {
  try {
    checkTableHead({ bytes: typeof content === 'string' ? bytes(content) : content, whole }, name);
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('a file that calls itself a table', () => {
  it.each([
    ['a.csv', 'a,b\n1,2\n', 'ok'],
    ['a.csv', '\uFEFFa;b\r\n1;2', 'ok'],
    ['a.csv', '"a ""quoted"" name","with\nline"\n1,2', 'ok'],
    ['a.csv', 'only one column', 'ok'],
    ['a.csv', '"a,b\n1,2', 'file.bad-csv'],
    ['a.csv', 'a,__proto__\n', 'file.forbidden-column'],
    ['a.csv', `${'a,'.repeat(1_000)}a`, 'file.too-many-columns'],
    ['a.csv', '', 'file.empty'],
    ['a.json', '[{"a":1}]', 'ok'],
    ['a.json', '[{"a":1}', 'file.bad-json'],
    ['a.txt', '"a,b', 'ok'],
    ['a.bin', '', 'ok'],
  ])('%s with %j is %s', (name, content, code) => expect(codeOf(name, content)).toBe(code));

  it('may go on beyond the part looked at', () => {
    expect(codeOf('a.json', '[{"a":1},', false)).toBe('ok');
    expect(codeOf('a.csv', `a,b\n${'1,2\n'.repeat(100)}`, false)).toBe('ok');
    expect(codeOf('a.csv', Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0xc3]), false)).toBe('ok');
  });

  it('may be UTF-16 with a byte order mark', () => expect(codeOf('a.csv', Buffer.from('\uFEFFa,b\n1,2', 'utf16le'))).toBe('ok'));
});

describe('the type of a file', () => {
  it('is decided by content; the name only chooses between texts', () => {
    expect(mimeOf(bytes('%PDF-1.7'), 'a.csv', true)).toBe('application/pdf');
    expect(mimeOf(bytes('<html>'), 'a.html', true)).toBe('text/plain');
    expect(mimeOf(bytes('a,b'), 'a.csv', true)).toBe('text/csv');
    expect(mimeOf(bytes('{"a":1}'), 'a', true)).toBe('application/json');
    expect(mimeOf(Buffer.from([0, 1, 2]), 'a.txt', true)).toBe('application/octet-stream');
  });

  it('is found without losing a byte', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 40; i++) yield Buffer.alloc(5_000, 65 + i);
    }
    const { content } = await sniffed(source(), 'a.bin');
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(Buffer.concat(Array.from({ length: 40 }, (_, i) => Buffer.alloc(5_000, 65 + i))))).toBe(true);
  });
});
