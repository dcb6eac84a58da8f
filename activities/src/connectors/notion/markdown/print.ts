/** Blocks of Notion to markdown. What markdown has no word for becomes the nearest thing: a callout a quote, a toggle a list item, a file a link. */
import type { Block, Content } from './block.ts';
import { wordOf } from './languages.ts';
import { escapeText, fromRichText, plainOf } from './rich-text.ts';

/** Markdown of blocks, without a line break at the end. */
export function toMarkdown(blocks: readonly Block[]): string {
  let text = '';
  let before: Block | null = null;
  let number = 0;
  for (const block of blocks) {
    number = block.type === 'numbered_list_item' ? number + 1 : 0;
    const lines = print(block, number);
    if (lines === '') continue;
    if (before !== null) text += isItem(block) && isItem(before) && sameList(block, before) ? '\n' : '\n\n';
    text += lines;
    before = block;
  }
  return text;
}

const items = new Set(['bulleted_list_item', 'numbered_list_item', 'to_do', 'toggle']);
const isItem = ({ type }: Block): boolean => items.has(type);
const sameList = (a: Block, b: Block): boolean => (a.type === 'numbered_list_item') === (b.type === 'numbered_list_item');

function print({ type, content }: Block, number: number): string {
  const text = fromRichText(content.rich_text ?? []);
  switch (type) {
    case 'paragraph':
      return withChildren(lineStarts(text), content);
    case 'heading_1':
    case 'heading_2':
    case 'heading_3':
    case 'heading_4':
      return withChildren(`${'#'.repeat(Math.min(3, Number(type.at(-1))))} ${text.replaceAll('\n', ' ')}`, content);
    case 'bulleted_list_item':
    case 'toggle':
      return item('- ', text, content);
    case 'numbered_list_item':
      return item(`${number}. `, text, content);
    case 'to_do':
      return item('- ', `[${content.checked === true ? 'x' : ' '}] ${text}`, content, true);
    case 'quote':
    case 'callout':
      return quoted(content.icon?.emoji === undefined ? lineStarts(text) : `${content.icon.emoji} ${lineStarts(text)}`, content);
    case 'code':
      return fenced(plainOf(content.rich_text), wordOf(content.language));
    case 'divider':
      return '---';
    case 'equation':
      return `$$\n${content.expression ?? ''}\n$$`;
    case 'table':
      return table(content);
    case 'table_of_contents':
    case 'breadcrumb':
      return '';
    case 'column_list':
    case 'column':
    case 'synced_block':
    case 'template':
    case 'tab':
      return toMarkdown(content.children ?? []);
    default:
      return linked(type, content);
  }
}

function withChildren(text: string, { children = [] }: Content): string {
  return [text, ...(children.length === 0 ? [] : [toMarkdown(children)])].filter((one) => one !== '').join('\n\n');
}

function item(marker: string, text: string, { children = [] }: Content, task = false): string {
  const indent = ' '.repeat(marker.length);
  const [first = '', ...rest] = (task ? text : lineStarts(text, /^\[[ xX]\]/)).split('\n');
  const inner = toMarkdown(children);
  const own = [first, ...rest.map((line) => indent + line)].join('\n');
  if (inner === '') return (marker + own).trimEnd();
  const gap = children[0] !== undefined && isItem(children[0]) ? '\n' : '\n\n';
  return `${marker}${own}${gap}${inner
    .split('\n')
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n')}`;
}

function quoted(text: string, { children = [] }: Content): string {
  const inner = children.length === 0 ? text : `${text}\n\n${toMarkdown(children)}`;
  return inner
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/^ *(`{3,})/gm)].map(([, ticks = '']) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function table({ children = [], has_column_header: header = false }: Content): string {
  const rows = children.map(({ content }) => (content.cells ?? []).map((cell) => fromRichText(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')));
  const width = Math.max(1, ...rows.map((cells) => cells.length));
  const all = header || rows.length === 0 ? rows : [Array.from({ length: width }, () => ''), ...rows];
  const [head = [], ...body] = all.map((cells) => `| ${Array.from({ length: width }, (_, at) => cells[at] ?? '').join(' | ')} |`);
  return [head, `|${' --- |'.repeat(width)}`, ...body].join('\n');
}

/** Images, files, bookmarks, pages: by their address. */
function linked(type: string, content: Content): string {
  const url = content.external?.url ?? content.file?.url ?? content.url;
  const caption = plainOf(content.caption);
  if (url !== undefined)
    return type === 'image' ? `![${caption.replaceAll(/[[\]]/g, '')}](${url})` : `[${escapeText(caption || content.name || url)}](${url})`;
  const page = content.page_id ?? content.database_id;
  if (page !== undefined) return `[${type.replaceAll('_', ' ')}](https://www.notion.so/${page.replaceAll('-', '')})`;
  if (content.title !== undefined) return `**${escapeText(content.title)}**`;
  return content.children === undefined ? '' : toMarkdown(content.children);
}

/** Lines of a text that would begin something else begin with a backslash. */
function lineStarts(text: string, more?: RegExp): string {
  return text
    .split('\n')
    .map((line) => {
      if (more?.test(line) === true) return `\\${line}`;
      if (/^ *\d{1,9}[.)]( |$)/.test(line)) return line.replace(/[.)]/, '\\$&');
      return /^ *([-+>|]|#{1,6} |\${2})/.test(line) ? line.replace(/\S/, '\\$&') : line;
    })
    .join('\n');
}
