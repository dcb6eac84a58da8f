/** The page of a form trigger: anybody with the link fills it in, sees it being worked on and gets the answer. Nothing of the run itself is shown. */
import { useState } from 'react';
import type { Route } from './+types/form.ts';
import { redirect } from 'react-router';
import { act, read, text } from '../../api/hub.server.ts';
import { isProblem, type Problem } from '../../api/problem.ts';
import { inputFields, readInputForm } from '../../run/input-form.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { Button } from '../../ui/button.tsx';
import { ValueView } from '../../ui/code-view.tsx';
import type { Json } from '../../ui/json-path.ts';
import { StateGlyph } from '../../ui/state.tsx';
import { SchemaForm } from '../../ui/form/schema-form.tsx';
import { isObject } from '../../ui/form/values.ts';
import { fieldsOfSchema, labelOf } from '../../ui/form/schema-fields.ts';
import { PlainForm } from './plain-form.tsx';
import { type Submission, useSubmission } from './use-submission.ts';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const submission = new URL(request.url).searchParams.get('submission');
  return read({ request, context }, async (client) => ({
    form: await client.getForm({ params: { token: params.token } }),
    // Sent without scripts, or opened again: what has come of it so far.
    sent: submission
      ? { id: submission, result: await client.getSubmission({ params: { token: params.token, submission }, query: { wait: 5 } }) }
      : null,
    sendKey: crypto.randomUUID(),
  }));
}

/** An ordinary post, of a browser without scripts. */
export async function action({ request, context, params }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const { schema } = await client.getForm({ params: { token: params.token } });
    const parsed = readInputForm(form, inputFields(schema));
    if ('errors' in parsed) return { problem: unreadable(parsed.errors) };
    const key = text(form, 'key');
    const answer = await client.submitForm({
      params: { token: params.token },
      body: { values: parsed.input },
      ...(key ? { idempotencyKey: key } : {}),
    });
    const { submission } = (await answer.json()) as { submission: string };
    return redirect(`?submission=${encodeURIComponent(submission)}`);
  });
}

const unreadable = (errors: Problem['errors']): Problem => ({
  code: 'input.not-json',
  detail: 'Some fields cannot be read.',
  status: 422,
  requestId: null,
  retryAfterSeconds: null,
  errors,
});

export const meta: Route.MetaFunction = ({ loaderData }) => [{ title: loaderData?.form.title ?? 'Form' }, { name: 'robots', content: 'noindex' }];

function Answer({ body }: { body: unknown }) {
  if (body === null || body === undefined) return null;
  const lines = isObject(body) ? Object.entries(body) : [];
  // Whoever filled in a form reads an answer, not a structure, where it is plain enough.
  if (lines.length > 0 && lines.length <= 20 && lines.every(([, value]) => value === null || typeof value !== 'object'))
    return (
      <dl className="flex flex-col gap-12">
        {lines.map(([name, value]) => (
          <div key={name} className="flex flex-col gap-4">
            <dt className="text-12 text-muted">{labelOf(name)}</dt>
            <dd className="break-words whitespace-pre-line">
              {value === null ? '–' : typeof value === 'boolean' ? (value ? 'Yes' : 'No') : String(value)}
            </dd>
          </div>
        ))}
      </dl>
    );
  if (typeof body === 'object') return <ValueView label="Answer" value={body as Json} />;
  return <p className="break-words whitespace-pre-line">{typeof body === 'string' ? body : JSON.stringify(body)}</p>;
}

function Progress({ submission, onAgain }: { submission: Submission; onAgain: () => void }) {
  const { result } = submission;
  const status = result?.status ?? 'working';
  const state = status === 'done' ? 'completed' : status === 'failed' ? 'failed' : status === 'waiting' ? 'waiting' : 'running';
  const { done, total } = result?.progress ?? { done: 0, total: 0 };
  return (
    <section aria-label="What came of it" className="flex flex-col gap-16">
      <p role="status" className="flex items-center gap-8 font-medium">
        <StateGlyph state={state} />
        {result?.message ?? 'Received. It is being worked on.'}
        {status === 'working' && total > 0 && (
          <span className="tabular font-normal text-muted">
            {done} of {total}
          </span>
        )}
      </p>
      <Answer body={result?.answer?.body} />
      {(status === 'working' || status === 'waiting') && (
        <noscript>
          <p>
            <a href={`?submission=${encodeURIComponent(submission.id)}`} className="text-link hover:underline">
              Look again
            </a>
          </p>
        </noscript>
      )}
      {(status === 'done' || status === 'failed') && (
        <p className="needs-script">
          <Button onClick={onAgain}>Fill it in again</Button>
        </p>
      )}
    </section>
  );
}

export default function FormPage({ loaderData, actionData, params }: Route.ComponentProps) {
  const { form, sent, sendKey } = loaderData;
  const posted = actionData && 'problem' in actionData && isProblem(actionData.problem) ? actionData.problem : null;
  const [values, setValues] = useState<Record<string, Json>>({});
  const { submission, problem, busy, submit, clear } = useSubmission(params.token, sent);
  const general = problem && problem.errors.length === 0;
  return (
    <>
      <div className="flex flex-col gap-8">
        <h1 className="text-24 font-semibold break-words">{form.title}</h1>
        {form.description && <p className="break-words whitespace-pre-line text-muted">{form.description}</p>}
        {form.test && <p className="rounded-control bg-waiting-soft px-8 py-4 text-12">A test of the draft: it starts a test run.</p>}
      </div>
      {submission ? (
        <Progress submission={submission} onAgain={clear} />
      ) : (
        <>
          <noscript>
            <PlainForm schema={form.schema} problem={posted} sendKey={sendKey} />
          </noscript>
          <form
            className="needs-script flex flex-col gap-16"
            onSubmit={(event) => {
              event.preventDefault();
              void submit(values);
            }}
          >
            <SchemaForm
              plain
              fields={fieldsOfSchema(form.schema as never)}
              value={values}
              onChange={(next) => setValues(next as Record<string, Json>)}
              faults={(problem?.errors ?? []).map(({ path, message }) => ({ path: path.replace(/^\/values/, ''), message }))}
            />
            {general && (
              <p role="alert" className="text-failed-text">
                {problem.detail}
              </p>
            )}
            <Button kind="main" type="submit" why={busy ? 'Sending' : null} className="max-wide:h-[48px]">
              Send
            </Button>
          </form>
        </>
      )}
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return <ErrorPage error={error} />;
}
