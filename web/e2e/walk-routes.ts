/** Kinds of pages, and the list of routes that a walk must have seen. */
import type { RouteConfigEntry } from '@react-router/dev/routes';
import routes from '../app/routes.ts';
import { ids } from './walk-model.ts';

/** `/runs/0199…?step=classify` -> `/runs/:id?step`: what pages of one kind have in common. */
export function kindOf(path: string): string {
  const url = new URL(path, 'http://hub');
  const name = url.pathname
    .replace(ids, ':id')
    .replace(/\/versions\/\d+$/, '/versions/:n')
    .replace(/\/(triggers|templates|forms|invitations)\/[^/]+$/, '/$1/:id');
  const search = [...url.searchParams.keys()].sort().join('&');
  return search === '' ? name : `${name}?${search}`;
}

/** Which step, field or item of a page is looked at: its controls are those of the page without it. */
const chooses = new Set(['field', 'node', 'path']);

/** The kind of page whose controls these are: what was used on it once is not used again where only another step is looked at. */
export function controlsOf(kind: string): string {
  const [name = '', search = ''] = kind.split('?');
  const rest = search.split('&').filter((key) => key !== '' && !chooses.has(key));
  return rest.length === 0 ? name : `${name}?${rest.join('&')}`;
}

/** No page of their own: what they do, another page shows. */
const notPages = new Set(['/sign-out', '/palette', '/runs/shown', '/*']);

/** Every route of a page: `/workflows/:workflowId/edit`. */
export function routePatterns(): string[] {
  const all = (entries: readonly RouteConfigEntry[], above: string): string[] =>
    entries.flatMap((entry) => {
      const path = entry.path === undefined ? above : `${above}/${entry.path}`;
      return entry.children ? all(entry.children, path) : [path === '' ? '/' : path];
    });
  return [...new Set(all(routes as RouteConfigEntry[], ''))].filter((path) => !notPages.has(path));
}

/** The route that an address belongs to. */
export function patternOf(path: string): string {
  const { pathname } = new URL(path, 'http://hub');
  const found = routePatterns().filter((pattern) => new RegExp(`^${pattern.replaceAll(/:[^/]+/g, '[^/]+')}$`).test(pathname));
  // `/runs/compare` before `/runs/:runId`.
  return found.toSorted((a, b) => a.split(':').length - b.split(':').length)[0] ?? '/*';
}
