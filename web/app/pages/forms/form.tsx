/** The page of a form trigger: anybody with the link fills it in, sees it being worked on and gets the answer. Nothing of the run itself is shown. */
import { useState } from 'react';
import type { Route } from './+types/form.ts';
import { read } from '../../api/hub.server.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { Button } from '../../ui/button.tsx';
import { ValueView } from '../../ui/code-view.tsx';
import type { Json } from '../../ui/json-path.ts';
import { StateGlyph } from '../../ui/state.tsx';
import { SchemaForm } from '../../ui/form/schema-form.tsx';
import { fieldsOfSchema } from '../../ui/form/schema-fields.ts';
import { type Submission, useSubmission } from './use-submission.ts';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => ({ form: await client.getForm({ params: { token: params.token } }) }));
}

export const meta: Route.MetaFunction = ({ loaderData }) => [{ title: loaderData?.form.title ?? 'Form' }, { name: 'robots', content: 'noindex' }];

function Answer({ body }: { body: unknown }) {
  if (body === null || body === undefined) return null;
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
      {(status === 'done' || status === 'failed') && (
        <p>
          <Button onClick={onAgain}>Fill it in again</Button>
        </p>
      )}
    </section>
  );
}

export default function FormPage({ loaderData, params }: Route.ComponentProps) {
  const { form } = loaderData;
  const [values, setValues] = useState<Record<string, Json>>({});
  const { submission, problem, busy, submit, clear } = useSubmission(params.token);
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
        <form
          className="flex flex-col gap-16"
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
      )}
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return <ErrorPage error={error} />;
}
