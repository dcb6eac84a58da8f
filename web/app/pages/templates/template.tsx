/** A template: its graph, its notes, what goes in, and the two ways to take it. */
import { redirect } from 'react-router';
import type { Route } from './+types/template.ts';
import { act, read, text } from '../../api/hub.server.ts';
import { GraphOutline } from '../../run/graph-outline.tsx';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { ValueView } from '../../ui/code-view.tsx';
import { formatBytes } from '../../ui/format.ts';
import type { Json } from '../../ui/json-path.ts';
import { Expected, Needs } from './facts.tsx';
import { templateGraphs } from './graph.server.ts';
import { Notes } from './notes.tsx';
import { UseButtons } from './use-buttons.tsx';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const { definition, ...template } = await client.getTemplate({ params: { templateId: params.templateId } });
    return { template, graph: templateGraphs(definition) };
  });
}

/** `use`: a draft in the editor. `try`: published and run with the sample at once. */
export async function action({ request, context, params }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const { workflow, sampleInput } = await client.useTemplate({ params: { templateId: params.templateId }, body: {} });
    if (text(form, 'intent') !== 'try') return redirect(`/workflows/${workflow.id}/edit`);
    await client.publishWorkflow({ params: { id: workflow.id }, body: { note: 'From the template' } });
    const run = await client.startRun({ params: { id: workflow.id }, body: { input: sampleInput } });
    return redirect(`/runs/${run.id}`);
  });
}

export const meta: Route.MetaFunction = ({ loaderData }) => [{ title: loaderData?.template.name ?? 'Template' }];

export default function TemplatePage({ loaderData }: Route.ComponentProps) {
  const {
    template,
    graph: { tall, ...graph },
  } = loaderData;
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows', to: '/workflows' }, { label: 'Templates', to: '/templates' }, { label: template.name }]}>
        <UseButtons templateId={template.id} name={template.name} main />
      </TopBar>
      <section aria-label="Graph of the template" className="flex items-center justify-center border-b border-line bg-sunk wide:h-[328px] wide:px-8">
        <GraphOutline {...graph} labelled className="size-full max-wide:hidden" />
        <GraphOutline {...graph} boxes={tall} tall labelled className="h-auto w-full wide:hidden" />
      </section>
      <div className="grid gap-x-48 gap-y-24 px-16 py-24 wide:grid-cols-[minmax(0,1fr)_minmax(0,400px)] wide:px-24">
        <Notes text={template.notes} />
        <aside aria-label="About" className="flex min-w-0 flex-col gap-24">
          <dl className="grid grid-cols-[96px_minmax(0,1fr)] gap-y-8">
            <dt className="text-muted">Kind</dt>
            <dd>{template.category}</dd>
            <dt className="text-muted">A run</dt>
            <dd>
              <Expected expected={template.expected} />
              <span className="block text-12 text-muted">{template.expected.note}</span>
            </dd>
            <dt className="text-muted">Credentials</dt>
            <dd>
              <Needs needs={template.needs} />
            </dd>
            {template.files.length > 0 && <dt className="text-muted">Comes with</dt>}
            {template.files.length > 0 && (
              <dd>
                {template.files.map(({ name, bytes }) => (
                  <span key={name} className="block">
                    {name} <span className="tabular text-12 text-muted">{formatBytes(bytes)}</span>
                  </span>
                ))}
              </dd>
            )}
          </dl>
          <section className="flex flex-col gap-8">
            <h2 className="font-semibold">Sample input</h2>
            <ValueView label="Sample input" value={template.sampleInput as unknown as Json} />
          </section>
        </aside>
      </div>
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Templates', to: '/templates' }, { label: 'Template' }]} />
      <ErrorPage error={error} />
    </>
  );
}
