/** `steady.ts` for a page: what its loader gives again and again, held still until the person asks for the rest. */
import { useState } from 'react';
import { follow, type Held, type Row, type Rows, take, told } from './steady.ts';

export interface Steady<R extends Row> extends Held<R> {
  /** Shows all that was read: asked for, or the person's own doing. */
  show: () => void;
  /** Puts in rows that were read by themselves. */
  tell: (rows: readonly R[]) => void;
}

/** `latest` is a new object whenever the page was read again. `view`: see `Held`; the key of the location makes every visit a new one. */
export function useSteady<R extends Row>(latest: Rows<R>, view: string): Steady<R> {
  const [held, setHeld] = useState(() => take(view, latest));
  const isRead = held.latest.rows !== latest.rows || held.view !== view;
  const now = isRead ? follow(held, view, latest) : held;
  // Derived while drawing, so that what is not to move is never painted moved.
  if (isRead) setHeld(now);
  return {
    ...now,
    show: () => setHeld((before) => take(before.view, before.latest)),
    tell: (rows) => setHeld((before) => told(before, rows)),
  };
}
