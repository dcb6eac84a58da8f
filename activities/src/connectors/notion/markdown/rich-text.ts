/** Inline markdown to Notion's rich text and back: bold, italic, strikethrough, code, links. Scanned by hand, in bounded steps: the text comes from anywhere. */

export interface RichText {
  type: 'text';
  text: { content: string; link?: { url: string } | null };
  annotations?: Style;
}
export interface Style {
  bold?: boolean;
  italic?: boolean;
  strikethrough?: boolean;
  code?: boolean;
}
/** What Notion answers: mentions and equations as well, of which the plain text is taken. */
export interface GivenText {
  type?: string;
  plain_text?: string;
  text?: { content: string; link?: { url: string } | null };
  equation?: { expression: string };
  href?: string | null;
  annotations?: Style;
}

/** Notion takes that many characters in one piece. */
const mostChars = 2_000;
/** How far a closing mark is looked for. */
const reach = 4_000;
const maxDepth = 6;
const escapable = new Set('\\`*_~[]()<>#+-.!|$');
const marks: [string, keyof Style][] = [
  ['**', 'bold'],
  ['~~', 'strikethrough'],
  ['*', 'italic'],
  ['_', 'italic'],
];

/** Rich text of one block's markdown. */
export function toRichText(markdown: string): RichText[] {
  const found: RichText[] = [];
  scan(markdown, {}, null, 0, found);
  return found.flatMap(inPieces);
}

/** A text as it stands, without any markdown in it. */
export function plainText(text: string): RichText[] {
  return text === '' ? [] : inPieces({ type: 'text', text: { content: text } });
}

function inPieces(one: RichText): RichText[] {
  const { content, ...rest } = one.text;
  if (content.length <= mostChars) return [one];
  const pieces: RichText[] = [];
  for (let at = 0; at < content.length; ) {
    let end = Math.min(at + mostChars, content.length);
    // Never through the middle of a character of two units.
    if (end < content.length && /[\uD800-\uDBFF]/.test(content[end - 1] ?? '')) end -= 1;
    pieces.push({ ...one, text: { content: content.slice(at, end), ...rest } });
    at = end;
  }
  return pieces;
}

function scan(text: string, style: Style, link: string | null, depth: number, into: RichText[]): void {
  let plain = '';
  const flush = (): void => {
    if (plain !== '') push(into, plain, style, link);
    plain = '';
  };
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    if (char === '\\' && escapable.has(text[at + 1] ?? '')) {
      plain += text[at + 1];
      at += 2;
      continue;
    }
    const special = depth < maxDepth ? (codeAt(text, at) ?? linkAt(text, at) ?? markAt(text, at, style)) : null;
    if (special === null) {
      plain += char;
      at += 1;
      continue;
    }
    flush();
    if (special.kind === 'code') push(into, special.inner, { ...style, code: true }, link);
    else if (special.kind === 'link') scan(special.inner, style, link ?? special.url, depth + 1, into);
    else scan(special.inner, { ...style, [special.style]: true }, link, depth + 1, into);
    at = special.end;
  }
  flush();
}

function push(into: RichText[], content: string, style: Style, link: string | null): void {
  const annotations = Object.keys(style).length === 0 ? {} : { annotations: style };
  into.push({ type: 'text', text: link === null ? { content } : { content, link: { url: link } }, ...annotations });
}

type Special =
  | { kind: 'code'; inner: string; end: number }
  | { kind: 'link'; inner: string; url: string; end: number }
  | { kind: 'mark'; inner: string; style: keyof Style; end: number };

function codeAt(text: string, at: number): Special | null {
  if (text[at] !== '`') return null;
  let ticks = 1;
  while (text[at + ticks] === '`') ticks += 1;
  const fence = '`'.repeat(ticks);
  const limit = Math.min(text.length, at + reach);
  for (let end = text.indexOf(fence, at + ticks); end >= 0 && end < limit; end = text.indexOf(fence, end + 1)) {
    if (text[end + ticks] === '`' || text[end - 1] === '`') continue;
    const inner = text.slice(at + ticks, end);
    const padded = inner.length > 2 && inner.startsWith(' ') && inner.endsWith(' ') && (inner[1] === '`' || inner.at(-2) === '`');
    return { kind: 'code', inner: padded ? inner.slice(1, -1) : inner, end: end + ticks };
  }
  return null;
}

