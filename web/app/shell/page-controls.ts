/** What can be done on the page at hand, read from the page itself: its buttons, its tabs and its search. So the palette names all of it, and nothing that is not there. */
import type { PageAction } from './page-actions.ts';

/** Rows, fields, what floats and what is drawn as a graph have their own ways; the palette names what the page as a whole offers. */
const elsewhere = 'table, form, [role="dialog"], [role="log"], .react-flow, [data-palette="no"]';
const most = 24;

/** Visible words of a control, without what only screen readers hear. */
function nameOf(control: HTMLElement): string {
  const label = control.getAttribute('aria-label');
  if (label) return label.trim();
  const copy = control.cloneNode(true);
  if (!(copy instanceof HTMLElement)) return '';
  for (const hidden of copy.querySelectorAll('.sr-only, [aria-hidden="true"], kbd')) hidden.remove();
  return (copy.textContent ?? '').replace(/\s+/g, ' ').trim();
}

function reasonOf(control: HTMLElement): string | null {
  if (control instanceof HTMLButtonElement && control.disabled) return control.title || 'Not possible now';
  return control.getAttribute('aria-disabled') === 'true' ? control.title || 'Not possible now' : null;
}

const isShown = (control: HTMLElement): boolean => control.getClientRects().length > 0;

/** Controls of `page` as actions: the bar's first, then the tabs, then those of its parts. A name that stands there twice belongs to rows. `known`: offered already. */
export function pageControls(page: ParentNode | null, known: readonly string[]): PageAction[] {
  if (!page) return [];
  const found = new Map<string, PageAction[]>();
  const add = (label: string, control: HTMLElement, run: () => void): void => {
    if (!label || label.length > 60 || known.includes(label) || !isShown(control)) return;
    found.set(label, [...(found.get(label) ?? []), { label, why: reasonOf(control), run }]);
  };
  for (const control of page.querySelectorAll<HTMLElement>('header :is(button, a):not(nav a)')) add(nameOf(control), control, () => control.click());
  for (const tab of page.querySelectorAll<HTMLElement>('nav:not(header nav) a:not([aria-current="page"], [aria-current="true"])')) {
    const name = nameOf(tab);
    if (!tab.closest(elsewhere)) add(name && `Show: ${name}`, tab, () => tab.click());
  }
  for (const control of page.querySelectorAll<HTMLElement>('button:not(header button), a.h-control:not(header a)'))
    if (!control.closest(elsewhere) && control.getAttribute('role') !== 'combobox') add(nameOf(control), control, () => control.click());
  const search = page.querySelector<HTMLInputElement>('input[type="search"]');
  if (search) add(search.placeholder || 'Search on the page', search, () => search.focus());
  return [...found.values()].flatMap((same) => (same.length === 1 ? same : [])).slice(0, most);
}
