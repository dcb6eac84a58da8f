/** Data of the command palette (workflows, runs, templates by name), and the switch of the active team. No page of its own. */
import { redirect } from 'react-router';
import type { Route } from './+types/palette.ts';
import { act, read, text, tryRead } from '../api/hub.server.ts';
import { type State, toState } from '../ui/state.tsx';

export interface PaletteItem {
  to: string;
  label: string;
  kind: 'Workflow' | 'Run' | 'Template';
  more?: string;
  state?: string;
  /** Of a workflow: its last runs, newest first. */
  runs?: { id: string; state: State; durationMs: number | null }[];
}

const most = 8;

export async function loader({ request, context }: Route.LoaderArgs): Promise<{ items: PaletteItem[] }> {
  const q = new URL(request.url).searchParams.get('q')?.trim().slice(0, 100);
  return read({ request, context }, async (client) => {
    const query = { limit: most, ...(q ? { q } : {}) };
    const [workflows, runs, templates] = await Promise.all([
      tryRead(client.listWorkflows({ query })),
      tryRead(client.listRuns({ query })),
      q ? tryRead(client.listTemplates()) : { value: null },
    ]);
    return {
      items: [
        ...(workflows.value?.items ?? []).map(
          ({ id, name, recentRuns }): PaletteItem => ({
            to: `/workflows/${id}`,
            label: name,
            kind: 'Workflow',
            runs: (recentRuns ?? []).map((run) => ({ id: run.id, state: toState(run.status), durationMs: run.durationMs })),
          }),
        ),
        ...(runs.value?.items ?? []).map(
          ({ id, workflowName, status }): PaletteItem => ({
            to: `/runs/${id}`,
            label: workflowName,
            more: id.slice(-6),
            kind: 'Run',
            state: status,
          }),
        ),
        ...(templates.value?.items ?? []).map(
          ({ id, name, summary }): PaletteItem => ({ to: `/templates/${id}`, label: name, more: summary, kind: 'Template' }),
        ),
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
