/** Tab: what starts this workflow by itself, when next, and what became of the last time. */
import type { Trigger } from '@hub/contract';
import { Link, useOutletContext } from 'react-router';
import type { Route } from './+types/triggers.ts';
import { read } from '../../api/hub.server.ts';
import { triggerAction } from '../../triggers/trigger-action.server.ts';
import { NextTimes } from '../../triggers/next-times.tsx';
import { useZone } from '../../ui/zone.ts';
import { LastFire, TriggerBadges, TriggerButtons, usePending } from '../../triggers/trigger-state.tsx';
import { pushWords, triggerName, whenWords } from '../../triggers/words.ts';
import { useMe } from '../../shell/use-me.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/page-states.tsx';
import type { WorkflowData } from './workflow.tsx';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => ({ triggers: (await client.listTriggers({ params: { id: params.workflowId } })).items }));
}

export function action({ request, context, params }: Route.ActionArgs) {
  return triggerAction({ request, context }, params.workflowId);
}

function Row({ workflowId, trigger }: { workflowId: string; trigger: Trigger }) {
  return (
    <li className="flex flex-wrap items-start gap-x-24 gap-y-8 border-b border-line px-16 py-12 wide:px-24">
      <div className="flex min-w-0 flex-1 basis-[320px] flex-col gap-4">
        <p className="flex flex-wrap items-center gap-8">
          <Link to={`/workflows/${workflowId}/triggers/${trigger.id}`} className="font-medium hover:underline">
            {triggerName(trigger.type)}
          </Link>
          <span className="font-mono text-12 text-muted">{trigger.id}</span>
          <TriggerBadges trigger={trigger} />
        </p>
        <p>{whenWords(trigger)}</p>
        {pushWords(trigger) && <p className="text-12 text-muted">{pushWords(trigger)}</p>}
        <NextTimes at={trigger.nextFires} />
        {trigger.statusReason && <p className="text-12 text-muted">{trigger.statusReason}</p>}
      </div>
      <div className="min-w-0 basis-[240px] max-wide:basis-full">
        <LastFire trigger={trigger} />
      </div>
      <div className="flex justify-end wide:basis-[200px]">
        <TriggerButtons workflowId={workflowId} trigger={trigger} />
      </div>
    </li>
  );
}

export default function Triggers({ loaderData }: Route.ComponentProps) {
  const { workflow } = useOutletContext<WorkflowData>();
  const { may } = useMe();
  const zone = useZone();
  const { triggers } = loaderData;
  usePending(triggers);
  if (triggers.length === 0)
    return (
      <Empty
        title={workflow.publishedVersion === null ? 'Triggers fire once it is published' : 'Nothing starts it by itself'}
        {...(may('workflow.write') ? { action: <LinkButton to={`/workflows/${workflow.id}/edit`}>Add a trigger in the editor</LinkButton> } : {})}
      >
        {workflow.publishedVersion === null
          ? 'A schedule, a webhook or a form starts runs of the published version.'
          : 'It is started by hand and over the API. A schedule, a webhook or a form starts it by itself.'}
      </Empty>
    );
  return (
    <>
      <ul aria-label="Triggers">
        {triggers.map((trigger) => (
          <Row key={trigger.id} workflowId={workflow.id} trigger={trigger} />
        ))}
      </ul>
      {triggers.some(({ nextFires }) => nextFires.length > 0) && <p className="px-16 py-12 text-12 text-muted wide:px-24">Times in {zone}.</p>}
    </>
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
