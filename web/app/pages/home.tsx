/** Home: what needs you first, then runs now, then what ended lately. */
import type { Route } from './+types/home.ts';
import { Link } from 'react-router';
import { read, safePath, tryRead } from '../api/hub.server.ts';
import { useLiveRuns } from '../run/live.ts';
import { RunTable } from '../run/run-table.tsx';
import { withStrips } from '../run/strips.server.ts';
import { ErrorPage } from '../shell/error-page.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import { LinkButton } from '../ui/button.tsx';
import { Empty, Partial } from '../ui/page-states.tsx';
import { StateGlyph } from '../ui/state.tsx';
import { Ago } from '../ui/time.tsx';

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const list = async (query: { status?: 'running' | 'queued' | 'waiting'; limit: number }) => {
      const { value, problem } = await tryRead(client.listRuns({ query: { ...query, include: 'strip' } }));
      return { runs: withStrips(value?.items ?? []), lost: problem !== null };
    };
    const [waiting, running, queued, recent, notices] = await Promise.all([
      list({ status: 'waiting', limit: 20 }),
      list({ status: 'running', limit: 20 }),
      list({ status: 'queued', limit: 20 }),
      list({ limit: 15 }),
      tryRead(client.listNotices({ query: { limit: 20 } })),
    ]);
    const now = [...running.runs, ...queued.runs];
    return {
      waiting: waiting.runs,
      now,
      ended: recent.runs.filter(({ completedAt }) => completedAt).slice(0, 10),
      notices: (notices.value?.items ?? [])
        .filter(({ readAt }) => readAt === null)
        .slice(0, 5)
        .map(({ id, title, body, link, createdAt, kind }) => ({ id, title, body, link: link === null ? null : safePath(link), createdAt, kind })),
      partial: [waiting, running, queued, recent].some(({ lost }) => lost) || notices.problem !== null,
    };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Home' }];

function Head({ children }: { children: string }) {
  return <h2 className="px-16 pt-24 pb-8 text-15 font-semibold wide:px-24">{children}</h2>;
}

export default function Home({ loaderData }: Route.ComponentProps) {
  const { waiting, now, ended, notices, partial } = loaderData;
  useLiveRuns(
    [...waiting, ...now].slice(0, 8).map(({ id }) => id),
    1000,
  );
  const nothing = waiting.length + now.length + ended.length + notices.length === 0;
  return (
    <>
      <TopBar crumbs={[{ label: 'Home' }]} />
      {partial && <Partial>Some of this page could not be read.</Partial>}
      {nothing && (
        <Empty
          title="Nothing has run yet"
          action={
            <LinkButton kind="main" to="/workflows">
              Choose a workflow to run
            </LinkButton>
          }
        >
          Runs that need an answer, runs that go on and what they cost appear here.
        </Empty>
      )}
      {notices.length + waiting.length > 0 && (
        <section aria-label="Needs you">
          <Head>Needs you</Head>
          <ul className="border-t border-line empty:hidden">
            {notices.map((notice) => (
              <li key={notice.id} className="relative flex items-center gap-12 border-b border-line px-16 py-8 hover:bg-hover wide:px-24">
                <StateGlyph state={notice.kind.includes('failed') ? 'failed' : 'waiting'} />
                <Link to={notice.link ?? '/inbox'} className="focus-inset min-w-0 flex-1 after:absolute after:inset-0">
                  <span className="font-medium">{notice.title}</span> <span className="break-words text-muted">{notice.body}</span>
                </Link>
                <Ago at={notice.createdAt} className="tabular whitespace-nowrap text-muted" />
              </li>
            ))}
          </ul>
          {waiting.length > 0 && <RunTable runs={waiting} withWorkflow headless />}
        </section>
      )}
      {now.length > 0 && (
        <section aria-label="Running now">
          <Head>Running now</Head>
          <RunTable runs={now} withWorkflow headless />
        </section>
      )}
      {ended.length > 0 && (
        <section aria-label="Ended lately">
          <Head>Ended lately</Head>
          <RunTable runs={ended} withWorkflow headless />
          <p className="px-16 py-12 wide:px-24">
            <Link to="/runs" className="text-link hover:underline">
              All runs
            </Link>
          </p>
        </section>
      )}
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Home' }]} />
      <ErrorPage error={error} />
    </>
  );
}
