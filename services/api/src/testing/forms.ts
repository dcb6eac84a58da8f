import type { Ask } from './harness.ts';

/** A multipart body with one file. */
export function formFile(content: string | Buffer, options: { field?: string; name?: string } = {}): Pick<Ask, 'raw' | 'headers'> {
  const boundary = 'hubboundary';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="${options.field ?? 'file'}"; filename="${options.name ?? 'a.csv'}"\r\ncontent-type: text/csv\r\n\r\n`;
  return {
    raw: Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from(`\r\n--${boundary}--\r\n`)]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}
