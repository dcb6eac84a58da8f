/** Chooses one of many by typing part of its name. `free` takes what was typed as well. Loads its list with the first opening. */
import { lazy, Suspense, useState } from 'react';
import { useFieldLink } from './field.tsx';
import type { Option } from './option.ts';
import { SelectFace, selectClass } from './select-face.tsx';

export interface ComboboxProps {
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
  label?: string | undefined;
  placeholder?: string | undefined;
  /** Takes a text that is none of the options. */
  free?: boolean | undefined;
  disabled?: boolean | undefined;
  className?: string | undefined;
  /** A row at the end of the list that does something else: "New credential". */
  extra?: { label: string; onChoose: () => void } | undefined;
}

const load = async () => ({ default: (await import('./combobox-panel.tsx')).ComboboxPanel });
const ComboboxPanel = lazy(load);

export function Combobox(props: ComboboxProps) {
  const { options, value, label, placeholder, disabled, className } = props;
  const [asked, setAsked] = useState(false);
  const link = useFieldLink();
  const shown = options.find((option) => option.value === value) ?? (value ? { value, label: value } : undefined);
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
        if (!['Enter', ' ', 'ArrowDown', 'ArrowUp'].includes(event.key)) return;
        event.preventDefault();
        setAsked(true);
      }}
    >
      <SelectFace shown={shown} placeholder={placeholder} prefix={undefined} />
    </button>
  );
  return asked ? (
    <Suspense fallback={still}>
      <ComboboxPanel {...props} link={link} shown={shown} />
    </Suspense>
  ) : (
    still
  );
}
