/** What a cancelled or failed run undid of what it had done, in one line; what could not be undone is for a person. */
import { Link } from 'react-router';
import { plural } from '../ui/format.ts';
import { StateGlyph } from '../ui/state.tsx';
import type { RunData } from './load.server.ts';

export function UndoBanner({ data: { run } }: { data: RunData }) {
  const { undo } = run;
  if (!undo) return null;
  const { total, completed, failed, open } = undo;
  const going = open > 0;
  return (
    <section
      aria-label="What was undone"
      className={`flex flex-wrap items-center gap-x-12 gap-y-4 border-b border-l-2 border-b-line px-16 py-8 wide:pr-24 wide:pl-[22px] ${failed > 0 ? 'border-l-failed bg-failed-soft' : 'border-l-line'}`}
    >
      <StateGlyph state={failed > 0 ? 'failed' : going ? 'running' : 'cancelled'} className="max-wide:hidden" />
      <p className="tabular min-w-0 flex-1 break-words">
        <strong className="font-semibold">
          {going ? `Undoing what was done: ${completed + failed} of ${plural(total, 'step')}` : `${completed} of ${plural(total, 'step')} undone`}
        </strong>
        {failed > 0 && `, ${failed} could not be undone: look at them by hand`}
        {', the last one first. '}
        <Link to={`/runs/${run.id}/events`} preventScrollReset className="text-link hover:underline">
          Show how
        </Link>
      </p>
    </section>
  );
}
