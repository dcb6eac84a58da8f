/** Finding in a conversation the text that the work is about, and cutting it into words and clauses. Pure. */
import { repairStart } from '../types.ts';
import type { ModelMessage } from '../types.ts';

/** All text of a message; of files only their names. */
export function textOf(message: ModelMessage): string {
  return typeof message.content === 'string'
    ? message.content
    : message.content.map((part) => (part.type === 'text' ? part.text : part.name)).join('\n');
}

/** The last thing the user said. */
export function lastUserText(messages: readonly ModelMessage[]): string {
  const last = messages.findLast(({ role }) => role === 'user');
  return last === undefined ? '' : textOf(last);
}

/** What the user asked, past a request to correct an answer. */
export function askedText(messages: readonly ModelMessage[]): string {
  const asked = messages.findLast((message) => message.role === 'user' && !textOf(message).startsWith(repairStart));
  return asked === undefined ? '' : textOf(asked);
}

/**
 * The part of a user's message that is to be looked at: between tags (`<review>...</review>`), between triple quotes, after a line that
 * names it (`Review: ...`), else all of it. Without this the words of the instruction would count as words of the text.
 */
export function subjectOf(message: string): string {
  const tagged = [...message.matchAll(/<([a-z][\w-]*)>([\s\S]*?)<\/\1>/gi)].map((match) => match[2]?.trim() ?? '');
  if (tagged.length > 0) return tagged.join('\n');
  const quoted = /"""([\s\S]*?)"""|```\w*\n([\s\S]*?)```/.exec(message);
  if (quoted !== null) return (quoted[1] ?? quoted[2] ?? '').trim();
  const named = /(?:^|\n)\s*(?:review|text|message|comment|feedback|email|ticket|input|content)\s*:\s*([\s\S]+)$/i.exec(message);
  return (named?.[1] ?? message).trim();
}

/** Lower case, straight quotes, no accents: `é` and `e` are one letter to the rules. */
export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[“”„«»]/g, '"')
    .toLowerCase();
}

/** Sentences and parts of sentences around a contrast, in order. */
export function clausesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?…])\s+|\n+|;\s+|:\s+|,?\s+(?=(?:but|however|although|though|yet|aber|mais|pero|ma)\s)/i)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
}

const stopWords = new Set(
  'the a an and or but of to in on at for with from by is are was were be been it its this that these those i you he she we they my your our their me him her us them not no so as if then than too very just do does did have has had can could will would one two all any some what which who how when where there here out up down about into over after before only also more most other such own same s t'.split(
    ' ',
  ),
);

/** The words that stand out, most frequent first. */
export function keywordsOf(text: string, most: number): string[] {
  const counts = new Map<string, number>();
  for (const word of plain(text).match(/[a-z][a-z'-]{2,}/g) ?? []) if (!stopWords.has(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([word]) => word);
}
