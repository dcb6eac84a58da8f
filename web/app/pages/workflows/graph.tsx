/** Tab: the definition as a graph, read-only, and its last runs below. */
import type { Route } from './+types/graph.ts';
import { useOutletContext, useSearchParams } from 'react-router';
import { hubOf, tryRead } from '../../api/hub.server.ts';
import { GraphPanel } from '../../run/graph-panel.tsx';
import { KeptOutputs } from '../../run/kept-outputs.tsx';
import { useLiveRuns } from '../../run/live.ts';
import { RunTable } from '../../run/run-table.tsx';
import { withStrips } from '../../run/strips.server.ts';
import { Empty } from '../../ui/page-states.tsx';
import type { WorkflowData } from './workflow.tsx';

const shown = 8;

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { client } = hubOf({ request, context });
  const [runs, kept] = await Promise.all([
    tryRead(client.listRuns({ query: { workflowId: params.workflowId, limit: shown, include: 'strip' } })),
    tryRead(client.listCacheEntries({ params: { id: params.workflowId }, query: { limit: shown } })),
  ]);
  return { runs: withStrips(runs.value?.items ?? []), kept: kept.value?.items ?? [], moreKept: (kept.value?.nextCursor ?? null) !== null };
}

export default function GraphTab({ loaderData: { runs, kept, moreKept } }: Route.ComponentProps) {
  const { graph, workflow } = useOutletContext<WorkflowData>();
  const [search, setSearch] = useSearchParams();
  useLiveRuns(
    runs.filter(({ completedAt }) => completedAt === null).map(({ id }) => id),
    1000,
  );
  if (graph.nodes.length === 0) return <Empty title="No steps yet">This draft has no nodes.</Empty>;
  return (
    <>
      <GraphPanel
        label="Graph of the workflow"
        {...graph}
        settled
        plain
        chosen={search.get('node')}
        onOpen={(id) => setSearch({ node: id }, { replace: true, preventScrollReset: true })}
      />
      {runs.length > 0 && (
        <section aria-label="Last runs">
          <h2 className="px-16 pt-16 pb-8 text-15 font-semibold wide:px-24">Last runs</h2>
          <RunTable runs={runs} />
        </section>
      )}
      {kept.length > 0 && (
        <KeptOutputs workflowId={workflow.id} entries={kept} more={moreKept} labels={new Map(graph.nodes.map(({ id, label }) => [id, label]))} />
      )}
    </>
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
