/** The run strip: a run's steps over time, 16 px high, in state colours. The same in lists, headers and palette. Hover names the step, click opens it. */
import clsx from 'clsx';
import { Link } from 'react-router';
import type { State } from './state.tsx';
import { stateWord } from './state.tsx';
import { formatDuration } from './format.ts';
import { packStrip, type StripPart } from './strip-layout.ts';

const height = 16;

function Bar({ x, width, lane, lanes, state, title }: { x: number; width: number; lane: number; lanes: number; state: State; title: string }) {
  const each = (height - (lanes - 1)) / lanes;
  const y = lane * (each + 1);
  const open = state === 'skipped' || state === 'queued';
  return (
    <g className={`s-${state}`}>
      <title>{title}</title>
      <rect
        x={`${x}%`}
        width={`${width}%`}
        y={y}
        height={each}
        rx={Math.min(2, each / 4)}
        className={open ? 'state-stroke' : 'state-fill'}
        {...(open ? { fill: 'none', strokeDasharray: '3 2' } : {})}
      />
      {state === 'kept' && <rect x={`${x}%`} width={`${width}%`} y={y} height={each} fill="url(#kept-hatch)" />}
      {state === 'running' && <rect x={`${x}%`} width={`${width}%`} y={y} height={each} fill="url(#running-dash)" />}
    </g>
  );
}

/** Patterns that strips refer to; once per page, in the root. */
export function StripPatterns() {
  return (
    <svg width="0" height="0" className="absolute" aria-hidden>
      <defs>
        <pattern id="kept-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2.5" height="6" className="fill-paper" opacity="0.75" />
        </pattern>
        <pattern id="running-dash" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="4" height="8" className="fill-paper" opacity="0.35" />
        </pattern>
      </defs>
    </svg>
  );
}

export interface RunStripProps {
  parts: StripPart[];
  /** The run's own length so far, ms. */
  lengthMs: number;
  className?: string;
  /** Where a step leads; without it the strip is a picture with a description. */
  hrefOf?: (part: StripPart) => string;
  label: string;
}

export function RunStrip({ parts, lengthMs, className, hrefOf, label }: RunStripProps) {
  const { bars, lanes } = packStrip(parts, lengthMs);
  return (
    <svg height={height} width="100%" role={hrefOf ? 'group' : 'img'} aria-label={label} className={clsx('block overflow-visible', className)}>
      <line x1="0" x2="100%" y1={height / 2} y2={height / 2} stroke="var(--line)" />
      {bars.map(({ part, x, width, lane }) => {
        const took = part.endMs === null ? 'still running' : formatDuration(part.endMs - part.startMs);
        const title = `${part.label}: ${stateWord(part.state)}, ${took}`;
        const bar = <Bar x={x} width={width} lane={lane} lanes={lanes} state={part.state} title={title} />;
        return hrefOf ? (
          <Link key={part.id} to={hrefOf(part)} preventScrollReset aria-label={title} className="focus-inset">
            {bar}
          </Link>
        ) : (
          <g key={part.id}>{bar}</g>
        );
      })}
    </svg>
  );
}

/** Where only counts are known: the same strip as shares, in the order of what a reader looks for. */
export function CountStrip({ counts, label, className }: { counts: { state: State; count: number }[]; label: string; className?: string }) {
  const total = counts.reduce((sum, each) => sum + each.count, 0) || 1;
  let x = 0;
  return (
    <svg height={height} width="100%" role="img" aria-label={label} className={clsx('block', className)}>
      <line x1="0" x2="100%" y1={height / 2} y2={height / 2} stroke="var(--line)" />
      {counts
        .filter((each) => each.count > 0)
        .map((each) => {
          const width = (each.count / total) * 100;
          const bar = (
            <Bar
              key={each.state}
              x={x}
              width={Math.max(0.5, width - 0.7)}
              lane={0}
              lanes={1}
              state={each.state}
              title={`${each.count} ${stateWord(each.state).toLowerCase()}`}
            />
          );
          x += width;
          return bar;
        })}
    </svg>
  );
}

export interface StripRun {
  id: string;
  state: State;
  /** null: not over. */
  durationMs: number | null;
}

const step = 6;
const mostRuns = 30;

/** The last runs of a workflow, oldest left: one block each, state its colour, duration its height. Hover names it, a click opens it. */
export function RunsStrip({ runs, label }: { runs: readonly StripRun[]; label?: string }) {
  if (runs.length === 0) return <span className="text-faint">no runs yet</span>;
  const shown = runs.slice(0, mostRuns);
  const longest = Math.max(1, ...shown.map(({ durationMs }) => durationMs ?? 0));
  return (
    <svg width={mostRuns * step} height={height} className="relative z-1 block" role="group" aria-label={label ?? `Last ${shown.length} runs`}>
      <line x1="0" x2={mostRuns * step} y1={height - 0.5} y2={height - 0.5} stroke="var(--line)" />
      {shown.map((run, index) => {
        const tall = run.durationMs === null ? height : Math.max(4, Math.round((run.durationMs / longest) * height));
        const title = `${stateWord(run.state)}${run.durationMs === null ? '' : ` in ${formatDuration(run.durationMs)}`}`;
        const x = (mostRuns - 1 - index) * step;
        return (
          <Link key={run.id} to={`/runs/${run.id}`} aria-label={`Run ${run.id.slice(-6)}: ${title}`} tabIndex={-1}>
            <g className={`s-${run.state}`}>
              <title>{title}</title>
              <rect x={x} y="0" width={step} height={height} fill="transparent" />
              <rect x={x + 0.5} y={height - tall} width={step - 2} height={tall} rx="1" className="state-fill" />
              {run.state === 'running' && <rect x={x + 0.5} y={height - tall} width={step - 2} height={tall} fill="url(#running-dash)" />}
            </g>
          </Link>
        );
      })}
    </svg>
  );
}
