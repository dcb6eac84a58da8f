/** Tab: the graph of the run in its states, and below it each step with what it took and cost. */
import { lazy, Suspense } from 'react';
import { useNavigate, useOutletContext, useSearchParams } from 'react-router';
import { GraphPanel } from '../../run/graph-panel.tsx';
import type { RunData } from '../../run/load.server.ts';
import { SkeletonRows } from '../../ui/page-states.tsx';

/** Stands below the first screen: its code comes after that of the graph's frame. */
const Ledger = lazy(async () => ({ default: (await import('../../run/ledger.tsx')).Ledger }));

export default function GraphTab() {
  const { nodes, edges, boxes, settled, run } = useOutletContext<RunData>();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const chosen = search.get('step');
  const open = (id: string): void => {
    const at = search.get('at');
    void navigate({ search: `?${new URLSearchParams({ step: id, ...(at === null ? {} : { at }) })}` }, { preventScrollReset: true });
  };
  return (
    <>
      <GraphPanel
        label="Graph of the run"
        nodes={nodes}
        edges={edges}
        boxes={boxes}
        settled={settled}
        chosen={chosen}
        onOpen={open}
        narrow={chosen !== null}
      />
      <Suspense fallback={<SkeletonRows rows={Math.min(12, nodes.length)} />}>
        <Ledger nodes={nodes} kept={run.kept ?? null} narrow={chosen !== null} />
      </Suspense>
    </>
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
