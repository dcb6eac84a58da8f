/** The recent requests to a webhook, one of them in a sheet, and sending one again. */
import type { Delivery, DeliveryDetail } from '@hub/contract';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useMe } from '../shell/use-me.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { formatBytes, formatDuration } from '../ui/format.ts';
import { Sheet } from '../ui/sheet.tsx';
import { StateGlyph } from '../ui/state.tsx';
import { Table } from '../ui/table.tsx';
import { Ago } from '../ui/time.tsx';
import { showToast } from '../ui/toast.tsx';
import { useAnswer } from '../ui/use-answer.ts';
import { RequestView } from './request-view.tsx';
import { useTriggerAction } from './use-trigger-action.ts';
import { requestOutcome } from './words.ts';

function Outcome({ delivery }: { delivery: Delivery }) {
  const { words, state } = requestOutcome(delivery.outcome);
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-8 align-middle">
      <StateGlyph state={state} />
      <span className="truncate">
        {words}
        {delivery.test && delivery.outcome !== 'shown' && <span className="text-muted"> test</span>}
        {delivery.replayOf && <span className="text-muted"> sent again</span>}
      </span>
    </span>
  );
}

const statusText = ({ status }: Delivery): string => (status === 0 ? 'waits' : String(status));

/** Sends a request again; says where the new run is. */
function useReplay(workflowId: string, triggerId: string) {
  const { may } = useMe();
  const navigate = useNavigate();
  const { send, busy, answer } = useTriggerAction(workflowId);
  useAnswer({ state: busy ? 'submitting' : 'idle', data: answer }, (told) => {
    if (!('replayed' in told)) return;
    if (told.replayed === null) {
      showToast({ text: 'Sent again', more: 'No run waits for it now; it is kept for 24 hours.' });
      return;
    }
    showToast({ text: 'Sent again', more: 'This is the run it started or reached.' });
    void navigate(`/runs/${told.replayed}`);
  });
  const why = ({ replayable }: Delivery): string | null =>
    !may('run.start') ? 'Your role cannot start runs' : busy ? 'Sending' : replayable ? null : 'Its body is not kept';
  return { why, replay: (delivery: string): void => send({ intent: 'replay', trigger: triggerId, delivery }) };
}

/** `?delivery=` opens one; other parts of the address stay. */
function useOpenDelivery() {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const to = (id: string | null): string => {
    const next = new URLSearchParams(search);
    if (id) next.set('delivery', id);
    else next.delete('delivery');
    return `?${next}`;
  };
  return { to, close: () => void navigate(to(null), { preventScrollReset: true }) };
}

export interface DeliveriesProps {
  workflowId: string;
  triggerId: string;
  deliveries: Delivery[];
  nextCursor: string | null;
  opened: DeliveryDetail | null;
}

export function Deliveries({ workflowId, triggerId, deliveries, nextCursor, opened }: DeliveriesProps) {
  const { why, replay } = useReplay(workflowId, triggerId);
  const { to, close } = useOpenDelivery();
  const [search] = useSearchParams();
  if (deliveries.length === 0) return <p className="px-16 pb-16 text-muted wide:px-24">No request came in the last 7 days.</p>;
  return (
    <>
      <Table
        label="Recent requests"
        rows={deliveries}
        rowKey={({ id }) => id}
        href={({ id }) => to(id)}
        columns={[
          { key: 'outcome', head: 'What became of it', cell: (delivery) => <Outcome delivery={delivery} /> },
          { key: 'at', head: 'Came', phone: 'end', cell: ({ at }) => <Ago at={at} className="text-muted" /> },
          {
            key: 'status',
            head: 'Answer',
            phone: 'meta',
            cell: (delivery) => (
              <span className="tabular">
                {statusText(delivery)}
                {delivery.code && <span className="ml-8 font-mono text-12 text-muted">{delivery.code}</span>}
              </span>
            ),
          },
          {
            key: 'run',
            head: 'Run',
            phone: 'hidden',
            cell: ({ runId }) =>
              runId ? (
                <Link to={`/runs/${runId}`} className="relative text-link hover:underline">
                  Run
                </Link>
              ) : (
                <span className="text-faint">–</span>
              ),
          },
          { key: 'bytes', head: 'Size', figure: true, phone: 'hidden', cell: ({ bytes }) => formatBytes(bytes) },
          { key: 'ms', head: 'Took', figure: true, phone: 'hidden', cell: ({ ms }) => formatDuration(ms) },
        ]}
        actions={(delivery) => (
          <Button kind="quiet" className="max-wide:hidden" onClick={() => replay(delivery.id)} why={why(delivery)}>
            Send again
          </Button>
        )}
      />
      <div className="flex gap-8 px-16 py-12 wide:px-24">
        {search.has('cursor') && <LinkButton to="?">Back to the newest</LinkButton>}
        {nextCursor && <LinkButton to={`?cursor=${encodeURIComponent(nextCursor)}`}>Show older requests</LinkButton>}
      </div>
      <Sheet
        open={opened !== null}
        onClose={close}
        wide
        title={opened ? `${opened.method} request` : 'Request'}
        foot={
          opened && (
            <>
              {opened.runId && <LinkButton to={`/runs/${opened.runId}`}>See the run</LinkButton>}
              <Button kind="main" onClick={() => replay(opened.id)} why={why(opened)}>
                Send again
              </Button>
            </>
          )
        }
      >
        {opened && (
          <div className="flex flex-col gap-16">
            <p className="flex flex-wrap items-center gap-x-16 gap-y-4">
              <Outcome delivery={opened} />
              <Ago at={opened.at} className="text-muted" />
              <span className="tabular text-muted">
                answered {statusText(opened)} in {formatDuration(opened.ms)}
              </span>
              {opened.code && <span className="font-mono text-12 text-muted">{opened.code}</span>}
            </p>
            <RequestView request={opened} />
          </div>
        )}
      </Sheet>
    </>
  );
}
