/** Cursor lists: newest first by id (UUIDv7 is an order in time), one row more is read than shown to know whether there is a next page. */
import { UserError } from '@hub/kit/errors';
import { isUuid } from '../database.ts';

export interface PageQuery {
  cursor?: string | undefined;
  /** 1 to 200; default 50. */
  limit?: number | undefined;
}
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export function limitOf({ limit }: PageQuery): number {
  return Math.min(200, Math.max(1, Math.trunc(limit ?? 50)));
}

/** The id after which a page begins; null on the first. @throws UserError `request.bad-cursor` */
export function afterOf({ cursor }: PageQuery): string | null {
  if (cursor === undefined) return null;
  if (isUuid(cursor)) return cursor;
  throw badCursor();
}

export function badCursor(): UserError {
  const fault = { path: 'query/cursor', code: 'request.bad-cursor', message: 'is not a cursor of this list' };
  return new UserError('request.bad-cursor', 'The cursor is not one of this list.', { status: 400, details: [fault] });
}

/** `rows` hold one more than the page where there is a next one. */
export function pageOf<R, T>(rows: readonly R[], query: PageQuery, map: (row: R) => T, cursorOf: (row: R) => string): Page<T> {
  const limit = limitOf(query);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(map), nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** The least UUIDv7 of an instant: ids are in order of time, so a span of time is a span of ids and needs no index of its own. */
export function firstIdOf(ms: number): string {
  const hex = Math.max(0, Math.trunc(ms)).toString(16).padStart(12, '0').slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** `%part%` for ilike, with its own signs taken as they are. */
export const likeOf = (part: string): string => `%${part.replace(/[\\%_]/g, '\\$&')}%`;

export const iso = (at: Date | string): string => (at instanceof Date ? at : new Date(at)).toISOString();
export const isoOrNull = (at: Date | string | null): string | null => (at === null ? null : iso(at));
