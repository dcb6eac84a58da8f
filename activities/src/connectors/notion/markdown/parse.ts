/** Markdown to blocks of Notion: headings, paragraphs, lists, to-dos, quotes, code, tables, images, equations, dividers. What it does not know stays as text. */
import type { Block } from './block.ts';
import { textBlocks } from './block.ts';
import { languageOf } from './languages.ts';
import { fromRichText, plainText, toRichText } from './rich-text.ts';

/** Notion takes two levels below a block in one request; what is deeper moves up to the second. */
const maxLevel = 2;

/** Blocks of a markdown text. */
export function toBlocks(markdown: string): Block[] {
  return nested(parse(markdown.replaceAll('\r\n', '\n').replaceAll('\t', '    ').split('\n')), 0);
}

/** Lines with a place in them; each reader takes the lines of its block. */
interface Lines {
  all: readonly string[];
  at: number;
}
type Reader = (lines: Lines) => Block[] | null;

function parse(all: readonly string[]): Block[] {
  const lines: Lines = { all, at: 0 };
  const blocks: Block[] = [];
  while (lines.at < all.length) {
    if (all[lines.at]?.trim() === '') lines.at += 1;
    else blocks.push(...(read(lines) ?? paragraph(lines)));
  }
  return blocks;
}

function read(lines: Lines): Block[] | null {
  for (const reader of readers) {
    const blocks = reader(lines);
    if (blocks !== null) return blocks;
  }
  return null;
}

const code: Reader = (lines) => {
  const [, indent = '', fence = '', language = ''] = /^( *)(`{3,}|~{3,}) *([^`]*)$/.exec(lines.all[lines.at] ?? '') ?? [];
  if (fence === '') return null;
  const inner: string[] = [];
  for (lines.at += 1; lines.at < lines.all.length; lines.at += 1) {
    const line = lines.all[lines.at] ?? '';
    const closes = line.trim();
    if (closes.length >= fence.length && closes === (fence[0] ?? '').repeat(closes.length)) break;
    inner.push(line.startsWith(indent) ? line.slice(indent.length) : line.trimStart());
  }
  lines.at += 1;
  return textBlocks('code', plainText(inner.join('\n')), { language: languageOf(language.trim()) });
};

const heading: Reader = (lines) => {
  const [, marks = '', text = ''] = /^ {0,3}(#{1,6}) +(.*)$/.exec(lines.all[lines.at] ?? '') ?? [];
  if (marks === '') return null;
  lines.at += 1;
  return textBlocks(`heading_${Math.min(3, marks.length)}`, toRichText(text.trim()));
};

const divider: Reader = (lines) => {
  const bare = (lines.all[lines.at] ?? '').replaceAll(' ', '');
  if (bare.length < 3 || !['-', '*', '_'].some((mark) => bare === mark.repeat(bare.length))) return null;
  lines.at += 1;
  return [{ type: 'divider', content: {} }];
};

const equation: Reader = (lines) => {
  if (lines.all[lines.at]?.trim() !== '$$') return null;
  const end = lines.all.findIndex((line, at) => at > lines.at && line.trim() === '$$');
  if (end < 0) return null;
  const expression = lines.all.slice(lines.at + 1, end).join('\n');
  lines.at = end + 1;
  return [{ type: 'equation', content: { expression } }];
};

const quote: Reader = (lines) => {
  const inner: string[] = [];
  for (; lines.at < lines.all.length; lines.at += 1) {
    const found = /^ {0,3}> ?(.*)$/.exec(lines.all[lines.at] ?? '');
    if (found === null) break;
    inner.push(found[1] ?? '');
  }
  if (inner.length === 0) return null;
  const { text, rest } = headOf(inner);
  return textBlocks('quote', toRichText(text), { children: parse(rest) });
};

const image: Reader = (lines) => {
  const [, caption = '', url = ''] = /^ *!\[([^\]]*)\]\((https?:\/\/[^)\s]+)\) *$/i.exec(lines.all[lines.at] ?? '') ?? [];
  if (url === '') return null;
  lines.at += 1;
  return [{ type: 'image', content: { external: { url }, ...(caption === '' ? {} : { caption: toRichText(caption) }) } }];
};

const table: Reader = (lines) => {
  const [head, under] = [cellsOf(lines.all[lines.at]), cellsOf(lines.all[lines.at + 1])];
  if (head === null || under === null || under.length < head.length || !under.every((cell) => /^:?-+:?$/.test(cell))) return null;
  const rows = [head];
  for (lines.at += 2; lines.at < lines.all.length; lines.at += 1) {
    const cells = cellsOf(lines.all[lines.at]);
    if (cells === null) break;
    rows.push(cells);
  }
  const children = rows.map((cells): Block => ({ type: 'table_row', content: { cells: head.map((_, at) => toRichText(cells[at] ?? '')) } }));
  return [{ type: 'table', content: { table_width: head.length, has_column_header: true, has_row_header: false, children } }];
};

