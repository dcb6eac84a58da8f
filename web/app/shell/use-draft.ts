/** Text of a form that is still being written, kept in this browser until it is sent: a closed tab or a lost connection costs nothing. */
import { useEffect, useState } from 'react';

const prefix = 'hub-draft:';
const most = 200_000;

/** The kept text, a way to write it, and a way to let go of it once it is sent. At hydration it is `first`; what was kept comes right after. */
export function useDraft(name: string, first: string): [text: string, write: (text: string) => void, letGo: () => void] {
  const [text, setText] = useState(first);
  useEffect(() => {
    try {
      const kept = localStorage.getItem(prefix + name);
      if (kept !== null) setText(kept);
    } catch {
      // A browser that keeps nothing starts from the beginning.
    }
  }, [name]);
  const keep = (next: string | null): void => {
    try {
      if (next === null || next.length > most) localStorage.removeItem(prefix + name);
      else localStorage.setItem(prefix + name, next);
    } catch {
      // Full or switched off: the page itself still has the text.
    }
  };
  return [text, (next) => (setText(next), keep(next === first ? null : next)), () => keep(null)];
}
