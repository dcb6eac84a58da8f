/** Of a run that continues another: what was kept and not paid again; our reason to exist, said in one line. Its place is there from the start, as the figures come while one watches. */
import { Link } from 'react-router';
import { formatMoney, formatTokens, plural } from '../ui/format.ts';
import { StateGlyph } from '../ui/state.tsx';
import type { RunData } from './load.server.ts';

function EarlierRun({ id }: { id: string }) {
  return (
    <Link to={`/runs/${id}`} className="font-mono text-12 text-link hover:underline">
      {id.slice(-6)}
    </Link>
  );
}

/** Loaded where a run continues another. */
export function KeptLine({ data: { run, nodes, settled } }: { data: RunData }) {
  const { kept, retryOf } = run;
  if (!retryOf) return null;
  const some = kept && kept.nodes > 0 ? kept : null;
  const total = nodes.filter(({ parent }) => parent === null).length;
  const saved = some ? [some.costUsd > 0 ? formatMoney(some.costUsd) : null, some.tokens > 0 ? formatTokens(some.tokens) : null].filter(Boolean) : [];
  return (
    <section
      aria-label="What was kept"
      className={`flex min-h-row flex-wrap items-center gap-x-12 border-b border-l-2 border-b-line px-16 py-8 max-wide:min-h-[56px] wide:pr-24 wide:pl-[22px] ${some ? 's-kept state-soft border-l-[var(--state-kept)]' : 'border-l-line'}`}
    >
      {some && <StateGlyph state="kept" className="max-wide:hidden" />}
      <p className="tabular min-w-0 flex-1 break-words">
        {some ? (
          <>
            <strong className="font-semibold">{some.nodes >= total ? plural(some.nodes, 'step') : `${some.nodes} of ${total} steps`} kept</strong>{' '}
            from <EarlierRun id={retryOf} />
            {saved.length > 0 && (
              <>
                : <span className="state-text font-medium">{saved.join(' and ')} not paid again</span>
              </>
            )}
          </>
        ) : (
          <>
            Continues <EarlierRun id={retryOf} />
            {settled && ': nothing of it could be kept'}
          </>
        )}
      </p>
    </section>
  );
}
