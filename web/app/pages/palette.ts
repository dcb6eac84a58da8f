/** Data of the command palette (workflows, recent runs), and the switch of the active team. No page of its own. */
import { redirect } from 'react-router';
import type { Route } from './+types/palette.ts';
import { act, read, text, tryRead } from '../api/hub.server.ts';

export interface PaletteItem {
  to: string;
  label: string;
  kind: string;
  more?: string;
  state?: string;
}

export async function loader({ request, context }: Route.LoaderArgs): Promise<{ items: PaletteItem[] }> {
  return read({ request, context }, async (client) => {
    const [workflows, runs] = await Promise.all([
      tryRead(client.listWorkflows({ query: { limit: 100 } })),
      tryRead(client.listRuns({ query: { limit: 30 } })),
    ]);
    return {
      items: [
        ...(workflows.value?.items ?? []).map(({ id, name }) => ({ to: `/workflows/${id}`, label: name, kind: 'Workflow' })),
        ...(runs.value?.items ?? []).map(({ id, workflowName, status }) => ({
          to: `/runs/${id}`,
          label: workflowName,
          more: id.slice(-6),
          kind: 'Run',
          state: status,
        })),
      ],
    };
  });
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client, cookies }, form) => {
    await client.switchTeam({ params: { id: text(form, 'team') } });
    return redirect('/', { headers: cookies.map((cookie): [string, string] => ['set-cookie', cookie]) });
  });
}
