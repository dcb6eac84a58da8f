/** One trigger: when it fires, where it is called, and what became of the last times. */
import { data, Link, useOutletContext } from 'react-router';
import type { Route } from './+types/trigger.ts';
import { read, tryRead } from '../../api/hub.server.ts';
import type { Problem } from '../../api/problem.ts';
import { FormAddress, WebhookAddress } from '../../triggers/address.tsx';
import { Deliveries } from '../../triggers/deliveries.tsx';
import { Fires } from '../../triggers/fires.tsx';
import { Listen } from '../../triggers/listen.tsx';
import { NextTimes } from '../../triggers/next-times.tsx';
import { useZone } from '../../ui/zone.ts';
import { LastFire, TriggerBadges, TriggerButtons, usePending } from '../../triggers/trigger-state.tsx';
import { pushWords, triggerName, whenWords } from '../../triggers/words.ts';
import type { WorkflowData } from './workflow.tsx';

const unknown: Problem = {
  code: 'trigger.not-found',
  detail: 'The published version has no trigger of this name.',
  status: 404,
  requestId: null,
  retryAfterSeconds: null,
  errors: [],
};

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const search = new URL(request.url).searchParams;
  return read({ request, context }, async (client) => {
    const one = { id: params.workflowId, triggerId: params.triggerId };
    const cursor = search.get('cursor');
    const fires = search.get('fires');
    const delivery = search.get('delivery');
    const { items } = await client.listTriggers({ params: { id: one.id }, query: { removed: 'true' } });
    const trigger = items.find(({ id }) => id === one.triggerId);
    if (!trigger) throw data(unknown, { status: 404 });
    const isWebhook = trigger.type === 'webhook';
    const [address, deliveries, events, opened] = await Promise.all([
      isWebhook || trigger.type === 'form' ? tryRead(client.getTriggerAddress({ params: one })) : null,
      isWebhook ? tryRead(client.listDeliveries({ params: one, query: { limit: 25, ...(cursor ? { cursor } : {}) } })) : null,
      isWebhook ? null : tryRead(client.listTriggerEvents({ params: one, query: { limit: 25, ...(fires ? { cursor: fires } : {}) } })),
      isWebhook && delivery ? tryRead(client.getDelivery({ params: { ...one, deliveryId: delivery } })) : null,
    ]);
    return { trigger, address, deliveries, events, opened: opened?.value ?? null };
  });
}

function Note({ problem }: { problem: Problem | null | undefined }) {
  return problem ? <p className="px-16 pb-16 text-muted wide:px-24">{problem.detail}</p> : null;
}

const head = 'px-16 pt-16 pb-8 font-semibold wide:px-24';

export default function TriggerPage({ loaderData }: Route.ComponentProps) {
  const { workflow, inputs } = useOutletContext<WorkflowData>();
  const { trigger, address, deliveries, events, opened } = loaderData;
  const zone = useZone();
  usePending([trigger]);
  const place = address?.value ? { workflowId: workflow.id, address: address.value, config: trigger.config, inputs } : null;
  return (
    <>
      <section
        aria-label="Trigger"
        className="flex flex-wrap items-start justify-between gap-x-24 gap-y-12 border-b border-line px-16 py-16 wide:px-24"
      >
        <div className="flex min-w-0 flex-col gap-4">
          <p className="text-12">
            <Link to={`/workflows/${workflow.id}/triggers`} className="text-link hover:underline">
              All triggers
            </Link>
          </p>
          <div className="flex flex-wrap items-center gap-8">
            <h2 className="flex items-center gap-8 text-15 font-semibold">
              {triggerName(trigger.type)}
              <span className="font-mono text-12 font-normal text-muted">{trigger.id}</span>
            </h2>
            <TriggerBadges trigger={trigger} />
          </div>
          <p>{whenWords(trigger)}</p>
          {pushWords(trigger) && <p className="text-muted">{pushWords(trigger)}</p>}
          <NextTimes at={trigger.nextFires} label={`Next, ${zone}:`} />
          {trigger.statusReason && <p className="text-muted">{trigger.statusReason}</p>}
          <LastFire trigger={trigger} />
        </div>
        <TriggerButtons workflowId={workflow.id} trigger={trigger} />
      </section>
      {place && (
        <div className="flex flex-col gap-24 border-b border-line px-16 py-16 wide:px-24">
          {trigger.type === 'webhook' ? <WebhookAddress {...place} /> : <FormAddress {...place} />}
          {trigger.status !== 'removed' && (
            <Listen workflowId={workflow.id} triggerId={trigger.id} type={trigger.type} config={trigger.config} inputs={inputs} />
          )}
        </div>
      )}
      <Note problem={address?.problem} />
      {deliveries && (
        <section aria-label="Requests">
          <h3 className={head}>Recent requests</h3>
          <Note problem={deliveries.problem} />
          {deliveries.value && (
            <Deliveries
              workflowId={workflow.id}
              triggerId={trigger.id}
              deliveries={deliveries.value.items}
              nextCursor={deliveries.value.nextCursor}
              opened={opened}
            />
          )}
        </section>
      )}
      {events && (
        <section aria-label="Fires">
          <h3 className={head}>Recent fires</h3>
          <Note problem={events.problem} />
          {events.value && <Fires events={events.value.items} nextCursor={events.value.nextCursor} />}
        </section>
      )}
    </>
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
