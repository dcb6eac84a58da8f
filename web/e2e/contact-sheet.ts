/** One page, and one picture of it, with every view side by side: wide and narrow, light and dark. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';

const thumb: Record<number, number> = { 1280: 320, 390: 104, 1920: 356 };
/** Chromium draws no picture higher than this. */
const mostPixels = 16_000;
const rowPixels = 236;
const perRow = 1;

function sheetHtml(names: readonly string[], widths: readonly number[], themes: readonly string[]): string {
  const cell = (name: string, width: number, theme: string): string =>
    `<a href="./${name}-${width}-${theme}.png"><img loading="eager" width="${thumb[width] ?? 200}" onerror="this.parentElement.remove()" src="./${name}-${width}-${theme}.png" alt="${name}, ${width} px, ${theme}"></a>`;
  const rows = names.map(
    (name) =>
      `<figure id="${name}"><figcaption>${name.replace('~', ': ')}</figcaption>${themes.flatMap((theme) => widths.map((width) => cell(name, width, theme))).join('')}</figure>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>Contact sheet</title>
<style>body{margin:24px;font:13px/20px system-ui;background:#e9e9e6;color:#21201c;display:grid;grid-template-columns:repeat(${perRow},max-content);gap:16px 32px}
figure{margin:0}figcaption{font-weight:600;grid-column:1/-1}img{vertical-align:top;margin-right:8px;outline:1px solid #bbb}</style>
${rows.join('\n')}`;
}

/** Writes `index.html` and `sheet.png` (several where one would be too high) beside the pictures. */
export async function writeSheet(
  browser: Browser,
  out: string,
  names: readonly string[],
  widths: readonly number[],
  themes: readonly string[],
): Promise<{ html: string; png: string }> {
  const html = join(out, 'index.html');
  writeFileSync(html, sheetHtml(names, widths, themes));
  const perPicture = Math.floor(mostPixels / rowPixels) * perRow;
  const page = await browser.newPage({ viewport: { width: 1860, height: 1000 } });
  const made: string[] = [];
  for (let from = 0; from < names.length; from += perPicture) {
    const part = join(out, `sheet${from === 0 ? '' : `-${from / perPicture + 1}`}.html`);
    writeFileSync(part, sheetHtml(names.slice(from, from + perPicture), widths, themes));
    await page.goto(pathToFileURL(part).href, { waitUntil: 'load' });
    const png = part.replace(/html$/, 'png');
    await page.screenshot({ path: png, fullPage: true });
    made.push(png);
  }
  await page.close();
  return { html, png: made.join(', ') };
}
