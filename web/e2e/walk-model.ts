/** What the walk over every button is made of. */
import type { Browser, Page } from 'playwright-core';
import type { How } from './controls.ts';
import type { Seeded } from './walk-seed.ts';

export interface View {
  width: number;
  theme: 'light' | 'dark';
  how: How;
  /** Uses what takes something away too, at its end. */
  destroys: boolean;
}

export interface Walk {
  browser: Browser;
  hub: { url: string; signIn: (page: Page) => Promise<void> };
  seeded: Seeded;
  log: (line: string) => void;
  /** Only routes that contain this. */
  route: string;
}

export interface Walked {
  pages: number;
  controls: number;
  keys: number;
  links: number;
  faults: string[];
  /** How often the hub refused for being too busy (503 with retry-after): each was asked again. */
  busy: number;
  /** Routes of the pages that were visited. */
  patterns: Set<string>;
}

/** Light by mouse, dark by keyboard; what destroys at the end of each width. */
export const views: readonly View[] = [1280, 390].flatMap((width): View[] => [
  { width, theme: 'light', how: 'mouse', destroys: false },
  { width, theme: 'dark', how: 'keys', destroys: true },
]);

/** Of one kind of page (`/runs/:id`), this many are visited. */
export const mostOfAKind = 2;
/** So often something is tried on a hub that is too busy, and so long it waits in between (ms): as long as the hub itself asks for. */
export const mostBusy = 6;
export const busyMs = 5000;
/** Every component in every state: looked at as any page; its samples do nothing when used, and gallery.e2e.ts uses what they are made of. */
export const samples = '/dev/ui';
export const mostShift = 0.02;
/** A dialog in a dialog's menu: so deep and no deeper. */
export const mostDepth = 3;
/** Of a list of choices, so many are tried. */
export const mostOptions = 1;

/** Ids, as they stand in addresses and faults. */
export const ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
