/** Templates: workflows that come with the hub, each with its picture, what a run costs, and one button. */
import { Link } from 'react-router';
import type { Route } from './+types/list.ts';
import { read, tryRead } from '../../api/hub.server.ts';
import { GraphOutline } from '../../run/graph-outline.tsx';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { templateGraph } from './graph.server.ts';
import { Expected, Needs } from './facts.tsx';
import { UseButtons } from './use-buttons.tsx';

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const { items } = await client.listTemplates();
    // Few and in process: a picture each is worth the read.
    const details = await Promise.all(items.map(({ id }) => tryRead(client.getTemplate({ params: { templateId: id } }))));
    return {
      templates: items.map((item, index) => ({ ...item, graph: details[index]?.value ? templateGraph(details[index].value.definition) : null })),
    };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Templates' }];

export default function Templates({ loaderData }: Route.ComponentProps) {
  const { templates } = loaderData;
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows', to: '/workflows' }, { label: 'Templates' }]} />
      {templates.length === 0 && <Empty title="No templates here">This installation comes without any.</Empty>}
      <ul aria-label="Templates">
        {templates.map((template) => (
          <li
            key={template.id}
            className="group relative flex items-center gap-x-24 gap-y-12 border-b border-line px-16 py-16 hover:bg-hover max-wide:flex-col max-wide:items-stretch wide:px-24"
          >
            <div className="flex h-[112px] shrink-0 items-center justify-center rounded-panel border border-line bg-sunk p-12 wide:w-[280px]">
              {template.graph && <GraphOutline {...template.graph} className="h-full w-full" />}
            </div>
            <div className="flex min-w-0 flex-1 flex-col gap-8">
              <h2 className="text-15 font-semibold">
                <Link to={`/templates/${template.id}`} className="focus-inset after:absolute after:inset-0">
                  {template.name}
                </Link>
              </h2>
              <p className="max-w-[640px] text-muted">{template.summary}</p>
              <p className="flex flex-wrap gap-x-16 gap-y-4 text-12 text-muted">
                <span>{template.category}</span>
                <Expected expected={template.expected} />
                <Needs needs={template.needs} />
              </p>
            </div>
            <UseButtons templateId={template.id} name={template.name} />
          </li>
        ))}
      </ul>
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows', to: '/workflows' }, { label: 'Templates' }]} />
      <ErrorPage error={error} />
    </>
  );
}
