/** One of two to four, all in sight. Arrow keys move, as in a radio group. */
import clsx from 'clsx';
import { useRef } from 'react';
import type { Option } from './option.ts';

export interface SegmentedProps {
  label: string;
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
  disabled?: boolean | undefined;
  small?: boolean | undefined;
}

export function Segmented({ label, options, value, onChange, disabled, small }: SegmentedProps) {
  const group = useRef<HTMLDivElement>(null);
  const move = (event: React.KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || disabled) return;
    event.preventDefault();
    const now = options.findIndex((option) => option.value === value);
    const next = (now + step + options.length) % options.length;
    const chosen = options[next];
    if (chosen) onChange(chosen.value);
    (group.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <div
      ref={group}
      role="radiogroup"
      aria-label={label}
      className="inline-flex max-w-full shrink-0 self-start rounded-control border border-line-strong"
    >
      {options.map((option) => {
        const on = option.value === value;
        return (
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- one stop for Tab and arrows between, drawn as one control
          <button
            key={option.value}
            type="button"
            role="radio"
            aria-checked={on}
            tabIndex={on ? 0 : -1}
            disabled={disabled}
            title={option.why ?? option.hint}
            onKeyDown={move}
            onClick={() => onChange(option.value)}
            className={clsx(
              'focus-inset border-line-strong px-8 ease-state not-first:border-l first:rounded-l-control last:rounded-r-control max-wide:h-[34px]',
              small ? 'h-[22px] text-12' : 'h-[26px]',
              on ? 'bg-chosen font-medium text-ink' : 'bg-paper text-muted hover:bg-hover hover:text-ink',
            )}
          >
            {option.label}
          </button>
        );
      })}
    </div>
  );
}
