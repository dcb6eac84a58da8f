/** What a cancelled or failed run undid of what it had done, step by step, the last one first; what could not be undone is for a person. */
import type { Compensation } from '@hub/contract';
import { useState } from 'react';
import { Link } from 'react-router';
import { Button } from '../ui/button.tsx';
import { plural } from '../ui/format.ts';
import { type State, StateGlyph } from '../ui/state.tsx';
import { Ago } from '../ui/time.tsx';
import type { RunData } from './load.server.ts';

const shown: Record<Compensation['status'], { state: State; words: string }> = {
  waiting: { state: 'queued', words: 'waits its turn' },
  running: { state: 'running', words: 'is being undone' },
  completed: { state: 'completed', words: 'undone' },
  failed: { state: 'failed', words: 'could not be undone' },
  unknown: { state: 'failed', words: 'perhaps undone: the call broke off and is not repeated' },
};

function Row({ one, label }: { one: Compensation; label: string }) {
  const { state, words } = shown[one.status];
  return (
    <li className="flex flex-wrap items-baseline gap-x-8 gap-y-4 border-t border-line py-8">
      <StateGlyph state={state} className="self-center" />
      <Link
        to={`?step=${encodeURIComponent(one.nodeId)}&path=${encodeURIComponent(one.path)}`}
        preventScrollReset
        className="font-medium hover:underline"
      >
        {label}
      </Link>
      <span className={one.status === 'failed' || one.status === 'unknown' ? 'text-failed-text' : 'text-muted'}>{words}</span>
      <span className="inline-block text-12 text-muted first-letter:uppercase" title={one.action}>
        {one.action.replace('.', ' · ').replaceAll('-', ' ')}
      </span>
      {one.attempts > 1 && <span className="tabular text-muted">{plural(one.attempts, 'attempt')}</span>}
      {one.completedAt && <Ago at={one.completedAt} className="ml-auto text-muted" />}
      {one.error && <p className="w-full break-words text-muted wide:pl-[22px]">{one.error.message}</p>}
    </li>
  );
}

export function UndoBanner({ data: { run, nodes, undone } }: { data: RunData }) {
  const bad = (run.undo?.failed ?? 0) > 0;
  const [open, setOpen] = useState(bad);
  if (!run.undo) return null;
  const { total, completed, failed, open: left } = run.undo;
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  return (
    <section
      aria-label="What was undone"
      className={`flex flex-wrap items-start gap-x-12 gap-y-4 border-t border-l-2 border-t-line px-16 py-8 wide:pr-24 wide:pl-[22px] ${bad ? 'border-l-failed bg-failed-soft' : 'border-l-line'}`}
    >
      <StateGlyph state={bad ? 'failed' : left > 0 ? 'running' : 'cancelled'} className="mt-[7px] max-wide:hidden" />
      <p className="tabular min-w-0 flex-1 py-4 break-words">
        <strong className="font-semibold">
          {left > 0 ? `Undoing what was done: ${completed + failed} of ${plural(total, 'step')}` : `${completed} of ${plural(total, 'step')} undone`}
        </strong>
        {', the last one first'}
        {bad && `. ${failed} could not be: put ${failed === 1 ? 'it' : 'them'} right by hand`}
      </p>
      {undone.length > 0 && (
        <Button kind="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Hide the steps' : 'Show the steps'}
        </Button>
      )}
      {open && undone.length > 0 && (
        <ol aria-label="Steps undone" className="w-full wide:pl-[26px]">
          {undone.map((one) => (
            <Row key={one.n} one={one} label={labels.get(one.nodeId) ?? one.nodeId} />
          ))}
          {undone.length < total && (
            <li className="border-t border-line py-8">
              <Link to={`/runs/${run.id}/events`} preventScrollReset className="text-link hover:underline">
                See the rest in the events
              </Link>
            </li>
          )}
        </ol>
      )}
    </section>
  );
}
