/** The time slider: the run after any of its events. Arrows, Page keys, Home and End move it; the address carries the moment. */
import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../ui/button.tsx';
import { formatDuration, formatWhole } from '../ui/format.ts';
import { StateGlyph, stateWord, toState } from '../ui/state.tsx';
import { Money } from '../ui/time.tsx';
import { useMoment } from './time-button.tsx';
import type { MomentData as Read } from './time.server.ts';

type MomentData = Omit<Read, 'summaries'>;

/** A dragged slider reads the run once it rests for this long. */
const restMs = 120;

/** Where each marked event lies, in the colour of its state; a click goes there. */
function Marks({ moment, onGo }: { moment: MomentData; onGo: (seq: number) => void }) {
  const last = Math.max(1, moment.lastSeq);
  return (
    <svg width="100%" height="10" className="block overflow-visible" aria-hidden>
      {moment.marks.map(({ seq, words, state }) => (
        <rect
          key={seq}
          x={`${(seq / last) * 100}%`}
          width="3"
          height="10"
          rx="1"
          className={`cursor-pointer ${state ? `s-${state} state-fill` : 'fill-line-strong'}`}
          onClick={() => onGo(seq)}
        >
          <title>{`${formatWhole(seq)}: ${words}`}</title>
        </rect>
      ))}
    </svg>
  );
}

export function TimeSlider({
  moment,
  labels,
  startedAt,
}: {
  moment: MomentData;
  labels: Readonly<Record<string, string>>;
  startedAt: string | null;
}) {
  const go = useMoment();
  const [seq, setSeq] = useState(moment.seq);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setSeq(moment.seq), [moment.seq]);
  useEffect(() => () => clearTimeout(rest.current), []);
  const move = (next: number): void => {
    const fit = Math.min(moment.lastSeq, Math.max(0, next));
    setSeq(fit);
    clearTimeout(rest.current);
    rest.current = setTimeout(() => go(fit), restMs);
  };
  const { words, status, at } = moment;
  const state = toState(status);
  const since = at && startedAt ? Date.parse(at) - Date.parse(startedAt) : null;
  const step = words?.nodeId ? (labels[words.nodeId] ?? words.nodeId) : null;
  return (
    <section aria-label="Moment of the run" className="flex flex-col gap-4 border-b border-line bg-sunk px-16 py-8 wide:px-24">
      <div className="flex items-center gap-8">
        <IconButton label="Event before" onClick={() => move(seq - 1)} disabled={seq <= 0}>
          <ChevronLeft size={16} />
        </IconButton>
        <div className="min-w-0 flex-1">
          <input
            type="range"
            aria-label="Event"
            aria-valuetext={`Event ${seq} of ${moment.lastSeq}${words ? `: ${step ? `${step}, ` : ''}${words.words}` : ''}`}
            min={0}
            max={moment.lastSeq}
            value={seq}
            onChange={(event) => move(Number(event.target.value))}
            className="block w-full accent-ink"
          />
          <Marks moment={moment} onGo={move} />
        </div>
        <IconButton label="Event after" onClick={() => move(seq + 1)} disabled={seq >= moment.lastSeq}>
          <ChevronRight size={16} />
        </IconButton>
        <IconButton label="Back to now" onClick={() => go(null)}>
          <X size={16} />
        </IconButton>
      </div>
      <p className="flex flex-wrap items-center gap-x-12 gap-y-4" aria-live="polite">
        <span className="tabular font-medium">
          Event {formatWhole(seq)} of {formatWhole(moment.lastSeq)}
        </span>
        <span className="min-w-0 truncate">{words ? `${words.words}${step ? `: ${step}` : ''}` : 'Nothing had happened yet'}</span>
        <span className="flex items-center gap-4 text-muted">
          <StateGlyph state={state} still /> The run was {stateWord(state).toLowerCase()}
        </span>
        {since !== null && <span className="tabular text-muted">after {formatDuration(Math.max(0, since))}</span>}
        <span className="text-muted">
          <Money usd={moment.totals.costUsd} /> spent
        </span>
      </p>
    </section>
  );
}
