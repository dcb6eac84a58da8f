/** Which rows of a list are chosen; rows that left the page are no longer among them. */
import { useMemo, useState } from 'react';

export interface Selection {
  chosen: ReadonlySet<string>;
  ids: string[];
  set: (next: ReadonlySet<string>) => void;
  clear: () => void;
}

const none: ReadonlySet<string> = new Set();

export function useSelection(rows: readonly { id: string }[]): Selection {
  const [wanted, setWanted] = useState<ReadonlySet<string>>(none);
  const ids = useMemo(() => rows.map(({ id }) => id).filter((id) => wanted.has(id)), [rows, wanted]);
  const chosen = useMemo(() => new Set(ids), [ids]);
  const [clear] = useState(() => () => setWanted(none));
  return { chosen, ids, set: setWanted, clear };
}
