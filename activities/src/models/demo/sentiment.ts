/** How a text feels, by counting. Knows only the text. Pure. */
import { complaint, irony, negators, phrases, praise, resolved } from './lexicon.ts';
import { clausesOf, plain } from './text.ts';

export type Sentiment = 'positive' | 'neutral' | 'negative';

export interface Feeling {
  /** Above 0: praise; below: complaint. */
  score: number;
  sentiment: Sentiment;
  /** The clause that says it most clearly. */
  evidence: string;
}

const weights = new Map<string, number>();
const stems: [string, number][] = [];
for (const [table, sign] of [
  [praise, 1],
  [complaint, -1],
] as const) {
  for (const [weight, words] of Object.entries(table)) {
    for (const word of words.split(' ')) {
      weights.set(word, sign * Number(weight));
      if (word.length >= 7) stems.push([word, sign * Number(weight)]);
    }
  }
}
/** Words before a feeling within which a negation still turns it. */
const reach = 3;
const emoji: [RegExp, number][] = [
  [/[👍❤😍😀😃😊🙂🥰🎉⭐🤩]/u, 3],
  [/[👎😡😠🤬😞😢💩🤮😤]/u, -3],
];
/** From here on it is no longer neutral. */
const threshold = 1.5;
/** What follows a `but` weighs more than what stands before it, and people say last what they think. */
const afterContrast = 2;
const atTheEnd = 1.5;
const faintPraise = 1;

/** The feeling of `text`. */
export function feelingOf(text: string): Feeling {
  const clauses = clausesOf(text);
  const counted = new Set<string>();
  let strongest = { clause: text.trim(), weight: 0 };
  let score = 0;
  for (const [at, clause] of clauses.entries()) {
    const contrast = /^(but|however|yet|aber|mais|pero|ma)\b/i.test(clause) ? afterContrast : 1;
    const last = at === clauses.length - 1 && clauses.length > 1 ? atTheEnd : 1;
    const own = clauseScore(clause, counted) * Math.max(contrast, last);
    score += own;
    if (Math.abs(own) > Math.abs(strongest.weight)) strongest = { clause, weight: own };
  }
  if (irony.some((pattern) => pattern.test(plain(text)))) score = -Math.abs(score) - 2;
  return { score, sentiment: score >= threshold ? 'positive' : score <= -threshold ? 'negative' : 'neutral', evidence: strongest.clause };
}

function clauseScore(clause: string, counted: Set<string>): number {
  const text = plain(clause);
  let score = 0;
  for (const [pattern, weight] of emoji) if (pattern.test(clause)) score += weight;
  for (const [pattern, weight] of phrases) if (pattern.test(text)) score += weight;
  const over = resolved.test(text);
  // A negation does not reach over a comma.
  for (const part of text.split(/[,:()]/)) {
    const words = part.match(/[a-z][a-z'-]*/g) ?? [];
    for (const [at, word] of words.entries()) {
      const weight = weightOf(word);
      if (weight === 0 || counted.has(word)) continue;
      counted.add(word);
      const negated = words.slice(Math.max(0, at - reach), at).some((before) => negators.has(before));
      // "Not bad" is faint praise.
      if (negated) score += weight > 0 ? -weight : Math.min(faintPraise, Math.abs(weight) * 0.75);
      else score += over && weight < 0 ? -weight : weight;
    }
  }
  return score;
}

function weightOf(word: string): number {
  const exact = weights.get(word) ?? weights.get(word.replace(/'s$/, ''));
  if (exact !== undefined) return exact;
  return stems.find(([stem]) => word.startsWith(stem))?.[1] ?? 0;
}
