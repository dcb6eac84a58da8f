/** Small edits of our own registration files: they are lists on purpose, so text is enough. Each throws Refusal where its place is not found. */
import { Refusal } from './plan.ts';

/** Adds an import among the relative ones, in order of their paths. */
export function addImport(text: string, line: string): string {
  const from = /'([^']+)'/.exec(line)?.[1] ?? '';
  if (text.includes(`'${from}'`)) throw new Refusal(`'${from}' is imported already: choose another name.`);
  const imports = [...text.matchAll(/^import [^;]*? from '([^']+)';$/gm)];
  const last = imports.at(-1);
  if (last === undefined) throw new Refusal('No import was found to put the new one beside.');
  const after = imports.find(([, path = '']) => path.startsWith('.') && path > from);
  const at = after === undefined ? last.index + last[0].length + 1 : after.index;
  return `${text.slice(0, at)}${line}\n${text.slice(at)}`;
}

/** Adds `entry` as the last of the list or table that begins with `opener` (its bracket included), e.g. `const groups = [`. */
export function addEntry(text: string, opener: string, entry: string): string {
  const start = text.indexOf(opener);
  if (start < 0) throw new Refusal(`The place "${opener}" was not found.`);
  const close = closingOf(text, start + opener.length - 1);
  const before = text.slice(0, close).trimEnd();
  const comma = /[[{(,]$/.test(before) ? '' : ',';
  const oneLine = !text.slice(start, close).includes('\n');
  return oneLine ? `${before}${comma} ${entry} ${text.slice(close)}` : `${before}${comma}\n  ${entry},\n${text.slice(close)}`;
}

/** Adds a line before the first line that matches. */
export function addBefore(text: string, place: RegExp, line: string): string {
  const match = place.exec(text);
  if (match === null) throw new Refusal(`The place ${String(place)} was not found.`);
  return `${text.slice(0, match.index)}${line}\n${text.slice(match.index)}`;
}

function closingOf(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if ('[{('.includes(char)) depth += 1;
    if (']})'.includes(char)) depth -= 1;
    if (depth === 0) return at;
  }
  throw new Refusal('A bracket is not closed.');
}
