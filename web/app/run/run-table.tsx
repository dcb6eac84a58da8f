/** A list of runs, as on every page that has one: state, strip, figures. */
import { formatCount } from '../ui/format.ts';
import { CountStrip, RunStrip } from '../ui/run-strip.tsx';
import { StateGlyph, stateWord, toState } from '../ui/state.tsx';
import type { TableSelection } from '../ui/table-selection.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Ago, Duration, Money, useNow } from '../ui/time.tsx';
import { errorWords } from './error-words.ts';
import { reasonWords } from './reason-words.ts';
import type { ListedRun } from './strips.server.ts';

function Strip({ run }: { run: ListedRun }) {
  const label = `Steps of run ${run.id.slice(-6)}`;
  const now = useNow(run.startedAt && !run.completedAt ? 1000 : 0);
  if (run.strip && run.strip.length > 0 && run.startedAt)
    return <RunStrip parts={run.strip} lengthMs={(run.completedAt ? Date.parse(run.completedAt) : now) - Date.parse(run.startedAt)} label={label} />;
  if (run.status === 'queued') return <CountStrip label={`${label}: none yet`} counts={[]} />;
  const { nodes, completed, failed, skipped } = run.totals;
  const rest = Math.max(0, nodes - completed - failed - skipped);
  const open = toState(run.status);
  return (
    <CountStrip
      label={label}
      counts={[
        { state: 'completed', count: completed },
        { state: 'failed', count: failed },
        { state: open === 'running' ? 'running' : 'queued', count: open === 'running' || open === 'queued' || open === 'waiting' ? rest : 0 },
        { state: 'skipped', count: skipped },
      ]}
    />
  );
}

/** What a reader should know beside the state: why it waits or failed. */
function note(run: ListedRun): string | null {
  if (run.error) return errorWords(run.error.message);
  return run.status === 'waiting' ? reasonWords(run.statusReason) : null;
}

/** `headless`: for short lists under a heading that says it; column heads are read, not seen. */
export function RunTable({
  runs,
  withWorkflow,
  headless,
  selection,
  gone,
}: {
  runs: readonly ListedRun[];
  withWorkflow?: boolean;
  headless?: boolean;
  selection?: TableSelection<ListedRun> | undefined;
  gone?: ReadonlySet<string> | undefined;
}) {
  const columns: Column<ListedRun>[] = [
    {
      key: 'name',
      head: withWorkflow ? 'Workflow' : 'Run',
      className: 'wide:w-[26%]',
      cell: (run) => (
        <span className="flex items-center gap-8">
          <StateGlyph state={toState(run.status)} label />
          {withWorkflow ? <span className="truncate">{run.workflowName}</span> : <span className="font-mono text-12">{run.id.slice(-6)}</span>}
          {withWorkflow && <span className="font-mono text-12 font-normal text-muted max-wide:hidden">{run.id.slice(-6)}</span>}
          {run.isTest && (
            <span className="rounded-control border border-line px-4 text-12 font-normal text-muted" title="A test of a draft">
              test
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'state',
      head: 'State',
      className: 'wide:w-[22%]',
      phone: 'meta',
      cell: (run) => (
        <span className="block min-w-0 truncate" title={note(run) ?? undefined}>
          <span className={`s-${toState(run.status)} state-text`}>{stateWord(toState(run.status))}</span>
          {note(run) && <span className="text-muted max-wide:hidden"> {note(run)}</span>}
          <span className="text-muted wide:hidden">
            {' '}
            <Ago past at={run.createdAt} />
          </span>
        </span>
      ),
    },
    {
      key: 'strip',
      head: 'Steps',
      phone: 'under',
      cell: (run) => (
        <span className="block w-full">
          <Strip run={run} />
        </span>
      ),
    },
    {
      key: 'took',
      head: 'Took',
      figure: true,
      className: 'wide:w-[104px]',
      phone: 'end',
      cell: (run) => <Duration from={run.startedAt} to={run.completedAt} />,
    },
    {
      key: 'tokens',
      head: 'Tokens',
      figure: true,
      className: 'wide:w-[72px]',
      cell: (run) => (run.totals.tokens > 0 ? formatCount(run.totals.tokens) : <span className="text-faint">–</span>),
    },
    { key: 'cost', head: 'Cost', figure: true, className: 'wide:w-[84px]', cell: (run) => <Money usd={run.totals.costUsd} /> },
    { key: 'at', head: 'Started', figure: true, className: 'wide:w-[120px] wide:pr-24', cell: (run) => <Ago past at={run.createdAt} /> },
  ];
  return (
    <Table
      fixed
      headless={headless ?? false}
      label="Runs"
      columns={columns}
      rows={runs}
      rowKey={(run) => run.id}
      href={(run) => `/runs/${run.id}`}
      selection={selection}
      gone={gone}
    />
  );
}
