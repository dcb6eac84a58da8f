/** Finds the `{{ }}` of a template. */
export type TemplatePart = { kind: 'text'; text: string } | { kind: 'expression'; text: string; position: number };
export type ScannedTemplate = { ok: true; parts: TemplatePart[] } | { ok: false; message: string; position: number };

const openers = '([{';
const closers = ')]}';

/** `{{` runs to the first `}}` outside strings, backticks, comments and open brackets; `\{{` is a literal `{{`. */
export function scanTemplate(text: string): ScannedTemplate {
  const parts: TemplatePart[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    if (text.startsWith('\\{{', at)) {
      plain += '{{';
      at += 3;
    } else if (text.startsWith('{{', at)) {
      const end = expressionEnd(text, at + 2);
      if (end === -1) return { ok: false, message: `{{ at ${at} has no matching }}`, position: at };
      if (plain !== '') parts.push({ kind: 'text', text: plain });
      plain = '';
      parts.push({ kind: 'expression', text: text.slice(at + 2, end).trim(), position: at + 2 });
      at = end + 2;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain !== '' || parts.length === 0) parts.push({ kind: 'text', text: plain });
  return { ok: true, parts };
}

function expressionEnd(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === '"' || char === "'" || char === '`') at = quoteEnd(text, at, char);
    else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end === -1) return -1;
      at = end + 1;
    } else if (openers.includes(char)) depth += 1;
    else if (depth === 0 && text.startsWith('}}', at)) return at;
    else if (closers.includes(char)) depth = Math.max(0, depth - 1);
    at += 1;
  }
  return -1;
}

/** Index of the closing quote, or the text's end. Backticks know no escapes. */
function quoteEnd(text: string, from: number, quote: string): number {
  let at = from + 1;
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' && quote !== '`' ? 2 : 1;
  return at;
}
