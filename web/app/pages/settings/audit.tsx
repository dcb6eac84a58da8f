/** The audit log: who did what, when, from where. Append-only. */
import { Link, useSearchParams } from 'react-router';
import type { Route } from './+types/audit.ts';
import { read, tryRead } from '../../api/hub.server.ts';
import { FilterBar } from '../../lists/filter-bar.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { actionWords, kindWords, subjects, targetPath } from './audit-words.ts';
import { SettingsHead } from './settings-head.tsx';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const spans = [
  { value: 'day', label: 'Last 24 hours', ms: 86_400_000 },
  { value: 'week', label: 'Last 7 days', ms: 7 * 86_400_000 },
  { value: 'month', label: 'Last 30 days', ms: 30 * 86_400_000 },
] as const;

function queryOf(search: URLSearchParams, nowMs: number) {
  const action = search.get('about');
  const userId = search.get('who');
  const span = spans.find(({ value }) => value === search.get('since'));
  const cursor = search.get('cursor');
  return {
    limit: 100,
    ...(subjects.some(({ value }) => value === action) && action ? { action } : {}),
    ...(userId && uuid.test(userId) ? { userId } : {}),
    ...(span ? { from: new Date(nowMs - span.ms).toISOString() } : {}),
    ...(cursor ? { cursor } : {}),
  };
}

export async function loader({ request, context }: Route.LoaderArgs) {
  const search = new URL(request.url).searchParams;
  return read({ request, context }, async (client) => {
    const [page, members, workflows] = await Promise.all([
      client.listAuditEntries({ query: queryOf(search, Date.now()) }),
      tryRead(client.listMembers({ query: { limit: 200 } })),
      tryRead(client.listWorkflows({ query: { limit: 200 } })),
    ]);
    const called = new Map([
      ...(workflows.value?.items ?? []).map(({ id, name }): [string, string] => [id, name]),
      ...(members.value?.items ?? []).flatMap(({ id, userId, name }): [string, string][] => [
        [id, name],
        [userId, name],
      ]),
    ]);
    const people = (members.value?.items ?? []).map(({ userId, name }) => ({ id: userId, name }));
    const named = (actor: string | null): string => {
      if (!actor) return 'The hub';
      const [kind, id = ''] = actor.split(':');
      return (
        people.find((person) => person.id === id)?.name ?? (kind === 'api-key' ? `API key ${id.slice(-6)}` : `Somebody who left (${id.slice(-6)})`)
      );
    };
    const entries = page.items.map(({ id, at, actor, action, targetType, targetId, ip }) => ({
      id,
      at,
      who: named(actor),
      action,
      words: actionWords(action),
      path: targetPath(targetType, targetId),
      kind: kindWords(targetType),
      name: called.get(targetId ?? '') ?? null,
      target: targetId === null ? '' : uuid.test(targetId) ? targetId.slice(-6) : targetId,
      ip,
    }));
    return { entries, people, nextCursor: page.nextCursor };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Audit log' }];

/** The thing by its name, else by its kind and the end of its id. */
function Target({ kind, name, target, path }: { kind: string; name: string | null; target: string; path: string | null }) {
  const words = name ?? (
    <>
      {kind} <span className="font-mono text-12">{target}</span>
    </>
  );
  if (!path) return <span className="text-muted">{words}</span>;
  return (
    <Link to={path} className="text-link hover:underline">
      {words}
    </Link>
  );
}

export default function Audit({ loaderData }: Route.ComponentProps) {
  const { entries, people, nextCursor } = loaderData;
  const [search] = useSearchParams();
  const filtered = ['about', 'who', 'since'].some((name) => search.get(name));
  const next = new URLSearchParams(search);
  if (nextCursor) next.set('cursor', nextCursor);
  return (
    <>
      <SettingsHead title="Audit log" about="Every change of the team, its people, keys and workflows. Nobody can alter it." />
      <FilterBar
        label="Filter the audit log"
        filters={[
          { name: 'about', label: 'About', every: 'About everything', options: subjects },
          { name: 'who', label: 'Who', every: 'By anybody', options: people.map(({ id, name }) => ({ value: id, label: name })) },
          { name: 'since', label: 'Time', every: 'Any time', options: spans.map(({ value, label }) => ({ value, label })) },
        ]}
      />
      {entries.length === 0 ? (
        <Empty
          title={filtered ? 'No entry fits these filters' : 'Nothing yet'}
          {...(filtered ? { action: <LinkButton to="?">Show everything</LinkButton> } : {})}
        >
          {filtered ? undefined : 'Every change of the team, its keys, credentials and workflows is recorded here.'}
        </Empty>
      ) : (
        <Table
          label="Audit log"
          rows={entries}
          rowKey={({ id }) => id}
          columns={[
            {
              key: 'action',
              head: 'What',
              cell: ({ words, action }) => <span title={action}>{words}</span>,
            },
            {
              key: 'target',
              head: 'On',
              cell: (entry) => <Target {...entry} />,
            },
            {
              key: 'who',
              head: 'Who',
              phone: 'meta',
              cell: ({ who, name }) => (
                <span className="truncate">
                  {who}
                  {name && <span className="wide:hidden">, {name}</span>}
                </span>
              ),
            },
            { key: 'ip', head: 'From', cell: ({ ip }) => <span className="font-mono text-12 text-muted">{ip ?? '–'}</span> },
            { key: 'at', head: 'When', figure: true, className: 'wide:pr-24', phone: 'end', cell: ({ at }) => <Ago at={at} /> },
          ]}
        />
      )}
      {(search.has('cursor') || nextCursor) && (
        <div className="flex gap-8 px-16 py-12 wide:px-24">
          {search.has('cursor') && <LinkButton to="?">Back to the newest</LinkButton>}
          {nextCursor && <LinkButton to={`?${next}`}>Show older entries</LinkButton>}
        </div>
      )}
    </>
  );
}
