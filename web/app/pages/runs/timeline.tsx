/** Tab: who ran when, a lane per step, a bar per attempt or item. */
import type { Route } from './+types/timeline.ts';
import { useOutletContext } from 'react-router';
import { read } from '../../api/hub.server.ts';
import { loadRun, lightRows } from '../../run/load.server.ts';
import type { RunData } from '../../run/load.server.ts';
import { layTimeline } from '../../run/timeline-layout.ts';
import { TimelineView } from '../../run/timeline-view.tsx';
import { Empty, Partial } from '../../ui/page-states.tsx';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const [{ run, nodes }, { rows, cut }] = await Promise.all([loadRun(client, params.runId), lightRows(client, params.runId)]);
    return { cut, timeline: run.startedAt ? layTimeline(nodes, rows, run.startedAt, Date.now()) : null };
  });
}

export default function TimelineTab({ loaderData }: Route.ComponentProps) {
  const { run } = useOutletContext<RunData>();
  const { timeline, cut } = loaderData;
  if (!timeline) return <Empty title="Nothing ran yet">The timeline begins with the first step.</Empty>;
  return (
    <>
      {cut && <Partial>This run has more steps than one view gathers: the first 6,000 attempts are drawn.</Partial>}
      <TimelineView timeline={timeline} runId={run.id} />
    </>
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
