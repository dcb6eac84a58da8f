/** The combobox with its list; loaded when one first opens (combobox.tsx). The search field stands in the list, so that the closed control looks like any other. */
import { Combobox as Base } from '@base-ui/react/combobox';
import { Check, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { ComboboxProps } from './combobox.tsx';
import { listClass, rowClass } from './list-class.ts';
import type { Option } from './option.ts';
import { SelectFace, selectClass } from './select-face.tsx';

interface PanelProps extends ComboboxProps {
  link: Record<string, unknown>;
  shown: Option | undefined;
}

const most = 200;

export function ComboboxPanel({ options, value, onChange, label, placeholder, free, disabled, className, extra, link, shown }: PanelProps) {
  const [words, setWords] = useState('');
  const [open, setOpen] = useState(true);
  const found = useMemo(() => {
    const sought = words.trim().toLowerCase();
    const fit = sought ? options.filter((option) => `${option.label} ${option.hint ?? ''} ${option.value}`.toLowerCase().includes(sought)) : options;
    const typed = words.trim();
    const own = free && typed && !options.some((option) => option.value === typed) ? [{ value: typed, label: `Use "${typed}"` }] : [];
    return [...fit.slice(0, most), ...own];
  }, [options, words, free]);
  return (
    <Base.Root<Option>
      items={options as Option[]}
      filteredItems={found}
      value={shown ?? null}
      isItemEqualToValue={(item, chosen) => item.value === chosen.value}
      onValueChange={(next) => {
        if (next) onChange(next.value);
      }}
      inputValue={words}
      onInputValueChange={setWords}
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) setWords('');
      }}
      autoHighlight
      disabled={disabled ?? false}
    >
      <Base.Trigger
        {...link}
        {...(label ? { 'aria-label': `${label}${shown ? `: ${shown.label}` : ''}` } : {})}
        className={selectClass(className)}
        data-value={value}
      >
        <SelectFace shown={shown} placeholder={placeholder} prefix={undefined} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" className="z-50 outline-none">
          <Base.Popup className={listClass} aria-label={label ?? 'Choose'}>
            <Base.Input
              aria-label="Search"
              placeholder={free ? 'Search or type' : 'Search'}
              className="mb-4 h-control w-full rounded-control border border-line bg-paper px-8 placeholder:text-faint"
            />
            <Base.Empty className="px-8 py-4 text-muted empty:hidden">Nothing fits.</Base.Empty>
            <Base.List>
              {(option: Option) => (
                <Base.Item key={option.value} value={option} disabled={Boolean(option.why)} className={rowClass}>
                  <span className="w-16 shrink-0">
                    <Base.ItemIndicator>
                      <Check size={14} aria-hidden />
                    </Base.ItemIndicator>
                  </span>
                  <span className="truncate">{option.label}</span>
                  {option.hint && <span className="ml-auto min-w-0 truncate pl-12 text-12 text-muted">{option.hint}</span>}
                </Base.Item>
              )}
            </Base.List>
            {extra && (
              <button
                type="button"
                className="mt-4 flex h-control w-full items-center gap-8 rounded-control border-t border-line px-8 text-link hover:bg-hover"
                onClick={() => {
                  setOpen(false);
                  extra.onChoose();
                }}
              >
                <Plus size={14} aria-hidden />
                {extra.label}
              </button>
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
