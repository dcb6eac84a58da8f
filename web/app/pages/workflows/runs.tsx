/** Tab: the runs of this workflow. */
import { useLocation, useOutletContext, useSearchParams } from 'react-router';
import type { Route } from './+types/runs.ts';
import { read } from '../../api/hub.server.ts';
import { NewRows } from '../../lists/new-rows.tsx';
import { useReadAgain } from '../../run/live.ts';
import { RunTable } from '../../run/run-table.tsx';
import { withStrips } from '../../run/strips.server.ts';
import { useSteadyRuns } from '../../run/use-steady-runs.ts';
import { LinkButton } from '../../ui/button.tsx';
import { MiniRun } from '../../ui/mini-run.tsx';
import { Empty } from '../../ui/page-states.tsx';
import type { WorkflowData } from './workflow.tsx';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const cursor = new URL(request.url).searchParams.get('cursor');
  return read({ request, context }, async (client) => {
    const page = await client.listRuns({ query: { workflowId: params.workflowId, limit: 50, include: 'strip', ...(cursor ? { cursor } : {}) } });
    return { runs: withStrips(page.items), nextCursor: page.nextCursor };
  });
}

export default function WorkflowRuns({ loaderData }: Route.ComponentProps) {
  const { workflow } = useOutletContext<WorkflowData>();
  const [search] = useSearchParams();
  const { key } = useLocation();
  const steady = useSteadyRuns(loaderData.runs, loaderData.nextCursor, key);
  const { rows: runs, nextCursor } = steady;
  useReadAgain(search.has('cursor') ? 0 : 15_000);
  if (runs.length === 0)
    return (
      <Empty
        title="It never ran"
        picture={<MiniRun ends={['queued', 'queued', 'queued', 'queued', 'queued']} />}
        {...(workflow.status === 'active'
          ? {
              action: (
                <LinkButton kind="main" to={`/workflows/${workflow.id}/start`}>
                  Run it now
                </LinkButton>
              ),
            }
          : {})}
      >
        Its runs appear here.
      </Empty>
    );
  return (
    <>
      <NewRows news={[[steady.fresh, 'run']]} isMore={steady.isMore} onShow={steady.show} />
      <div data-steady>
        <RunTable runs={runs} gone={steady.gone} />
      </div>
      <div className="flex gap-8 px-16 py-12 wide:px-24">
        {search.has('cursor') && <LinkButton to="?">Back to the newest</LinkButton>}
        {nextCursor && <LinkButton to={`?cursor=${encodeURIComponent(nextCursor)}`}>Show older runs</LinkButton>}
      </div>
    </>
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
