/** Finds the `{{ }}` of a template (03, Templates). Pure: the checks, the builder and the activities use the same one. */
export type TemplatePart = { kind: 'text'; text: string } | { kind: 'expression'; text: string; position: number };
export type ScannedTemplate = { ok: true; parts: TemplatePart[] } | { ok: false; message: string; position: number };

/**
 * `{{` runs to the first `}}` outside strings, backticks, comments and open brackets; `\{{` is a literal `{{`. Expressions come trimmed, with
 * their position in the text. A text without any expression is one text part.
 */
export function scanTemplate(text: string): ScannedTemplate {
  const parts: TemplatePart[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{{', at);
    if (open < 0) break;
    if (open > at && text[open - 1] === '\\') {
      plain += `${text.slice(at, open - 1)}{{`;
      at = open + 2;
      continue;
    }
    plain += text.slice(at, open);
    const end = expressionEnd(text, open + 2);
    if (end < 0)
      return { ok: false, message: `The {{ at position ${open} has no matching }}. Close it, or write \\{{ for a literal {{.`, position: open };
    if (plain !== '') parts.push({ kind: 'text', text: plain });
    plain = '';
    const inner = text.slice(open + 2, end);
    parts.push({ kind: 'expression', text: inner.trim(), position: open + 2 + (inner.length - inner.trimStart().length) });
    at = end + 2;
  }
  plain += text.slice(at);
  if (plain !== '' || parts.length === 0) parts.push({ kind: 'text', text: plain });
  return { ok: true, parts };
}

/** The expression of a field that takes bare JSONata or exactly one `{{ }}`. */
export function bareExpression(text: string): { text: string; position: number } {
  const scanned = text.includes('{{') ? scanTemplate(text) : null;
  const parts = scanned?.ok ? scanned.parts.filter((part) => part.kind === 'expression' || part.text.trim() !== '') : [];
  const [only] = parts;
  return parts.length === 1 && only?.kind === 'expression' ? { text: only.text, position: only.position } : { text, position: 0 };
}

function expressionEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"' || char === "'" || char === '`') at = quoteEnd(text, at, char);
    else if (char === '/' && text.charAt(at + 1) === '*') {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) return -1;
      at = end + 1;
    } else if (char === '(' || char === '[' || char === '{') depth += 1;
    else if (depth === 0 && char === '}' && text.charAt(at + 1) === '}') return at;
    else if (char === ')' || char === ']' || char === '}') depth = Math.max(0, depth - 1);
  }
  return -1;
}

/** Index of the closing quote, or the text's end. Backticks know no escapes. */
function quoteEnd(text: string, from: number, quote: string): number {
  let at = from + 1;
  while (at < text.length && text.charAt(at) !== quote) at += text.charAt(at) === '\\' && quote !== '`' ? 2 : 1;
  return at;
}
