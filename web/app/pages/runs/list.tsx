/** All runs, newest first; filters in the address; those that go on are live, and new ones come in by themselves. */
import { Link, useFetcher, useNavigation, useSearchParams } from 'react-router';
import type { Route } from './+types/list.ts';
import { act, isApiError, read, text, tryRead } from '../../api/hub.server.ts';
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

/** Cancels the chosen runs. One that ended in the meantime is as wanted. */
export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const ids = text(form, 'ids').split(' ').filter(Boolean).slice(0, 200);
    let cancelled = 0;
    for (const id of ids) {
      try {
        await client.cancelRun({ params: { id } });
        cancelled += 1;
      } catch (error) {
        if (!isApiError(error, 'run.settled')) throw error;
      }
    }
    return { cancelled, ended: ids.length - cancelled };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Runs' }];

const isOpen = (run: ListedRun): boolean => !isSettled(toState(run.status));

function RunBulk({ runs, selection }: { runs: readonly ListedRun[]; selection: Selection }) {
  const { me, may } = useMe();
  const fetcher = useFetcher<typeof action>();
  useAnswer(fetcher, (answer) => {
    if ('problem' in answer) {
      if (isProblem(answer.problem)) showToast({ text: 'This did not work', more: answer.problem.detail, tone: 'failed' });
    } else if ('cancelled' in answer)
      showToast({
        text: `${plural(answer.cancelled, 'run')} cancelled`,
        more: answer.ended > 0 ? `${plural(answer.ended, 'run')} had ended already.` : 'Steps in flight get a moment to stop.',
      });
  });
  const open = runs.filter((run) => selection.chosen.has(run.id) && isOpen(run)).map(({ id }) => id);
  const why = !may('run.cancel')
    ? 'Your role cannot cancel runs'
    : open.length === 0
      ? 'These runs have ended'
      : fetcher.state !== 'idle'
        ? 'Cancelling'
        : null;
  const cancel = (): void => {
    void fetcher.submit({ ids: open.join(' '), _csrf: me.csrfToken ?? '' }, { method: 'post', action: '/runs' });
    selection.clear();
  };
  return (
    <BulkBar count={selection.ids.length} what={['run', 'runs']} onClear={selection.clear}>
      <Button kind="danger" onClick={cancel} why={why}>
        {open.length > 0 && open.length < selection.ids.length ? `Cancel the ${open.length} that go on` : 'Cancel'}
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
