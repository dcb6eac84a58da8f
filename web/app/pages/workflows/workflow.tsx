/** A workflow: its published graph, versions, runs, and the way to run it. */
import { Link, Outlet, redirect, useFetcher, useLocation } from 'react-router';
import type { Route } from './+types/workflow.ts';
import { act, read, text, tryRead } from '../../api/hub.server.ts';
import { isProblem } from '../../api/problem.ts';
import { layGraph } from '../../run/graph-layout.server.ts';
import { readDefinition } from '../../run/definition.ts';
import { nodeViews } from '../../run/model.ts';
import { RunsStrip } from '../../ui/run-strip.tsx';
import { WorkflowStatus } from '../../run/workflow-status.tsx';
import { ErrorPage } from '../../shell/error-page.tsx';
import { useMe } from '../../shell/use-me.ts';
import { TopBar } from '../../shell/top-bar.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { plural } from '../../ui/format.ts';
import { toState } from '../../ui/state.tsx';
import { TabLinks } from '../../ui/tabs.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { Ago } from '../../ui/time.tsx';

/** The input that a template brought along, to begin with. */
function sampleOf(definition: unknown): Record<string, unknown> {
  const ui = typeof definition === 'object' && definition !== null && 'ui' in definition ? definition.ui : null;
  const sample = typeof ui === 'object' && ui !== null && 'sampleInput' in ui ? ui.sampleInput : null;
  return typeof sample === 'object' && sample !== null && !Array.isArray(sample) ? (sample as Record<string, unknown>) : {};
}

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const wanted = Number(new URL(request.url).searchParams.get('v')) || null;
  return read({ request, context }, async (client) => {
    const workflow = await client.getWorkflow({ params: { id: params.workflowId } });
    const version = wanted ?? workflow.publishedVersion;
    const [detail, recent] = await Promise.all([
      version === null ? null : client.getVersion({ params: { id: workflow.id, version } }),
      tryRead(client.listRuns({ query: { workflowId: workflow.id, limit: 30, test: 'false' } })),
    ]);
    const view = readDefinition(detail ? detail.definition : workflow.definition);
    const { definition: _draft, ...light } = workflow;
    return {
      workflow: light,
      version,
      versionNote: detail?.note ?? null,
      versionAt: detail?.publishedAt ?? null,
      graph: { nodes: nodeViews(view, [], 'queued'), edges: view.edges, boxes: layGraph(view) },
      inputs: view.inputs,
      sample: sampleOf(workflow.definition),
      recent: (recent.value?.items ?? []).map(({ id, status, startedAt, completedAt }) => ({
        id,
        state: toState(status),
        durationMs: startedAt && completedAt ? Date.parse(completedAt) - Date.parse(startedAt) : null,
      })),
    };
  });
}
export type WorkflowData = Awaited<ReturnType<typeof loader>>;

const changes = ['pause', 'activate'] as const;

export async function action({ request, context, params }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const intent = text(form, 'intent');
    const id = { params: { id: params.workflowId } };
    if (intent === 'rollback') {
      const version = Number(text(form, 'version'));
      await client.rollbackWorkflow({ ...id, body: { version } });
      return { done: `Version ${version} is published` };
    }
    if (intent === 'forget') {
      const { cleared } = await client.clearCache({ ...id, query: {} });
      return { done: `${plural(cleared, 'output')} forgotten`, more: 'The next run of each step runs it.' };
    }
    const change = changes.find((each) => each === intent);
    if (change === 'pause') {
      await client.pauseWorkflow(id);
      return { done: 'Workflow paused', undo: 'activate' };
    }
    if (change === 'activate') {
      await client.activateWorkflow(id);
      return { done: 'Workflow takes starts again', undo: 'pause' };
    }
    return redirect(`/workflows/${params.workflowId}`);
  });
}

export const meta: Route.MetaFunction = ({ loaderData }) => [{ title: loaderData?.workflow.name ?? 'Workflow' }];

/** Sends a change of the workflow and tells what came of it, with undo where there is one; `onDone` hears that it worked. */
export function useWorkflowAction(workflowId: string, onDone?: () => void) {
  const { me } = useMe();
  const fetcher = useFetcher<typeof action>();
  const send = (fields: Record<string, string>): void =>
    void fetcher.submit({ ...fields, _csrf: me.csrfToken ?? '' }, { method: 'post', action: `/workflows/${workflowId}` });
  useAnswer(fetcher, (answer) => {
    if ('problem' in answer) {
      if (isProblem(answer.problem)) showToast({ text: 'This did not work', more: answer.problem.detail, tone: 'failed' });
    } else if ('done' in answer) {
      const undo = 'undo' in answer ? answer.undo : null;
      onDone?.();
      showToast({ text: answer.done, ...(undo ? { undo: () => send({ intent: undo }) } : {}) });
    }
  });
  return { send, busy: fetcher.state !== 'idle' };
}

