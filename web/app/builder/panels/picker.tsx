/** The step picker: search, families, help; Enter adds, dragging puts it where it is let go. */
import clsx from 'clsx';
import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useEffectEvent, useId, useMemo, useRef, useState } from 'react';
import { NodeIcon } from '../../run/node-icon.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { useActions } from '../actions.ts';
import { pickType } from '../canvas/pick-type.ts';
import { useBuilder, usePick } from '../context.tsx';
import { families, findEntries, type PickEntry, type PickPlace } from '../model/catalogue.ts';
import { nodeOf } from '../model/graph.ts';
import { labelOf } from '../model/words.ts';

interface Row {
  entry: PickEntry;
  /** Heads a family. */
  family: string | null;
}

function rowsOf(entries: readonly PickEntry[], sought: string, inLoop: boolean): Row[] {
  const found = findEntries(entries, sought).filter(({ type }) => !inLoop || (type !== 'output' && type !== 'respond'));
  if (sought.trim() !== '') return found.map((entry) => ({ entry, family: null }));
  return families.flatMap((family) =>
    found.filter((entry) => entry.family === family).map((entry, index) => ({ entry, family: index === 0 ? family : null })),
  );
}

function placeWords(place: PickPlace, labels: (id: string) => string | null): string {
  if (place.edge) return `Between ${labels(place.edge.from) ?? 'Start'} and ${labels(place.edge.to) ?? 'the next'}`;
  if (place.from) return `After ${labels(place.from.id) ?? 'the step'}${place.from.port === 'out' ? '' : `, ${place.from.port}`}`;
  if (place.parent !== undefined) return `In ${labels(place.parent) ?? 'the loop'}`;
  return 'On the canvas';
}

function Entry({ row, active, id, onAdd, onPoint }: { row: Row; active: boolean; id: string; onAdd: () => void; onPoint: () => void }) {
  const { entry } = row;
  return (
    <>
      {row.family !== null && (
        <li role="presentation" className="px-12 pt-12 pb-4 text-12 font-medium text-muted">
          {row.family}
        </li>
      )}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- an option of the combobox above, which has the keys */}
      <li
        id={id}
        role="option"
        aria-selected={active}
        tabIndex={-1}
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData(pickType, entry.key);
          event.dataTransfer.effectAllowed = 'copy';
        }}
        onClick={onAdd}
        onPointerMove={onPoint}
        className={clsx('mx-4 flex cursor-pointer items-start gap-8 rounded-control px-8 py-4', active && 'bg-chosen')}
      >
        <span className="mt-[2px] flex size-[28px] shrink-0 items-center justify-center rounded-control border border-line bg-paper">
          <NodeIcon type={entry.type} size={15} />
        </span>
        <span className="min-w-0">
          <span className="block truncate font-medium">{entry.label}</span>
          <span className="line-clamp-2 text-12 text-muted">{entry.runs ? entry.help : `Can be drawn, not published yet. ${entry.help}`}</span>
        </span>
      </li>
    </>
  );
}

/** Bones of the entries, while what connectors do is being read. */
function Coming() {
  return (
    <li role="presentation" className="after-blink flex flex-col gap-16 px-12 pt-12">
      <span className="sr-only">Reading what connectors can do</span>
      {Array.from({ length: 8 }, (_, index) => (
        <span key={index} aria-hidden className="flex gap-8">
          <span className="skeleton size-[28px] shrink-0 rounded-control" />
          <span className="flex flex-1 flex-col gap-8">
            <span className="skeleton h-12 w-[40%]" />
            <span className="skeleton h-12 w-[80%]" />
          </span>
        </span>
      ))}
    </li>
  );
}

export function Picker({ place }: { place: PickPlace }) {
  const { store, library } = useBuilder();
  const { add, focusCanvas } = useActions();
  const definition = usePick((state) => state.definition);
  const [sought, setSought] = useState('');
  const [at, setAt] = useState(0);
  // Pressed before all there is to choose from was there: what fits best then may not be what fits best.
  const [wanted, setWanted] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const listId = useId();
  const rows = useMemo(() => rowsOf(library.entries, sought, place.parent !== undefined), [library.entries, sought, place.parent]);
  // All of them at once: what connectors do stands first, and would push the rest down.
  const shown = library.loading ? [] : rows;
  const active = Math.min(at, shown.length - 1);
  const close = (): void => {
    store.getState().set({ picking: null });
    focusCanvas();
  };
  useEffect(() => {
    document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, listId]);
  const addActive = (): void => {
    const row = shown[active];
    if (row) add(row.entry, place);
  };
  const addNow = useEffectEvent(addActive);
  useEffect(() => {
    if (wanted && !library.loading) addNow();
  }, [wanted, library.loading]);
  const onKey = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0 && shown.length > 0) {
      event.preventDefault();
      setAt((active + by + shown.length) % shown.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (library.loading) setWanted(true);
      else addActive();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  const labels = (id: string): string | null => {
    const node = nodeOf(definition, id);
    return node ? labelOf(node) : null;
  };
  return (
    <section
      aria-label="Add a step"
      className="absolute top-16 left-16 z-20 flex h-[min(560px,calc(100%-32px))] w-[336px] max-w-[calc(100%-32px)] flex-col rounded-panel border border-line bg-paper shadow-float"
    >
      <header className="flex shrink-0 items-center gap-8 border-b border-line pr-8 pl-12">
        <Search size={15} aria-hidden className="shrink-0 text-muted" />
        <input
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- opened by a key or a click: the person wants to search
          autoFocus
          type="text"
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={shown.length > 0 ? `${listId}-${active}` : undefined}
          aria-label="Search steps"
          placeholder="Search steps"
          value={sought}
          onChange={(event) => {
            setSought(event.target.value);
            setAt(0);
            setWanted(false);
          }}
          onKeyDown={onKey}
          className="h-[40px] min-w-0 flex-1 bg-transparent outline-none placeholder:text-faint"
        />
        <button
          type="button"
          aria-label="Close"
          className="flex size-24 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-ink"
          onClick={close}
        >
          <X size={15} aria-hidden />
        </button>
      </header>
      <ul ref={list} id={listId} role="listbox" aria-label="Steps" className="min-h-0 flex-1 overflow-y-auto pb-8">
        {shown.map((row, index) => (
          <Entry
            key={row.entry.key}
            row={row}
            id={`${listId}-${index}`}
            active={index === active}
            onAdd={() => add(row.entry, place)}
            onPoint={() => {
              if (index !== at) setAt(index);
            }}
          />
        ))}
        {library.loading && <Coming />}
        {rows.length === 0 && !library.loading && (
          <li role="presentation" className="px-12 py-16 text-muted">
            No step is like that. Any HTTP API can be called with <q>HTTP</q>.
          </li>
        )}
      </ul>
      <footer className="flex shrink-0 items-center gap-8 border-t border-line px-12 py-8 text-12 text-muted">
        <span className="min-w-0 flex-1 truncate">{placeWords(place, labels)}</span>
        <Kbd keys="Enter" />
      </footer>
    </section>
  );
}
