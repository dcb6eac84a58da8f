/** All runs, newest first; filters in the URL; those that go on are live. */
import { Form, Link, useNavigation, useSearchParams } from 'react-router';
import type { Route } from './+types/list.ts';
import { read, tryRead } from '../../api/hub.server.ts';
import { toStatus } from '../../api/statuses.ts';
import { useLiveRuns } from '../../run/live.ts';
import { RunTable } from '../../run/run-table.tsx';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { Empty, SkeletonRows } from '../../ui/page-states.tsx';
import { isSettled, stateWord, toState } from '../../ui/state.tsx';
import { withStrips } from '../../run/strips.server.ts';

const statuses = ['queued', 'running', 'waiting', 'completed', 'failed', 'timed_out', 'cancelled'] as const;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function loader({ request, context }: Route.LoaderArgs) {
  const search = new URL(request.url).searchParams;
  const status = toStatus(search.get('status'));
  const wanted = search.get('workflow');
  const workflowId = wanted && uuid.test(wanted) ? wanted : null;
  const cursor = search.get('cursor');
  return read({ request, context }, async (client) => {
    const [page, workflows] = await Promise.all([
      client.listRuns({
        query: { limit: 50, include: 'strip', ...(status ? { status } : {}), ...(workflowId ? { workflowId } : {}), ...(cursor ? { cursor } : {}) },
      }),
      tryRead(client.listWorkflows({ query: { limit: 100 } })),
    ]);
    return {
      runs: withStrips(page.items),
      nextCursor: page.nextCursor,
      workflows: (workflows.value?.items ?? []).map(({ id, name }) => ({ id, name })),
      status,
      workflowId,
    };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Runs' }];

function Filters({ status, workflowId, workflows }: { status: string | null; workflowId: string | null; workflows: { id: string; name: string }[] }) {
  const submit = (event: React.FormEvent<HTMLFormElement>): void => event.currentTarget.requestSubmit();
  return (
    <Form method="get" onChange={submit} aria-label="Filter runs" className="flex items-center gap-8 border-b border-line px-16 py-8 wide:px-24">
      <Select name="status" aria-label="State" defaultValue={status ?? ''} key={`s${status}`} className="wide:w-[160px]">
        <option value="">Every state</option>
        {statuses.map((each) => (
          <option key={each} value={each}>
            {stateWord(each)}
          </option>
        ))}
      </Select>
      <Select name="workflow" aria-label="Workflow" defaultValue={workflowId ?? ''} key={`w${workflowId}`} className="wide:w-[240px]">
        <option value="">Every workflow</option>
        {workflows.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
      <noscript>
        <button type="submit">Filter</button>
      </noscript>
    </Form>
  );
}

export default function Runs({ loaderData }: Route.ComponentProps) {
  const { runs, nextCursor, workflows, status, workflowId } = loaderData;
  const [search] = useSearchParams();
  const navigation = useNavigation();
  const open = runs
    .filter((run) => !isSettled(toState(run.status)))
    .slice(0, 8)
    .map(({ id }) => id);
  useLiveRuns(open, 1000);
  const filtered = status !== null || workflowId !== null;
  const next = new URLSearchParams(search);
  if (nextCursor) next.set('cursor', nextCursor);
  const filtering = navigation.state === 'loading' && navigation.location.pathname === '/runs' && navigation.location.search !== `?${search}`;
  return (
    <>
      <TopBar crumbs={[{ label: 'Runs' }]} />
      <Filters status={status} workflowId={workflowId} workflows={workflows} />
      {filtering ? (
        <SkeletonRows />
      ) : runs.length > 0 ? (
        <RunTable runs={runs} withWorkflow />
      ) : filtered ? (
        <Empty title="No run is like that" action={<LinkButton to="/runs">Show every run</LinkButton>} />
      ) : (
        <Empty
          title="No run yet"
          action={
            <LinkButton kind="main" to="/workflows">
              Choose a workflow to run
            </LinkButton>
          }
        >
          Each start of a workflow appears here while it happens, and stays.
        </Empty>
      )}
      <div className="flex gap-8 px-16 py-12 wide:px-24">
        {search.has('cursor') && (
          <Link to="/runs" className="text-link hover:underline">
            Back to the newest
          </Link>
        )}
        {nextCursor && <LinkButton to={`?${next}`}>Show older runs</LinkButton>}
      </div>
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Runs' }]} />
      <ErrorPage error={error} />
    </>
  );
}
