/** Workflows: name, status, what their last runs were like. */
import { Form, Link, useSearchParams } from 'react-router';
import type { Route } from './+types/list.ts';
import { read, tryRead } from '../../api/hub.server.ts';
import { RunBars } from '../../run/run-bars.tsx';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Input, Select } from '../../ui/field.tsx';
import { GraphOutline } from '../../run/graph-outline.tsx';
import { Empty, Partial } from '../../ui/page-states.tsx';
import { toState } from '../../ui/state.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Ago, Money } from '../../ui/time.tsx';
import { WorkflowStatus } from '../../run/workflow-status.tsx';

const statuses = ['draft', 'active', 'paused', 'archived'] as const;
const runsPerWorkflow = 30;

export async function loader({ request, context }: Route.LoaderArgs) {
  const search = new URL(request.url).searchParams;
  const status = statuses.find((each) => each === search.get('status')) ?? null;
  const words = (search.get('q') ?? '').slice(0, 200);
  const cursor = search.get('cursor');
  return read({ request, context }, async (client) => {
    const page = await client.listWorkflows({
      query: { limit: 50, ...(status ? { status } : {}), ...(words ? { q: words } : {}), ...(cursor ? { cursor } : {}) },
    });
    const recent = await Promise.all(page.items.map(({ id }) => tryRead(client.listRuns({ query: { workflowId: id, limit: runsPerWorkflow } }))));
    const workflows = page.items.map(({ id, name, status: state, publishedVersion, tags, updatedAt }, index) => ({
      id,
      name,
      status: state,
      publishedVersion,
      tags,
      updatedAt,
      runs: (recent[index]?.value?.items ?? []).map((run) => ({
        id: run.id,
        state: toState(run.status),
        startedAt: run.startedAt,
        completedAt: run.completedAt,
        costUsd: run.totals.costUsd,
        createdAt: run.createdAt,
      })),
    }));
    return { workflows, nextCursor: page.nextCursor, status, words, partial: recent.some(({ problem }) => problem) };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Workflows' }];
type Listed = Route.ComponentProps['loaderData']['workflows'][number];

const columns: Column<Listed>[] = [
  {
    key: 'name',
    head: 'Workflow',
    className: 'wide:w-[34%] wide:max-w-0',
    cell: (workflow) => (
      <span className="block truncate">
        {workflow.name}
        {workflow.tags.length > 0 && <span className="ml-8 font-normal text-muted">{workflow.tags.join(', ')}</span>}
      </span>
    ),
  },
  {
    key: 'status',
    head: 'Status',
    phone: 'end',
    cell: (workflow) => <WorkflowStatus status={workflow.status} version={workflow.publishedVersion} />,
  },
  { key: 'runs', head: 'Last runs', phone: 'meta', cell: (workflow) => <RunBars runs={workflow.runs} /> },
  { key: 'last', head: 'Last run', figure: true, cell: (workflow) => <Ago at={workflow.runs[0]?.createdAt ?? null} /> },
  {
    key: 'cost',
    head: 'Cost a run',
    figure: true,
    cell: (workflow) =>
      workflow.runs.length > 0 ? (
        <Money usd={workflow.runs.reduce((sum, run) => sum + run.costUsd, 0) / workflow.runs.length} />
      ) : (
        <span className="text-faint">–</span>
      ),
  },
  { key: 'changed', head: 'Changed', figure: true, className: 'wide:pr-24', cell: (workflow) => <Ago at={workflow.updatedAt} /> },
];

/** The picture of an empty list: what a workflow is. */
function Sample() {
  const boxes = {
    a: { x: 0, y: 44, width: 232, height: 88 },
    b: { x: 296, y: 44, width: 232, height: 88 },
    c: { x: 592, y: 0, width: 232, height: 88 },
    d: { x: 592, y: 104, width: 232, height: 88 },
  };
  const nodes = Object.keys(boxes).map((id) => ({ id, label: id, parent: null }));
  return (
    <GraphOutline
      className="h-[96px] w-[320px]"
      nodes={nodes}
      boxes={boxes}
      edges={[
        { from: 'a', to: 'b', fromPort: 'out' },
        { from: 'b', to: 'c', fromPort: 'true' },
        { from: 'b', to: 'd', fromPort: 'false' },
      ]}
    />
  );
}

export default function Workflows({ loaderData }: Route.ComponentProps) {
  const { workflows, nextCursor, status, words, partial } = loaderData;
  const [search] = useSearchParams();
  const next = new URLSearchParams(search);
  if (nextCursor) next.set('cursor', nextCursor);
  const filtered = status !== null || words !== '';
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows' }]} />
      <Form
        method="get"
        role="search"
        onChange={(event) => {
          if (event.target instanceof HTMLSelectElement) event.currentTarget.requestSubmit();
        }}
        className="flex items-center gap-8 border-b border-line px-16 py-8 wide:px-24"
      >
        <Input
          type="search"
          name="q"
          aria-label="Search workflows"
          placeholder="Search by name"
          defaultValue={words}
          key={`q${words}`}
          className="wide:max-w-[240px]"
        />
        <Select name="status" aria-label="Status" defaultValue={status ?? ''} key={`s${status}`} className="wide:max-w-[160px]">
          <option value="">Every status</option>
          {statuses.map((each) => (
            <option key={each} value={each}>
              {each.charAt(0).toUpperCase() + each.slice(1)}
            </option>
          ))}
        </Select>
      </Form>
      {partial && <Partial>The last runs of some workflows could not be read.</Partial>}
      {workflows.length > 0 ? (
        <Table label="Workflows" columns={columns} rows={workflows} rowKey={({ id }) => id} href={({ id }) => `/workflows/${id}`} />
      ) : filtered ? (
        <Empty title="No workflow is like that" action={<LinkButton to="/workflows">Show every workflow</LinkButton>} />
      ) : (
        <Empty
          title="No workflow yet"
          picture={<Sample />}
          action={
            <a className="text-link hover:underline" href="/docs">
              Create one over the API
            </a>
          }
        >
          A workflow reads data, asks a model, decides and gives results; the hub runs it durably and counts every cent.
        </Empty>
      )}
      <div className="flex gap-8 px-16 py-12 wide:px-24">
        {search.has('cursor') && (
          <Link to="/workflows" className="text-link hover:underline">
            Back to the first
          </Link>
        )}
        {nextCursor && <LinkButton to={`?${next}`}>Show more workflows</LinkButton>}
      </div>
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows' }]} />
      <ErrorPage error={error} />
    </>
  );
}
