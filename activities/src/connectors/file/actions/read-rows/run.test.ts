import { gzipSync } from 'node:zlib';

import { errorCode } from '@hub/kit/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { contextFor, memoryFiles } from '../../../testing/context.ts';
import { numberOf } from '../../cells.ts';
import { runReadRows } from './run.ts';
import { readRowsSpec } from './spec.ts';

interface Table {
  rows: Record<string, unknown>[];
  count: number;
  columns: string[];
}

async function read(
  content: string | Uint8Array,
  params: Record<string, unknown> = {},
  pieceBytes?: number,
): Promise<Table & { warnings: string[] }> {
  const files = memoryFiles();
  const context = contextFor(readRowsSpec, { file: { $file: files.put(content, pieceBytes) }, ...params }, { files });
  const { output } = await runReadRows(context);
  return { ...(output as unknown as Table), warnings: context.warnings };
}

async function fault(
  content: string | Uint8Array,
  params: Record<string, unknown> = {},
): Promise<{ code: string; kind: string; message: string; remedy: string }> {
  try {
    await read(content, params);
  } catch (error) {
    return {
      code: errorCode(error) ?? 'none',
      kind: (error as { kind: string }).kind,
      message: (error as Error).message,
      remedy: (error as { remedy: string }).remedy,
    };
  }
  return { code: 'no error', kind: '', message: '', remedy: '' };
}

describe('reading CSV', () => {
  it('types cells by content and keeps codes as text', async () => {
    const table = await read('id,code,price,active,note\n1,007,19.90,true,\n2,12,-3e2,FALSE,hello\n');
    expect(table).toEqual({
      rows: [
        { id: 1, code: '007', price: 19.9, active: true, note: null },
        { id: 2, code: '12', price: -300, active: false, note: 'hello' },
      ],
      count: 2,
      columns: ['id', 'code', 'price', 'active', 'note'],
      warnings: [],
    });
  });

  it('keeps what would lose something as a number', () => {
    for (const text of ['007', '+49', '1.', '.5', '12345678901234567', '1e999', '-0', '1,5', '0x10', ' 1', 'NaN', 'Infinity', ''])
      expect([text, numberOf(text)]).toEqual([text, null]);
    for (const [text, value] of [
      ['0', 0],
      ['-1.50', -1.5],
      ['1e3', 1000],
      ['123456789012345', 123456789012345],
    ] as const)
      expect(numberOf(text)).toBe(value);
  });

  it('leaves a mixed column mixed: a word among numbers does not turn them into text', async () => {
    expect((await read('rating\n5\nn/a\n4\n')).rows.map((row) => row['rating'])).toEqual([5, 'n/a', 4]);
  });

  it('finds the delimiter, quotes, line ends and the byte order mark', async () => {
    expect((await read('\uFEFFa;b\r\n"x;1";"say ""hi"""\r\n')).rows).toEqual([{ a: 'x;1', b: 'say "hi"' }]);
    expect((await read('a\tb\n1\t2\n')).rows).toEqual([{ a: 1, b: 2 }]);
    expect((await read('a,b\n"two\nlines",2\r\n3,4\r5,6')).rows).toEqual([
      { a: 'two\nlines', b: 2 },
      { a: 3, b: 4 },
      { a: 5, b: 6 },
    ]);
    expect((await read('"a,b",c\n1,2\n')).columns).toEqual(['a,b', 'c']);
  });

  it('reads UTF-16 with its mark and Windows-1252 when told', async () => {
    expect((await read(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('name\nJürgen\n', 'utf16le')]))).rows).toEqual([{ name: 'Jürgen' }]);
    expect((await read(Buffer.from('name\nJ\xfcrgen\n', 'latin1'), { encoding: 'windows-1252' })).rows).toEqual([{ name: 'Jürgen' }]);
  });

  it('names doubles and empty columns and says so', async () => {
    const table = await read('a,a,,a_2\n1,2,3,4\n');
    expect(table.columns).toEqual(['a', 'a_2', 'column_3', 'a_2_2']);
    expect(table.warnings).toEqual(['file.duplicate-column', 'file.unnamed-column', 'file.duplicate-column']);
  });

  it('fills short rows with null, skips empty lines, stops at the limit', async () => {
    const table = await read('a,b\n1\n\n2,3\n');
    expect(table.rows).toEqual([
      { a: 1, b: null },
      { a: 2, b: 3 },
    ]);
    expect(table.warnings).toEqual(['file.short-rows']);
    expect((await read(`a\n${'1\n'.repeat(5_000)}`, { limit: 3 })).count).toBe(3);
    expect((await read('a\n')).rows).toEqual([]);
    expect((await read('1,2\n3,4\n', { header: false })).rows).toEqual([
      { column_1: 1, column_2: 2 },
      { column_1: 3, column_2: 4 },
    ]);
    expect((await read('a\n1\ntrue\n', { types: 'text' })).rows).toEqual([{ a: '1' }, { a: 'true' }]);
  });

  it('gives the same rows however the bytes are cut', async () => {
    const content = 'näme,wert,text\n"Ünï ""q""",1.5,日本語😀\nx,007,"a\r\nb"\n';
    const whole = await read(content);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (piece) => {
        expect(await read(content, {}, piece)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps every row of any table that is written and read', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', ' ', '1', '😀'), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 }), async (rows) => {
        const content = `x,y,end\n${rows.map((row) => `${row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')},end`).join('\n')}\n`;
        const table = await read(content, { types: 'text', delimiter: ',' });
        expect(table.rows.map((row) => [row['x'], row['y']])).toEqual(rows.map((row) => row.map((text) => (text.trim() === '' ? null : text))));
      }),
      { numRuns: 100 },
    );
  });

  it('reads 50,000 rows in pieces without holding things up', async () => {
    const table = await read(`id,text\n${Array.from({ length: 50_000 }, (_, at) => `${at},row ${at}`).join('\n')}\n`);
    expect(table.count).toBe(50_000);
    expect(table.rows[49_999]).toEqual({ id: 49_999, text: 'row 49999' });
  });
});

