/** Tab: the append-only log of the run, newest last, 200 at a time. */
import { useOutletContext, useSearchParams } from 'react-router';
import type { Route } from './+types/events.ts';
import { read } from '../../api/hub.server.ts';
import { eventWords } from '../../run/event-words.ts';
import type { RunData } from '../../run/load.server.ts';
import { LinkButton } from '../../ui/button.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Empty } from '../../ui/page-states.tsx';
import { StateGlyph } from '../../ui/state.tsx';
import { Link } from 'react-router';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const after = Number(new URL(request.url).searchParams.get('after')) || 0;
  return read({ request, context }, async (client) => {
    const page = await client.listRunEvents({ params: { id: params.runId }, query: { after, limit: 200 } });
    return {
      after,
      more: page.nextCursor !== null || page.items.length === 200,
      events: page.items.map(({ seq, at, type, path }) => ({ seq, at, type, path })),
    };
  });
}

export default function EventsTab({ loaderData }: Route.ComponentProps) {
  const { run, nodes } = useOutletContext<RunData>();
  const [search] = useSearchParams();
  const labels = new Map(nodes.map(({ id, label }) => [id, label]));
  const zero = Date.parse(run.startedAt ?? run.createdAt);
  const link = (changes: Record<string, string>): string => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) next.set(name, value);
    return `?${next}`;
  };
  if (loaderData.events.length === 0)
    return <Empty title={loaderData.after > 0 ? 'No further events' : 'No events yet'}>Events appear here as steps begin and end.</Empty>;
  return (
    <div className="overflow-x-auto">
      <table aria-label="Events of the run" className="w-full border-separate border-spacing-0">
        <thead className="text-12 text-muted">
          <tr>
            {['#', 'After', 'What', 'Where'].map((head, index) => (
              <th
                key={head}
                scope="col"
                className={`sticky top-0 h-[32px] border-b border-line bg-paper px-8 font-medium first:pl-16 wide:first:pl-24 ${index < 2 ? 'w-[80px] text-right' : 'text-left'}`}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {loaderData.events.map((event) => {
            const { words, state, nodeId } = eventWords(event.type, event.path);
            const where = nodeId ? (labels.get(nodeId) ?? nodeId) : null;
            return (
              <tr key={event.seq} className="hover:bg-hover">
                <td className="tabular h-[28px] border-b border-line px-8 pl-16 text-right text-muted wide:pl-24">{event.seq}</td>
                <td className="tabular border-b border-line px-8 text-right whitespace-nowrap" title={event.at}>
                  {formatDuration(Date.parse(event.at) - zero)}
                </td>
                <td className="border-b border-line px-8">
                  <span className="flex items-center gap-8 whitespace-nowrap">
                    {state ? <StateGlyph state={state} still /> : <span className="w-glyph" />}
                    {words}
                  </span>
                </td>
                <td className="border-b border-line px-8 whitespace-nowrap">
                  {nodeId && event.path && (
                    <Link to={link({ step: nodeId, path: event.path })} preventScrollReset className="hover:underline">
                      {where}
                      {event.path.includes('[') && (
                        <span className="ml-4 font-mono text-12 text-muted" title={event.path}>
                          {(event.path.match(/\[\d+\]/g) ?? []).join('')}
                        </span>
                      )}
                    </Link>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className="flex gap-8 px-16 py-12 wide:px-24">
        {loaderData.after > 0 && (
          <LinkButton to={link({ after: String(Math.max(0, loaderData.after - 200)) })} preventScrollReset>
            Earlier events
          </LinkButton>
        )}
        {loaderData.more && (
          <LinkButton to={link({ after: String(loaderData.events.at(-1)?.seq ?? 0) })} preventScrollReset>
            Later events
          </LinkButton>
        )}
      </div>
    </div>
  );
}
