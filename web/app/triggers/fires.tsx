/** The recent fires of a trigger. */
import type { TriggerEvent } from '@hub/contract';
import { useSearchParams } from 'react-router';
import { LinkButton } from '../ui/button.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Ago } from '../ui/time.tsx';
import { useZone } from '../ui/zone.ts';
import { Fire } from './trigger-state.tsx';
import { formatFire } from './words.ts';

function dueColumn(zone: string): Column<TriggerEvent> {
  return {
    key: 'due',
    head: 'Due',
    phone: 'hidden',
    cell: ({ scheduledAt }) =>
      scheduledAt ? <span className="tabular whitespace-nowrap">{formatFire(scheduledAt, zone)}</span> : <span className="text-faint">–</span>,
  };
}

export function Fires({ events, nextCursor }: { events: TriggerEvent[]; nextCursor: string | null }) {
  const [search] = useSearchParams();
  const zone = useZone();
  // Only schedules are due at a time.
  const planned = events.some(({ scheduledAt }) => scheduledAt !== null);
  if (events.length === 0) return <p className="px-16 pb-16 text-muted wide:px-24">It has not fired in the last 30 days.</p>;
  return (
    <>
      <Table
        label="Recent fires"
        rows={events}
        rowKey={({ id }) => id}
        columns={[
          { key: 'outcome', head: 'What became of it', cell: (event) => <Fire event={event} /> },
          { key: 'at', head: 'Fired', phone: 'end', cell: ({ at }) => <Ago at={at} className="text-muted" /> },
          ...(planned ? [dueColumn(zone)] : []),
          {
            key: 'message',
            head: 'Why',
            phone: 'meta',
            className: 'wide:w-[40%] wide:max-w-0 truncate',
            cell: ({ message, scheduledAt }) =>
              message ? (
                <span title={message}>{message}</span>
              ) : (
                <>
                  <span className="text-faint max-wide:hidden">–</span>
                  {scheduledAt && <span className="tabular text-12 wide:hidden">due {formatFire(scheduledAt, zone)}</span>}
                </>
              ),
          },
        ]}
      />
      <div className="flex gap-8 px-16 py-12 wide:px-24">
        {search.has('fires') && <LinkButton to="?">Back to the newest</LinkButton>}
        {nextCursor && <LinkButton to={`?fires=${encodeURIComponent(nextCursor)}`}>Show older fires</LinkButton>}
      </div>
    </>
  );
}
