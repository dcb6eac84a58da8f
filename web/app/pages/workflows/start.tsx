/** Tab: run it now. A field per input of the schema, or the whole as JSON. */
import { useState } from 'react';
import { data, Form, redirect, useNavigation, useOutletContext } from 'react-router';
import type { Route } from './+types/start.ts';
import { act, read, text, tryRead } from '../../api/hub.server.ts';
import { isProblem, type Problem } from '../../api/problem.ts';
import { type InputField, inputFields, readInputForm } from '../../run/input-form.ts';
import { type FileChoice, InputFields } from '../../run/input-fields.tsx';
import { readDefinition } from '../../run/definition.ts';
import { useMe } from '../../shell/use-me.ts';
import { useUnsaved } from '../../shell/use-unsaved.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Textarea } from '../../ui/field.tsx';
import { formatBytes } from '../../ui/format.ts';
import type { WorkflowData } from './workflow.tsx';

/** The team's files, for inputs that are files. */
export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const { value } = await tryRead(client.listFiles({ query: { limit: 100 } }));
    return {
      files: (value?.items ?? []).map(({ createdAt: _at, ...handle }) => ({
        label: `${handle.name}, ${formatBytes(handle.bytes)}`,
        handle: JSON.stringify(handle),
      })),
    };
  });
}

export async function action({ request, context, params }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const workflow = await client.getWorkflow({ params: { id: params.workflowId } });
    const detail =
      workflow.publishedVersion === null ? null : await client.getVersion({ params: { id: workflow.id, version: workflow.publishedVersion } });
    const parsed = readInputForm(form, inputFields(readDefinition(detail?.definition ?? workflow.definition).inputs));
    if ('errors' in parsed) {
      const problem: Problem = {
        code: 'input.not-json',
        detail: 'Some input cannot be read.',
        status: 422,
        requestId: null,
        retryAfterSeconds: null,
        errors: parsed.errors,
      };
      return data({ problem }, { status: 422 });
    }
    const key = text(form, 'key');
    const started = await client.startRun({ params: { id: workflow.id }, body: { input: parsed.input }, ...(key ? { idempotencyKey: key } : {}) });
    return redirect(`/runs/${started.id}`);
  });
}

/** A field begins with the sample's value, where the workflow came with one. */
function withSample(field: InputField, sample: unknown): InputField {
  if (sample === undefined) return field;
  return { ...field, value: typeof sample === 'string' ? sample : JSON.stringify(sample) };
}

/** A sample's file that is not among the newest ones can still be chosen. */
function sampleFiles(fields: readonly InputField[], files: readonly FileChoice[]): FileChoice[] {
  return fields
    .filter(({ kind, value }) => kind === 'file' && value !== '' && !files.some(({ handle }) => handle === value))
    .map(({ value }) => ({ handle: value, label: fileName(value) }));
}

function fileName(handle: string): string {
  const { name } = JSON.parse(handle) as { name?: unknown };
  return typeof name === 'string' ? name : 'Sample file';
}

export default function Start({ loaderData, actionData }: Route.ComponentProps) {
  const { inputs, workflow, sample } = useOutletContext<WorkflowData>();
  const { me } = useMe();
  const busy = useNavigation().state === 'submitting';
  const [written, setWritten] = useState(false);
  useUnsaved(written, { what: 'the input you wrote' });
  const fields = inputFields(inputs).map((field) => withSample(field, sample[field.name]));
  const files = [...loaderData.files, ...sampleFiles(fields, loaderData.files)];
  const [asJson, setAsJson] = useState(false);
  // One key per visit of the form: a double click is one run.
  const [key] = useState(() => `web-${workflow.id}-${Date.now()}`);
  const problem = actionData && 'problem' in actionData && isProblem(actionData.problem) ? actionData.problem : null;
  const json = asJson || fields.length === 0;
  const jsonFault = problem?.errors.find(({ path }) => path === '/json' || path === '' || path === '/input')?.message;
  return (
    <Form
      method="post"
      className="flex max-w-[560px] flex-col gap-16 px-16 py-24 wide:px-24"
      onChange={() => setWritten(true)}
      onSubmit={() => setWritten(false)}
    >
      <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
      <input type="hidden" name="key" value={key} suppressHydrationWarning />
      <input type="hidden" name="way" value={json ? 'json' : 'fields'} />
      {json ? (
        <Field label="Input" optional={fields.length === 0} help="A JSON object; empty means {}." error={jsonFault}>
          <Textarea name="json" code rows={10} defaultValue={Object.keys(sample).length > 0 ? JSON.stringify(sample, null, 2) : '{}'} />
        </Field>
      ) : (
        <InputFields fields={fields} problem={problem} files={files} />
      )}
      {problem && !jsonFault && problem.errors.length === 0 && (
        <p role="alert" className="text-failed-text">
          {problem.detail}
        </p>
      )}
      {problem && problem.errors.length > 0 && json && !jsonFault && (
        <ul role="alert" className="text-failed-text">
          {problem.errors.map(({ path, message }) => (
            <li key={path + message}>
              <span className="font-mono text-12">{path}</span> {message}
            </li>
          ))}
        </ul>
      )}
      <div className="flex items-center gap-12">
        <Button kind="main" type="submit" why={busy ? 'Starting' : null}>
          Start the run
        </Button>
        {fields.length > 0 && (
          <Button kind="quiet" onClick={() => setAsJson(!asJson)}>
            {asJson ? 'Fill in fields' : 'Write JSON instead'}
          </Button>
        )}
      </div>
    </Form>
  );
}

/** The head and the tabs stay. */
export { ErrorPage as ErrorBoundary } from '../../shell/error-page.tsx';
