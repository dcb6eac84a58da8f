/** The drawer of one step: which item and attempt, why it failed and what to do, output, input, tokens, cost, model. */
import clsx from 'clsx';
import { X } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { Link, useNavigation, useSearchParams } from 'react-router';
import { buttonClass, IconButton } from '../ui/button.tsx';
import { ValueView } from '../ui/code-view.tsx';
import { formatWhole } from '../ui/format.ts';
import { StateGlyph, StateLabel, stateWord, toState } from '../ui/state.tsx';
import { Ago, Duration, Money } from '../ui/time.tsx';
import { useMe } from '../shell/use-me.ts';
import { DrawerFrame } from './drawer-frame.tsx';
import { errorWords } from './error-words.ts';
import type { FieldFault } from './fault.ts';
import { ItemMap } from './item-map.tsx';
import type { RunData } from './load.server.ts';
import { mendOf } from './mend.ts';
import type { NodeView } from './model.ts';
import { NodeIcon } from './node-icon.tsx';
import type { StepData } from './step.server.ts';

type StepRow = NonNullable<StepData['row']>;

/** For those who edit; the drawer is for those who look. */
const EditOutputSheet = lazy(async () => ({ default: (await import('./edit-output.tsx')).EditOutputSheet }));
const DiffView = lazy(async () => ({ default: (await import('../ui/diff-view.tsx')).DiffView }));

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-8">
      <h3 className="font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function Attempts({ step }: { step: StepData }) {
  const [search] = useSearchParams();
  if (step.attempts.length < 2) return null;
  const link = (attempt: number): string => {
    const next = new URLSearchParams(search);
    if (step.path) next.set('path', step.path);
    next.set('attempt', String(attempt));
    return `?${next}`;
  };
  return (
    <nav aria-label="Attempts" className="flex flex-wrap gap-4">
      {step.attempts.map(({ attempt, state, startedAt, completedAt }) => (
        <Link
          key={attempt}
          to={link(attempt)}
          replace
          preventScrollReset
          aria-current={attempt === step.row?.attempt ? 'true' : undefined}
          className={clsx(
            'tabular flex h-control items-center gap-8 rounded-control border px-8 text-12',
            attempt === step.row?.attempt ? 'border-ink bg-chosen' : 'border-line text-muted hover:bg-hover',
          )}
        >
          <StateGlyph state={state} label /> Attempt {attempt} <Duration from={startedAt} to={completedAt} />
        </Link>
      ))}
    </nav>
  );
}

function Failure({ row, run, field }: { row: StepRow; run: { id: string; workflowId: string }; field: FieldFault | null }) {
  const { error, remedy } = row;
  if (!error) return null;
  const code = typeof error['code'] === 'string' ? error['code'] : '';
  const mend = mendOf(code, { runId: run.id, workflowId: run.workflowId, nodeId: row.nodeId, field: field?.pointer ?? null });
  const inEditor = mend.to.kind === 'path' && mend.to.path.includes('/edit');
  return (
    <section
      aria-label="Why the step failed"
      className="flex flex-col gap-4 rounded-panel border border-line border-l-2 border-l-failed bg-failed-soft p-12"
    >
      <p className="font-medium break-words">{typeof error['message'] === 'string' ? errorWords(error['message']) : 'The step failed.'}</p>
      <p className="break-words">
        {remedy ?? mend.advice}{' '}
        {inEditor && <span className="wide:hidden">The editor takes a wider screen; here its output can be set by hand.</span>}
      </p>
      <p className="flex flex-wrap items-center justify-between gap-8">
        <span className="font-mono text-12 text-muted">{code}</span>
        {mend.to.kind === 'path' && (
          <Link to={mend.to.path} className={clsx(buttonClass('plain'), inEditor && 'max-wide:hidden')}>
            {mend.label}
          </Link>
        )}
      </p>
    </section>
  );
}

/** True for the offline stand-in, which must never be taken for a real model. */
export const isDemo = (model: string | null): boolean => model?.startsWith('demo/') ?? false;