describe('reading JSON', () => {
  it('finds the rows: a list, a list in an object, one object, a path, lines', async () => {
    expect((await read('[{"a":1},{"b":"x"}]')).columns).toEqual(['a', 'b']);
    expect((await read('{"meta":{},"items":[{"a":1}]}')).rows).toEqual([{ a: 1 }]);
    expect((await read('{"a":1,"tags":["x"]}')).rows).toEqual([{ a: 1, tags: ['x'] }]);
    expect((await read('{"data":{"list":[{"a":1}]}}', { path: 'data.list' })).rows).toEqual([{ a: 1 }]);
    expect((await read('{"a":1}\n{"a":2}\r\n\n{"a":3}')).rows).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect((await read('\uFEFF [1, "two"]')).rows).toEqual([{ value: 1 }, { value: 'two' }]);
    expect((await read('{\n "a": 1\n}')).rows).toEqual([{ a: 1 }]);
    expect((await read('[]')).count).toBe(0);
  });

  it('does not take a CSV header in brackets for JSON', async () => {
    expect((await read('[id],{name}\n1,x\n')).columns).toEqual(['[id]', '{name}']);
    expect((await read('{name},b\n1,x\n')).columns).toEqual(['{name}', 'b']);
  });
});

/** S9: each ends with a clear UserError, never with a crash. */
const hostile: [string, string | Uint8Array, string, Record<string, unknown>?][] = [
  ['nothing', '', 'file.empty'],
  ['only a byte order mark', '\uFEFF', 'file.empty'],
  ['only line ends', '\n\r\n\n', 'file.empty'],
  ['NUL in text', 'a,b\n1,\0\n', 'file.not-text'],
  ['NUL late in a long file', `a\n${'x\n'.repeat(60_000)}\0\n`, 'file.not-text'],
  ['random bytes', Uint8Array.from({ length: 2_000 }, (_, i) => (i * 37) % 256), 'file.not-text'],
  ['xlsx named csv', Buffer.from('PK\x03\x04rest of a workbook'), 'file.not-text'],
  ['old xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'file.not-text'],
  ['PDF', Buffer.from('%PDF-1.7 ...'), 'file.not-text'],
  ['gzip', gzipSync('a,b\n1,2\n'), 'file.not-text'],
  ['PNG', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d]), 'file.not-text'],
  ['JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'file.not-text'],
  ['empty ZIP', Buffer.from('PK\x05\x06'), 'file.not-text'],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1]), 'file.not-text'],
  ['7-Zip', Buffer.from([0x37, 0x7a, 0xbc, 0xaf]), 'file.not-text'],
  ['ELF', Buffer.from([0x7f, 0x45, 0x4c, 0x46]), 'file.not-text'],
  ['Parquet', Buffer.from('PAR1....'), 'file.not-text'],
  ['UTF-16 BE', Buffer.from([0xfe, 0xff, 0, 97]), 'file.not-text'],
  ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 97, 0, 0, 0]), 'file.not-text'],
  ['UTF-16 without mark', Buffer.from('a,b\n1,2\n', 'utf16le'), 'file.not-text'],
  ['HTML', '<!DOCTYPE html><html>sign in</html>', 'file.not-text'],
  ['html without doctype', '  <html lang="en">', 'file.not-text'],
  ['XML', '<?xml version="1.0"?><a/>', 'file.not-text'],
  ['Latin-1', Buffer.from('name\nJ\xfcrgen\n', 'latin1'), 'file.bad-encoding'],
  ['cut UTF-8', Buffer.from('name\nJ\xc3', 'latin1'), 'file.bad-encoding'],
  ['overlong UTF-8', Buffer.from([97, 10, 0xc0, 0xaf, 10]), 'file.bad-encoding'],
  ['surrogate in UTF-8', Buffer.from([97, 10, 0xed, 0xa0, 0x80, 10]), 'file.bad-encoding'],
  ['odd UTF-16', Buffer.from([0xff, 0xfe, 97, 0, 98]), 'file.bad-encoding'],
  ['lone surrogate in UTF-16', Buffer.from([0xff, 0xfe, 97, 0, 10, 0, 0, 0xd8, 98, 0]), 'file.bad-encoding'],
  ['late bad byte', Buffer.concat([Buffer.from(`a\n${'x\n'.repeat(60_000)}`), Buffer.from([0xff, 10])]), 'file.bad-encoding'],
  ['quote never closed', 'a,b\n1,"open\n2,3\n', 'file.bad-csv'],
  ['quote bomb', `a,b\n${'1,2\n'.repeat(10)}3,"${'x,\n'.repeat(2_000_000)}`, 'file.bad-csv'],
  ['row too wide', 'a,b\n1,2\n1,2,3\n', 'file.bad-csv'],
  ['row far too wide', `a,b\n${'1,'.repeat(500)}9\n`, 'file.bad-csv'],
  ['unquoted delimiter', 'name,age\nSmith, John,5\n', 'file.bad-csv'],
  ['quoted header never closed', '"a,b\n1,2\n', 'file.bad-csv'],
  ['a million columns', `${'a,'.repeat(1_000_000)}\n`, 'file.too-many-columns'],
  ['1,001 columns', `${Array.from({ length: 1_001 }, (_, i) => `c${i}`).join(',')}\n`, 'file.too-many-columns'],
  ['a wide row below', `a\n${','.repeat(1_500)}\n`, 'file.too-many-columns'],
  ['huge cell', `a\n"${'x'.repeat(1_000_001)}"\n`, 'file.cell-too-large'],
  ['huge line', 'x'.repeat(5_000_000), 'file.bad-csv'],
  ['too many rows', `a\n${'1\n'.repeat(100_001)}`, 'file.too-many-rows'],
  ['33 MB of cells', `a\n${`${'y'.repeat(999_000)}\n`.repeat(35)}`, 'file.too-large'],
  ['51 MB', Buffer.alloc(51 * 1_048_576, 'ab\n'), 'file.too-many-rows'],
  ['__proto__ column', 'a,__proto__\n1,2\n', 'file.forbidden-column'],
  ['constructor column', 'constructor\n1\n', 'file.forbidden-column'],
  ['prototype column, padded', ' prototype ,b\n1,2\n', 'file.forbidden-column'],
  ['quoted __proto__', '"__proto__"\n1\n', 'file.forbidden-column'],
  ['long column name', `${'n'.repeat(201)}\n1\n`, 'file.bad-header'],
  ['__proto__ in JSON', '[{"__proto__":{"polluted":1}}]', 'file.forbidden-column'],
  ['escaped __proto__', '[{"\\u005f_proto__":1}]', 'file.forbidden-column'],
  ['constructor deep in JSON', '[{"a":{"b":[{"constructor":1}]}}]', 'file.forbidden-column'],
  ['__proto__ in a line', '{"a":1}\n{"__proto__":2}\n', 'file.forbidden-column'],
  ['cut JSON', '[{"a":1},{"b":', 'file.bad-json'],
  ['JSON with a comma too many', '[{"a":1},]', 'file.bad-json'],
  ['two JSON values', '[1][2]', 'file.bad-json'],
  ['NaN', '[{"a":NaN}]', 'file.bad-json'],
  ['single quotes', '{"a":\'x\'}', 'file.bad-json'],
  ['comments', '[1, /* two */ 2]', 'file.bad-json'],
  ['bad escape', '["\\x41"]', 'file.bad-json'],
  ['control character', '["a\u0001b"]', 'file.bad-json'],
  ['bad line', '{"a":1}\n{"a":2}\n{"a":\n', 'file.bad-json'],
  ['hundred thousand brackets', '['.repeat(100_000), 'file.too-deep'],
  ['hundred thousand objects', '{"a":'.repeat(100_000), 'file.too-deep'],
  ['65 levels', `${'['.repeat(65)}${']'.repeat(65)}`, 'file.too-deep'],
  ['a deep line', `{"a":1}\n{"a":${'['.repeat(200)}${']'.repeat(200)}}`, 'file.too-deep'],
  ['100,001 JSON rows', `[${'1,'.repeat(100_000)}1]`, 'file.too-many-rows'],
  ['100,001 lines', '{"a":1}\n'.repeat(100_001), 'file.too-many-rows'],
  ['1,001 fields', `[${Array.from({ length: 1_001 }, (_, i) => `{"f${i}":1}`).join(',')}]`, 'file.too-many-columns'],
  ['33 MB of JSON', `["${'z'.repeat(33_600_000)}"]`, 'file.too-large'],
  ['a bare text as JSON', '"hello"', 'file.no-rows', { format: 'json' }],
  ['a bare number as JSON', '5', 'file.no-rows', { format: 'json' }],
  ['null as JSON', 'null', 'file.no-rows', { format: 'json' }],
  ['no list at the path', '{"a":{"b":1}}', 'file.no-rows', { path: 'a.b' }],
  ['a path into the prototype', '{"a":1}', 'file.no-rows', { path: '__proto__.x' }],
  ['CSV told to be JSON', 'a,b\n1,2\n', 'file.bad-json', { format: 'json' }],
  ['CSV told to be lines', 'a,b\n1,2\n', 'file.bad-json', { format: 'jsonl' }],
  ['nothing as JSON', ' \n', 'file.empty', { format: 'json' }],
  ['nothing as lines', '\n\n', 'file.empty', { format: 'jsonl' }],
];

