/** Page after page: by number, by cursor, by the URL of the next page. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { Answer } from './answer.ts';
import { at } from './json-path.ts';
import type { Context } from './run.ts';

type Paging = NonNullable<Context['params']['paging']>;

const maxItemsChars = 32 * 1_048_576;

/** All items of all pages. Stops with a warning at `maxPages`. @throws UserError `http.paging-loop`, `http.no-items`, `http.body-too-large`. */
export async function readPages(context: Context, first: URL, call: (url: URL) => Promise<Answer>): Promise<Json> {
  const paging = context.params.paging as Paging;
  const items: Json[] = [];
  const seen = new Set<string>();
  let url: URL | null = paging.mode === 'page' ? withParam(first, paging.param, String(paging.start)) : first;
  let last: Answer | null = null;
  let pages = 0;
  let chars = 0;
  while (url !== null) {
    if (pages >= paging.maxPages) {
      context.warn('http.more-pages', `There are more than ${paging.maxPages} pages; the rest was not read.`);
      break;
    }
    if (seen.has(url.href))
      throw new UserError('http.paging-loop', `Page ${pages + 1} would be a page that was already read.`, {
        status: 422,
        remedy: 'Check the paging settings against the API.',
      });
    seen.add(url.href);
    last = await call(url);
    pages += 1;
    const found = itemsOf(last, paging, pages);
    chars += found.length === 0 ? 0 : JSON.stringify(found).length;
    if (chars > maxItemsChars)
      throw new UserError('http.body-too-large', `The pages hold more than ${maxItemsChars / 1_048_576} MB together.`, {
        status: 422,
        remedy: 'Lower maxPages, or ask for less.',
      });
    for (const item of found) items.push(item);
    url = nextUrl(paging, first, last, found.length, pages);
  }
  return { status: last?.status ?? 200, headers: last?.headers ?? {}, body: items, pages };
}

function itemsOf(answer: Answer, paging: Paging, page: number): Json[] {
  const found = paging.items === undefined ? answer.body : at(answer.body, paging.items);
  if (Array.isArray(found)) return found;
  // An empty last page may lack the list altogether.
  if ((found === undefined || found === null) && page > 1) return [];
  throw new UserError('http.no-items', `Page ${page} has no list${paging.items === undefined ? '' : ` at "${paging.items}"`}.`, {
    status: 422,
    remedy: 'Say in paging.items where the list is, e.g. data.items.',
  });
}

function nextUrl(paging: Paging, first: URL, answer: Answer, count: number, pages: number): URL | null {
  switch (paging.mode) {
    case 'page':
      return count === 0 || (paging.pageSize !== undefined && count < paging.pageSize)
        ? null
        : withParam(first, paging.param, String(paging.start + pages));
    case 'cursor': {
      const cursor = at(answer.body, paging.next);
      return typeof cursor === 'string' || typeof cursor === 'number'
        ? cursor === ''
          ? null
          : withParam(first, paging.param, String(cursor))
        : null;
    }
    case 'link': {
      const link = paging.next === undefined ? nextLink(answer.headers['link']) : at(answer.body, paging.next);
      if (typeof link !== 'string' || link === '') return null;
      if (!URL.canParse(link, answer.url))
        throw new UserError('http.bad-url', 'The address of the next page cannot be read.', { status: 422, remedy: 'Check paging.next.' });
      return new URL(link, answer.url);
    }
  }
}

function withParam(url: URL, name: string, value: string): URL {
  const next = new URL(url);
  next.searchParams.set(name, value);
  return next;
}

/** RFC 8288: the target whose parameters hold rel="next". */
function nextLink(header: string | undefined): string | undefined {
  for (const part of (header ?? '').split(/,(?=\s*<)/)) {
    const match = /^\s*<([^>]*)>(.*)$/.exec(part);
    if (match !== null && /;\s*rel="?([^";]*\s)?next(\s[^";]*)?"?\s*(;|$)/i.test(match[2] ?? '')) return match[1];
  }
  return undefined;
}
