/** The way into the past: small, because it stands on every run page. */
import { History } from 'lucide-react';
import { useSearchParams } from 'react-router';
import { Button } from '../ui/button.tsx';

/** Sets the moment in the address; null goes back to now. */
export function useMoment(): (seq: number | null) => void {
  const [, setSearch] = useSearchParams();
  return (seq) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (seq === null) for (const name of ['at', 'scope']) next.delete(name);
        else next.set('at', String(seq));
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
}

/** Opens the slider; past the newest event means the newest. */
export function TimeButton() {
  const go = useMoment();
  return (
    <Button kind="quiet" className="px-8" title="Go back in time" onClick={() => go(999_999_999)}>
      <History size={14} aria-hidden />
      <span className="max-wide:sr-only">Go back in time</span>
    </Button>
  );
}
