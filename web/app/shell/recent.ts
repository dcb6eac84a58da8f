/** The things somebody last opened, for the top of the palette. Kept in this browser only. */
export interface RecentThing {
  to: string;
  label: string;
  kind: string;
}

const key = 'hub-recent';
const most = 8;
const kinds: [RegExp, string][] = [
  [/^\/workflows\/(?!new)[^/]+/, 'Workflow'],
  [/^\/runs\/[^/]+/, 'Run'],
  [/^\/templates\/[^/]+/, 'Template'],
];

/** What was opened last, newest first; nothing where the browser keeps nothing. */
export function recentThings(): RecentThing[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept)
      ? kept.filter((one): one is RecentThing => typeof one?.to === 'string' && typeof one?.label === 'string').slice(0, most)
      : [];
  } catch {
    return [];
  }
}

/** Writes down that a page was opened; pages that are no thing of their own are left out. */
export function noteRecent(pathname: string, label: string): void {
  const found = kinds.map(([pattern, kind]) => ({ to: pattern.exec(pathname)?.[0], kind })).find(({ to }) => to !== undefined);
  if (!found?.to) return;
  const { to, kind } = found;
  try {
    localStorage.setItem(key, JSON.stringify([{ to, label, kind }, ...recentThings().filter((one) => one.to !== to)].slice(0, most)));
  } catch {
    // A browser that keeps nothing has no recent things.
  }
}
