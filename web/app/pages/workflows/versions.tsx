/** Tab: published versions, and the way back to an older one. */
import { useOutletContext } from 'react-router';
import type { Route } from './+types/versions.ts';
import { read } from '../../api/hub.server.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { useWorkflowAction, type WorkflowData } from './workflow.tsx';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const page = await client.listVersions({ params: { id: params.workflowId }, query: { limit: 100 } });
    return {
      versions: page.items.map(({ version, note, publishedAt, publishedBy }) => ({ version, note, publishedAt, by: publishedBy?.name ?? null })),
    };
  });
}

export default function Versions({ loaderData }: Route.ComponentProps) {
  const { workflow, version: shown } = useOutletContext<WorkflowData>();
  const { may } = useMe();
  const { send, busy } = useWorkflowAction(workflow.id);
  const why = may('workflow.publish') ? (busy ? 'Saving' : null) : 'Your role cannot publish';
  if (loaderData.versions.length === 0)
    return <Empty title="Never published">A version is frozen when the draft is published; runs use versions.</Empty>;
  return (
    <Table
      label="Versions"
      rows={loaderData.versions}
      rowKey={({ version }) => String(version)}
      href={({ version }) => `/workflows/${workflow.id}/versions/${version}`}
      columns={[
        {
          key: 'version',
          head: 'Version',
          cell: ({ version }) => (
            <span className="tabular">
              Version {version}
              {version === shown && shown !== workflow.publishedVersion && <span className="font-normal text-muted"> shown</span>}
              {version === workflow.publishedVersion && <span className="font-normal text-muted wide:hidden"> published</span>}
            </span>
          ),
        },
        {
          key: 'state',
          head: 'State',
          phone: 'hidden',
          cell: ({ version }) => (version === workflow.publishedVersion ? 'Published' : <span className="text-muted">Older</span>),
        },
        {
          key: 'note',
          head: 'Note',
          phone: 'meta',
          className: 'wide:w-[40%] wide:max-w-0 truncate',
          cell: ({ note }) => note ?? <span className="text-faint">–</span>,
        },
        { key: 'by', head: 'By', phone: 'hidden', cell: ({ by }) => by ?? <span className="text-faint">–</span> },
        { key: 'at', head: 'Published', figure: true, cell: ({ publishedAt }) => <Ago at={publishedAt} /> },
      ]}
      actions={({ version }) =>
        version === workflow.publishedVersion ? null : (
          <Button onClick={() => send({ intent: 'rollback', version: String(version) })} why={why}>
            Publish again
          </Button>
        )
      }
    />
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
