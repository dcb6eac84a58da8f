/** The inspector: what goes in, how it is set, what came out. Over the canvas, so that nothing moves when it opens; its width is remembered. */
import clsx from 'clsx';
import { X } from 'lucide-react';
import { type KeyboardEvent, lazy, type PointerEvent, Suspense, useEffect, useRef, useState } from 'react';
import { NodeIcon } from '../../run/node-icon.tsx';
import { IconButton } from '../../ui/button.tsx';
import { useActions } from '../actions.ts';
import { useBuilder, usePick } from '../context.tsx';
import { nodeOf, startId } from '../model/graph.ts';
import { type InspectorTab, onlySelected } from '../model/store.ts';
import { kindLabel, labelOf } from '../model/words.ts';
import { OnlyLooking } from './only-looking.tsx';

const Input = lazy(async () => ({ default: (await import('./input-tab.tsx')).InputTab }));
const Parameters = lazy(async () => ({ default: (await import('./parameters-tab.tsx')).ParametersTab }));
const Output = lazy(async () => ({ default: (await import('./output-tab.tsx')).OutputTab }));
const Behaviour = lazy(async () => ({ default: (await import('./behaviour-tab.tsx')).BehaviourTab }));
const Start = lazy(async () => ({ default: (await import('./start-panel.tsx')).StartPanel }));

const least = 400;
const most = 640;
const widthKey = 'hub-inspector';

/** Width as it was left, and a way to change it by pointer and keys. */
function useWidth() {
  const [width, setWidth] = useState(() => {
    const kept = Number(localStorage.getItem(widthKey));
    return kept >= least && kept <= most ? kept : 440;
  });
  const set = (next: number): void => {
    const fit = Math.round(Math.min(most, Math.max(least, next)));
    setWidth(fit);
    try {
      localStorage.setItem(widthKey, String(fit));
    } catch {
      // Remembered until the page goes.
    }
  };
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    const [from, at] = [event.clientX, width];
    const target = event.currentTarget;
    target.setPointerCapture(event.pointerId);
    const move = (now: globalThis.PointerEvent): void => set(at + from - now.clientX);
    target.addEventListener('pointermove', move);
    target.addEventListener('lostpointercapture', () => target.removeEventListener('pointermove', move), { once: true });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowLeft' ? 24 : event.key === 'ArrowRight' ? -24 : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    set(width + by);
  };
  return { width, handle: { onPointerDown, onKeyDown } };
}

const tabs: [InspectorTab, string][] = [
  ['input', 'Input'],
  ['parameters', 'Parameters'],
  ['output', 'Output'],
  ['behaviour', 'Behaviour'],
];

function Tabs({ tab, onTab, faults }: { tab: InspectorTab; onTab: (tab: InspectorTab) => void; faults: Record<string, number> }) {
  return (
    <div role="tablist" aria-label="Of the step" className="flex h-[36px] shrink-0 gap-16 border-b border-line px-16">
      {tabs.map(([key, label], index) => (
        <button
          key={key}
          type="button"
          role="tab"
          id={`tab-${key}`}
          aria-selected={tab === key}
          aria-controls="tab-body"
          tabIndex={tab === key ? 0 : -1}
          onClick={() => onTab(key)}
          onKeyDown={(event) => {
            const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
            if (by === 0) return;
            event.preventDefault();
            event.stopPropagation();
            const next = tabs[(index + by + tabs.length) % tabs.length];
            if (!next) return;
            onTab(next[0]);
            document.getElementById(`tab-${next[0]}`)?.focus();
          }}
          className={clsx(
            'focus-inset -mb-px inline-flex items-center gap-4 border-b-2 px-4 ease-state',
            tab === key ? 'border-ink font-medium text-ink' : 'border-transparent text-muted hover:text-ink',
          )}
        >
          {label}
          {(faults[key] ?? 0) > 0 && <span className="tabular text-12 font-semibold text-failed-text">{faults[key]}</span>}
        </button>
      ))}
    </div>
  );
}

