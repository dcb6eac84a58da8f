/** The one filter bar of a list: what it shows stands in the address, so it can be sent, saved and gone back to. Works without script as a plain form. */
import { Search, X } from 'lucide-react';
import { useEffect, useEffectEvent, useRef } from 'react';
import { Form, useSearchParams, useSubmit } from 'react-router';
import { LinkButton } from '../ui/button.tsx';
import { boxClass } from '../ui/field.tsx';
import { typingIn } from '../ui/keys.ts';
import type { Option } from '../ui/option.ts';
import { Select } from '../ui/select.tsx';

export interface Filter {
  /** Name in the address. */
  name: string;
  label: string;
  options: readonly Option[];
  /** Of the choice that filters nothing. */
  every: string;
}

/** Typing settles for this long before the list is asked. */
const settleMs = 250;

/** `/` puts the cursor into the search of the page. */
function useSearchKey() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== '/' || typingIn(event)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return field;
}

export function FilterBar({ label, search: placeholder, filters }: { label: string; search?: string | undefined; filters: readonly Filter[] }) {
  const [search] = useSearchParams();
  const submit = useSubmit();
  const field = useSearchKey();
  const bar = useRef<HTMLFormElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const words = search.get('q') ?? '';
  // The field keeps what is being typed; an address that changed otherwise (a tab, back) shows in it.
  useEffect(() => {
    if (field.current && document.activeElement !== field.current) field.current.value = words;
  }, [field, words]);
  const sendSoon = useEffectEvent((form: HTMLFormElement, afterMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(form), afterMs);
  });
  // Listened to in the document: React tells no change of the hidden field in which a select keeps its value.
  useEffect(() => {
    const form = bar.current;
    if (!form) return;
    const onInput = (event: Event): void => {
      if (event.target instanceof HTMLInputElement && event.target.type === 'search') sendSoon(form, settleMs);
    };
    const onChange = (event: Event): void => {
      if (event.target instanceof HTMLInputElement && event.target.type === 'hidden') sendSoon(form, 0);
    };
    form.addEventListener('input', onInput);
    form.addEventListener('change', onChange);
    return () => {
      form.removeEventListener('input', onInput);
      form.removeEventListener('change', onChange);
    };
  }, []);
  const any = words !== '' || filters.some(({ name }) => search.get(name));
  const send = (form: HTMLFormElement): void => {
    // Empty filters stay out of the address.
    const chosen = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string' && value) chosen.set(name, value);
    void submit(chosen, { method: 'get', replace: true });
  };
  return (
    <Form
      method="get"
      role="search"
      aria-label={label}
      className="flex items-center gap-8 border-b border-line px-16 py-8 max-wide:flex-wrap wide:px-24"
      ref={bar}
      onSubmit={(event) => {
        event.preventDefault();
        clearTimeout(timer.current);
        send(event.currentTarget);
      }}
    >
      {placeholder && (
        <span className="relative min-w-0 max-wide:w-full wide:w-[240px]">
          <Search size={14} aria-hidden className="pointer-events-none absolute top-1/2 left-8 -translate-y-1/2 text-muted" />
          <input
            ref={field}
            type="search"
            name="q"
            aria-label={placeholder}
            placeholder={placeholder}
            defaultValue={words}
            maxLength={200}
            autoComplete="off"
            className={`${boxClass} h-control pr-8 pl-[28px] max-wide:h-[36px]`}
            onKeyDown={(event) => {
              if (event.key === 'Escape') event.currentTarget.blur();
            }}
          />
        </span>
      )}
      <span className="contents max-wide:-mx-16 max-wide:flex max-wide:w-[calc(100%+32px)] max-wide:gap-8 max-wide:overflow-x-auto max-wide:px-16">
        {filters.map(({ name, label: each, every, options }) => (
          <Select
            key={`${name} ${search.get(name) ?? ''}`}
            name={name}
            label={each}
            options={[{ value: '', label: every }, ...options]}
            defaultValue={search.get(name) ?? ''}
            className="!w-auto max-w-[200px] shrink-0"
          />
        ))}
      </span>
      {any && (
        <LinkButton kind="quiet" to="?" aria-label="Clear the filters" className="max-wide:hidden">
          <X size={14} aria-hidden />
          Clear
        </LinkButton>
      )}
      <noscript>
        <button type="submit">Filter</button>
      </noscript>
    </Form>
  );
}
