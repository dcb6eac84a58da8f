/** The last runs of a workflow as bars, oldest left: colour is state, height is duration. Hover names one, click opens it. */
import { Link } from 'react-router';
import { formatDuration } from '../ui/format.ts';
import { type State, stateWord } from '../ui/state.tsx';

export interface BarRun {
  id: string;
  state: State;
  /** null: not over. */
  durationMs: number | null;
}

const height = 16;
const step = 6;
const most = 30;

export function RunBars({ runs }: { runs: BarRun[] }) {
  const lengths = runs.map(({ durationMs }) => durationMs);
  const longest = Math.max(1, ...lengths.map((length) => length ?? 0));
  if (runs.length === 0) return <span className="text-faint">no runs yet</span>;
  const shown = runs.slice(0, most);
  return (
    <svg width={most * step} height={height} className="relative z-1 block" role="group" aria-label={`Last ${shown.length} runs`}>
      {shown.map((run, index) => {
        const length = lengths[index];
        const tall = length === null || length === undefined ? height : Math.max(4, Math.round((length / longest) * height));
        const title = `${stateWord(run.state)}${length === null || length === undefined ? '' : ` in ${formatDuration(length)}`}`;
        const open = run.state === 'queued' || run.state === 'cancelled';
        return (
          <Link key={run.id} to={`/runs/${run.id}`} aria-label={`Run ${run.id.slice(-6)}: ${title}`} tabIndex={-1}>
            <g className={`s-${run.state}`}>
              <title>{title}</title>
              <rect x={(most - 1 - index) * step} y="0" width={step} height={height} fill="transparent" />
              <rect
                x={(most - 1 - index) * step + 0.5}
                y={height - tall}
                width={step - 2}
                height={tall}
                rx="1"
                className="state-fill"
                opacity={open ? 0.6 : 1}
              />
            </g>
          </Link>
        );
      })}
    </svg>
  );
}
