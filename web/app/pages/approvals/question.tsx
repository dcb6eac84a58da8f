/** One question and nothing else: behind the signed link of a mail, or for somebody who is signed in. Opening it never answers. */
import { Form, Link, useNavigation } from 'react-router';
import type { Route } from './+types/question.ts';
import { act, read, text, tryRead } from '../../api/hub.server.ts';
import { isProblem } from '../../api/problem.ts';
import { AnswerFields } from '../../run/approval-form.tsx';
import { inputFields, readInputForm } from '../../run/input-form.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { StateGlyph } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  const token = new URL(request.url).searchParams.get('token');
  return read({ request, context }, async (client) => {
    if (token) {
      const asked = await client.getApprovalLink({ params: { id: params.approvalId }, query: { token } });
      return { asked, token, csrfToken: '', why: null };
    }
    const [asked, me] = await Promise.all([client.getApproval({ params: { id: params.approvalId } }), tryRead(client.getMe())]);
    return {
      asked,
      token: null,
      csrfToken: me.value?.csrfToken ?? '',
      why: asked.mayAnswer || asked.status !== 'pending' ? null : 'You are not one of those asked',
    };
  });
}

export async function action({ request, context, params }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const token = text(form, 'token');
    const decision = text(form, 'decision') === 'approved' ? ('approved' as const) : ('rejected' as const);
    const id = { id: params.approvalId };
    const { form: schema } = token ? await client.getApprovalLink({ params: id, query: { token } }) : await client.getApproval({ params: id });
    const fields = inputFields(schema);
    const parsed = readInputForm(form, fields);
    if ('errors' in parsed)
      return {
        problem: {
          code: 'input.not-json',
          detail: 'Some fields cannot be read.',
          status: 422,
          requestId: null,
          retryAfterSeconds: null,
          errors: parsed.errors,
        },
      };
    // A rejection needs no form filled in.
    const given = fields.length > 0 && decision === 'approved' ? { form: parsed.input } : {};
    const messageId = `web-${params.approvalId}`;
    if (token) await client.answerApprovalLink({ params: id, body: { token, decision, messageId, ...given } });
    else {
      const { runId, nodeId, path } = await client.getApproval({ params: id });
      await client.answerNode({ params: { id: runId, nodeId }, body: { decision, path, messageId, ...given } });
    }
    return { decision };
  });
}

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: loaderData?.asked.title ?? 'A question' },
  { name: 'robots', content: 'noindex' },
];

const settled: Record<string, string> = {
  approved: 'This was approved. The run goes on.',
  rejected: 'This was rejected. The run goes on by its other way.',
  expired: 'Nobody answered in time, so it is no longer asked.',
  cancelled: 'It is no longer asked: the run has ended.',
};

export default function Question({ loaderData, actionData }: Route.ComponentProps) {
  const { asked, token, csrfToken, why } = loaderData;
  const busy = useNavigation().state !== 'idle';
  const problem = actionData && 'problem' in actionData && isProblem(actionData.problem) ? actionData.problem : null;
  const decision = actionData && 'decision' in actionData ? actionData.decision : null;
  const status = decision ?? asked.status;
  return (
    <>
      <div className="flex flex-col gap-4">
        <p className="text-muted">{asked.workflowName} asks</p>
        <h1 className="text-24 font-semibold break-words">{asked.title}</h1>
        <p className="text-12 text-muted">
          <Ago at={asked.requestedAt} />
          {asked.expiresAt && status === 'pending' && (
            <>
              , to be answered before it ends <Ago at={asked.expiresAt} />
            </>
          )}
        </p>
      </div>
      {asked.body && <p className="break-words whitespace-pre-line">{asked.body}</p>}
      {status === 'pending' ? (
        <Form method="post" aria-label="Answer">
          <input type="hidden" name="_csrf" value={csrfToken} />
          <input type="hidden" name="token" value={token ?? ''} />
          <AnswerFields form={asked.form} problem={problem} why={why ?? (busy ? 'Sending' : null)} large />
        </Form>
      ) : (
        <p role="status" className="flex items-center gap-8 rounded-panel border border-line p-16">
          <StateGlyph state={status === 'approved' ? 'completed' : 'cancelled'} />
          {settled[status] ?? 'This has been settled.'}
        </p>
      )}
      {!token && (
        <p>
          <Link to="/approvals" className="text-link hover:underline">
            All approvals
          </Link>
        </p>
      )}
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return <ErrorPage error={error} />;
}
