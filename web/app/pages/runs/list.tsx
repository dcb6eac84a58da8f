/** All runs, newest first; filters in the address; those that go on are live, and new ones come in by themselves. */
import { useState } from 'react';
import { Link, useFetcher, useNavigation, useSearchParams } from 'react-router';
import type { Route } from './+types/list.ts';
import { act, read, text, tryRead } from '../../api/hub.server.ts';
import { isProblem } from '../../api/problem.ts';
import { BulkBar } from '../../lists/bulk-bar.tsx';
import { FilterBar } from '../../lists/filter-bar.tsx';
import { type Selection, useSelection } from '../../lists/use-selection.ts';
import { ViewTabs } from '../../lists/view-tabs.tsx';
import { viewsOf } from '../../lists/views.ts';
import { useLiveRuns, useReadAgain } from '../../run/live.ts';
import { RunTable } from '../../run/run-table.tsx';
import { type ListedRun, withStrips } from '../../run/strips.server.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { useMe } from '../../shell/use-me.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { plural } from '../../ui/format.ts';
import { MiniRun } from '../../ui/mini-run.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { isSettled, toState } from '../../ui/state.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { filterNames, runFilters, runQuery, runViews } from './list-filters.ts';

/** Runs of one call: few enough to see it move. */
const atOnce = 10;

export async function loader({ request, context }: Route.LoaderArgs) {
  const search = new URL(request.url).searchParams;
  const views = viewsOf(request.headers.get('cookie') ?? '', 'runs');
  return read({ request, context }, async (client) => {
    const [page, workflows] = await Promise.all([
      client.listRuns({ query: { limit: 50, include: 'strip', ...runQuery(search, Date.now()) } }),
      tryRead(client.listWorkflows({ query: { limit: 200, sort: 'name' } })),
    ]);
    return {
      runs: withStrips(page.items),
      nextCursor: page.nextCursor,
      workflows: (workflows.value?.items ?? []).map(({ id, name }) => ({ id, name })),
      views,
    };
  });
}

/** Cancels or continues the runs named, at most as many as one call takes. One that ended in the meantime is as wanted. */
export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const ids = text(form, 'ids').split(' ').filter(Boolean).slice(0, atOnce);
    const verb = text(form, 'verb') === 'retry' ? ('retry' as const) : ('cancel' as const);
    const { items } = await (verb === 'retry' ? client.bulkRetry({ body: { ids } }) : client.bulkCancel({ body: { ids } }));
    const refused = items.find(({ done, code }) => !done && code !== 'run.settled');
    return { verb, done: items.filter(({ done }) => done).length, asked: items.length, why: refused?.detail ?? null };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Runs' }];

const isOpen = (run: ListedRun): boolean => !isSettled(toState(run.status));

interface Progress {
  verb: 'cancel' | 'retry';
  left: string[];
  all: number;
  done: number;
  why: string | null;
}
const bulkWords = { cancel: ['Cancelling', 'cancelled'], retry: ['Continuing', 'continued'] } as const;

/** Sends the chosen runs in turn, a few at a time, and says how far it is. */
function useBulk(): { progress: Progress | null; begin: (verb: Progress['verb'], ids: string[]) => void } {
  const { me } = useMe();
  const fetcher = useFetcher<typeof action>();
  const [progress, setProgress] = useState<Progress | null>(null);
  const send = ({ verb, left }: Progress): void =>
    void fetcher.submit({ ids: left.slice(0, atOnce).join(' '), verb, _csrf: me.csrfToken ?? '' }, { method: 'post', action: '/runs' });
  useAnswer(fetcher, (answer) => {
    if (progress === null) return;
    if ('problem' in answer) {
      setProgress(null);
      if (isProblem(answer.problem))
        showToast({ text: `Stopped after ${progress.done} of ${progress.all}`, more: answer.problem.detail, tone: 'failed' });
      return;
    }
    if (!('asked' in answer)) return;
    const next = { ...progress, left: progress.left.slice(atOnce), done: progress.done + answer.done, why: progress.why ?? answer.why };
    if (next.left.length > 0) {
      setProgress(next);
      return send(next);
    }
    setProgress(null);
    const others = next.all - next.done;
    showToast({
      text: `${plural(next.done, 'run')} ${bulkWords[next.verb][1]}`,
      more: next.why ?? (others > 0 ? `${plural(others, 'run')} had ended already.` : 'Steps in flight get a moment to stop.'),
      ...(next.done === 0 ? { tone: 'failed' as const } : {}),
    });
  });
  return {
    progress,
    begin(verb, ids) {
      const first = { verb, left: ids, all: ids.length, done: 0, why: null };
      setProgress(first);
      send(first);
    },
  };
}