function linkAt(text: string, at: number): Special | null {
  const char = text[at];
  if (char === '<') {
    const end = text.slice(at, at + reach).indexOf('>');
    const url = end < 0 ? '' : text.slice(at + 1, at + end);
    return isUrl(url) ? { kind: 'link', inner: escapeText(url), url, end: at + end + 1 } : null;
  }
  const from = char === '!' && text[at + 1] === '[' ? at + 1 : at;
  if (text[from] !== '[') return null;
  const close = closing(text, from + 1, ']', Math.min(text.length, from + reach));
  if (close < 0 || text[close + 1] !== '(') return null;
  const end = closing(text, close + 2, ')', Math.min(text.length, close + reach));
  if (end < 0) return null;
  const url =
    text
      .slice(close + 2, end)
      .replaceAll(/\\([()\\])/g, '$1')
      .trim()
      .split(/\s/)[0] ?? '';
  return isUrl(url) ? { kind: 'link', inner: text.slice(from + 1, close), url, end: end + 1 } : null;
}

/** Where `mark` closes what was opened by its counterpart, nested ones left out; -1 for nowhere. */
function closing(text: string, from: number, mark: ']' | ')', limit: number): number {
  const opener = mark === ']' ? '[' : '(';
  let depth = 0;
  for (let at = from; at < limit; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === opener) depth += 1;
    else if (char === mark && depth === 0) return at;
    else if (char === mark) depth -= 1;
  }
  return -1;
}

/** Links that Notion takes. */
function isUrl(url: string): boolean {
  return /^(https?:\/\/[^\s/]|mailto:[^\s]+@)/i.test(url) && url.length <= mostChars;
}

const isSpace = (char: string | undefined): boolean => char === undefined || /\s/.test(char);
const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);

function markAt(text: string, at: number, style: Style): Special | null {
  for (const [mark, name] of marks) {
    if (!text.startsWith(mark, at) || style[name] === true || isSpace(text[at + mark.length])) continue;
    if (mark === '_' && isWord(text[at - 1])) continue;
    const end = closeOf(text, at, mark);
    if (end > at + mark.length) return { kind: 'mark', inner: text.slice(at + mark.length, end), style: name, end: end + mark.length };
  }
  return null;
}

function closeOf(text: string, from: number, mark: string): number {
  const limit = Math.min(text.length, from + reach);
  for (let at = from + mark.length; at < limit; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '`') at = (codeAt(text, at)?.end ?? at + 1) - 1;
    else if (text.startsWith(mark, at)) {
      let run = 1;
      while (text[at + run] === mark[0]) run += 1;
      const nested = mark.length === 1 && run === 2;
      if (nested || isSpace(text[at - 1]) || (mark === '_' && isWord(text[at + 1]))) at += run - 1;
      // Of `***` the outer mark is the last one.
      else return mark.length === 2 && run >= 3 ? at + run - 2 : at;
    }
  }
  return -1;
}

/** Markdown of rich text. */
export function fromRichText(texts: readonly GivenText[]): string {
  return texts.map(one).join('');
}

/** The same without any marks. */
export function plainOf(texts: readonly GivenText[] | undefined): string {
  return (texts ?? []).map(contentOf).join('');
}

function contentOf({ text, equation, plain_text: plain = '' }: GivenText): string {
  return text?.content ?? equation?.expression ?? plain;
}

function one(given: GivenText): string {
  const content = contentOf(given);
  const { annotations: style = {} } = given;
  const url = given.text?.link?.url ?? given.href ?? null;
  const core = content.trim();
  if (core === '') return content;
  // Marks close at a letter, never at a space.
  const before = content.slice(0, content.indexOf(core));
  const after = content.slice(before.length + core.length);
  let inner = style.code === true ? codeOf(core) : escapeText(core);
  if (style.strikethrough === true) inner = `~~${inner}~~`;
  if (style.italic === true) inner = `*${inner}*`;
  if (style.bold === true) inner = `**${inner}**`;
  if (url !== null && isUrl(url)) inner = `[${inner}](${url.replaceAll(/[()\\]/g, '\\$&')})`;
  return before + inner + after;
}

function codeOf(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return fence + pad + text + pad + fence;
}

export function escapeText(text: string): string {
  return text.replaceAll(/[\\`*_~[\]<]/g, '\\$&');
}
