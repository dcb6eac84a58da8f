import { expect, it } from 'vitest';

import { contextFor, memoryFiles } from '../../../testing/context.ts';
import { runValidateRows } from './run.ts';
import { validateRowsSpec } from './spec.ts';

const schema = { type: 'object', required: ['email'], properties: { email: { type: 'string', format: 'email' }, age: { type: 'integer' } } };
const rows = [{ email: 'ada@example.com', age: 36 }, { email: 'nobody' }, { age: 'x' }];

it('parts good rows from rejected ones and says what is wrong', async () => {
  const { output } = await runValidateRows(contextFor(validateRowsSpec, { source: { rows }, schema }));
  expect(output).toEqual({
    rows: [rows[0]],
    count: 1,
    rejectedCount: 2,
    rejected: [
      { index: 1, row: rows[1], errors: ['/email must match format "email"'] },
      { index: 2, row: rows[2], errors: [expect.stringContaining('email'), '/age must be integer'] },
    ],
  });
});

it('reads a file and writes good and rejected rows into files', async () => {
  const files = memoryFiles();
  const source = { $file: files.put('email,age\nada@example.com,36\nnobody,7\n') };
  const { output } = await runValidateRows(contextFor(validateRowsSpec, { source, schema, into: 'csv' }, { files }));
  const { file, rejectedFile } = output as unknown as { file: { $file: string }; rejectedFile: { $file: string } };
  expect(files.contents.get(file.$file)?.bytes.toString()).toBe('\uFEFFemail,age\r\nada@example.com,36\r\n');
  expect(files.contents.get(rejectedFile.$file)?.bytes.toString()).toContain('nobody,7,');
});

it('fails where too many are rejected, and for a schema that is none', async () => {
  await expect(runValidateRows(contextFor(validateRowsSpec, { source: rows, schema, most: 10 }))).rejects.toMatchObject({
    code: 'data.too-many-rejected',
  });
  await expect(runValidateRows(contextFor(validateRowsSpec, { source: rows, schema: { type: 'sting' } }))).rejects.toMatchObject({
    code: 'data.bad-schema',
  });
});
