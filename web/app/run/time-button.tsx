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
    <div className="flex justify-end border-b border-line px-16 py-4 wide:px-24">
      <Button kind="quiet" onClick={() => go(999_999_999)}>
        <History size={14} aria-hidden /> Go back in time
      </Button>
    </div>
  );
}
