/** A block of Notion as its API takes it: `{ type: 'paragraph', paragraph: { rich_text, children? } }`. */
import type { GivenText, RichText } from './rich-text.ts';

export interface Content {
  rich_text?: GivenText[];
  children?: Block[];
  checked?: boolean;
  language?: string;
  caption?: GivenText[];
  expression?: string;
  url?: string;
  title?: string;
  name?: string;
  external?: { url: string };
  file?: { url: string };
  icon?: { emoji?: string } | null;
  cells?: GivenText[][];
  table_width?: number;
  has_column_header?: boolean;
  has_row_header?: boolean;
  page_id?: string;
  database_id?: string;
}
export interface Block {
  object?: 'block';
  type: string;
  /** Content by the name of the type. */
  content: Content;
}

/** Notion takes that many texts in one block. */
const mostTexts = 100;

/** A block of text; several where there is more text than Notion takes in one. */
export function textBlocks(type: string, texts: RichText[], more: Content = {}): Block[] {
  const { children, ...rest } = more;
  const blocks: Block[] = [];
  for (let at = 0; at === 0 || at < texts.length; at += mostTexts)
    blocks.push({ type, content: { rich_text: texts.slice(at, at + mostTexts), ...rest } });
  const last = blocks.at(-1);
  if (last !== undefined && children !== undefined && children.length > 0) last.content.children = children;
  return blocks;
}

/** As the API takes it. */
export function toRequest({ type, content }: Block): { [key: string]: unknown } {
  const { children, ...rest } = content;
  return { object: 'block', type, [type]: { ...rest, ...(children === undefined ? {} : { children: children.map(toRequest) }) } };
}

/** How many blocks it is with all below it. */
export function sizeOf({ content }: Block): number {
  return 1 + (content.children ?? []).reduce((sum, child) => sum + sizeOf(child), 0);
}
