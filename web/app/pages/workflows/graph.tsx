/** Tab: the definition as a graph, read-only. */
import { lazy, Suspense } from 'react';
import { useOutletContext, useSearchParams } from 'react-router';
import { OutlineOf } from '../../run/graph-outline.tsx';
import { useInBrowser } from '../../ui/in-browser.ts';
import { Empty } from '../../ui/page-states.tsx';
import type { WorkflowData } from './workflow.tsx';

const RunGraph = lazy(async () => ({ default: (await import('../../run/run-graph.tsx')).RunGraph }));

export default function GraphTab() {
  const { graph } = useOutletContext<WorkflowData>();
  const [search, setSearch] = useSearchParams();
  const inBrowser = useInBrowser();
  if (graph.nodes.length === 0) return <Empty title="No steps yet">This draft has no nodes.</Empty>;
  const outline = <OutlineOf {...graph} />;
  return (
    <section aria-label="Graph of the workflow" className="relative min-h-[420px] flex-1 bg-sunk">
      {inBrowser ? (
        <Suspense fallback={outline}>
          <RunGraph
            {...graph}
            settled
            plain
            chosen={search.get('node')}
            onOpen={(id) => setSearch({ node: id }, { replace: true, preventScrollReset: true })}
          />
        </Suspense>
      ) : (
        outline
      )}
    </section>
  );
}
