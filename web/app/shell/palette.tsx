/** The command palette: pages, workflows and recent runs by name. Arrows move, Enter opens. */
import { Dialog } from '@base-ui/react/dialog';
import { CornerDownLeft } from 'lucide-react';
import { useEffect, useId, useMemo, useState } from 'react';
import { useFetcher, useNavigate } from 'react-router';
import type { PaletteItem } from '../pages/palette.ts';
import { toState, StateGlyph } from '../ui/state.tsx';
import { morePlaces, places } from './places.ts';

const fixed: PaletteItem[] = [...places, ...morePlaces].map(({ to, label }) => ({ to, label, kind: 'Page' }));

function matches(item: PaletteItem, words: string): boolean {
  const text = `${item.label} ${item.kind} ${item.more ?? ''}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const fetcher = useFetcher<{ items: PaletteItem[] }>({ key: 'palette' });
  const navigate = useNavigate();
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const { load } = fetcher;
  useEffect(() => {
    if (open) {
      setWords('');
      setAt(0);
      void load('/palette');
    }
  }, [open, load]);
  const items = useMemo(
    () => [...fixed, ...(fetcher.data?.items ?? [])].filter((item) => matches(item, words.trim())).slice(0, 50),
    [fetcher.data, words],
  );
  const go = (item: PaletteItem | undefined): void => {
    if (!item) return;
    onClose();
    void navigate(item.to);
  };
  const onKey = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = Math.min(items.length - 1, Math.max(0, at + (event.key === 'ArrowDown' ? 1 : -1)));
      setAt(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(items[at]);
    }
  };
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="float-in fixed inset-0 z-40 bg-[var(--veil)]" />
        <Dialog.Popup className="float-in fixed top-[12vh] left-1/2 z-50 flex max-h-[60vh] w-[560px] max-w-[calc(100vw-32px)] -translate-x-1/2 flex-col overflow-hidden rounded-panel border border-line bg-paper shadow-float outline-none">
          <Dialog.Title className="sr-only">Search pages, workflows and runs</Dialog.Title>
          <input
            role="combobox"
            aria-expanded="true"
            aria-controls={list}
            aria-activedescendant={items.length > 0 ? `${list}-${at}` : undefined}
            aria-label="Search pages, workflows and runs"
            autoComplete="off"
            placeholder="Go to a page, workflow or run"
            value={words}
            onChange={(event) => {
              setWords(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKey}
            className="h-bar shrink-0 border-b border-line bg-transparent px-16 text-15 outline-none placeholder:text-faint"
          />
          <ul id={list} role="listbox" aria-label="Results" className="overflow-auto p-8">
            {items.map((item, index) => (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the combobox has the focus and its Enter opens the marked option
              <li
                key={item.to}
                id={`${list}-${index}`}
                role="option"
                aria-selected={index === at}
                onMouseMove={() => setAt(index)}
                onClick={() => go(item)}
                className="flex h-row cursor-pointer items-center gap-8 rounded-control px-8 aria-selected:bg-hover"
              >
                {item.state && <StateGlyph state={toState(item.state)} label />}
                <span className="truncate">{item.label}</span>
                {item.more && <span className="truncate text-muted">{item.more}</span>}
                <span className="ml-auto shrink-0 text-12 text-muted">{item.kind}</span>
                {index === at && <CornerDownLeft size={14} aria-hidden className="shrink-0 text-muted" />}
              </li>
            ))}
            {items.length === 0 && (
              <li className="px-8 py-12 text-muted">{fetcher.state === 'loading' ? 'Searching' : `Nothing is named "${words}".`}</li>
            )}
          </ul>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
