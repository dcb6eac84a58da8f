/** What can be done with the chosen rows: rises from below, over the bottom bar of a phone. Esc lets them go. */
import { X } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { IconButton } from '../ui/button.tsx';
import { formatWhole } from '../ui/format.ts';
import { typingIn } from '../ui/keys.ts';

export function BulkBar({
  count,
  what,
  onClear,
  children,
}: {
  count: number;
  what: [one: string, many: string];
  onClear: () => void;
  children: ReactNode;
}) {
  useEffect(() => {
    if (count === 0) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !typingIn(event) && !document.querySelector('[role="dialog"]')) onClear();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [count, onClear]);
  if (count === 0) return null;
  return (
    <section
      aria-label="Chosen rows"
      className="pointer-events-none sticky bottom-0 z-20 mt-auto flex justify-center p-16 max-wide:bottom-[56px] max-wide:p-8"
    >
      <div className="panel-rise pointer-events-auto flex max-w-full items-center gap-8 overflow-x-auto rounded-panel border border-line bg-paper py-8 pr-8 pl-16 shadow-float">
        <p role="status" className="tabular mr-8 font-medium whitespace-nowrap">
          {formatWhole(count)} {count === 1 ? what[0] : what[1]}
        </p>
        {children}
        <IconButton label="Let the rows go" onClick={onClear}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
    </section>
  );
}
