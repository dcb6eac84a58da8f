/** Workflows: what each is, how its last runs were, when it starts next and what it costs. */
import { Upload } from 'lucide-react';
import { useRef } from 'react';
import { useNavigate, useNavigation, useSearchParams } from 'react-router';
import type { Route } from './+types/list.ts';
import { act, read } from '../../api/hub.server.ts';
import { FilterBar } from '../../lists/filter-bar.tsx';
import { useSelection } from '../../lists/use-selection.ts';
import { ViewTabs } from '../../lists/view-tabs.tsx';
import { viewsOf } from '../../lists/views.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { useMe } from '../../shell/use-me.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { MiniRun } from '../../ui/mini-run.tsx';
import { Empty, SkeletonRows } from '../../ui/page-states.tsx';
import { Table } from '../../ui/table.tsx';
import { changeList } from './list-action.server.ts';
import { WorkflowBulk } from './list-bulk.tsx';
import { workflowColumns } from './list-columns.tsx';
import { readWorkflowList } from './list-data.server.ts';
import { filterNames, workflowFilters, workflowViews } from './list-filters.ts';
import { DropFile } from './list-import.tsx';
import { useListChange } from './use-list-change.ts';

export async function loader({ request, context }: Route.LoaderArgs) {
  const search = new URL(request.url).searchParams;
  const views = viewsOf(request.headers.get('cookie') ?? '', 'workflows');
  return read({ request, context }, async (client) => ({ ...(await readWorkflowList(client, search)), views }));
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, ({ client }, form) => changeList(client, form));
}

export const meta: Route.MetaFunction = () => [{ title: 'Workflows' }];

function Nothing({ filtered }: { filtered: boolean }) {
  if (filtered)
    return (
      <Empty title="No workflow fits these filters" action={<LinkButton to="/workflows">Show every workflow</LinkButton>}>
        Workflows of other names, tags or states are left out.
      </Empty>
    );
  return (
    <Empty
      title="No workflow yet"
      picture={<MiniRun />}
      action={
        <LinkButton kind="main" to="/templates">
          Choose a template
        </LinkButton>
      }
      link={<LinkButton to="/workflows/new">Build one from nothing</LinkButton>}
    >
      A workflow reads data, asks a model, decides and gives results; the hub runs it durably and counts every cent.
    </Empty>
  );
}

function Actions({ onFile, busy }: { onFile: (file: File) => void; busy: boolean }) {
  const { may } = useMe();
  const input = useRef<HTMLInputElement>(null);
  const why = may('workflow.write') ? null : 'Your role cannot make workflows';
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        className="sr-only"
        tabIndex={-1}
        aria-label="File to import"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
      <Button onClick={() => input.current?.click()} why={why ?? (busy ? 'Importing' : null)} className="max-wide:hidden">
        <Upload size={14} aria-hidden />
        Import
      </Button>
      <LinkButton to="/templates" className="max-wide:hidden">
        Templates
      </LinkButton>
      {why ? (
        <Button kind="main" why={why}>
          New workflow
        </Button>
      ) : (
        <LinkButton kind="main" to="/workflows/new">
          New workflow
        </LinkButton>
      )}
    </>
  );
}

export default function Workflows({ loaderData }: Route.ComponentProps) {
  const { workflows, nextCursor, tags, people, views } = loaderData;
  const { me, may } = useMe();
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const navigation = useNavigation();
  const selection = useSelection(workflows);
  const change = useListChange((open) => void navigate(open));
  const next = new URLSearchParams(search);
  if (nextCursor) next.set('cursor', nextCursor);
  const filtered = filterNames.some((name) => name !== 'sort' && search.get(name));
  const turning =
    navigation.state === 'loading' &&
    navigation.location.pathname === '/workflows' &&
    navigation.location.search.replace('?', '') !== search.toString();
  const importFile = (file: File): void => void file.text().then((text) => change.send({ file: text, intent: 'import' }));
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows' }]}>
        <Actions onFile={importFile} busy={change.busy} />
      </TopBar>
      <ViewTabs list="workflows" filters={filterNames} views={workflowViews} own={views} />
      <FilterBar label="Filter workflows" search="Search workflows" filters={workflowFilters(tags, people, me.user?.id ?? null)} />
      {turning && workflows.length === 0 ? (
        <SkeletonRows />
      ) : workflows.length > 0 ? (
        <div aria-busy={turning} className="aria-busy:opacity-60">
          <Table
            label="Workflows"
            fixed
            columns={workflowColumns}
            rows={workflows}
            rowKey={({ id }) => id}
            href={({ id }) => `/workflows/${id}`}
            selection={may('workflow.write') ? { chosen: selection.chosen, onChange: selection.set, nameOf: ({ name }) => name } : undefined}
          />
        </div>
      ) : (
        <Nothing filtered={filtered} />
      )}
      {(search.has('cursor') || nextCursor) && (
        <div className="flex gap-8 px-16 py-12 wide:px-24">
          {search.has('cursor') && <LinkButton to="/workflows">Back to the first</LinkButton>}
          {nextCursor && <LinkButton to={`?${next}`}>Show more workflows</LinkButton>}
        </div>
      )}
      <WorkflowBulk rows={workflows} selection={selection} change={change} />
      {may('workflow.write') && <DropFile onFile={importFile} />}
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
