/** The column of check boxes of a table: x chooses the row at the cursor, shift takes all between. Not on a phone, where rows are for opening. */
import clsx from 'clsx';
import { useRef } from 'react';

export interface TableSelection<Row> {
  chosen: ReadonlySet<string>;
  onChange: (next: ReadonlySet<string>) => void;
  /** Names the row for screen readers. */
  nameOf: (row: Row) => string;
}

export const pickCell = 'relative z-1 w-[40px] max-wide:hidden';

/** Toggling of rows by key, with the span from the last one where shift is held. */
export function usePicking<Row>(selection: TableSelection<Row> | undefined, keys: readonly string[]) {
  const last = useRef<number | null>(null);
  const toggle = (index: number, isSpan: boolean): void => {
    const key = keys[index];
    if (!selection || key === undefined) return;
    const next = new Set(selection.chosen);
    const choose = !next.has(key);
    const from = isSpan && last.current !== null ? last.current : index;
    for (const each of keys.slice(Math.min(from, index), Math.max(from, index) + 1)) {
      if (choose) next.add(each);
      else next.delete(each);
    }
    last.current = index;
    selection.onChange(next);
  };
  const all = keys.length > 0 && keys.every((key) => selection?.chosen.has(key));
  const toggleAll = (): void => selection?.onChange(new Set(all ? [] : keys));
  return { toggle, all, toggleAll };
}

export function PickBox({
  checked,
  some,
  label,
  onToggle,
}: {
  checked: boolean;
  some?: boolean;
  label: string;
  onToggle: (isSpan: boolean) => void;
}) {
  return (
    <label className="flex h-full w-full cursor-pointer items-center">
      <input
        type="checkbox"
        aria-label={label}
        checked={checked}
        ref={(box) => {
          if (box) box.indeterminate = Boolean(some && !checked);
        }}
        onChange={() => undefined}
        onClick={(event) => onToggle(event.shiftKey)}
        className={clsx('size-[14px] cursor-pointer accent-[var(--ink)]', !checked && !some && 'opacity-60 group-hover:opacity-100')}
      />
    </label>
  );
}
