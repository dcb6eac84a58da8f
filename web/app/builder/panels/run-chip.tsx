/** Over the canvas while a run is shown: how it goes, what it cost, where to read on. */
import clsx from 'clsx';
import { X } from 'lucide-react';
import { Link } from 'react-router';
import { errorWords } from '../../run/error-words.ts';
import { formatDuration, formatMoney } from '../../ui/format.ts';
import { StateLabel } from '../../ui/state.tsx';
import { useNow } from '../../ui/time.tsx';
import { useActions } from '../actions.ts';
import { usePick } from '../context.tsx';
import { onlySelected } from '../model/store.ts';

export function RunChip({ onClose }: { onClose: () => void }) {
  const run = usePick((state) => state.run);
  const known = usePick(({ run, definition }) => run?.error != null && definition.nodes.some(({ id }) => id === run.error?.nodeId));
  const selected = usePick(onlySelected);
  const inspected = selected !== null;
  const { show } = useActions();
  const now = useNow(run && !run.settled ? 1000 : 0);
  if (!run) return null;
  const took = run.startedAt === null ? null : (run.completedAt === null ? now : Date.parse(run.completedAt)) - Date.parse(run.startedAt);
  const failing = run.error?.nodeId ?? null;
  return (
    <section
      aria-label="Run on the canvas"
      className={clsx(
        'absolute top-16 z-10 flex items-center gap-12 rounded-panel border border-line bg-paper py-4 pr-4 pl-12 whitespace-nowrap shadow-float',
        // Beside the inspector, never under it.
        inspected
          ? 'left-16 max-w-[calc(100%-var(--inspector,440px)-32px)] max-wide:max-w-[calc(100%-32px)]'
          : 'left-1/2 max-w-[calc(100%-32px)] -translate-x-1/2',
      )}
    >
      <span role="status" className="flex items-center gap-8">
        <span className="text-12 text-muted max-wide:hidden">{run.draft ? 'Test' : `Version ${run.version}`}</span>
        <StateLabel state={run.state} />
      </span>
      {took !== null && took >= 0 && <span className="tabular text-12 text-muted">{formatDuration(took)}</span>}
      {run.costUsd > 0 && <span className="tabular text-12 text-muted max-wide:hidden">{formatMoney(run.costUsd)}</span>}
      {run.error && !inspected && (
        <span className="min-w-0 max-w-[280px] truncate text-12 text-failed-text" title={errorWords(run.error.message)}>
          {errorWords(run.error.message)}
        </span>
      )}
      {failing !== null && known && failing !== selected && (
        <button type="button" className="shrink-0 text-12 text-link hover:underline" onClick={() => show(failing, 'output')}>
          Show the step
        </button>
      )}
      <Link to={`/runs/${run.id}`} className="shrink-0 text-12 text-link hover:underline">
        Open the run
      </Link>
      <button
        type="button"
        aria-label="Take the run off the canvas"
        title="Take the run off the canvas"
        className="flex size-24 shrink-0 items-center justify-center rounded-control text-muted hover:bg-hover hover:text-ink"
        onClick={onClose}
      >
        <X size={14} aria-hidden />
      </button>
    </section>
  );
}
