/** The audit log: who did what, when, from where. Append-only. */
import { useSearchParams } from 'react-router';
import type { Route } from './+types/audit.ts';
import { read } from '../../api/hub.server.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';

export async function loader({ request, context }: Route.LoaderArgs) {
  const cursor = new URL(request.url).searchParams.get('cursor');
  return read({ request, context }, async (client) => {
    const [page, members] = await Promise.all([
      client.listAuditEntries({ query: { limit: 100, ...(cursor ? { cursor } : {}) } }),
      client.listMembers({ query: { limit: 200 } }).catch(() => null),
    ]);
    const names = new Map(members?.items.map(({ userId, name }) => [userId, name]));
    const named = (actor: string | null): string => {
      if (!actor) return 'the hub';
      const [, id = ''] = actor.split(':');
      return names.get(id) ?? actor;
    };
    return {
      entries: page.items.map(({ id, at, actor, action, targetType, targetId, ip }) => ({
        id,
        at,
        who: named(actor),
        action,
        target: targetType ? `${targetType} ${targetId?.slice(-6) ?? ''}` : '',
        ip,
      })),
      nextCursor: page.nextCursor,
    };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Audit log' }];

export default function Audit({ loaderData }: Route.ComponentProps) {
  const [search] = useSearchParams();
  if (loaderData.entries.length === 0)
    return <Empty title="Nothing yet">Every change of the team, its keys, credentials and workflows is recorded here.</Empty>;
  return (
    <>
      <Table
        label="Audit log"
        rows={loaderData.entries}
        rowKey={({ id }) => id}
        columns={[
          { key: 'action', head: 'What', cell: ({ action }) => <span className="font-mono text-12">{action}</span> },
          { key: 'target', head: 'On', cell: ({ target }) => <span className="text-muted">{target}</span> },
          { key: 'who', head: 'Who', phone: 'meta', cell: ({ who }) => <span className="truncate">{who}</span> },
          { key: 'ip', head: 'From', cell: ({ ip }) => <span className="font-mono text-12 text-muted">{ip ?? '–'}</span> },
          { key: 'at', head: 'When', figure: true, className: 'wide:pr-24', phone: 'end', cell: ({ at }) => <Ago at={at} /> },
        ]}
      />
      <div className="flex gap-8 px-16 py-12 wide:px-24">
        {search.has('cursor') && <LinkButton to="?">Back to the newest</LinkButton>}
        {loaderData.nextCursor && <LinkButton to={`?cursor=${encodeURIComponent(loaderData.nextCursor)}`}>Show older entries</LinkButton>}
      </div>
    </>
  );
}
