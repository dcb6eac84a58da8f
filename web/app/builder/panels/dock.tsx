/** The data dock below the canvas: what the chosen step was given and what it gave, from its pin or from a run, as a table, JSON or a list of its fields. Folds to a bar; height and fold are remembered. */
import type { NodeRow } from '@hub/contract';
import clsx from 'clsx';
import { ChevronDown, ChevronUp, Pin, PinOff, Play } from 'lucide-react';
import { type KeyboardEvent, lazy, type PointerEvent, Suspense, useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { formatWhole } from '../../ui/format.ts';
import { isRows, type Json } from '../../ui/json-path.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useActions } from '../actions.ts';
import { RoundStepper } from '../canvas/round-stepper.tsx';
import { useBuilder, usePick } from '../context.tsx';
import { nodeOf, startId } from '../model/graph.ts';
import { repeatedBy } from '../model/rounds.ts';
import { onlySelected } from '../model/store.ts';
import { labelOf } from '../model/words.ts';
import { dockHeightKey, foldedDock, keptHeight, leastDock as least, mostDock as most } from './dock-size.ts';
import { putPins } from './pins.ts';
import { useSample } from './sample.ts';

const DockValue = lazy(async () => ({ default: (await import('./dock-value.tsx')).DockValue }));
export type DockWay = 'table' | 'json' | 'schema';
type Side = 'input' | 'output';

function useHeight() {
  const [height, setHeight] = useState(keptHeight);
  const set = (next: number): void => {
    const fit = Math.round(Math.min(most, window.innerHeight * 0.6, Math.max(least, next)));
    setHeight(fit);
    try {
      localStorage.setItem(dockHeightKey, String(fit));
    } catch {
      // Remembered until the page goes.
    }
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    const [from, at] = [event.clientY, height];
    const target = event.currentTarget;
    target.setPointerCapture(event.pointerId);
    const move = (now: globalThis.PointerEvent): void => set(at + from - now.clientY);
    target.addEventListener('pointermove', move);
    target.addEventListener('lostpointercapture', () => target.removeEventListener('pointermove', move), { once: true });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowUp' ? 24 : event.key === 'ArrowDown' ? -24 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    set(height + by);
  };
  return { height, handle: { onPointerDown, onKeyDown } };
}

interface Found {
  key: string;
  row: NodeRow | null;
}

/** The row of a step in a run: for one item where one is chosen, else its own, else its first. */
function useRow(runId: string | null, id: string | null, iteration: number | null): NodeRow | null {
  const { call } = useBuilder();
  const settled = usePick((state) => state.run?.settled ?? true);
  const status = usePick((state) => (id === null ? null : (state.run?.views.get(id)?.state ?? null)));
  const [found, setFound] = useState<Found | null>(null);
  const key = `${runId} ${id} ${iteration} ${settled} ${status}`;
  useEffect(() => {
    if (runId === null || id === null) return;
    const stop = new AbortController();
    call<{ items: NodeRow[] }>('GET', `/runs/${runId}/nodes?nodeId=${id}&limit=50${iteration === null ? '' : `&iteration=${iteration}`}`, {
      signal: stop.signal,
    })
      .then(({ items }) => {
        const own = items.filter((row) => iteration !== null || row.path === id);
        setFound({ key, row: own.at(-1) ?? items[0] ?? null });
      })
      .catch(() => undefined);
    return () => stop.abort();
  }, [call, runId, id, iteration, key]);
  return found?.key === key ? found.row : null;
}

function Body({ id }: { id: string }) {
  const builder = useBuilder();
  const { test } = useActions();
  const node = usePick((state) => nodeOf(state.definition, id));
  const loop = usePick((state) => repeatedBy(state.definition, id));
  const rounds = usePick((state) => state.rounds);
  const count = usePick((state) => (loop === null ? 0 : (state.run?.views.get(loop)?.itemCount ?? 0)));
  const shown = usePick((state) => state.run?.id ?? null);
  const pins = usePick((state) => state.pins);
  const readOnly = usePick((state) => state.readOnly);
  const sample = useSample();
  const [side, setSide] = useState<Side>('output');
  const [way, setWay] = useState<DockWay | null>(null);
  const runId = shown ?? sample.runId;
  const row = useRow(runId, id, loop === null ? null : (rounds[loop] ?? null));
  if (!node) return null;
  const pin = pins[id];
  const value = (side === 'input' ? row?.input : (pin ?? row?.output)) as Json | undefined;
  const tell = (why: string | null, done: string): void =>
    showToast(why === null ? { text: done, undo: () => void putPins(builder, pins) } : { text: 'Nothing was pinned', more: why, tone: 'failed' });
  const from = side === 'output' && pin !== undefined ? 'pinned' : row === null ? '' : shown === null ? 'last run' : 'run shown';
  return (
    <>
      <div className="flex shrink-0 flex-wrap items-center gap-8 px-12 py-4">
        <Segmented
          small
          label="Which data"
          value={side}
          onChange={(next) => setSide(next as Side)}
          options={[
            { value: 'input', label: 'Input' },
            { value: 'output', label: 'Output' },
          ]}
        />
        <Segmented
          small
          label="Show as"
          value={way ?? (isRows(value) ? 'table' : 'json')}
          onChange={(next) => setWay(next as DockWay)}
          options={[
            { value: 'table', label: 'Table' },
            { value: 'json', label: 'JSON' },
            { value: 'schema', label: 'Schema' },
          ]}
        />
        {loop !== null && count > 0 && <RoundStepper id={loop} count={count} />}
        <span className="tabular min-w-0 truncate text-12 text-muted">
          {isRows(value) && count === 0 ? `${formatWhole(value.length)} rows${from ? ' · ' : ''}` : ''}
          {from}
        </span>
        {!readOnly && (
          <span className="ml-auto flex gap-8">
            {builder.may.run && (
              <Button kind="quiet" onClick={() => test({ upTo: id })}>
                <Play size={13} aria-hidden />
                Test to here
              </Button>
            )}
            {pin !== undefined ? (
              <Button
                kind="quiet"
                onClick={() => {
                  const { [id]: _gone, ...others } = pins;
                  void putPins(builder, others).then((why) => tell(why, 'Pin removed'));
                }}
              >
                <PinOff size={13} aria-hidden />
                Unpin
              </Button>
            ) : (
              row?.output !== undefined && (
                <Button
                  kind="quiet"
                  onClick={() => void putPins(builder, { ...pins, [id]: row.output as Json }).then((why) => tell(why, 'Output pinned for tests'))}
                >
                  <Pin size={13} aria-hidden />
                  Pin
                </Button>
              )
            )}
          </span>
        )}
      </div>
      <div
        className="min-h-0 flex-1 overflow-auto px-12 pb-12"
        role="region"
        aria-label={`${side === 'input' ? 'Input' : 'Output'} of ${labelOf(node)}`}
        tabIndex={0}
      >
        {value === undefined ? (
          <p className="py-8 text-muted">
            {row?.error && typeof row.error['message'] === 'string'
              ? row.error['message']
              : runId === null
                ? 'No run yet: test the workflow once, or write an output by hand in the inspector.'
                : `Nothing of this step ${loop !== null && rounds[loop] !== undefined ? 'for this item' : 'in that run'}.`}
          </p>
        ) : (
          <Suspense fallback={<span aria-hidden className="skeleton after-blink block h-[96px]" />}>
            <DockValue
              label={`${side === 'input' ? 'Input' : 'Output'} of ${labelOf(node)}`}
              value={value}
              way={way ?? (isRows(value) ? 'table' : 'json')}
              path={side === 'output' ? `nodes.${id}.output` : null}
            />
          </Suspense>
        )}
      </div>
    </>
  );
}

export function Dock({ open, onOpen }: { open: boolean; onOpen: (open: boolean) => void }) {
  const selected = usePick(onlySelected);
  const label = usePick((state) => {
    const node = selected === null ? undefined : nodeOf(state.definition, selected);
    return node ? labelOf(node) : null;
  });
  const { height, handle } = useHeight();
  const dock = useRef<HTMLElement>(null);
  useEffect(() => {
    dock.current?.style.setProperty('height', `${open ? height : foldedDock}px`);
  }, [open, height]);
  const Arrow = open ? ChevronDown : ChevronUp;
  const step = selected === startId ? null : selected;
  return (
    <section
      ref={dock}
      aria-label="Data"
      className={clsx('dock relative flex h-[33px] shrink-0 flex-col border-t border-line bg-paper', selected !== null && 'dock-beside')}
    >
      {open && (
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a separator that moves takes the focus; hr cannot
        <div
          role="separator"
          aria-label="Height of the data"
          aria-orientation="horizontal"
          aria-valuemin={least}
          aria-valuemax={most}
          aria-valuenow={height}
          tabIndex={0}
          className="absolute inset-x-0 -top-4 z-10 h-8 cursor-row-resize hover:bg-press focus-visible:bg-press"
          {...handle}
        />
      )}
      <button
        type="button"
        aria-expanded={open}
        title={open ? 'Fold the data (O)' : 'Show the data of the chosen step (O)'}
        className="focus-inset flex h-[32px] shrink-0 items-center gap-8 px-12 text-left hover:bg-hover"
        onClick={() => onOpen(!open)}
      >
        <Arrow size={14} aria-hidden className="shrink-0 text-muted" />
        <span className="font-medium">Data</span>
        <span className="min-w-0 truncate text-muted">{label ?? 'Choose a step to see what goes in and out'}</span>
      </button>
      {open && step !== null && <Body key={step} id={step} />}
      {open && step === null && (
        <p className="px-12 py-8 text-muted">Choose a step: its input and output stand here after a test, with every item of a loop.</p>
      )}
    </section>
  );
}
