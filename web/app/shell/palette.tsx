/** The command palette: what can be done here, what was opened last, places, and search over workflows, runs and templates. Arrows move, Enter opens. */
import { Dialog } from '@base-ui/react/dialog';
import { CornerDownLeft } from 'lucide-react';
import { Fragment, useDeferredValue, useEffect, useId, useMemo, useState } from 'react';
import { useFetcher, useLocation, useNavigate } from 'react-router';
import type { PaletteItem } from '../pages/palette.ts';
import { Kbd } from '../ui/kbd.tsx';
import { RunsStrip } from '../ui/run-strip.tsx';
import { StateGlyph, toState } from '../ui/state.tsx';
import { type PageAction, useActions } from './page-actions.ts';
import { pageControls } from './page-controls.ts';
import { type PaletteRow, paletteRows } from './palette-items.ts';
import { morePlaces, places } from './places.ts';
import { recentThings } from './recent.ts';
import { useTheme } from './use-theme.ts';

const allPlaces = [...places.map(({ to, label, key }) => ({ to, label, keys: `g+${key}` })), ...morePlaces];
const searchAfterMs = 150;

/** What the server finds for the words, a moment after one stops typing. */
function useFound(open: boolean, words: string): { found: readonly PaletteItem[]; busy: boolean } {
  const { load, data, state } = useFetcher<{ items: PaletteItem[] }>({ key: 'palette' });
  const sought = words.trim();
  useEffect(() => {
    if (!open) return;
    const timer = setTimeout(() => void load(`/palette?q=${encodeURIComponent(sought)}`), sought ? searchAfterMs : 0);
    return () => clearTimeout(timer);
  }, [open, load, sought]);
  return { found: data?.items ?? [], busy: state === 'loading' };
}

function useThemes(): PageAction[] {
  const [theme, change] = useTheme();
  return (
    [
      ['light', 'Use the light theme'],
      ['dark', 'Use the dark theme'],
      ['system', 'Use the theme of the system'],
    ] as const
  )
    .filter(([value]) => value !== theme)
    .map(([value, label]) => ({ label, run: () => change(value) }));
}

function Row({ row, id, on, onMark, onGo }: { row: PaletteRow; id: string; on: boolean; onMark: () => void; onGo: () => void }) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the combobox has the focus and its Enter opens the marked option
    <li
      id={id}
      role="option"
      aria-selected={on}
      aria-disabled={Boolean(row.why)}
      title={row.why ?? undefined}
      onMouseMove={onMark}
      onClick={onGo}
      className="flex h-[32px] cursor-pointer items-center gap-8 rounded-control px-8 aria-disabled:opacity-50 aria-selected:bg-hover max-wide:h-[44px]"
    >
      {row.state && <StateGlyph state={toState(row.state)} label />}
      <span className="truncate">{row.label}</span>
      {row.more && <span className="min-w-0 flex-1 truncate text-muted">{row.more}</span>}
      <span className="ml-auto flex shrink-0 items-center gap-8">
        {row.runs && row.runs.length > 0 && (
          <span className="w-[180px] max-wide:hidden" inert>
            <RunsStrip runs={row.runs} />
          </span>
        )}
        {row.keys && (
          <span className="max-wide:hidden">
            <Kbd keys={row.keys} />
          </span>
        )}
        {on && !row.keys && <CornerDownLeft size={14} aria-hidden className="text-muted" />}
      </span>
    </li>
  );
}

export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const [recent, setRecent] = useState(recentThings);
  const list = useId();
  const told = useActions();
  const [controls, setControls] = useState<readonly PageAction[]>([]);
  const themes = useThemes();
  const { found, busy } = useFound(open, useDeferredValue(words));
  useEffect(() => {
    if (!open) return;
    setWords('');
    setAt(0);
    setRecent(recentThings());
    setControls(
      pageControls(
        document.querySelector('#page'),
        told.map(({ label }) => label),
      ),
    );
  }, [open, told]);
  const actions = useMemo(() => [...told, ...controls], [told, controls]);
  const rows = useMemo(
    () => paletteRows({ words, actions, themes, recent, places: allPlaces, found, here: pathname }),
    [words, actions, themes, recent, found, pathname],
  );
  const marked = Math.min(at, rows.length - 1);
  const go = (row: PaletteRow | undefined): void => {
    if (!row || row.why) return;
    onClose();
    if (row.to) void navigate(row.to);
    // After the palette has given the focus back.
    else setTimeout(() => row.run?.(), 0);
  };
  const onKey = (event: React.KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = (marked + step + rows.length) % Math.max(1, rows.length);
      setAt(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(rows[marked]);
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
        <Dialog.Popup className="float-in fixed top-[12vh] left-1/2 z-50 flex max-h-[64vh] w-[600px] max-w-[calc(100vw-32px)] -translate-x-1/2 flex-col overflow-hidden rounded-panel border border-line bg-paper shadow-float outline-none">
          <Dialog.Title className="sr-only">Search, and all that can be done here</Dialog.Title>
          <input
            role="combobox"
            aria-expanded="true"
            aria-controls={list}
            aria-activedescendant={rows.length > 0 ? `${list}-${marked}` : undefined}
            aria-label="Search, and all that can be done here"
            autoComplete="off"
            placeholder="Search or do something"
            value={words}
            onChange={(event) => {
              setWords(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKey}
            className="h-bar shrink-0 border-b border-line bg-transparent px-16 text-15 outline-none placeholder:text-faint"
          />
          <ul id={list} role="listbox" aria-label="Results" className="overflow-auto p-8">
            {rows.map((row, index) => (
              <Fragment key={row.key}>
                {row.group !== rows[index - 1]?.group && (
                  <li role="presentation" className="px-8 pt-8 pb-4 text-12 text-muted first:pt-0">
                    {row.group}
                  </li>
                )}
                <Row row={row} id={`${list}-${index}`} on={index === marked} onMark={() => setAt(index)} onGo={() => go(row)} />
              </Fragment>
            ))}
            {rows.length === 0 && <li className="px-8 py-12 text-muted">{busy ? 'Searching' : `Nothing is named "${words}".`}</li>}
          </ul>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
