/** Two runs side by side: status, time, tokens and cost of each step, and what differs in their outputs. */
import { Link, useSearchParams } from 'react-router';
import type { Route } from './+types/compare.ts';
import { read } from '../../api/hub.server.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { DiffView } from '../../ui/diff-view.tsx';
import { formatCount, formatDuration, formatMoney, formatTokens } from '../../ui/format.ts';
import { Empty } from '../../ui/page-states.tsx';
import { StateGlyph, StateLabel, stateWord, toState } from '../../ui/state.tsx';
import { errorWords } from '../../run/error-words.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { Ago, Duration, Money } from '../../ui/time.tsx';
import { type ComparedStep, readPair, type Side } from './compare.server.ts';

export async function loader({ request, context }: Route.LoaderArgs) {
  const search = new URL(request.url).searchParams;
  const [a, b] = [search.get('a'), search.get('b')];
  return read({ request, context }, async (client) => ({ pair: a && b ? await readPair(client, a, b, search.get('step')) : null }));
}

export const meta: Route.MetaFunction = () => [{ title: 'Compare runs' }];

type Pair = NonNullable<Route.ComponentProps['loaderData']['pair']>;

const none = <span className="text-faint">–</span>;

function StateOf({ side }: { side: Side | null }) {
  if (side === null) return <span className="text-faint">Not in this version</span>;
  return (
    <span className="flex min-w-0 items-center gap-8">
      <StateGlyph state={side.state} />
      <span className={`s-${side.state} state-text truncate`}>{stateWord(side.state)}</span>
    </span>
  );
}

/** A figure of both runs; where they differ the second stands out. */
function Both({ a, b, write }: { a: number | null | undefined; b: number | null | undefined; write: (value: number) => string }) {
  const text = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : write(value));
  if (text(a) === '–' && text(b) === '–') return none;
  return (
    <span className="tabular">
      <span className="text-muted">{text(a)}</span> <span aria-hidden>→</span>{' '}
      <span className={text(a) === text(b) ? 'text-muted' : 'font-medium'}>{text(b)}</span>
    </span>
  );
}

const columns: Column<ComparedStep>[] = [
  { key: 'step', head: 'Step', cell: ({ label }) => <span className="truncate">{label}</span> },
  { key: 'a', head: 'First run', phone: 'meta', className: 'wide:w-[180px]', cell: ({ a }) => <StateOf side={a} /> },
  { key: 'b', head: 'Second run', phone: 'meta', className: 'wide:w-[180px]', cell: ({ b }) => <StateOf side={b} /> },
  { key: 'time', head: 'Time', figure: true, className: 'wide:w-[160px]', cell: ({ a, b }) => <Both a={a?.ms} b={b?.ms} write={formatDuration} /> },
  {
    key: 'tokens',
    head: 'Tokens',
    figure: true,
    className: 'wide:w-[140px]',
    cell: ({ a, b }) => (a?.tokens || b?.tokens ? <Both a={a?.tokens} b={b?.tokens} write={formatCount} /> : none),
  },
  {
    key: 'cost',
    head: 'Cost',
    figure: true,
    className: 'wide:w-[190px] wide:pr-24',
    cell: ({ a, b }) => (a?.costUsd || b?.costUsd ? <Both a={a?.costUsd} b={b?.costUsd} write={formatMoney} /> : none),
  },
];

function Head({ title, side }: { title: string; side: Pair['a'] }) {
  const { run } = side;
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-4 p-16 wide:px-24">
      <h2 className="flex flex-wrap items-center gap-8 font-semibold">
        {title}
        <Link to={`/runs/${run.id}`} className="font-normal text-link hover:underline">
          {run.workflowName}, {run.id.slice(-6)}
        </Link>
      </h2>
      <StateLabel state={toState(run.status)} />
      {run.error && <p className="break-words text-muted">{errorWords(run.error.message)}</p>}
      <p className="flex flex-wrap gap-x-12 text-muted">
        <span>{run.version === null ? 'test of a draft' : `version ${run.version}`}</span>
        <Ago at={run.startedAt ?? run.createdAt} />
        <Duration from={run.startedAt} to={run.completedAt} />
        <span className="tabular">{formatTokens(run.totals.tokens)}</span>
        <Money usd={run.totals.costUsd} />
      </p>
    </section>
  );
}

function Part({ title, label, a, b, large }: { title: string; label: string; a: unknown; b: unknown; large?: boolean }) {
  return (
    <section className="flex flex-col gap-8 px-16 py-12 wide:px-24">
      <h2 className="font-semibold">{title}</h2>
      {large ? (
        <p className="text-muted">Too large to compare here. Open the runs.</p>
      ) : (
        <DiffView label={label} before={a as never} after={b as never} />
      )}
    </section>
  );
}

export default function Compare({ loaderData: { pair } }: Route.ComponentProps) {
  const [search] = useSearchParams();
  const crumbs = [{ label: 'Runs', to: '/runs' }, { label: 'Compare' }];
  if (pair === null)
    return (
      <>
        <TopBar crumbs={crumbs} />
        <Empty title="Choose two runs to compare" action={<LinkButton to="/runs">Show runs</LinkButton>}>
          Select two rows of the list, then Compare.
        </Empty>
      </>
    );
  const { a, b, steps, step } = pair;
  const href = (changes: Record<string, string>): string => `?${new URLSearchParams({ ...Object.fromEntries(search), ...changes })}`;
  return (
    <>
      <TopBar crumbs={crumbs}>
        <LinkButton to={href({ a: b.run.id, b: a.run.id })} replace>
          Swap
        </LinkButton>
      </TopBar>
      <div className="grid border-b border-line wide:grid-cols-2">
        <Head title="First run" side={a} />
        <Head title="Second run" side={b} />
      </div>
      <Table label="Steps of both runs" columns={columns} rows={steps} rowKey={({ id }) => id} href={({ id }) => href({ step: id })} fixed />
      {step && <Part title={`Output of ${step.label}`} label={`What differs in the output of ${step.label}`} a={step.a} b={step.b} />}
      <Part title="Output of the run" label="What differs in the output" a={a.output} b={b.output} large={a.large || b.large} />
      <Part title="Input" label="What differs in the input" a={a.input} b={b.input} />
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Runs', to: '/runs' }, { label: 'Compare' }]} />
      <ErrorPage error={error} />
    </>
  );
}