export default function WorkflowPage({ loaderData }: Route.ComponentProps) {
  const { workflow, version, versionNote, versionAt, recent } = loaderData;
  const { may } = useMe();
  const { send, busy } = useWorkflowAction(workflow.id);
  const base = `/workflows/${workflow.id}`;
  // The form below has the main button of that page.
  const starting = useLocation().pathname === `${base}/start`;
  const whyNot =
    workflow.publishedVersion === null
      ? 'It has no published version yet'
      : workflow.status !== 'active'
        ? `It is ${workflow.status}`
        : may('run.start')
          ? null
          : 'Your role cannot start runs';
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows', to: '/workflows' }, { label: workflow.name }]}>
        {workflow.status === 'active' && (
          <Button
            className="max-wide:hidden"
            onClick={() => send({ intent: 'pause' })}
            why={may('workflow.publish') ? (busy ? 'Saving' : null) : 'Your role cannot pause workflows'}
          >
            Pause
          </Button>
        )}
        {workflow.status === 'paused' && (
          <Button
            onClick={() => send({ intent: 'activate' })}
            why={may('workflow.publish') ? (busy ? 'Saving' : null) : 'Your role cannot activate workflows'}
          >
            Activate
          </Button>
        )}
        <LinkButton to={`${base}/edit`} kind={workflow.publishedVersion === null ? 'main' : 'plain'} className="max-wide:hidden">
          Edit
        </LinkButton>
        {starting || (whyNot && workflow.publishedVersion === null) ? null : whyNot ? (
          <Button kind="main" why={whyNot}>
            Run
          </Button>
        ) : (
          <LinkButton kind="main" to={`${base}/start`}>
            Run
          </LinkButton>
        )}
      </TopBar>
      <dl className="flex flex-wrap items-center gap-x-24 gap-y-4 px-16 py-12 wide:px-24">
        <div>
          <dt className="sr-only">Status</dt>
          <dd className="font-medium">
            <WorkflowStatus status={workflow.status} version={workflow.publishedVersion} />
          </dd>
        </div>
        {/* As wide before the first run as after it: what stands beside it stays. */}
        <div className="w-[180px]">
          <dt className="sr-only">Last runs</dt>
          <dd>
            <RunsStrip runs={recent} />
          </dd>
        </div>
        {workflow.draftChanged && workflow.publishedVersion !== null && (
          <div>
            <dt className="sr-only">Draft</dt>
            <dd>
              <Link to={`${base}/versions/draft`} className="text-link hover:underline">
                The draft has changes
              </Link>
            </dd>
          </div>
        )}
        {version !== null && version !== workflow.publishedVersion && (
          <div>
            <dt className="sr-only">Shown</dt>
            <dd className="text-waiting-text">This is version {version}, not the published one</dd>
          </div>
        )}
        {versionAt && (
          <div className="flex gap-4">
            <dt className="text-muted">published</dt>
            <dd>
              <Ago at={versionAt} />
            </dd>
          </div>
        )}
        {versionNote && (
          <div className="flex min-w-0 gap-4">
            <dt className="text-muted">note</dt>
            <dd className="max-w-[400px] truncate" title={versionNote}>
              {versionNote}
            </dd>
          </div>
        )}
        {workflow.description && (
          <div className="w-full">
            <dt className="sr-only">About</dt>
            <dd className="max-w-[720px] text-muted">{workflow.description}</dd>
          </div>
        )}
      </dl>
      <TabLinks
        label="Views of the workflow"
        tabs={[
          { to: base, label: 'Graph', end: true },
          { to: `${base}/runs`, label: 'Runs' },
          { to: `${base}/versions`, label: 'Versions' },
          { to: `${base}/triggers`, label: 'Triggers' },
          ...(whyNot ? [] : [{ to: `${base}/start`, label: 'Start' }]),
        ]}
      />
      <Outlet context={loaderData} />
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows', to: '/workflows' }, { label: 'Workflow' }]} />
      <ErrorPage error={error} />
    </>
  );
}
