/** Views of a list: a name for a set of filters. Some come with the list; a person's own are kept in a cookie, so that the server draws the tabs at once. Pure but for `keepViews`. */

export type ListName = 'workflows' | 'runs';

export interface View {
  name: string;
  /** Without `?`, in the order of the list's own filters. */
  search: string;
}

const cookieOf = (list: ListName): string => `hub-views-${list}`;
/** More tabs than this are no help, and a cookie is not a store. */
export const mostViews = 6;
const longestName = 24;

/** One's own views from a Cookie header; anything that is not ours counts as none. */
export function viewsOf(cookies: string, list: ListName): View[] {
  const raw = cookies
    .split(/;\s*/)
    .find((each) => each.startsWith(`${cookieOf(list)}=`))
    ?.slice(cookieOf(list).length + 1);
  if (!raw) return [];
  try {
    const kept: unknown = JSON.parse(decodeURIComponent(raw));
    if (!Array.isArray(kept)) return [];
    return kept
      .flatMap((pair: unknown) =>
        Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string' ? [{ name: pair[0], search: pair[1] }] : [],
      )
      .slice(0, mostViews);
  } catch {
    return [];
  }
}

/** Browser only. */
export function keepViews(list: ListName, views: readonly View[]): void {
  const value = encodeURIComponent(JSON.stringify(views.slice(0, mostViews).map(({ name, search }) => [name.slice(0, longestName), search])));
  document.cookie = `${cookieOf(list)}=${value}; path=/; max-age=31536000; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
}

/** The filters of an address in one order, without the page one is on: two addresses that show the same compare equal. */
export function filtersOf(search: URLSearchParams, names: readonly string[]): string {
  const kept = new URLSearchParams();
  for (const name of names) {
    const value = search.get(name);
    if (value) kept.set(name, value);
  }
  return kept.toString();
}
