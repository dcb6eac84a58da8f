/** Forgotten password: ask for the mail, or (with the mail's token) set a new one. */
import { Form, Link, redirect, useNavigation, useSearchParams } from 'react-router';
import type { Route } from './+types/reset.ts';
import { act, text } from '../../api/hub.server.ts';
import { faultOf, isProblem, isToldAtFields } from '../../api/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';

export const meta: Route.MetaFunction = () => [{ title: 'Reset the password' }, { name: 'referrer', content: 'no-referrer' }];

export async function action({ request, context }: Route.ActionArgs) {
  const token = new URL(request.url).searchParams.get('token');
  return act({ request, context }, async ({ client }, form) => {
    if (!token) {
      await client.requestReset({ body: { email: text(form, 'email') } });
      return { sent: true };
    }
    await client.resetPassword({ body: { token, password: text(form, 'password') } });
    return redirect('/sign-in?done=reset');
  });
}

export default function Reset({ actionData }: Route.ComponentProps) {
  const busy = useNavigation().state === 'submitting';
  const [search] = useSearchParams();
  const problem = actionData && 'problem' in actionData && isProblem(actionData.problem) ? actionData.problem : null;
  if (actionData && 'sent' in actionData)
    return (
      <>
        <h1 className="text-24 font-semibold">Look into your mail</h1>
        <p>If the address is known, a mail with a link is on its way. The link works once, for one hour.</p>
        <p>
          <Link className="text-link hover:underline" to="/sign-in">
            Back to signing in
          </Link>
        </p>
      </>
    );
  return (
    <>
      <h1 className="text-24 font-semibold">{search.has('token') ? 'Set a new password' : 'Reset the password'}</h1>
      <Form method="post" className="flex flex-col gap-16">
        {search.has('token') ? (
          <Field label="New password" help="10 characters or more. All your sessions end." error={faultOf(problem, 'password')}>
            <Input name="password" type="password" autoComplete="new-password" required minLength={10} maxLength={128} autoFocus />
          </Field>
        ) : (
          <Field label="E-mail" help="A mail with a link is sent to it." error={faultOf(problem, 'email')}>
            <Input name="email" type="email" autoComplete="username" required autoFocus />
          </Field>
        )}
        {problem && !isToldAtFields(problem, ['email', 'password']) && (
          <p role="alert" className="text-failed-text">
            {problem.detail}
          </p>
        )}
        <Button kind="main" type="submit" why={busy ? 'Sending' : null}>
          {search.has('token') ? 'Set the password' : 'Send the mail'}
        </Button>
      </Form>
      <p>
        <Link className="text-link hover:underline" to="/sign-in">
          Back to signing in
        </Link>
      </p>
    </>
  );
}
