/** Text with {{ }}: where expressions stand, what completes at the caret, where a name goes. Pure. */
import { scanTemplate } from '@hub/dag/template';
import type { ExpressionName, NameGroup } from './types.ts';

export interface Mark {
  kind: 'text' | 'expression' | 'fault';
  text: string;
}

/** The text in parts to be drawn; together they are the text, character by character. */
export function marksOf(text: string, bare: boolean): Mark[] {
  if (bare || !text.includes('{{')) return text ? [{ kind: 'text', text }] : [];
  const scanned = scanTemplate(text);
  if (!scanned.ok) {
    const until = Math.max(0, Math.min(scanned.position, text.length));
    return [...marksOf(text.slice(0, until), false), { kind: 'fault', text: text.slice(until) }];
  }
  const marks: Mark[] = [];
  let done = 0;
  for (const part of scanned.parts) {
    if (part.kind !== 'expression') continue;
    const from = text.lastIndexOf('{{', part.position);
    const end = text.indexOf('}}', part.position + part.text.length) + 2;
    if (from > done) marks.push({ kind: 'text', text: text.slice(done, from) });
    marks.push({ kind: 'expression', text: text.slice(from, end) });
    done = end;
  }
  if (done < text.length) marks.push({ kind: 'text', text: text.slice(done) });
  return marks;
}

/** Is the caret between {{ and }} (or after an open {{)? */
export function caretIn(text: string, caret: number): boolean {
  const open = text.lastIndexOf('{{', caret - 1);
  return open >= 0 && open + 2 <= caret && text.slice(open, caret).indexOf('}}') < 0 && text[open - 1] !== '\\';
}

const token = /[\w$.[\]`-]*$/;
const tokenAt = (text: string, caret: number): string => token.exec(text.slice(0, caret))?.[0] ?? '';
const most = 60;

/** Names that fit what stands before the caret; none outside an expression. */
export function completions(text: string, caret: number, bare: boolean, groups: readonly NameGroup[]): ExpressionName[] {
  if (!bare && !caretIn(text, caret)) return [];
  const typed = tokenAt(text, caret).toLowerCase();
  const all = groups.flatMap(({ names }) => names);
  if (all.some(({ path }) => path.toLowerCase() === typed)) return [];
  const starts = all.filter(({ path }) => path.toLowerCase().startsWith(typed));
  const holds = typed
    ? all.filter(({ path, hint }) => !path.toLowerCase().startsWith(typed) && `${path} ${hint ?? ''}`.toLowerCase().includes(typed))
    : [];
  return [...starts, ...holds].slice(0, most);
}

/** The text with a name at the caret: in place of what was typed of it, in braces where there are none yet. */
export function insertName(text: string, caret: number, bare: boolean, path: string): { text: string; caret: number } {
  if (!bare && !caretIn(text, caret)) {
    const piece = `{{ ${path} }}`;
    return { text: text.slice(0, caret) + piece + text.slice(caret), caret: caret + piece.length };
  }
  const from = caret - tokenAt(text, caret).length;
  const closed = bare || text.slice(caret).includes('}}');
  const space = !bare && text[from - 1] === '{' ? ' ' : '';
  const piece = `${space}${path}${closed ? (!bare && text.startsWith('}}', caret) ? ' ' : '') : ' }}'}`;
  return { text: text.slice(0, from) + piece + text.slice(caret), caret: from + space.length + path.length };
}
