/** `nodes.<old>` -> `nodes.<new>` in the expressions of a config, when a node gets another id. */
import { isRecord } from './pointer.ts';
import { scanTemplate } from './scan-template.ts';

/** Fields that are an expression or code as a whole. */
const wholeFields = new Set(['expression', 'source']);

/** Rewrites the expressions in a JSON value; other text, and strings quoted inside expressions, stay as they are. */
export function renameReads<T>(value: T, from: string, to: string, key = ''): T {
  if (typeof value === 'string') return renameText(value, from, to, wholeFields.has(key)) as T;
  if (Array.isArray(value)) return value.map((child: unknown) => renameReads(child, from, to, key)) as T;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, renameReads(child, from, to, name)])) as T;
}

function renameText(text: string, from: string, to: string, whole: boolean): string {
  if (!text.includes('nodes')) return text;
  const scanned = text.includes('{{') ? scanTemplate(text) : null;
  const parts = scanned?.ok ? scanned.parts.flatMap((part) => (part.kind === 'expression' ? [part] : [])) : [];
  if (parts.length === 0) return whole ? renameExpression(text, from, to) : text;
  let done = '';
  let at = 0;
  for (const part of parts) {
    done += text.slice(at, part.position) + renameExpression(part.text, from, to);
    at = part.position + part.text.length;
  }
  return done + text.slice(at);
}

/** Reads `nodes.a` and ``nodes.`a` ``, also after `ctx.`; never `x_nodes.a`, `nodes.ab` or what is quoted. */
function renameExpression(text: string, from: string, to: string): string {
  const quoted = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
  const read = new RegExp(`(?<![A-Za-z0-9_$])(nodes\\s*\\.\\s*)(\`${from}\`|${from}(?![A-Za-z0-9_]))`, 'g');
  const replace = (part: string): string => part.replace(read, (_whole, before: string, name: string) => before + (name === from ? to : `\`${to}\``));
  let done = '';
  let at = 0;
  for (const match of text.matchAll(quoted)) {
    done += replace(text.slice(at, match.index)) + match[0];
    at = match.index + match[0].length;
  }
  return done + replace(text.slice(at));
}
