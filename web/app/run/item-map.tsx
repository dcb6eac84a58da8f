/** All items of a step as a map of squares in state colours: click one, or walk with the stepper; only the failed ones on request. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useNavigate, useSearchParams } from 'react-router';
import { Button, IconButton } from '../ui/button.tsx';
import { formatWhole, plural } from '../ui/format.ts';
import { type State, StateGlyph, stateWord } from '../ui/state.tsx';
import type { StepData } from './step.server.ts';

const side = 10;
const perRow = 40;
/** Squares drawn at once; larger loops show the thousand around the chosen item. */
const mostSquares = 1000;

export function ItemMap({ step }: { step: StepData }) {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const at = step.items.findIndex(({ path }) => path === step.path);
  const open = (path: string | null): void => {
    const next = new URLSearchParams(search);
    next.delete('attempt');
    if (path) next.set('path', path);
    else next.delete('path');
    void navigate({ search: `?${next}` }, { replace: true, preventScrollReset: true });
  };
  const to = (index: number): void => open(step.items[(index + step.items.length) % step.items.length]?.path ?? null);
  const failed = step.items.filter(({ state }) => state === 'failed');
  const nextFailed = (): void =>
    open((failed.find(({ path }) => step.items.findIndex((item) => item.path === path) > at) ?? failed[0])?.path ?? null);
  const counts = Map.groupBy(step.items, ({ state }) => state);
  const from =
    step.items.length > mostSquares
      ? Math.max(0, Math.min(step.items.length - mostSquares, Math.floor((Math.max(0, at) - mostSquares / 2) / perRow) * perRow))
      : 0;
  const shown = step.items.slice(from, from + mostSquares);
  const rows = Math.ceil(shown.length / perRow);
  return (
    <section aria-label="Items" className="flex flex-col gap-8">
      <div className="flex flex-wrap items-center gap-8">
        <h3 className="tabular font-semibold">
          {at < 0 ? plural(step.items.length, 'item') : `Item ${formatWhole(at)} of ${formatWhole(step.items.length)}`}
        </h3>
        <IconButton label="Item before" onClick={() => to(at < 0 ? step.items.length - 1 : at - 1)}>
          <ChevronLeft size={16} aria-hidden />
        </IconButton>
        <IconButton label="Next item" onClick={() => to(at + 1)}>
          <ChevronRight size={16} aria-hidden />
        </IconButton>
        {failed.length > 0 && <Button onClick={nextFailed}>Next failed</Button>}
        {at >= 0 && step.hasOwn && (
          <Button kind="quiet" onClick={() => open(step.nodeId)}>
            Whole step
          </Button>
        )}
        <ul className="tabular ml-auto flex gap-12 text-12 text-muted">
          {[...counts].map(([state, items]) => (
            <li key={state} className="flex items-center gap-4" title={stateWord(state)}>
              <StateGlyph state={state} label />
              {formatWhole(items.length)}
            </li>
          ))}
        </ul>
      </div>
      <svg viewBox={`0 0 ${perRow * side} ${rows * side}`} width="100%" className="max-h-[250px]" aria-hidden preserveAspectRatio="xMinYMin meet">
        {shown.map(({ path, state }, index) => (
          <Square
            key={path}
            x={(index % perRow) * side}
            y={Math.floor(index / perRow) * side}
            state={state}
            chosen={from + index === at}
            title={`Item ${from + index}: ${stateWord(state)}`}
            onOpen={() => open(path)}
          />
        ))}
      </svg>
      {step.items.length > mostSquares && (
        <p className="tabular text-12 text-muted">
          Items {formatWhole(from)} to {formatWhole(from + shown.length - 1)} are drawn.
        </p>
      )}
    </section>
  );
}

function Square({ x, y, state, chosen, title, onOpen }: { x: number; y: number; state: State; chosen: boolean; title: string; onOpen: () => void }) {
  const open = state === 'queued' || state === 'skipped';
  return (
    <g className={`s-${state} cursor-pointer`} onClick={onOpen}>
      <title>{title}</title>
      <rect x={x} y={y} width={side} height={side} fill="transparent" />
      <rect
        x={x + 1}
        y={y + 1}
        width={side - 2}
        height={side - 2}
        rx="1.5"
        className={open ? 'state-stroke' : 'state-fill'}
        {...(open ? { fill: 'none', strokeDasharray: '2 1.5' } : {})}
        opacity={chosen || state === 'failed' || state === 'running' ? 1 : 0.7}
      />
      {chosen && <rect x={x + 0.5} y={y + 0.5} width={side - 1} height={side - 1} rx="2" fill="none" stroke="var(--ink)" strokeWidth="1.25" />}
    </g>
  );
}