/** Of one attempt; of a step with items, seen as a whole: the sums of its items. */
function Figures({ row, node }: { row: StepRow; node: NodeView | null }) {
  const whole = node?.items && !row.path.includes('[') ? node : null;
  const model = whole?.model ?? row.model;
  const tokens = whole ? whole.tokens : row.tokens;
  const costUsd = whole ? whole.costUsd : row.costUsd;
  const figure = (label: string, value: ReactNode) => (
    <div className="flex h-[28px] items-center justify-between gap-16 border-b border-line">
      <dt className="text-muted">{label}</dt>
      <dd className="tabular min-w-0 truncate">{value}</dd>
    </div>
  );
  return (
    <dl className="grid grid-cols-2 gap-x-24 max-[420px]:grid-cols-1">
      {figure('Took', <Duration from={row.startedAt} to={row.completedAt} />)}
      {figure('Began', <Ago at={row.startedAt} />)}
      {model &&
        figure(
          'Model',
          <span className="flex items-center gap-8">
            <span className="truncate font-mono text-12" title={model}>
              {model}
            </span>
            {isDemo(model) && (
              <span
                className="rounded-control border border-line-strong px-4 text-12 whitespace-nowrap"
                title="The offline stand-in answered by rules, not a real model"
              >
                demo
              </span>
            )}
          </span>,
        )}
      {model && tokens !== null && figure('Tokens', formatWhole(tokens))}
      {model && figure('Cost', <Money usd={costUsd} />)}
      {row.port && row.port !== 'out' && figure('Took the port', row.port)}
    </dl>
  );
}

/** An output that a person set: who, when, and what stood there before. */
function ByHand({ row, label }: { row: StepRow; label: string }) {
  const { byHand, output } = row;
  if (!byHand) return null;
  const { who, at, from, before } = byHand;
  return (
    <Section title="Set by hand">
      <p>
        {who ?? 'Somebody'} set this output, <Ago at={at} />
        {from && (
          <>
            , continuing run{' '}
            <Link to={`/runs/${from}`} className="font-mono text-12 text-link hover:underline">
              {from.slice(-6)}
            </Link>
          </>
        )}
        . The step did not run.
      </p>
      {before && !before.left && output && !output.left ? (
        <Suspense>
          <DiffView label={`Output of ${label}, before and after`} before={before.value} after={output.value} />
        </Suspense>
      ) : (
        <p className="text-muted">{before ? 'Before and after are too large to compare here.' : 'The step had given no output before.'}</p>
      )}
    </Section>
  );
}

/** An output that an earlier step had paid for. */
function Taken({ cached }: { cached: StepRow['cached'] }) {
  if (!cached) return null;
  const { runId, at, costUsd, tokens } = cached;
  return (
    <p className="s-kept state-soft flex items-start gap-8 rounded-panel p-12">
      <StateGlyph state="kept" className="mt-[3px]" />
      <span>
        {cached.by === 'run' ? 'Would be made from the same, so it was kept of run' : 'Taken from run'}{' '}
        <Link to={`/runs/${runId}`} className="font-mono text-12 text-link hover:underline">
          {runId.slice(-6)}
        </Link>
        , <Ago at={at} />
        {costUsd !== null && costUsd > 0 ? (
          <span className="state-text font-medium">
            : <Money usd={costUsd} /> not paid again
          </span>
        ) : (
          tokens !== null && tokens > 0 && <span className="state-text font-medium">: {formatWhole(tokens)} tokens not paid again</span>
        )}
      </span>
    </p>
  );
}

function Value({ title, nodeLabel, shown, none }: { title: string; nodeLabel: string; shown: StepRow['output']; none: string }) {
  if (!shown)
    return (
      <Section title={title}>
        <p className="text-muted">{none}</p>
      </Section>
    );
  if (shown.value === null && shown.left)
    return (
      <Section title={title}>
        <p>
          Too much to show here.{' '}
          <a className="text-link hover:underline" href={shown.left.href}>
            Download it
          </a>
        </p>
      </Section>
    );
  return (
    <Section title={title}>
      <ValueView label={`${title} of ${nodeLabel}`} value={shown.value} left={shown.left} />
    </Section>
  );
}

/** Whether what one reads in `node` can be run again from here on. */
function mayContinue(run: DrawerRun, node: NodeView | null): boolean {
  return run.completedAt !== null && node !== null && node.parent === null && !node.idle;
}

type DrawerRun = Pick<RunData['run'], 'id' | 'workflowId' | 'completedAt' | 'error'>;