/** Cells between bars, or null for a line that is no row. A bar after a backslash belongs to its cell. */
function cellsOf(line: string | undefined): string[] | null {
  const text = line?.trim() ?? '';
  if (!text.startsWith('|') || text.length < 2) return null;
  const cells: string[] = [];
  let cell = '';
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === '\\' && text[at + 1] === '|') {
      cell += '|';
      at += 1;
    } else if (text[at] === '\\') {
      cell += text.slice(at, at + 2);
      at += 1;
    } else if (text[at] === '|') {
      cells.push(cell.trim());
      cell = '';
    } else cell += text[at];
  }
  if (cell.trim() !== '') cells.push(cell.trim());
  return cells;
}

interface Item {
  indent: number;
  /** Where the text begins. */
  column: number;
  ordered: boolean;
  text: string;
}

function itemAt(line: string | undefined): Item | null {
  const [all, indent = '', marker = '', text = ''] = /^( *)([-*+]|\d{1,9}[.)])(?: +(.*))?$/.exec(line ?? '') ?? [];
  if (all === undefined) return null;
  return { indent: indent.length, column: indent.length + marker.length + 1, ordered: marker.length > 1, text };
}

const list: Reader = (lines) => {
  const item = itemAt(lines.all[lines.at]);
  if (item === null) return null;
  const inner = [item.text];
  for (lines.at += 1; lines.at < lines.all.length; lines.at += 1) {
    const line = lines.all[lines.at] ?? '';
    const depth = line.length - line.trimStart().length;
    if (line.trim() === '') {
      // A blank line belongs to the item when what follows does.
      const next = lines.all[nextText(lines)] ?? '';
      if (next.length - next.trimStart().length <= item.indent) break;
      inner.push('');
    } else if (depth <= item.indent) break;
    else inner.push(line.slice(Math.min(depth, item.column)));
  }
  const { text, rest } = headOf(inner);
  const children = parse(rest);
  const [, box, task = ''] = /^\[([ xX])\](?: +([\s\S]*))?$/.exec(text) ?? [];
  if (box !== undefined) return textBlocks('to_do', toRichText(task), { checked: box !== ' ', children });
  return textBlocks(item.ordered ? 'numbered_list_item' : 'bulleted_list_item', toRichText(text), { children });
};

function nextText({ all, at }: Lines): number {
  let next = at;
  while (next < all.length && all[next]?.trim() === '') next += 1;
  return next;
}

/** The text that a quote or an item begins with, and the lines behind it. */
function headOf(inner: readonly string[]): { text: string; rest: string[] } {
  const text = [inner[0]?.trim() ?? ''];
  let at = 1;
  while (at < inner.length && inner[at]?.trim() !== '' && !interrupts(inner, at)) {
    text.push(inner[at]?.trim() ?? '');
    at += 1;
  }
  return { text: text.join('\n'), rest: inner.slice(at) };
}

function paragraph(lines: Lines): Block[] {
  const text = [lines.all[lines.at]?.trim() ?? ''];
  for (lines.at += 1; lines.at < lines.all.length; lines.at += 1) {
    const line = lines.all[lines.at]?.trim() ?? '';
    if (line === '' || interrupts(lines.all, lines.at)) break;
    text.push(line);
  }
  return textBlocks('paragraph', toRichText(text.join('\n')));
}

/** Does a line end the paragraph before it? A number does only where a list would begin: a year at the beginning of a line is text. */
function interrupts(all: readonly string[], at: number): boolean {
  const item = itemAt(all[at]);
  if (item !== null) return !item.ordered || /^ *1[.)]/.test(all[at] ?? '');
  return read({ all: all.slice(at, at + 2), at: 0 }) !== null || /^ *(`{3}|~{3})/.test(all[at] ?? '');
}

const readers: readonly Reader[] = [code, heading, divider, equation, quote, image, table, list];

function nested(blocks: readonly Block[], level: number): Block[] {
  return blocks.flatMap((block) => {
    const { children, ...content } = block.content;
    if (block.type === 'table') return level < maxLevel ? [block] : rowsAsText(block);
    if (children === undefined) return [block];
    const inner = nested(children, Math.min(level + 1, maxLevel));
    if (level < maxLevel) return [{ ...block, content: { ...content, children: inner } }];
    return [{ ...block, content }, ...inner];
  });
}

function rowsAsText({ content }: Block): Block[] {
  return (content.children ?? []).flatMap((row) =>
    textBlocks('paragraph', toRichText((row.content.cells ?? []).map((cell) => fromRichText(cell)).join(' | '))),
  );
}
