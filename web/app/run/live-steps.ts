/** The steps of one run on its page. Beside `live.ts`, which lists need too: they do without this. */
import { startTransition, useMemo, useState } from 'react';
import { type LiveState, useLiveRuns } from './live.ts';
import { type Fresh, patchViews, withEvent } from './live-patch.ts';
import type { NodeView } from './model.ts';

/** The steps of a run as they are now: states by their events at once, all else read again at most every `paceMs`. */
export function useLiveSteps(runId: string, settled: boolean, views: NodeView[], paceMs: number): { live: LiveState; nodes: NodeView[] } {
  const [fresh, setFresh] = useState<{ run: string; events: Fresh }>({ run: runId, events: {} });
  const live = useLiveRuns(settled ? [] : [runId], paceMs, (event) =>
    // In a transition: what the server drew stays until its script is here, though all that happened so far is told at once.
    startTransition(() =>
      setFresh((before) => {
        const events = withEvent(before.run === runId ? before.events : {}, event);
        return events === before.events ? before : { run: runId, events };
      }),
    ),
  );
  const nodes = useMemo(() => (settled || fresh.run !== runId ? views : patchViews(views, fresh.events)), [settled, fresh, runId, views]);
  return { live, nodes };
}
