/** Tab: the graph of the run in its states. The canvas is loaded on demand and drawn in the browser only. */
import { lazy, Suspense } from 'react';
import { useNavigate, useOutletContext, useSearchParams } from 'react-router';
import type { RunData } from '../../run/load.server.ts';
import { OutlineOf } from '../../run/graph-outline.tsx';
import { useInBrowser } from '../../ui/in-browser.ts';

const RunGraph = lazy(async () => ({ default: (await import('../../run/run-graph.tsx')).RunGraph }));

export default function GraphTab() {
  const data = useOutletContext<RunData>();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const inBrowser = useInBrowser();
  const open = (id: string): void => void navigate({ search: `?step=${encodeURIComponent(id)}` }, { preventScrollReset: true });
  const outline = <OutlineOf nodes={data.nodes} edges={data.edges} boxes={data.boxes} />;
  return (
    <section aria-label="Graph of the run" className="relative h-full min-h-[420px] bg-sunk">
      {inBrowser ? (
        <Suspense fallback={outline}>
          <RunGraph nodes={data.nodes} edges={data.edges} boxes={data.boxes} settled={data.settled} chosen={search.get('step')} onOpen={open} />
        </Suspense>
      ) : (
        outline
      )}
    </section>
  );
}