export function StepDrawer({ step, node, run, mending }: { step: StepData; node: NodeView | null; run: DrawerRun; mending: RunData['mending'] }) {
  const { may } = useMe();
  const [search, setSearch] = useSearchParams();
  const editing = search.has('edit');
  const loading = useNavigation().state === 'loading';
  const label = node?.label ?? step.nodeId;
  const { row } = step;
  const state = row ? (row.seeded ? 'kept' : toState(row.status)) : (node?.state ?? 'queued');
  const isOpen = state === 'running' || state === 'waiting';
  return (
    <DrawerFrame
      label={`Step ${label}`}
      head={
        <>
          {node && <NodeIcon type={node.type} />}
          <h2 className="min-w-0 flex-1 truncate text-15 font-semibold" title={label}>
            {label}
          </h2>
          {row?.byHand ? (
            <span className="s-kept state-text flex items-center gap-8 font-medium whitespace-nowrap">
              <StateGlyph state="kept" /> Set by hand
            </span>
          ) : (
            <StateLabel state={state} />
          )}
          <IconButton label="Close the step" onClick={() => setSearch({}, { preventScrollReset: true })}>
            <X size={16} aria-hidden />
          </IconButton>
        </>
      }
    >
      <div aria-busy={loading} className="flex flex-col gap-24 p-16">
        <div className="-mb-8 flex flex-col gap-8">
          <p className="flex flex-wrap gap-x-12 text-12 text-muted">
            {node && <span>{node.words}</span>}
            <span className="font-mono">{step.path ?? step.nodeId}</span>
          </p>
          <p className="flex flex-wrap gap-8">
            {mayContinue(run, node) && may('run.start') && (
              <Link
                to={`?step=${encodeURIComponent(step.nodeId)}&continue=${encodeURIComponent(step.nodeId)}`}
                preventScrollReset
                className={buttonClass('plain')}
              >
                Run again from here
              </Link>
            )}
            {mayContinue(run, node) && may('run.start') && !row?.output?.left && (
              <Link to={`?step=${encodeURIComponent(step.nodeId)}&edit=`} preventScrollReset className={buttonClass('plain')}>
                Edit output and continue
              </Link>
            )}
            <Link
              to={`/workflows/${run.workflowId}/edit?run=${run.id}&node=${encodeURIComponent(step.nodeId)}`}
              className={clsx(buttonClass('quiet'), 'max-wide:hidden')}
            >
              Open in editor
            </Link>
          </p>
        </div>
        {step.items.length > 0 && <ItemMap step={step} />}
        <Attempts step={step} />
        {row ? (
          <>
            <Failure row={row} run={run} field={run.error?.nodeId === row.nodeId ? (mending?.field ?? null) : null} />
            <Taken cached={row.cached} />
            <ByHand row={row} label={label} />
            <Figures row={row} node={node} />
            {row.warnings.length > 0 && (
              <Section title="Warnings">
                <ul className="flex flex-col gap-4">
                  {row.warnings.map(({ code, message }) => (
                    <li key={code + message}>
                      {message} <span className="font-mono text-12 text-muted">{code}</span>
                    </li>
                  ))}
                </ul>
              </Section>
            )}
            <Value
              title="Output"
              nodeLabel={label}
              shown={isOpen && row.output?.value === null && !row.output.left ? null : row.output}
              none={isOpen ? `Not there yet: the step ${state === 'waiting' ? 'waits' : 'still runs'}.` : 'This attempt gave no output.'}
            />
            <Value title="Input" nodeLabel={label} shown={row.input} none="No input was recorded." />
          </>
        ) : (
          <p className="text-muted">
            {state === 'queued'
              ? 'This step has not begun. It starts when every step before it is settled.'
              : `${stateWord(state)}: this step never ran, so there is nothing to show.`}
          </p>
        )}
      </div>
      {editing && mayContinue(run, node) && may('run.start') && (
        <Suspense>
          <EditOutputSheet
            runId={run.id}
            nodeId={step.nodeId}
            label={label}
            before={row?.output ? row.output.value : undefined}
            onClose={() => setSearch({ step: step.nodeId }, { preventScrollReset: true })}
          />
        </Suspense>
      )}
    </DrawerFrame>
  );
}
