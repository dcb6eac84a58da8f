/** Home: what needs you first, then runs now, then what it costs and what ended lately. */
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { Route } from './+types/home.ts';
import { read } from '../api/hub.server.ts';
import { loadHome } from '../home/load.server.ts';
import { NeedsYou } from '../home/needs-you.tsx';
import { Spend } from '../home/spend.tsx';
import { followHome, type HomeData, takeHome, toldHome } from '../home/steady-home.ts';
import { NewRows } from '../lists/new-rows.tsx';
import { useReadAgain } from '../run/live.ts';
import { RunTable } from '../run/run-table.tsx';
import { openOf, useFollowed, useUntold } from '../run/use-steady-runs.ts';
import { ErrorPage } from '../shell/error-page.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import { LinkButton } from '../ui/button.tsx';
import { MiniRun } from '../ui/mini-run.tsx';
import { Empty, Partial } from '../ui/page-states.tsx';

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, loadHome);
}

export const meta: Route.MetaFunction = () => [{ title: 'Home' }];

function Part({ title, more, children }: { title: string; more?: { to: string; label: string }; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <div className="flex items-baseline justify-between gap-16 px-16 pt-24 pb-8 wide:px-24">
        <h2 className="text-15 font-semibold">{title}</h2>
        {more && (
          <Link to={more.to} className="text-link hover:underline">
            {more.label}
          </Link>
        )}
      </div>
      {children}
    </section>
  );
}

function Welcome() {
  return (
    <Empty
      title="Nothing has run yet"
      picture={<MiniRun />}
      action={
        <LinkButton kind="main" to="/templates">
          Run a template
        </LinkButton>
      }
      link={
        <Link to="/workflows/new" className="text-link hover:underline">
          Build one from nothing
        </Link>
      }
    >
      Questions that wait for you, runs that go on and what they cost appear here.
    </Empty>
  );
}

function useSteadyHome(latest: HomeData) {
  const [held, setHeld] = useState(() => takeHome(latest));
  const home = held.latest === latest ? held : followHome(held, latest);
  // Derived while drawing, so that what is not to move is never painted moved.
  if (home !== held) setHeld(home);
  const { needing, now, ended } = home.shown;
  useFollowed([...needing, ...now]);
  useUntold(openOf([...needing, ...now, ...ended], home.untold), latest, (runs) => setHeld((before) => toldHome(before, runs)));
  return { ...home, show: () => setHeld((before) => takeHome(before.latest)) };
}

export default function Home({ loaderData }: Route.ComponentProps) {
  const { shown, gone, freshNeeds, freshRuns, show } = useSteadyHome(loaderData);
  const { needs, needing, now, ended, spend, partial } = shown;
  useReadAgain(10_000);
  const idle = needs.length + needing.length === 0;
  const nothing = idle && now.length + ended.length === 0 && spend === null;
  return (
    <>
      <TopBar crumbs={[{ label: 'Home' }]}>
        <NewRows
          inBar
          news={[
            [freshNeeds, 'notice'],
            [freshRuns, 'run'],
          ]}
          onShow={show}
        />
      </TopBar>
      {partial && <Partial>Some of this page could not be read.</Partial>}
      {nothing ? (
        !partial && <Welcome />
      ) : (
        <Part title="Needs you">
          {idle ? (
            <p className="border-t border-line px-16 py-12 text-muted wide:px-24">Nothing. Questions and failures reach you here.</p>
          ) : (
            <NeedsYou needs={needs} gone={gone} runs={needing} />
          )}
        </Part>
      )}
      {now.length > 0 && (
        <Part title="Running now" more={{ to: '/runs?status=running', label: 'All that run' }}>
          <RunTable runs={now} withWorkflow />
        </Part>
      )}
      {spend && (
        <Part title="Spend" more={{ to: '/settings/limits', label: 'Limits' }}>
          <Spend spend={spend} />
        </Part>
      )}
      {ended.length > 0 && (
        <Part title="Ended lately" more={{ to: '/runs', label: 'All runs' }}>
          <RunTable runs={ended} withWorkflow />
        </Part>
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