function RunBulk({ runs, selection }: { runs: readonly ListedRun[]; selection: Selection }) {
  const { may } = useMe();
  const { progress, begin } = useBulk();
  const chosen = runs.filter((run) => selection.chosen.has(run.id));
  const open = chosen.filter(isOpen).map(({ id }) => id);
  const failed = chosen.filter(({ status }) => ['failed', 'timed_out', 'cancelled'].includes(status)).map(({ id }) => id);
  const busy = progress === null ? null : 'Wait until the others are done';
  const whyCancel = busy ?? (!may('run.cancel') ? 'Your role cannot cancel runs' : open.length === 0 ? 'These runs have ended' : null);
  const whyRetry = busy ?? (!may('run.start') ? 'Your role cannot start runs' : failed.length === 0 ? 'None of these runs failed' : null);
  const part = (word: string, count: number): string => (count > 0 && count < chosen.length ? `${word} ${count} of them` : word);
  const [first, second] = chosen;
  return (
    <BulkBar count={selection.ids.length} what={['run', 'runs']} onClear={selection.clear}>
      {progress && (
        <span role="status" className="tabular whitespace-nowrap text-muted">
          {bulkWords[progress.verb][0]} {progress.all - progress.left.length} of {progress.all}
        </span>
      )}
      {chosen.length === 2 && first && second && <LinkButton to={`/runs/compare?a=${second.id}&b=${first.id}`}>Compare</LinkButton>}
      <Button onClick={() => begin('retry', failed)} why={whyRetry}>
        {part('Continue', failed.length)}
      </Button>
      <Button kind="danger" onClick={() => begin('cancel', open)} why={whyCancel}>
        {part('Cancel', open.length)}
      </Button>
    </BulkBar>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered) return <Empty title="No run is like that" action={<LinkButton to="/runs">Show every run</LinkButton>} />;
  return (
    <Empty
      title="No run yet"
      picture={<MiniRun />}
      link={
        <Link to="/templates" className="text-link hover:underline">
          Run a template with its sample
        </Link>
      }
      action={
        <LinkButton kind="main" to="/workflows">
          Choose a workflow to run
        </LinkButton>
      }
    >
      Each start of a workflow appears here while it happens, and stays.
    </Empty>
  );
}

export default function Runs({ loaderData }: Route.ComponentProps) {
  const { runs, nextCursor, workflows, views } = loaderData;
  const [search] = useSearchParams();
  const navigation = useNavigation();
  const { may } = useMe();
  const selection = useSelection(runs);
  useLiveRuns(
    runs
      .filter(isOpen)
      .slice(0, 8)
      .map(({ id }) => id),
    1000,
  );
  useReadAgain(search.has('cursor') ? 0 : 5000);
  const filtered = filterNames.some((name) => search.get(name));
  const next = new URLSearchParams(search);
  if (nextCursor) next.set('cursor', nextCursor);
  const turning =
    navigation.state === 'loading' && navigation.location.pathname === '/runs' && navigation.location.search.replace('?', '') !== search.toString();
  return (
    <>
      <TopBar crumbs={[{ label: 'Runs' }]} />
      <ViewTabs list="runs" filters={filterNames} views={runViews} own={views} />
      <FilterBar label="Filter runs" search="Search name, error or id" filters={runFilters(workflows)} />
      {runs.length > 0 ? (
        <div aria-busy={turning} className="aria-busy:opacity-60">
          <RunTable
            runs={runs}
            withWorkflow
            selection={
              may('run.cancel')
                ? { chosen: selection.chosen, onChange: selection.set, nameOf: (run) => `run ${run.id.slice(-6)} of ${run.workflowName}` }
                : undefined
            }
          />
        </div>
      ) : (
        <Nothing filtered={filtered} />
      )}
      {(search.has('cursor') || nextCursor) && (
        <div className="flex gap-8 px-16 py-12 wide:px-24">
          {search.has('cursor') && <LinkButton to="/runs">Back to the newest</LinkButton>}
          {nextCursor && <LinkButton to={`?${next}`}>Show older runs</LinkButton>}
        </div>
      )}
      <RunBulk runs={runs} selection={selection} />
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Runs' }]} />
      <ErrorPage error={error} />
    </>
  );
}
