/** One's own notices: newest first, read when opened or marked. */
import { Link, useFetcher, useLocation, useSearchParams } from 'react-router';
import type { Route } from './+types/inbox.ts';
import { act, read, safePath, text } from '../api/hub.server.ts';
import { NewRows } from '../lists/new-rows.tsx';
import { useSteady } from '../lists/use-steady.ts';
import { errorWords } from '../run/error-words.ts';
import { useReadAgain } from '../run/live.ts';
import { ErrorPage } from '../shell/error-page.tsx';
import { useMe } from '../shell/use-me.ts';
import { TopBar } from '../shell/top-bar.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { MiniRun } from '../ui/mini-run.tsx';
import { Empty } from '../ui/page-states.tsx';
import { Ago } from '../ui/time.tsx';
import { plural } from '../ui/format.ts';

export async function loader({ request, context }: Route.LoaderArgs) {
  const cursor = new URL(request.url).searchParams.get('cursor');
  return read({ request, context }, async (client) => {
    const page = await client.listNotices({ query: { limit: 50, ...(cursor ? { cursor } : {}) } });
    return { ...page, items: page.items.map((notice) => ({ ...notice, link: notice.link === null ? null : safePath(notice.link) })) };
  });
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const id = text(form, 'id');
    if (id) await client.readNotice({ params: { id } });
    else await client.readAllNotices();
    return { ok: true };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Inbox' }];

export default function Inbox({ loaderData }: Route.ComponentProps) {
  const { unread } = loaderData;
  const { key } = useLocation();
  const steady = useSteady({ rows: loaderData.items, nextCursor: loaderData.nextCursor }, key);
  const { rows: items, nextCursor } = steady;
  const { me } = useMe();
  const fetcher = useFetcher();
  const [search] = useSearchParams();
  useReadAgain(search.has('cursor') ? 0 : 15_000);
  const mark = (id: string): void => void fetcher.submit({ id, _csrf: me.csrfToken ?? '' }, { method: 'post', action: '/inbox' });
  return (
    <>
      <TopBar crumbs={[{ label: 'Inbox' }]}>
        {items.length > 0 && (
          <Button onClick={() => mark('')} why={unread === 0 ? 'Everything is read' : fetcher.state !== 'idle' ? 'Saving' : null}>
            Mark all read
          </Button>
        )}
      </TopBar>
      {items.length === 0 && (
        <Empty
          title="Nothing here"
          picture={<MiniRun ends={[undefined, undefined, 'failed', undefined, 'waiting']} />}
          link={
            <Link to="/approvals" className="text-link hover:underline">
              See the questions that are open
            </Link>
          }
        >
          Failed runs, questions and invitations reach you here, and by mail where a mail server is set.
        </Empty>
      )}
      <NewRows news={[[steady.fresh, 'notice']]} isMore={steady.isMore} onShow={steady.show} />
      {items.length > 0 && (
        <p className="px-16 pt-12 text-muted wide:px-24">{unread > 0 ? `${plural(unread, 'notice')} not read` : 'Everything is read'}</p>
      )}
      <ul data-steady>
        {items.map((notice) => (
          <li key={notice.id} className="relative flex items-start gap-12 border-b border-line px-16 py-12 hover:bg-hover wide:px-24">
            <span className={`mt-[6px] size-8 shrink-0 rounded-round ${notice.readAt ? 'bg-transparent' : 'bg-running'}`}>
              {!notice.readAt && <span className="sr-only">Not read</span>}
            </span>
            <div className="min-w-0 flex-1">
              {notice.link ? (
                <Link
                  to={notice.link}
                  onClick={() => {
                    if (!notice.readAt) mark(notice.id);
                  }}
                  className="focus-inset font-medium after:absolute after:inset-0"
                >
                  {notice.title}
                </Link>
              ) : (
                <span className="font-medium">{notice.title}</span>
              )}
              <p className="break-words whitespace-pre-line text-muted">{errorWords(notice.body)}</p>
            </div>
            {!notice.readAt && (
              <span className="relative z-1 -my-4 max-wide:hidden">
                <Button kind="quiet" onClick={() => mark(notice.id)}>
                  Mark read
                </Button>
              </span>
            )}
            <Ago at={notice.createdAt} className="tabular whitespace-nowrap text-muted" />
          </li>
        ))}
      </ul>
      <div className="flex gap-8 px-16 py-12 wide:px-24">
        {search.has('cursor') && <LinkButton to="/inbox">Back to the newest</LinkButton>}
        {nextCursor && <LinkButton to={`?cursor=${encodeURIComponent(nextCursor)}`}>Show older notices</LinkButton>}
      </div>
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Inbox' }]} />
      <ErrorPage error={error} />
    </>
  );
}