describe('hostile files', () => {
  it('are at least sixty', () => expect(hostile.length).toBeGreaterThanOrEqual(60));

  it.each(hostile)('%s ends clearly', async (_name, content, code, params) => {
    const ended = await fault(content, params);
    expect([ended.code, ended.kind]).toEqual([code, 'user']);
    expect(ended.message.length).toBeLessThan(500);
    expect(ended.remedy).toBeTruthy();
  });

  it('name the line at fault', async () => {
    expect((await fault('a,b\n1,2\n3,4,5\n')).message).toContain('Line 3');
    expect((await fault('a,b\n1,2\n3,"x\n')).message).toMatch(/Line [34]/);
    expect((await fault('[{"a":1},\n{"a":2},\n{"a":}]')).message).toContain('Line 3');
    expect((await fault('{"a":1}\n{"a":2}\n{"a":\n')).message).toContain('Line 3');
    expect((await fault(Buffer.from('a\nb\nc\n\xff\n', 'latin1'))).message).toMatch(/line 1/);
  });

  it('that are odd but harmless are read', async () => {
    expect((await read('a,b\n=1+1,@SUM(A1)\n')).rows).toEqual([{ a: '=1+1', b: '@SUM(A1)' }]);
    expect((await read('a\n5" screen\n')).rows).toEqual([{ a: '5" screen' }]);
    expect((await read('a,b,,,\n1,2,,,\n')).rows[0]).toMatchObject({ a: 1, b: 2 });
    expect((await read('[{"a":1,"a":2}]')).rows).toEqual([{ a: 2 }]);
    expect((await read('toString,valueOf,hasOwnProperty\n1,2,3\n')).rows).toEqual([{ toString: 1, valueOf: 2, hasOwnProperty: 3 }]);
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  it('stop when the step is cancelled', async () => {
    const files = memoryFiles();
    const signal = AbortSignal.abort(new Error('cancelled'));
    const context = contextFor(readRowsSpec, { file: { $file: files.put('a\n1\n') } }, { files, signal });
    await expect(runReadRows(context)).rejects.toThrow('cancelled');
  });
});
