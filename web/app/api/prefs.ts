import { isZone } from '../ui/zone.ts';

/** What the look remembers, in cookies, so that the server renders it right the first time: no flash, no script. */
export type Theme = 'system' | 'light' | 'dark';

export interface Prefs {
  theme: Theme;
  railFolded: boolean;
  /** Of the drawer beside a run, in pixels; null where nobody has chosen. */
  drawerWidth: number | null;
  /** The zone of the browser, as it last told; null at the first visit. */
  zone: string | null;
}

const read = (cookies: string, name: string): string | undefined =>
  cookies
    .split(/;\s*/)
    .find((each) => each.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** Names of zones carry no sign that a cookie would escape but the slash. */
function zoneOf(cookie: string | undefined): string | null {
  const name = cookie?.replaceAll('%2F', '/') ?? '';
  return isZone(name) ? name : null;
}

export const drawerWidths = { least: 400, most: 640 };

function drawerWidthOf(width: number): number | null {
  return Number.isInteger(width) && width >= drawerWidths.least && width <= drawerWidths.most ? width : null;
}

/** Reads a Cookie header; unknown values count as none. */
export function prefsOf(cookies: string): Prefs {
  const theme = read(cookies, 'hub-theme');
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    railFolded: read(cookies, 'hub-rail') === 'folded',
    drawerWidth: drawerWidthOf(Number(read(cookies, 'hub-drawer'))),
    zone: zoneOf(read(cookies, 'hub-zone')),
  };
}

/** How large the builder's canvas was on this screen the last time; null where it was never open. */
export function canvasOf(cookies: string): { width: number; height: number } | null {
  const found = /^(\d{2,5})x(\d{2,5})$/.exec(read(cookies, 'hub-canvas') ?? '');
  return found ? { width: Number(found[1]), height: Number(found[2]) } : null;
}

/** Browser only: keeps a choice for a year. */
export function remember(name: 'hub-theme' | 'hub-rail' | 'hub-zone' | 'hub-canvas' | 'hub-drawer', value: string): void {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
}

/** Browser only: shows a theme at once and remembers it. */
export function setTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  remember('hub-theme', theme);
}
