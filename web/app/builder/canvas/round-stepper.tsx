/** Walks the items of a loop in a run: "12 of 40 < >"; "All" shows the sum again. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { formatWhole } from '../../ui/format.ts';
import { useBuilder, usePick } from '../context.tsx';

const button =
  'nodrag flex size-24 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-ink disabled:text-faint disabled:hover:bg-transparent';

export function RoundStepper({ id, count }: { id: string; count: number }) {
  const { store } = useBuilder();
  const at = usePick((state) => state.rounds[id] ?? null);
  const go = (next: number | null): void => {
    const { [id]: _before, ...others } = store.getState().rounds;
    store.getState().set({ rounds: next === null ? others : { ...others, [id]: next } });
  };
  const to = (by: number): void => go(at === null ? (by > 0 ? 0 : count - 1) : (at + by + count) % count);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- only keeps the card below from being chosen; the buttons have the keys
    <span
      role="group"
      aria-label="Items of the loop"
      className="tabular flex shrink-0 items-center text-12 text-muted"
      onClick={(event) => event.stopPropagation()}
    >
      <button type="button" className={`${button} !w-auto px-4`} disabled={at === null} title="Show all items together" onClick={() => go(null)}>
        {at === null ? `${formatWhole(count)} items` : `${formatWhole(at + 1)} of ${formatWhole(count)}`}
      </button>
      <button type="button" aria-label="Item before" title="Item before" className={button} onClick={() => to(-1)}>
        <ChevronLeft size={14} aria-hidden />
      </button>
      <button type="button" aria-label="Next item" title="Next item" className={button} onClick={() => to(1)}>
        <ChevronRight size={14} aria-hidden />
      </button>
    </span>
  );
}
