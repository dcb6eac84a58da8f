/** Chooses one of a few. Looks and posts like a field; the list itself loads when it is first opened, so that a page with filters stays light. */
import clsx from 'clsx';
import { ChevronDown } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { boxLook, useFieldLink } from './field.tsx';
import type { Option } from './option.ts';

export interface SelectProps {
  options: readonly Option[];
  /** The chosen value; with `onChange` alone it keeps its own. '' is a value like any other. */
  value?: string | undefined;
  defaultValue?: string | undefined;
  onChange?: ((value: string) => void) | undefined;
  /** Posted under this name by a form around it. */
  name?: string | undefined;
  /** Name for screen readers where no `Field` stands around it. */
  label?: string | undefined;
  /** Shown while nothing is chosen. */
  placeholder?: string | undefined;
  /** Stands before the chosen label in the control: "Status: failed". */
  prefix?: string | undefined;
  disabled?: boolean | undefined;
  className?: string | undefined;
}

/** Class of the closed control. */
export function selectClass(className?: string): string {
  return clsx(
    boxLook,
    // A width of its own stands against the usual one.
    !/(^| )w-|flex-1/.test(className ?? '') && 'w-full',
    'inline-flex h-control items-center gap-8 text-left max-wide:h-[36px] data-popup-open:border-ink aria-expanded:border-ink',
    className,
  );
}

/** What the closed control shows. */
export function SelectFace({
  shown,
  placeholder,
  prefix,
}: {
  shown: Option | undefined;
  placeholder: string | undefined;
  prefix: string | undefined;
}) {
  return (
    <>
      <span className="min-w-0 flex-1 truncate">
        {prefix && <span className="text-muted">{prefix} </span>}
        {shown ? shown.label : <span className="text-faint">{placeholder ?? 'Choose'}</span>}
      </span>
      <ChevronDown size={14} aria-hidden className="shrink-0 text-muted" />
    </>
  );
}

const load = async () => ({ default: (await import('./select-panel.tsx')).SelectPanel });
const SelectPanel = lazy(load);
const opens = new Set(['Enter', ' ', 'ArrowDown', 'ArrowUp']);

export function Select({ value, defaultValue, onChange, name, ...props }: SelectProps) {
  const [own, setOwn] = useState(defaultValue ?? '');
  const [asked, setAsked] = useState(false);
  const link = useFieldLink();
  const form = useRef<HTMLInputElement>(null);
  const chosen = value ?? own;
  const choose = (next: string): void => {
    setOwn(next);
    onChange?.(next);
    // Forms that send themselves on change hear it as from any other field, after the value is in place.
    queueMicrotask(() => form.current?.dispatchEvent(new Event('change', { bubbles: true })));
  };
  const { options, label, placeholder, prefix, disabled, className } = props;
  const shown = options.find((option) => option.value === chosen);
  const still = (
    <button
      type="button"
      role="combobox"
      aria-haspopup="listbox"
      aria-expanded="false"
      aria-controls={undefined}
      {...link}
      {...(label ? { 'aria-label': `${label}${shown ? `: ${shown.label}` : ''}` } : {})}
      disabled={disabled}
      className={selectClass(className)}
      onPointerEnter={() => void load()}
      onClick={() => setAsked(true)}
      onKeyDown={(event) => {
        if (!opens.has(event.key)) return;
        event.preventDefault();
        setAsked(true);
      }}
    >
      <SelectFace shown={shown} placeholder={placeholder} prefix={prefix} />
    </button>
  );
  return (
    <>
      {name && <input ref={form} type="hidden" name={name} value={chosen} />}
      {asked ? (
        <Suspense fallback={still}>
          <SelectPanel {...props} link={link} chosen={chosen} choose={choose} />
        </Suspense>
      ) : (
        still
      )}
    </>
  );
}
