/** The open picker of a vendor's list: searched and paged at the vendor. Every state has its words; typing a value of one's own works in each of them. */
import { Combobox as Base } from '@base-ui/react/combobox';
import clsx from 'clsx';
import { Braces, Check, RotateCw } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { listClass, rowClass } from '../list-class.ts';
import type { Option } from '../option.ts';
import { SelectFace, selectClass } from '../select-face.tsx';
import { hintOf } from './scalar-controls.tsx';
import type { FormField, VendorSource } from './types.ts';
import { useVendorList, type VendorList } from './use-vendor.ts';
import { rememberLabel } from './vendor-model.ts';

interface PanelProps {
  field: FormField;
  vendor: VendorSource;
  shown: Option | undefined;
  link: Record<string, unknown>;
  onChange: (value: string) => void;
  onExpress: (() => void) | undefined;
}

/** A row of the list. `own`: what was typed, as it is. */
interface Row extends Option {
  own?: boolean;
}

const quiet = 'inline-flex h-control items-center gap-8 rounded-control px-8 text-muted hover:bg-hover hover:text-ink max-wide:h-[40px]';

function Bones() {
  return (
    <span aria-hidden className="after-blink flex flex-col gap-12 px-8 py-8">
      {['w-3/4', 'w-1/2', 'w-2/3'].map((width) => (
        <span key={width} className={`skeleton block h-12 ${width}`} />
      ))}
    </span>
  );
}

/** What stands in place of choices, or under them. */
function Told({ list, why, words, any }: { list: VendorList; why: string | null; words: string; any: boolean }) {
  const { state, fault, page, again, more } = list;
  if (why !== null)
    return (
      <p className="px-8 py-4 text-muted">
        {why}{' '}
        <Link to="/connections" target="_blank" className="text-link underline">
          Open connections
        </Link>
      </p>
    );
  if (fault !== null)
    return (
      <div role="alert" className="flex flex-col items-start gap-4 px-8 py-4">
        <p className="break-words text-failed-text">{fault.message}</p>
        <span className="flex flex-wrap gap-12">
          <button type="button" className="rounded-control text-link underline" onClick={again}>
            Try again
          </button>
          {fault.mend && (
            <Link to={fault.mend.to} target="_blank" className="text-link underline">
              {fault.mend.label}
            </Link>
          )}
        </span>
      </div>
    );
  if (state === 'loading') return any ? null : <Bones />;
  if (page.nextCursor !== null)
    return (
      <button type="button" className={`${quiet} w-full text-link`} disabled={state === 'more'} onClick={more}>
        {state === 'more' ? 'Reading more' : 'Show more'}
      </button>
    );
  if (page.items.length > 0) return null;
  return <p className="px-8 py-4 text-muted">{words === '' ? 'There is nothing to choose from yet.' : 'Nothing fits.'}</p>;
}

const spoken = ({ state, page, fault }: VendorList): string =>
  fault ? '' : state === 'loading' ? 'Reading the list' : `${page.items.length} to choose from`;

/** Near the end of the list the next page is read. */
const nearEnd = 96;

export function VendorPanel({ field, vendor, shown, link, onChange, onExpress }: PanelProps) {
  const [words, setWords] = useState('');
  const [open, setOpen] = useState(true);
  const list = useVendorList(vendor, field.options ?? '', words, open);
  const sought = words.trim();
  const { page, state } = list;
  const found = useMemo((): Row[] => {
    const lower = sought.toLowerCase();
    // Until the vendor has searched, what is here already is.
    const fit =
      state === 'loading' && lower ? page.items.filter(({ label, value }) => `${label} ${value}`.toLowerCase().includes(lower)) : page.items;
    const choices = fit.map(({ value, label, help }): Row => ({ value, label, hint: help }));
    const none: Row[] = !field.required && shown && sought === '' ? [{ value: '', label: 'None' }] : [];
    const own: Row[] =
      sought !== '' && !choices.some(({ value }) => value === sought) ? [{ value: sought, label: `Use "${sought}"`, own: true }] : [];
    return [...none, ...choices, ...own];
  }, [page, state, sought, shown, field.required]);
  const choices = found.filter(({ own }) => own !== true).length;
  return (
    <Base.Root<Row>
      items={found}
      filteredItems={found}
      value={shown ?? null}
      isItemEqualToValue={(item, chosen) => item.value === chosen.value}
      onValueChange={(next) => {
        if (!next) return;
        if (!next.own && next.value !== '') rememberLabel(field.options ?? '', next);
        onChange(next.value);
      }}
      inputValue={words}
      onInputValueChange={setWords}
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) setWords('');
      }}
      autoHighlight
    >
      <Base.Trigger {...link} className={selectClass()} title={shown && shown.label !== shown.value ? shown.value : undefined}>
        <SelectFace shown={shown} placeholder={hintOf(field)} prefix={undefined} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="start" className="z-50 outline-none">
          <Base.Popup className={clsx(listClass, 'flex flex-col overflow-hidden!')} aria-label={field.label}>
            <Base.Input
              aria-label="Search"
              placeholder="Search or type"
              className="mb-4 h-control w-full shrink-0 rounded-control border border-line bg-paper px-8 placeholder:text-faint max-wide:h-[40px] max-wide:text-[16px]"
            />
            <Base.Status className="sr-only">{vendor.why ?? spoken(list)}</Base.Status>
            <div
              className="min-h-0 overflow-auto"
              onScroll={({ currentTarget: box }) => {
                if (box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd) list.more();
              }}
            >
              <Base.List>
                {(option: Row) => (
                  <Base.Item key={`${option.value} ${option.label}`} value={option} className={rowClass}>
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
              <Told list={list} why={vendor.why} words={sought} any={choices > 0} />
            </div>
            <div className="mt-4 flex shrink-0 justify-between border-t border-line pt-4">
              {onExpress ? (
                <button
                  type="button"
                  className={quiet}
                  onClick={() => {
                    setOpen(false);
                    onExpress();
                  }}
                >
                  <Braces size={14} aria-hidden />
                  Use an expression
                </button>
              ) : (
                <span />
              )}
              {vendor.why === null && (
                <button type="button" className={quiet} aria-label="Read the list again" title="Read the list again" onClick={list.again}>
                  <RotateCw size={14} aria-hidden />
                </button>
              )}
            </div>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
