import { crc32 } from 'node:zlib';

import { expect, it } from 'vitest';

import type { FileHandle } from '../../../../ports.ts';
import { contextFor, memoryFiles } from '../../../testing/context.ts';
import { xlsxMime } from '../../read-xlsx.ts';
import { runReadRows } from '../read-rows/run.ts';
import { readRowsSpec } from '../read-rows/spec.ts';
import { runConvertFile } from './run.ts';
import { convertFileSpec } from './spec.ts';

const files = memoryFiles();
async function given(name: string, mime: string, content: string | Uint8Array): Promise<FileHandle> {
  async function* bytes() {
    yield Buffer.from(content as string);
  }
  return files.create('team', { name, mime, run: 'run' }, bytes());
}
const convert = async (file: FileHandle, to: string, give = 'text') =>
  (await runConvertFile(contextFor(convertFileSpec, { file: { ...file }, to, give }, { files }))).output as unknown as {
    text: string;
    file: FileHandle;
    rows: number;
    pages: number;
  };

it('makes a table into every other kind, Excel and back among them', async () => {
  const table = await given('t.csv', 'text/csv', 'id,text\n7,"a|b"\n8,=1+1\n');
  expect(await convert(table, 'jsonl')).toMatchObject({ text: '{"id":7,"text":"a|b"}\n{"id":8,"text":"=1+1"}\n', rows: 2 });
  expect((await convert(table, 'markdown')).text).toBe('| id | text |\n| --- | --- |\n| 7 | a\\|b |\n| 8 | =1+1 |\n');
  expect((await convert(table, 'html')).text).toContain('<td>=1+1</td>');
  const { file } = await convert(table, 'xlsx', 'file');
  expect(file).toMatchObject({ name: 't.xlsx', mime: xlsxMime });
  const { output } = await runReadRows(contextFor(readRowsSpec, { file: { ...file } }, { files }));
  expect(output).toMatchObject({
    rows: [
      { id: 7, text: 'a|b' },
      { id: 8, text: '=1+1' },
    ],
    columns: ['id', 'text'],
  });
});

it('gives the text of HTML and PDF, and refuses to make a table of them', async () => {
  const html = await given('p.html', 'text/html', '<h1>Hi</h1><script>alert(1)</script><p>a <b>b</b></p>');
  expect((await convert(html, 'markdown')).text).toBe('# Hi\n\na **b**');
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 144]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
  ];
  const content = 'BT /F1 24 Tf 10 100 Td (Hello PDF) Tj ET';
  const all = [...objects, `<</Length ${content.length}>>stream\n${content}\nendstream`, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'];
  const pdf = await given(
    'p.pdf',
    'application/pdf',
    `%PDF-1.4\n${all.map((one, at) => `${at + 1} 0 obj${one}endobj\n`).join('')}trailer<</Root 1 0 R>>\n`,
  );
  expect(await convert(pdf, 'text')).toMatchObject({ text: 'Hello PDF\n', pages: 1 });
  await expect(convert(pdf, 'csv')).rejects.toMatchObject({ code: 'file.no-conversion' });
});

/** A file of parts as Office writes it, nothing packed. */
function zipOf(parts: Record<string, string>): Buffer {
  const heads: Buffer[] = [];
  const bodies: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(parts)) {
    const [title, content] = [Buffer.from(name), Buffer.from(text)];
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(content.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(title.length, 22);
    const body = Buffer.concat([Buffer.from('PK\x03\x04'), facts, title, content]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    heads.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), facts, rest, title]));
    bodies.push(body);
    at += body.length;
  }
  const directory = Buffer.concat(heads);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(heads.length, 4);
  end.writeUInt16LE(heads.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...bodies, directory, Buffer.from('PK\x05\x06'), end]);
}

it('gives the text of a Word document, and its headings, marks and links as Markdown and HTML', async () => {
  const kinds = 'http://schemas.openxmlformats.org';
  const run = (text: string, marks = '') => `<w:r><w:rPr>${marks}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r>`;
  const body = `<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>${run('Terms &amp; prices')}</w:p><w:p>${run('From ')}${run('May', '<w:b/>')}${run(' on: 7 €')}</w:p>`;
  const docx = zipOf({
    '[Content_Types].xml': `<Types xmlns="${kinds}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': `<Relationships xmlns="${kinds}/package/2006/relationships"><Relationship Id="r1" Type="${kinds}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    'word/document.xml': `<w:document xmlns:w="${kinds}/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
  });
  const file = await given('terms.docx', 'application/zip', docx);
  expect((await convert(file, 'text')).text.trim()).toBe('Terms & prices\n\nFrom May on: 7 €');
  expect((await convert(file, 'html')).text).toContain('<strong>May</strong>');
  expect((await convert(file, 'markdown')).text).toContain('From **May** on: 7 €');
  expect(await convert(file, 'markdown', 'file')).toMatchObject({ file: { name: 'terms.md', mime: 'text/markdown' } });
  await expect(convert(file, 'csv')).rejects.toMatchObject({ code: 'file.no-conversion' });
});

it('says that a damaged or oversized Office file is one, and unpacks nothing of it', async () => {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(20_000, 10);
  await expect(convert(await given('b.docx', 'application/zip', end), 'text')).rejects.toMatchObject({ code: 'file.too-large' });
  await expect(convert(await given('c.docx', 'application/zip', 'PK nothing'), 'text')).rejects.toMatchObject({ code: 'file.bad-office' });
});
