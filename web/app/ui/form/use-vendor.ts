/** Lists and fields of a vendor as controls draw them: what is known already at once, the newest as it comes. */
import { useEffect, useRef, useState } from 'react';
import type { FormField, VendorPage, VendorSource } from './types.ts';
import { askColumns, askOptions, faultWords, firstPageOf, joined, rememberedColumns, type VendorFault } from './vendor-model.ts';

/** A pause in typing this long asks. */
const typingMs = 250;

export interface VendorList {
  page: VendorPage;
  /** `more`: the next page is on its way. */
  state: 'loading' | 'more' | 'ready' | 'failed';
  fault: VendorFault | null;
  /** Reads the next page. */
  more: () => void;
  /** Asks once more from the beginning. */
  again: () => void;
}

const none: VendorPage = { items: [], nextCursor: null };

/** The choices of a field that fit `words`, while `open`. */
export function useVendorList(source: VendorSource, resource: string, words: string, open: boolean): VendorList {
  const [search, setSearch] = useState('');
  const [round, setRound] = useState(0);
  const [page, setPage] = useState(() => firstPageOf(source, resource) ?? none);
  const [state, setState] = useState<VendorList['state']>('loading');
  const [fault, setFault] = useState<VendorFault | null>(null);
  const asking = useRef<AbortController>(null);
  const sought = words.trim();
  useEffect(() => {
    const timer = setTimeout(() => setSearch(sought), sought === '' ? 0 : typingMs);
    return () => clearTimeout(timer);
  }, [sought]);

  /** One question at a time: a newer one ends the one before. */
  const ask = (before: VendorPage | null): AbortController => {
    asking.current?.abort();
    const stop = new AbortController();
    asking.current = stop;
    setState(before ? 'more' : 'loading');
    setFault(null);
    void askOptions(source, { resource, search, cursor: before?.nextCursor ?? null, signal: stop.signal }).then(
      (next) => {
        if (stop.signal.aborted) return;
        setPage(before ? joined(before, next) : next);
        setState('ready');
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        setFault(faultWords(error));
        setState('failed');
      },
    );
    return stop;
  };
  useEffect(() => {
    if (!open || source.why !== null) return;
    const stop = ask(null);
    return () => stop.abort();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `ask` is made anew with each of these
  }, [open, source, resource, search, round]);
  return {
    page,
    state: sought === search ? state : 'loading',
    fault,
    more: () => {
      if (state === 'ready' && page.nextCursor !== null) ask(page);
    },
    again: () => setRound((now) => now + 1),
  };
}

export interface VendorColumns {
  /** Null while nothing is known of them. */
  columns: readonly FormField[] | null;
  loading: boolean;
  fault: VendorFault | null;
  again: () => void;
}

/** The fields of a row, asked for as soon as the vendor can be. */
export function useVendorColumns(source: VendorSource, field: FormField): VendorColumns {
  const [round, setRound] = useState(0);
  const [told, setTold] = useState<{ source: VendorSource; columns: readonly FormField[] | null; fault: VendorFault | null } | null>(null);
  const { name, expression = false } = field;
  useEffect(() => {
    if (source.why !== null) return;
    const stop = new AbortController();
    void askColumns(source, { name, label: name, kind: 'any', expression }, stop.signal).then(
      (columns) => {
        if (!stop.signal.aborted) setTold({ source, columns, fault: null });
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setTold({ source, columns: null, fault: faultWords(error) });
      },
    );
    return () => stop.abort();
  }, [source, name, expression, round]);
  const current = told?.source === source ? told : null;
  return {
    columns: current?.columns ?? rememberedColumns(source, name) ?? null,
    loading: source.why === null && current === null,
    fault: current?.fault ?? null,
    again: () => {
      setTold(null);
      setRound((now) => now + 1);
    },
  };
}
