/** What the palette offers, in order: what can be done here, what was opened last, places, then what was found. Pure. */
import type { PaletteItem } from '../pages/palette.ts';
import type { PageAction } from './page-actions.ts';
import type { RecentThing } from './recent.ts';

export interface PaletteRow {
  key: string;
  group: 'On this page' | 'Recent' | 'Go to' | 'Workflows' | 'Runs' | 'Templates' | 'Appearance';
  label: string;
  more?: string | undefined;
  keys?: string | undefined;
  why?: string | null | undefined;
  state?: string | undefined;
  runs?: PaletteItem['runs'];
  /** Where it leads, or what it does. */
  to?: string;
  run?: () => void;
}

const perGroup = 8;
/** Without words: what is here and where one can go. */
const mostRows = 48;

/** Every word is in the label or its notes, in any order. */
export function fits(text: string, words: string): boolean {
  const lower = text.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/** Whole label first, then its beginning, then the beginning of a word. */
function rank(label: string, words: string): number {
  const lower = label.toLowerCase();
  const sought = words.toLowerCase();
  if (lower === sought) return 0;
  if (lower.startsWith(sought)) return 1;
  return lower.includes(` ${sought}`) ? 2 : 3;
}

export interface PaletteSources {
  words: string;
  actions: readonly PageAction[];
  themes: readonly PageAction[];
  recent: readonly RecentThing[];
  places: readonly { to: string; label: string; keys?: string | undefined }[];
  found: readonly PaletteItem[];
  /** The page at hand: it is no place to go to. */
  here: string;
}

const groupOf: Record<PaletteItem['kind'], PaletteRow['group']> = { Workflow: 'Workflows', Run: 'Runs', Template: 'Templates' };

export function paletteRows({ words, actions, themes, recent, places, found, here }: PaletteSources): PaletteRow[] {
  const act = (group: PaletteRow['group'], list: readonly PageAction[]): PaletteRow[] =>
    list.map(({ label, keys, why, run }) => ({ key: `${group}:${label}`, group, label, keys, why, run }));
  const all: PaletteRow[] = [
    ...act('On this page', actions),
    ...recent
      .filter(({ to }) => to !== here)
      .map(({ to, label, kind }): PaletteRow => ({ key: `recent:${to}`, group: 'Recent', label, more: kind, to })),
    ...places.filter(({ to }) => to !== here).map(({ to, label, keys }): PaletteRow => ({ key: `place:${to}`, group: 'Go to', label, keys, to })),
    ...found.map(({ to, label, kind, more, state, runs }): PaletteRow => ({ key: to, group: groupOf[kind], label, more, state, runs, to })),
    ...act('Appearance', themes),
  ];
  const sought = words.trim();
  if (!sought) return all.filter(({ group }) => group === 'On this page' || group === 'Recent' || group === 'Go to').slice(0, mostRows);
  const recentTo = new Set(all.filter((row) => row.group === 'Recent' && fits(row.label, sought)).map(({ to }) => to));
  const fitting = all.filter(
    (row) => fits(`${row.label} ${row.more ?? ''} ${row.group}`, sought) && !(row.group !== 'Recent' && row.to && recentTo.has(row.to)),
  );
  const order = [...new Set(all.map(({ group }) => group))];
  return order.flatMap((group) =>
    fitting
      .filter((row) => row.group === group)
      .toSorted((a, b) => rank(a.label, sought) - rank(b.label, sought))
      .slice(0, perGroup),
  );
}
