/** Head of the run page: crumbs and actions, then state, figures and the strip. */
import clsx from 'clsx';
import { ExternalLink } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useMe } from '../shell/use-me.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { formatCount, formatWhole } from '../ui/format.ts';
import { RunStrip } from '../ui/run-strip.tsx';
import { StateLabel, toState } from '../ui/state.tsx';
import { Ago, Duration, Money, useNow } from '../ui/time.tsx';
import type { LiveState } from './live.ts';
import { RunNote } from './note.tsx';
import type { RunData } from './load.server.ts';
import { reasonWords } from './reason-words.ts';
import { startedWords } from './trigger-words.ts';
import { useRunAction } from './use-run-action.ts';

/** Loaded when somebody is about to continue a run. */
const ContinueSheet = lazy(async () => ({ default: (await import('./continue-sheet.tsx')).ContinueSheet }));

export function RunTopBar({ data, live }: { data: RunData; live: LiveState }) {
  const { run, settled } = data;
  const [search, setSearch] = useSearchParams();
  const from = search.get('continue');
  const turnTo = (next: string | null): void =>
    setSearch(
      (now) => {
        const changed = new URLSearchParams(now);
        if (next === null) changed.delete('continue');
        else changed.set('continue', next);
        return changed;
      },
      { replace: next === null, preventScrollReset: true },
    );
  // Why it failed stands at the foot of the page, and with it the way on.
  const docked = run.error !== null && !search.has('at');
  // Stopped before its end: going on is what people come for.
  const ended = settled && run.status !== 'completed';
  const { may } = useMe();
  const { send, busy } = useRunAction(run.id);
  return (
    <TopBar
      crumbs={[
        { label: 'Runs', to: '/runs' },
        { label: run.workflowName, to: `/workflows/${run.workflowId}` },
        { label: `Run ${run.id.slice(-6)}`, before: run.workflowName },
      ]}
    >
      {live === 'broken' && (
        <span role="status" className="text-12 text-waiting-text">
          Live view lost, connecting again
        </span>
      )}
      <LinkButton to={`/workflows/${run.workflowId}/edit?run=${run.id}`} className="max-wide:hidden">
        Open in editor
      </LinkButton>
      {!settled && run.statusReason !== 'pause' && run.startedAt && (
        <Button
          className="max-wide:hidden"
          onClick={() => send('pause')}
          why={may('run.cancel') ? (busy ? 'Pausing' : null) : 'Your role cannot pause runs'}
        >
          Pause
        </Button>
      )}
      {settled ? (
        <Button
          kind={ended ? 'plain' : 'main'}
          className={ended ? 'max-wide:hidden' : undefined}
          onClick={() => send('again')}
          why={may('run.start') ? (busy ? 'Starting' : null) : 'Your role cannot start runs'}
        >
          Run again
        </Button>
      ) : null}
      {settled && !docked && (
        <Button kind={ended ? 'main' : 'plain'} onClick={() => turnTo('')} why={may('run.start') ? null : 'Your role cannot start runs'}>
          Continue
        </Button>
      )}
      {settled || (
        <Button kind="danger" onClick={() => send('cancel')} why={may('run.cancel') ? (busy ? 'Cancelling' : null) : 'Your role cannot cancel runs'}>
          Cancel run
        </Button>
      )}
      {from !== null && settled && (
        <Suspense>
          <ContinueSheet run={run} nodes={data.nodes} from={from} newer={data.mending?.newer ?? null} onClose={() => turnTo(null)} />
        </Suspense>
      )}
    </TopBar>
  );
}

function Figure({ label, last = false, children }: { label: string; last?: boolean; children: ReactNode }) {
  return (
    <div className={clsx('flex min-w-0 items-baseline gap-4 whitespace-nowrap', last && 'max-wide:order-last')}>
      <dt className="text-muted">{label}</dt>
      <dd className="tabular">{children}</dd>
    </div>
  );
}

/** Costs nothing while nothing counts. */
function LiveStrip({ data }: { data: RunData }) {
  const now = useNow(data.settled ? 0 : 1000);
  const { run, strip } = data;
  const from = Date.parse(run.startedAt ?? run.createdAt);
  const to = run.completedAt ? Date.parse(run.completedAt) : Math.max(now, data.now);
  return <RunStrip label="Steps of the run over time" parts={strip} lengthMs={to - from} hrefOf={(part) => `?step=${encodeURIComponent(part.id)}`} />;
}

export function RunHeader({ data }: { data: RunData }) {
  const { run } = data;
  const state = toState(run.status);
  const { kept } = run;
  return (
    <section aria-label="The run" className="flex flex-col gap-12 border-b border-line px-16 py-12 wide:px-24">
      <div className="flex items-start gap-16 wide:gap-24">
        <dl className="grid min-w-0 flex-1 grid-cols-[1.6fr_1fr] items-center gap-x-16 gap-y-4 wide:flex wide:flex-wrap wide:gap-x-24">
          <div className="max-wide:col-span-2">
            <dt className="sr-only">State</dt>
            <dd aria-live="polite">
              <StateLabel state={state} note={reasonWords(run.statusReason)} className="text-15" />
            </dd>
          </div>
          <Figure label="took">
            <Duration from={run.startedAt} to={run.completedAt} />
          </Figure>
          <Figure label="cost">
            <Money usd={run.totals.costUsd} />
          </Figure>
          {kept && kept.costUsd > 0 && (
            <Figure label="kept" last>
              <Money usd={kept.costUsd} className="tabular s-kept state-text font-medium" />
            </Figure>
          )}
          <Figure label="tokens">
            <span title={formatWhole(run.totals.tokens)}>{formatCount(run.totals.tokens)}</span>
          </Figure>
          <Figure label="steps">{formatWhole(run.totals.steps)}</Figure>
          <Figure label="started">
            <Ago past at={run.startedAt ?? run.createdAt} /> {startedWords(run.trigger)}
          </Figure>
          <Figure label="version">
            {run.version === null ? (
              'draft'
            ) : (
              <Link to={`/workflows/${run.workflowId}/versions/${run.version}`} className="hover:underline">
                {run.version}
              </Link>
            )}
          </Figure>
        </dl>
        <div className="flex h-[22px] shrink-0 items-center gap-4">
          <span className="flex items-center font-mono text-12 text-muted max-wide:hidden">
            <span className="max-huge:hidden">{run.id}</span>
            <CopyButton text={run.id} label="Copy the run's id" />
          </span>
          {run.temporalUrl && (
            <a
              href={run.temporalUrl}
              target="_blank"
              rel="noreferrer"
              aria-label="Open in Temporal"
              title="Open in Temporal"
              className="flex items-center gap-4 rounded-control text-link hover:underline"
            >
              <span className="max-wide:sr-only">Temporal</span>
              <ExternalLink size={14} aria-hidden />
            </a>
          )}
        </div>
      </div>
      <LiveStrip data={data} />
      <RunNote run={run} />
    </section>
  );
}
