/** A list that lives and does not move: rows that are shown change where they stand, new ones wait until they are asked for, one that left the list stays until then. Pure. */

export interface Row {
  id: string;
}

/** As the server gave it: newest first. */
export interface Rows<R extends Row> {
  rows: readonly R[];
  /** Where the rows after these begin; null after the last. */
  nextCursor: string | null;
}

export interface Held<R extends Row> {
  /** Of what was asked for: another page, view or visit takes the list anew. */
  view: string;
  rows: readonly R[];
  /** Where the rows after those shown begin. */
  nextCursor: string | null;
  /** Shown, and not in the list any more: it ended, was answered, no longer fits the filters. */
  gone: ReadonlySet<string>;
  /** Shown, and not told of by the last answer: gone, or pushed off the page by new ones. */
  untold: readonly string[];
  /** How many wait. */
  fresh: number;
  /** None of the rows shown is among the last that were read: more may wait than were counted. */
  isMore: boolean;
  /** What was read last. */
  latest: Rows<R>;
}

const none: ReadonlySet<string> = new Set();

/** Shows all that was read. */
export function take<R extends Row>(view: string, latest: Rows<R>): Held<R> {
  return { view, rows: latest.rows, nextCursor: latest.nextCursor, gone: none, untold: [], fresh: 0, isMore: false, latest };
}

/** What is shown after the list was read again. An empty list takes what comes: there is nothing that could move. */
export function follow<R extends Row>(held: Held<R>, view: string, latest: Rows<R>): Held<R> {
  if (view !== held.view || held.rows.length === 0) return take(view, latest);
  const now = new Map(latest.rows.map((row) => [row.id, row]));
  const shown = new Set(held.rows.map(({ id }) => id));
  const lastKnown = latest.rows.findLastIndex(({ id }) => shown.has(id));
  const isCut = latest.nextCursor !== null;
  // What comes after the last row that is shown has its place on the next page.
  const fresh = latest.rows.filter(({ id }, index) => !shown.has(id) && (index < lastKnown || lastKnown < 0 || !isCut)).length;
  const lastTold = held.rows.findLastIndex(({ id }) => now.has(id));
  const untold = held.rows.filter(({ id }) => !now.has(id)).map(({ id }) => id);
  // New ones push the last ones off a page that is cut: those are still in the list.
  const gone = held.rows.filter(({ id }, index) => !now.has(id) && (index < lastTold || !isCut)).map(({ id }) => id);
  return {
    ...held,
    rows: held.rows.map((row) => now.get(row.id) ?? row),
    gone: new Set(gone),
    untold,
    fresh,
    isMore: lastKnown < 0 && isCut,
    latest,
  };
}

/** The same list with rows as they were read by themselves. */
export function told<R extends Row>(held: Held<R>, rows: readonly R[]): Held<R> {
  const now = new Map(rows.map((row) => [row.id, row]));
  return { ...held, rows: held.rows.map((row) => now.get(row.id) ?? row) };
}
