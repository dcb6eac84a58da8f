/** The drawer of a step at a moment: how it stood then, and the value it had, of one iteration where it repeats. */
import { X } from 'lucide-react';
import { useSearchParams } from 'react-router';
import { IconButton, LinkButton } from '../ui/button.tsx';
import { ValueView } from '../ui/code-view.tsx';
import { formatBytes, formatWhole, plural } from '../ui/format.ts';
import { StateGlyph, StateLabel, stateWord, toState } from '../ui/state.tsx';
import { DrawerFrame } from './drawer-frame.tsx';
import type { MomentData as Read } from './time.server.ts';

type MomentData = Omit<Read, 'summaries'>;

function useParam(): (changes: Record<string, string | null>) => void {
  const [, setSearch] = useSearchParams();
  return (changes) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === null) next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
}

/** Asks for another iteration of the loop around the step. */
function Iteration({ loop, count, scope }: { loop: string; count: number; scope: string }) {
  const set = useParam();
  const index = Number(/\[(\d+)\]$/.exec(scope)?.[1] ?? 0);
  return (
    <label className="flex items-center gap-8">
      Iteration
      <input
        type="number"
        min={0}
        max={Math.max(0, count - 1)}
        value={index}
        onChange={(event) => set({ scope: `${loop}[${Math.max(0, Number(event.target.value) || 0)}]` })}
        className="tabular h-control w-[96px] rounded-control border border-line bg-paper px-8"
      />
      <span className="text-muted">
        of {formatWhole(count)} {plural(count, 'iteration').replace(/^\S+ /, '')}
      </span>
    </label>
  );
}

export function TimeDrawer({ moment, label, loop }: { moment: MomentData; label: string; loop: string | null }) {
  const set = useParam();
  const { step, scope } = moment;
  if (step === null) return null;
  const { summary, variable, rows } = step;
  const row = rows[0] ?? null;
  const state = toState(row?.status ?? (loop === null ? (summary?.status ?? 'queued') : 'queued'));
  return (
    <DrawerFrame
      label={`${label}, at event ${moment.seq}`}
      head={
        <>
          <StateGlyph state={state} still />
          <h2 className="min-w-0 flex-1 truncate font-semibold">{label}</h2>
          <IconButton label="Close" onClick={() => set({ step: null, path: null, attempt: null, scope: null })}>
            <X size={16} />
          </IconButton>
        </>
      }
    >
      <div className="flex flex-col gap-16 p-16">
        <p className="text-muted">As it stood right after event {formatWhole(moment.seq)}.</p>
        {loop !== null && <Iteration loop={loop} count={summary?.items ?? 0} scope={scope} />}
        <StateLabel state={state} note={row?.code ?? null} />
        {summary && summary.items !== null && (
          <p>
            {Object.entries(summary.counts)
              .map(([status, count]) => `${formatWhole(count)} ${stateWord(toState(status)).toLowerCase()}`)
              .join(', ')}
          </p>
        )}
        {row && row.attempt > 1 && <p className="text-muted">Attempt {row.attempt}</p>}
        <section className="flex flex-col gap-8">
          <h3 className="font-semibold">Value</h3>
          {variable === null ? (
            <p className="text-muted">It had none yet.</p>
          ) : variable.error ? (
            <p className="font-mono text-12 text-failed-text">{variable.error.code}</p>
          ) : variable.valueRef ? (
            <LinkButton to={variable.valueRef.url} reloadDocument>
              Open {formatBytes(variable.valueRef.bytes)}
            </LinkButton>
          ) : (
            <ValueView label="Value" value={(variable.value ?? null) as never} />
          )}
        </section>
      </div>
    </DrawerFrame>
  );
}
