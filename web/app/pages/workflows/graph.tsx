/** Tab: the definition as a graph, read-only, and its last runs below. */
import type { Route } from './+types/graph.ts';
import { useOutletContext, useSearchParams } from 'react-router';
import { hubOf, tryRead } from '../../api/hub.server.ts';
import { GraphPanel } from '../../run/graph-panel.tsx';
import { NewRows } from '../../lists/new-rows.tsx';
import { useSteady } from '../../lists/use-steady.ts';
import { KeptOutputs } from '../../run/kept-outputs.tsx';
import { RunTable } from '../../run/run-table.tsx';
import { withStrips } from '../../run/strips.server.ts';
import { useSteadyRuns } from '../../run/use-steady-runs.ts';
import { Empty } from '../../ui/page-states.tsx';
import type { WorkflowData } from './workflow.tsx';

const shown = 8;

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const { client } = hubOf({ request, context });
  const [runs, kept] = await Promise.all([
    tryRead(client.listRuns({ query: { workflowId: params.workflowId, limit: shown, include: 'strip' } })),
    tryRead(client.listCacheEntries({ params: { id: params.workflowId }, query: { limit: shown } })),
  ]);
  return {
    runs: withStrips(runs.value?.items ?? []),
    nextCursor: runs.value?.nextCursor ?? null,
    kept: kept.value?.items ?? [],
    moreKept: kept.value?.nextCursor ?? null,
  };
}

export default function GraphTab({ loaderData }: Route.ComponentProps) {
  const { graph, workflow } = useOutletContext<WorkflowData>();
  const [search, setSearch] = useSearchParams();
  const runs = useSteadyRuns(loaderData.runs, loaderData.nextCursor, workflow.id);
  const kept = useSteady({ rows: loaderData.kept, nextCursor: loaderData.moreKept }, workflow.id);
  const show = (): void => {
    runs.show();
    kept.show();
  };
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
      {runs.rows.length > 0 && (
        <section aria-label="Last runs">
          <h2 className="px-16 pt-16 pb-8 text-15 font-semibold wide:px-24">Last runs</h2>
          <NewRows
            news={[
              [runs.fresh, 'run'],
              [kept.fresh, 'kept output'],
            ]}
            isMore={runs.isMore}
            onShow={show}
          />
          <div data-steady>
            <RunTable runs={runs.rows} gone={runs.gone} />
          </div>
        </section>
      )}
      {kept.rows.length > 0 && (
        <KeptOutputs
          workflowId={workflow.id}
          entries={kept.rows}
          more={loaderData.moreKept !== null}
          onCleared={kept.show}
          labels={new Map(graph.nodes.map(({ id, label }) => [id, label]))}
        />
      )}
    </>
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
