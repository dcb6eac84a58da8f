/** All runs, newest first; filters in the address; those that go on are live where they stand, new ones wait behind a line. */
import { lazy, Suspense } from 'react';
import { Link, useLocation, useNavigation, useSearchParams } from 'react-router';
import type { Route } from './+types/list.ts';
import { act, read, text, tryRead } from '../../api/hub.server.ts';
import { FilterBar } from '../../lists/filter-bar.tsx';
import { NewRows } from '../../lists/new-rows.tsx';
import { useSelection } from '../../lists/use-selection.ts';
import { ViewTabs } from '../../lists/view-tabs.tsx';
import { viewsOf } from '../../lists/views.ts';
import { useReadAgain } from '../../run/live.ts';
import { RunTable } from '../../run/run-table.tsx';
import { withStrips } from '../../run/strips.server.ts';
import { useSteadyRuns } from '../../run/use-steady-runs.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { useMe } from '../../shell/use-me.ts';
import { LinkButton } from '../../ui/button.tsx';
import { MiniRun } from '../../ui/mini-run.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { atOnce } from './list-batch.ts';
import { filterNames, runFilters, runQuery, runViews } from './list-filters.ts';

/** Comes with the first row that is chosen. */
const RunBulk = lazy(async () => ({ default: (await import('./list-bulk.tsx')).RunBulk }));

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

function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered)
    return (
      <Empty title="No run fits these filters" action={<LinkButton to="/runs">Show every run</LinkButton>}>
        Runs of other states, workflows or times are left out.
      </Empty>
    );
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
  const { workflows, views } = loaderData;
  const { key } = useLocation();
  const steady = useSteadyRuns(loaderData.runs, loaderData.nextCursor, key);
  const { rows: runs, nextCursor } = steady;
  const [search] = useSearchParams();
  const navigation = useNavigation();
  const { may } = useMe();
  const selection = useSelection(runs);
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
      <NewRows news={[[steady.fresh, 'run']]} isMore={steady.isMore} onShow={steady.show} giveWay={selection.ids.length > 0} />
      <FilterBar label="Filter runs" search="Search name, error or id" filters={runFilters(workflows)} />
      {runs.length > 0 ? (
        <div aria-busy={turning} data-steady className="aria-busy:opacity-60">
          <RunTable
            runs={runs}
            withWorkflow
            gone={steady.gone}
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
      {selection.ids.length > 0 && (
        <Suspense>
          <RunBulk runs={runs} selection={selection} onDone={steady.show} />
        </Suspense>
      )}
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
