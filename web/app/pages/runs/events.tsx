/** Tab: the append-only log of the run, newest last, 200 at a time. */
import { useOutletContext, useSearchParams } from 'react-router';
import type { Route } from './+types/events.ts';
import { read } from '../../api/hub.server.ts';
import { Select } from '../../ui/select.tsx';
import { eventKinds, readEvents } from './events.server.ts';
import { eventWords } from '../../run/event-words.ts';
import type { RunData } from '../../run/load.server.ts';
import { LinkButton } from '../../ui/button.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Empty } from '../../ui/page-states.tsx';
import { StateGlyph } from '../../ui/state.tsx';
import { Link } from 'react-router';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const search = new URL(request.url).searchParams;
  const kind = eventKinds.find((each) => each === search.get('kind')) ?? null;
  const node = search.get('of') || null;
  return read({ request, context }, async (client) => ({
    filtered: kind !== null || node !== null,
    ...(await readEvents(client, params.runId, { after: Number(search.get('after')) || 0, kind, node })),
  }));
}

/** Keeps the rest of the address: the drawer stays open, the page begins anew. */
function EventFilters({ nodes }: { nodes: RunData['nodes'] }) {
  const [search, setSearch] = useSearchParams();
  const set = (name: string, value: string): void => {
    const next = new URLSearchParams(search);
    next.delete('after');
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { preventScrollReset: true, replace: true });
  };
  return (
    <div role="search" aria-label="Filter events" className="flex items-center gap-8 overflow-x-auto border-b border-line px-16 py-8 wide:px-24">
      <Select
        key={`kind ${search.get('kind') ?? ''}`}
        label="Kind"
        options={[
          { value: '', label: 'Every event' },
          { value: 'run', label: 'Of the run' },
          { value: 'steps', label: 'Of steps' },
          { value: 'trouble', label: 'Trouble only' },
        ]}
        value={search.get('kind') ?? ''}
        onChange={(value) => set('kind', value)}
        className="!w-auto shrink-0"
      />
      <Select
        key={`of ${search.get('of') ?? ''}`}
        label="Step"
        options={[{ value: '', label: 'Every step' }, ...nodes.map(({ id, label }) => ({ value: id, label }))]}
        value={search.get('of') ?? ''}
        onChange={(value) => set('of', value)}
        className="!w-auto max-w-[240px] shrink-0"
      />
    </div>
  );
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
    return (
      <>
        <EventFilters nodes={nodes} />
        <Empty title={loaderData.filtered ? 'No event fits these filters' : loaderData.after > 0 ? 'No further events' : 'No events yet'}>
          {loaderData.more ? 'Later events may be.' : loaderData.filtered ? undefined : 'Events appear here as steps begin and end.'}
        </Empty>
        {loaderData.more && <More link={link({ after: String(loaderData.last) })} />}
      </>
    );
  return (
    <div className="overflow-x-auto">
      <EventFilters nodes={nodes} />
      {/* Widths do not hang on what the rows hold: nothing moves while they come. */}
      <table aria-label="Events of the run" className="w-full border-separate border-spacing-0 wide:table-fixed">
        <thead className="text-12 text-muted">
          <tr>
            {['#', 'After', 'What', 'Where'].map((head, index) => (
              <th
                key={head}
                scope="col"
                className={`sticky top-0 h-[32px] border-b border-line bg-paper px-8 font-medium wide:first:pl-24 ${index === 0 ? 'max-wide:hidden' : ''} ${index < 2 ? 'w-[80px] text-right' : 'text-left'} ${index === 2 ? 'wide:w-[40%]' : ''}`}
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
                <td className="tabular h-[28px] border-b border-line px-8 pl-24 text-right text-muted max-wide:hidden">{event.seq}</td>
                <td className="tabular border-b border-line px-8 text-right whitespace-nowrap max-wide:h-row" title={event.at}>
                  {formatDuration(Date.parse(event.at) - zero)}
                </td>
                <td className="border-b border-line px-8">
                  <span className="flex items-center gap-8 whitespace-nowrap">
                    {state ? <StateGlyph state={state} still /> : <span className="w-glyph" />}
                    <span className="truncate" title={words}>
                      {words}
                    </span>
                  </span>
                </td>
                <td className="border-b border-line px-8 max-wide:w-full max-wide:max-w-0 wide:whitespace-nowrap">
                  {nodeId && event.path && (
                    <Link to={link({ step: nodeId, path: event.path })} preventScrollReset className="flex items-baseline gap-8 hover:underline">
                      <span className="truncate">{where}</span>
                      {event.path.includes('[') && (
                        <span className="tabular shrink-0 text-12 whitespace-nowrap text-muted" title={event.path}>
                          item {[...event.path.matchAll(/\[(\d+)\]/g)].map(([, item]) => item).join(', ')}
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
      {(loaderData.after > 0 || loaderData.more) && (
        <div className="flex gap-8 px-16 py-12 wide:px-24">
          {loaderData.after > 0 && (
            <LinkButton to={link({ after: '0' })} preventScrollReset>
              From the beginning
            </LinkButton>
          )}
          {loaderData.more && (
            <LinkButton to={link({ after: String(loaderData.last) })} preventScrollReset>
              Later events
            </LinkButton>
          )}
        </div>
      )}
    </div>
  );
}

function More({ link }: { link: string }) {
  return (
    <p className="px-16 pb-24 wide:px-24">
      <LinkButton to={link} preventScrollReset>
        Look further
      </LinkButton>
    </p>
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
