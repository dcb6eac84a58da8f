/** A new workflow: from a template first, blank last. Makes the draft and opens it. */
import { Form, Link, redirect, useNavigation } from 'react-router';
import type { Route } from './+types/new.ts';
import { act, read, text, tryRead } from '../../api/hub.server.ts';
import { isProblem } from '../../api/problem.ts';
import { NodeIcon } from '../../run/node-icon.tsx';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Partial } from '../../ui/page-states.tsx';
import { Expected, Needs } from '../templates/facts.tsx';

const blank = { schemaVersion: 1, triggers: [{ id: 'manual', type: 'manual' }], nodes: [], edges: [] };
const mostIcons = 8;

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const { value } = await tryRead(client.listTemplates());
    return { templates: value?.items ?? [], partial: value === null };
  });
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const template = text(form, 'template');
    const name = text(form, 'name').trim();
    if (template !== '') {
      const { workflow } = await client.useTemplate({ params: { templateId: template }, body: name === '' ? {} : { name } });
      return redirect(`/workflows/${workflow.id}/edit`);
    }
    const workflow = await client.createWorkflow({ body: { name: name === '' ? 'New workflow' : name, definition: blank } });
    return redirect(`/workflows/${workflow.id}/edit`);
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'New workflow' }];

export default function New({ loaderData, actionData }: Route.ComponentProps) {
  const { templates, partial } = loaderData;
  const { me, may } = useMe();
  const busy = useNavigation().state === 'submitting';
  const problem = actionData && 'problem' in actionData && isProblem(actionData.problem) ? actionData.problem : null;
  const why = may('workflow.write') ? (busy ? 'Opening' : null) : 'Your role cannot create workflows';
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows', to: '/workflows' }, { label: 'New workflow' }]} />
      <div className="flex w-full max-w-[960px] flex-col gap-32 px-16 py-24 wide:px-24">
        {problem && (
          <p role="alert" className="text-failed-text">
            {problem.detail}
          </p>
        )}
        {partial && <Partial>The templates could not be read.</Partial>}
        {templates.length > 0 && (
          <section aria-labelledby="templates" className="flex flex-col gap-12">
            <h2 id="templates" className="text-18 font-semibold">
              From a template
            </h2>
            <ul className="border-t border-line">
              {templates.map((template) => (
                <li key={template.id} className="border-b border-line">
                  <Form method="post" className="flex items-center gap-16 py-12">
                    <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
                    <input type="hidden" name="template" value={template.id} />
                    <span className="min-w-0 flex-1">
                      <span className="block text-15 font-medium">{template.name}</span>
                      <span className="block text-muted">{template.summary}</span>
                      <span className="mt-4 flex flex-wrap items-center gap-x-12 gap-y-4 text-12 text-muted">
                        <span role="img" className="flex gap-4" aria-label={`${template.nodeTypes.length} steps`}>
                          {template.nodeTypes.slice(0, mostIcons).map((type, index) => (
                            <NodeIcon key={`${type}${index}`} type={type} size={14} />
                          ))}
                        </span>
                        <Expected expected={template.expected} />
                        <Needs needs={template.needs} />
                      </span>
                    </span>
                    <Button type="submit" why={why}>
                      Use it
                    </Button>
                  </Form>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section aria-labelledby="blank" className="flex flex-col gap-12">
          <h2 id="blank" className="text-18 font-semibold">
            {templates.length > 0 ? 'Or blank' : 'Blank'}
          </h2>
          <Form method="post" className="flex max-w-[480px] flex-col gap-16">
            <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
            <Field label="Name" help="What it does, in a few words. It can be changed at any time.">
              <Input name="name" maxLength={200} placeholder="Weekly digest of reviews" />
            </Field>
            <div className="flex gap-12">
              <Button kind="main" type="submit" why={why}>
                Create the workflow
              </Button>
              <Link to="/workflows" className="self-center text-link hover:underline">
                Back to workflows
              </Link>
            </div>
          </Form>
        </section>
      </div>
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Workflows', to: '/workflows' }, { label: 'New workflow' }]} />
      <ErrorPage error={error} />
    </>
  );
}