function StepPanel({ id }: { id: string }) {
  const { store } = useBuilder();
  const node = usePick((state) => nodeOf(state.definition, id));
  const tab = usePick((state) => state.tab);
  const all = usePick((state) => state.faults);
  const readOnly = usePick((state) => state.readOnly);
  const { startRenaming, rename, focusCanvas } = useActions();
  if (!node) return null;
  const mine = all.filter((fault) => fault.nodeId === id);
  const inConfig = mine.filter(({ path }) => path.includes('/config')).length;
  const Body = { input: Input, parameters: Parameters, output: Output, behaviour: Behaviour }[tab];
  return (
    <>
      <header className="flex h-bar shrink-0 items-center gap-8 pr-8 pl-16">
        <span className="flex size-[28px] shrink-0 items-center justify-center rounded-control bg-hover">
          <NodeIcon type={node.type} />
        </span>
        <span className="min-w-0 flex-1">
          <input
            key={node.label ?? node.id}
            aria-label="Name of the step"
            defaultValue={labelOf(node)}
            readOnly={readOnly}
            maxLength={200}
            className="-ml-[5px] h-[22px] w-full truncate rounded-control border border-transparent bg-transparent px-4 text-15 font-semibold hover:border-line focus:border-line-strong focus:bg-paper"
            onBlur={(event) => rename(id, event.target.value)}
            onKeyDown={(event) => {
              event.stopPropagation();
              if (event.key === 'Enter') event.currentTarget.blur();
              if (event.key === 'Escape') {
                event.currentTarget.value = labelOf(node);
                event.currentTarget.blur();
                focusCanvas();
              }
            }}
            onFocus={(event) => {
              if (readOnly) startRenaming();
              else event.currentTarget.select();
            }}
          />
          <span className="block truncate text-12 text-muted">
            {kindLabel(node.type)} · <span className="font-mono">{node.id}</span>
          </span>
        </span>
        <IconButton label="Close" onClick={() => store.getState().select([])}>
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      <Tabs tab={tab} onTab={(next) => store.getState().set({ tab: next })} faults={{ parameters: inConfig, behaviour: mine.length - inConfig }} />
      {readOnly && <OnlyLooking id="only-looking" />}
      <div
        id="tab-body"
        data-tab-body
        role="tabpanel"
        aria-labelledby={`tab-${tab}`}
        {...(readOnly ? { 'aria-describedby': 'only-looking' } : {})}
        className="min-h-0 flex-1 overflow-y-auto"
      >
        <Suspense fallback={<Bones />}>
          <Body key={id} id={id} />
        </Suspense>
      </div>
    </>
  );
}

function Bones() {
  return (
    <div aria-hidden className="after-blink flex flex-col gap-16 p-16">
      {[1, 2, 3].map((row) => (
        <div key={row} className="flex flex-col gap-8">
          <span className="skeleton h-12 w-[96px]" />
          <span className="skeleton h-control w-full" />
        </div>
      ))}
    </div>
  );
}

export function Inspector({ phone }: { phone: boolean }) {
  const selected = usePick(onlySelected);
  const dragging = usePick((state) => state.moving !== null || state.held);
  const [only, setOnly] = useState(selected);
  // What is taken hold of is selected too; its form opens when it is let go, so that no drag waits for a form.
  if (!dragging && only !== selected) setOnly(selected);
  const several = usePick((state) => (state.selected.size > 1 ? state.selected.size : 0));
  const { width, handle } = useWidth();
  const { focusCanvas, reveal } = useActions();
  const aside = useRef<HTMLElement>(null);
  useEffect(() => {
    // Set by script, as our CSP wants it; on the parent, since the dock stands beside it.
    aside.current?.parentElement?.style.setProperty('--inspector', `${width}px`);
  });
  useEffect(() => {
    // What was clicked may lie where the inspector comes to stand.
    if (only !== null) reveal(only);
  }, [only, reveal]);
  if (only === null || several > 0) return null;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leads back to the canvas from every field
    <aside
      ref={aside}
      data-inspector
      aria-label="Inspector"
      className={clsx(
        'inspector z-20 flex flex-col border-line bg-paper',
        phone ? 'fixed inset-x-0 bottom-[56px] h-[60dvh] rounded-t-panel border-t shadow-float' : 'absolute inset-y-0 right-0 border-l',
      )}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        focusCanvas();
      }}
    >
      {!phone && (
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a separator that moves takes the focus; hr cannot
        <div
          role="separator"
          aria-label="Width of the inspector"
          aria-orientation="vertical"
          aria-valuemin={least}
          aria-valuemax={most}
          aria-valuenow={width}
          tabIndex={0}
          className="absolute inset-y-0 -left-4 z-10 w-8 cursor-col-resize hover:bg-press focus-visible:bg-press"
          {...handle}
        />
      )}
      {only === startId ? (
        <Suspense fallback={<Bones />}>
          <Start />
        </Suspense>
      ) : (
        <StepPanel id={only} />
      )}
    </aside>
  );
}
