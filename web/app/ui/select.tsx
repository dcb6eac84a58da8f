/** Chooses one of a few. Looks and posts like a field; the list itself loads when it is first opened, so that a page with filters stays light. */
import { lazy, Suspense, useRef, useState } from 'react';
import { useFieldLink } from './field.tsx';
import { SelectFace, selectClass, type SelectProps } from './select-face.tsx';

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
