/** The run page: state and figures, the strip, tabs, and the drawer of the step that is looked at. Live while the run goes on. */
import clsx from 'clsx';
import { lazy, Suspense, useEffect } from 'react';
import { Outlet, useNavigate, useSearchParams } from 'react-router';
import type { Route } from './+types/run.ts';
import { act, read } from '../../api/hub.server.ts';
import { useLiveSteps } from '../../run/live-steps.ts';
import { loadRun } from '../../run/load.server.ts';
import { besideDrawer, DrawerFrame } from '../../run/drawer-frame.tsx';
import { RunDock } from '../../run/run-dock.tsx';
import { RunHeader, RunTopBar } from '../../run/run-header.tsx';
import { actOnRun } from '../../run/run-action.server.ts';
import { type NodeView, nodeViews } from '../../run/model.ts';
import { loadStep } from '../../run/step.server.ts';
import { momentOf, readMoment } from '../../run/time.server.ts';
import { TimeButton } from '../../run/time-button.tsx';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { typingIn } from '../../ui/keys.ts';
import { stateWord, toState } from '../../ui/state.tsx';
import { TabLinks } from '../../ui/tabs.tsx';

/** What most visits do not need comes when it is needed. */
const StepDrawer = lazy(async () => ({ default: (await import('../../run/step-drawer.tsx')).StepDrawer }));
const TimeSlider = lazy(async () => ({ default: (await import('../../run/time-slider.tsx')).TimeSlider }));
const KeptLine = lazy(async () => ({ default: (await import('../../run/kept-line.tsx')).KeptLine }));
const TimeDrawer = lazy(async () => ({ default: (await import('../../run/time-drawer.tsx')).TimeDrawer }));

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const search = new URL(request.url).searchParams;
  const nodeId = search.get('step');
  const attempt = Number(search.get('attempt')) || null;
  return read({ request, context }, async (client) => {
    const at = momentOf(search);
    const [{ view, ...data }, step, moment] = await Promise.all([
      loadRun(client, params.runId),
      nodeId && at === null ? loadStep(client, params.runId, nodeId, { path: search.get('path'), attempt }) : null,
      at === null ? null : readMoment(client, params.runId, at, { step: nodeId, scope: search.get('scope') }),
    ]);
    if (moment === null) return { ...data, step, moment };
    const { summaries, ...shown } = moment;
    // What was under way then had lasted until then.
    const nodes = nodeViews(view, summaries, toState(moment.status)).map((node) =>
      node.startedAt && !node.completedAt ? { ...node, completedAt: moment.at } : node,
    );
    return { ...data, nodes, step, moment: shown };
  });
}

export async function action({ request, context, params }: Route.ActionArgs) {
  return act({ request, context }, ({ client }, form) => actOnRun(client, params.runId, form));
}

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: loaderData ? `${loaderData.run.workflowName}: ${stateWord(toState(loaderData.run.status)).toLowerCase()}` : 'Run' },
];

const tabs = ['', '/timeline', '/events', '/output'];

/** The loop whose iterations a step has: the one around it, or its own `forEach`. */
function loopOf(node: NodeView | undefined): string | null {
  if (node === undefined) return null;
  return node.parent ?? (node.items !== null && node.type !== 'loop' ? node.id : null);
}

/** Whoever looks at a moment goes on looking at it. */
function keepMoment(search: Record<string, string>): Record<string, string> {
  const at = new URLSearchParams(location.search).get('at');
  return at === null ? search : { ...search, at };
}

/** 1 to 4 choose a tab, [ and ] walk the steps, Esc closes the drawer. */
function useRunKeys(runId: string, nodeIds: string[]): void {
  const navigate = useNavigate();
  const [, setSearch] = useSearchParams();
  const ids = nodeIds.join(' ');
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (typingIn(event) || document.querySelector('[role="dialog"]')) return;
      const tab = tabs[Number(event.key) - 1];
      const all = ids.split(' ');
      // Of the address, not of the last render: keys may come faster than the page.
      const openStep = new URLSearchParams(location.search).get('step');
      const now = openStep ? all.indexOf(openStep) : -1;
      if (tab !== undefined) void navigate({ pathname: `/runs/${runId}${tab}`, search: location.search }, { preventScrollReset: true });
      else if (event.key === 'Escape' && openStep) setSearch(keepMoment({}), { preventScrollReset: true });
      else if (event.key === '[' || event.key === ']') {
        const next = all[Math.min(all.length - 1, Math.max(0, now + (event.key === ']' ? 1 : -1)))];
        if (next) setSearch(keepMoment({ step: next }), { replace: true, preventScrollReset: true });
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [runId, ids, navigate, setSearch]);
}

/** States come by their events; the rest of the page is read again at most this often. */
const readAgainMs = 1000;

export default function RunPage({ loaderData: read }: Route.ComponentProps) {
  const { run, settled, step, moment } = read;
  // A moment that has passed does not move.
  const { live, nodes } = useLiveSteps(run.id, settled || moment !== null, read.nodes, readAgainMs);
  const loaderData = nodes === read.nodes ? read : { ...read, nodes };
  useRunKeys(
    run.id,
    nodes.map(({ id }) => id),
  );
  const base = `/runs/${run.id}`;
  return (
    <>
      <RunTopBar data={loaderData} live={live} />
      <RunHeader data={loaderData} />
      {run.retryOf && moment === null && (
        <Suspense>
          <KeptLine data={loaderData} />
        </Suspense>
      )}
      <TabLinks
        label="Views of the run"
        keep={['step', 'path', 'attempt', 'at', 'scope']}
        right={moment ? null : <TimeButton />}
        tabs={[
          { to: base, label: 'Graph', end: true },
          { to: `${base}/timeline`, label: 'Timeline' },
          { to: `${base}/events`, label: 'Events' },
          { to: `${base}/output`, label: 'Output' },
        ]}
      />
      {moment && (
        <Suspense>
          <TimeSlider moment={moment} labels={Object.fromEntries(nodes.map(({ id, label }) => [id, label]))} startedAt={run.startedAt} />
        </Suspense>
      )}
      <div className="flex min-h-0 flex-1">
        <div className={clsx('flex min-w-0 flex-1 flex-col', (step ?? moment?.step) && besideDrawer)}>
          <Outlet context={loaderData} />
          {/* Who looks at a moment that has passed is not asked to act on what came after it. */}
          {moment === null && <RunDock data={loaderData} />}
        </div>
        {moment?.step && (
          <Suspense fallback={<DrawerFrame label="Step" head={null} />}>
            <TimeDrawer
              moment={moment}
              label={nodes.find(({ id }) => id === moment.step?.nodeId)?.label ?? moment.step.nodeId}
              loop={loopOf(nodes.find(({ id }) => id === moment.step?.nodeId))}
            />
          </Suspense>
        )}
        {step && (
          <Suspense fallback={<DrawerFrame label="Step" head={null} />}>
            <StepDrawer
              key={step.nodeId}
              step={step}
              node={nodes.find(({ id }) => id === step.nodeId) ?? null}
              run={run}
              mending={loaderData.mending}
            />
          </Suspense>
        )}
      </div>
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Runs', to: '/runs' }, { label: 'Run' }]} />
      <ErrorPage error={error} />
    </>
  );
}
