/** The timeline as drawn: names left, bars right, in SVG with attributes only (no inline style, so it can be rendered on the server). */
import clsx from 'clsx';
import { useRef } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { formatDuration, formatWhole } from '../ui/format.ts';
import { StateGlyph, stateWord } from '../ui/state.tsx';
import type { Timeline, TimelineBar, TimelineLane } from './timeline-layout.ts';

const laneHeight = 36;
const inner = 24;

const barTitle = (lane: TimelineLane, bar: TimelineBar): string => {
  const took = bar.completedAt ? formatDuration(Date.parse(bar.completedAt) - Date.parse(bar.startedAt)) : 'still running';
  const item = bar.path.match(/\[(\d+)\]/g)?.join('');
  return `${lane.label}${item ? ` ${item}` : ''}, attempt ${bar.attempt}: ${stateWord(bar.state).toLowerCase()}, ${took}`;
};

function LaneBars({ lane, onOpen }: { lane: TimelineLane; onOpen: (bar: TimelineBar) => void }) {
  return (
    <svg
      width="100%"
      height={laneHeight}
      className="block"
      role="img"
      aria-label={`${lane.label}: ${lane.bars.length === 0 ? 'did not run' : `${formatWhole(lane.bars.length)} ${lane.bars.length === 1 ? 'attempt' : 'attempts'}`}`}
    >
      {lane.bars.map((bar) => {
        // One bar alone is drawn slim; many share the lane.
        const alone = bar.height > 99;
        const height = alone ? inner / 2 : (bar.height / 100) * inner;
        const y = 6 + (alone ? inner / 4 : (bar.y / 100) * inner);
        const gap = height > 3 ? 1 : 0.25;
        return (
          <g key={`${bar.path} ${bar.attempt}`} className={`s-${bar.state} cursor-pointer hover:opacity-75`} onClick={() => onOpen(bar)}>
            <title>{barTitle(lane, bar)}</title>
            <rect
              x={`${bar.x}%`}
              width={`${bar.width}%`}
              y={y + gap / 2}
              height={Math.max(1, height - gap)}
              rx={Math.min(2, height / 4)}
              className="state-fill"
            />
            {bar.state === 'kept' && <rect x={`${bar.x}%`} width={`${bar.width}%`} y={y} height={height} fill="url(#kept-hatch)" />}
          </g>
        );
      })}
    </svg>
  );
}

function Axis({ timeline }: { timeline: Timeline }) {
  return (
    <svg width="100%" height="24" className="block overflow-visible text-12" aria-hidden>
      {timeline.lead > 0 && (
        <text x="0" y="16" className="s-kept fill-[var(--state-kept-text)]" fontSize="12">
          kept
        </text>
      )}
      {timeline.ticks.map(({ x, ms }, index) => (
        <text key={ms} x={`${x}%`} y="16" className={clsx('tabular fill-muted', index % 2 === 1 && 'max-wide:hidden')} fontSize="12">
          {ms === 0 ? '0' : formatDuration(ms).replace('.0 s', ' s')}
        </text>
      ))}
    </svg>
  );
}

function Grid({ timeline, height }: { timeline: Timeline; height: number }) {
  return (
    <svg width="100%" height={height} className="pointer-events-none absolute inset-0" aria-hidden>
      {timeline.ticks.map(({ x, ms }) => (
        <line key={ms} x1={`${x}%`} x2={`${x}%`} y1="0" y2={height} stroke="var(--line)" />
      ))}
      {timeline.lead > 0 && <line x1={`${timeline.lead}%`} x2={`${timeline.lead}%`} y1="0" y2={height} className="s-kept state-stroke" />}
      {timeline.folds.map(({ x, ms }) => (
        <g key={x}>
          <title>{`${formatDuration(ms)} in which nothing was worked on`}</title>
          <rect x={`${x}%`} width="2%" y="0" height={height} fill="var(--paper-hover)" />
          <line x1={`${x + 1}%`} x2={`${x + 1}%`} y1="0" y2={height} stroke="var(--line-strong)" strokeDasharray="2 4" />
        </g>
      ))}
    </svg>
  );
}

export function TimelineView({ timeline, runId }: { timeline: Timeline; runId: string }) {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const chosen = search.get('step');
  const place = useRef<HTMLDivElement>(null);
  const { lanes } = timeline;
  const open = (lane: TimelineLane, bar: TimelineBar): void =>
    void navigate(
      { search: `?step=${encodeURIComponent(lane.id)}&path=${encodeURIComponent(bar.path)}&attempt=${bar.attempt}` },
      { preventScrollReset: true },
    );
  return (
    <div ref={place} className="grid grid-cols-[136px_minmax(0,1fr)] wide:grid-cols-[240px_minmax(0,1fr)] py-8 pr-16 wide:pr-24" data-run={runId}>
      <div className="border-r border-line pt-24">
        {lanes.map((lane) => (
          <Link
            key={lane.id}
            to={`?step=${encodeURIComponent(lane.id)}`}
            preventScrollReset
            data-at={lane.id === chosen || undefined}
            className="focus-inset flex h-row items-center gap-8 pr-8 pl-16 hover:bg-hover data-at:bg-chosen wide:pl-24"
          >
            {lane.depth > 0 && <span className="w-8 shrink-0" aria-hidden />}
            <StateGlyph state={lane.state} label />
            <span className="truncate">{lane.label}</span>
            <span className="tabular ml-auto text-12 whitespace-nowrap text-muted max-wide:hidden">
              {lane.startedAt && lane.completedAt ? formatDuration(Date.parse(lane.completedAt) - Date.parse(lane.startedAt)) : ''}
            </span>
          </Link>
        ))}
      </div>
      <div className="min-w-0">
        <Axis timeline={timeline} />
        <div className="relative">
          <Grid timeline={timeline} height={lanes.length * laneHeight} />
          <div className="relative">
            {lanes.map((lane) => (
              <div key={lane.id} className={lane.id === chosen ? 'bg-[color-mix(in_srgb,var(--sand-4)_50%,transparent)]' : undefined}>
                <LaneBars lane={lane} onOpen={(bar) => open(lane, bar)} />
              </div>
            ))}
          </div>
        </div>
        {timeline.folds.length > 0 && (
          <p className="pt-8 text-12 text-muted">
            Shaded: time in which nothing was worked on, folded ({timeline.folds.map(({ ms }) => formatDuration(ms)).join(', ')}).
          </p>
        )}
      </div>
    </div>
  );
}
