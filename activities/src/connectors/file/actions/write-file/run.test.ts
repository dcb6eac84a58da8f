import { describe, expect, it } from 'vitest';

import { contextFor, memoryFiles } from '../../../testing/context.ts';
import { runReadRows } from '../read-rows/run.ts';
import { readRowsSpec } from '../read-rows/spec.ts';
import { runWriteFile } from './run.ts';
import { writeFileSpec } from './spec.ts';

async function write(params: Record<string, unknown>) {
  const files = memoryFiles();
  const { output } = await runWriteFile(contextFor(writeFileSpec, params, { files }));
  const { file, rows } = output as { file: { $file: string; name: string; mime: string }; rows: number };
  return { file, rows, files, text: files.contents.get(file.$file)?.bytes.toString('utf8') };
}

describe('writing files', () => {
  it('writes CSV that spreadsheets do not run', async () => {
    const { text, file, rows } = await write({
      name: 'out',
      content: [
        { a: '=1+1', b: -5, c: '+49 30' },
        { a: '@cmd', b: '-2', d: 'x,"y"\n' },
        { a: '-x', c: '\tTab', e: { k: [1] } },
      ],
    });
    expect(text).toBe('\uFEFFa,b,c,d,e\r\n\'=1+1,-5,\'+49 30,,\r\n\'@cmd,-2,,"x,""y""\n",\r\n\'-x,,"\'\tTab",,"{""k"":[1]}"\r\n');
    expect(file).toMatchObject({ name: 'out.csv', mime: 'text/csv' });
    expect(rows).toBe(3);
  });

  it('writes what the reader reads back', async () => {
    const content = [
      { id: 1, text: 'a "quoted", one\nline', ok: true, none: null },
      { id: 2, text: 'zwei; drei', ok: false, none: null },
    ];
    for (const format of ['csv', 'json', 'jsonl']) {
      const { file, files } = await write({ name: 'x', format, content });
      const { output } = await runReadRows(contextFor(readRowsSpec, { file }, { files }));
      expect(output).toMatchObject({ rows: content, count: 2 });
    }
  });

  it("writes any JSON, and rows out of a read step's output", async () => {
    expect((await write({ name: 'x.json', format: 'json', content: { a: 1 } })).text).toBe('{\n  "a": 1\n}\n');
    expect((await write({ name: 'x', content: { rows: [{ a: 1 }], count: 1 } })).rows).toBe(1);
    expect((await write({ name: 'x', columns: ['b', 'a'], content: [{ a: 1, b: 2, c: 3 }] })).text).toBe('\uFEFFb,a\r\n2,1\r\n');
  });

  it('refuses content without rows and cleans names', async () => {
    await expect(write({ name: 'x', content: 'text' })).rejects.toMatchObject({ code: 'file.no-rows' });
    expect((await write({ name: '../../etc/passwd', content: [] })).file.name).toBe('-..-etc-passwd.csv');
    expect((await write({ name: 'a\r\nb\u202Egpj', content: [] })).file.name).toBe('a--b-gpj.csv');
  });
});
