/** What a form may choose from where the vendor gives the whole list at once. */
import type { Choice, ServiceContext } from '../types.ts';

/** Choices on one page. */
export const choicesPerPage = 100;

/** The page asked for, of the choices whose value or label holds the text searched for; the cursor is the place of its first. */
export function choicesPage(all: readonly Choice[], { search = '', cursor }: ServiceContext): { items: Choice[]; nextCursor: string | null } {
  const wanted = search.toLowerCase();
  const found = all.filter(({ value, label }) => `${value} ${label}`.toLowerCase().includes(wanted));
  const from = /^\d{1,6}$/.test(cursor ?? '') ? Number(cursor) : 0;
  const next = from + choicesPerPage;
  return { items: found.slice(from, next), nextCursor: next < found.length ? String(next) : null };
}
