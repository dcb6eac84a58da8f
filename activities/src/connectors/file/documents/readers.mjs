/** What the child can read. Each library is loaded for its own kind only. */

/** Cells as JSON has them: dates are ISO 8601, a bare day without its time. */
function cellOf(value) {
  if (!(value instanceof Date)) return value ?? null;
  const iso = value.toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso;
}

/** @type {Record<string, (file: Buffer) => Promise<unknown>>} */
export const readers = {
  async xlsx(file) {
    const { default: readXlsxFile } = await import('read-excel-file/node');
    const sheets = await readXlsxFile(file, { trim: false });
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data.map((row) => row.map(cellOf)) }));
  },
  async pdf(file) {
    const { extractText, getDocumentProxy } = await import('unpdf');
    const document = await getDocumentProxy(new Uint8Array(file), { isEvalSupported: false, useSystemFonts: false });
    const { text } = await extractText(document, { mergePages: false });
    return text;
  },
  async docx(file) {
    const { default: mammoth } = await import('mammoth');
    const { value } = await mammoth.extractRawText({ buffer: file });
    return value;
  },
  async 'docx-html'(file) {
    const { default: mammoth } = await import('mammoth');
    const { value } = await mammoth.convertToHtml(
      { buffer: file },
      { convertImage: mammoth.images.imgElement(async () => ({ src: '' })), externalFileAccess: false },
    );
    return value;
  },
  async 'html-markdown'(file) {
    const { default: Turndown } = await import('turndown');
    const turndown = new Turndown({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
    turndown.remove(['script', 'style', 'noscript', 'template']);
    return turndown.turndown(file.toString('utf8'));
  },
};
