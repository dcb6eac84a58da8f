/** Sign in with e-mail and password. */
import { useEffect, useRef } from 'react';
import { Form, Link, redirect, useNavigation, useSearchParams } from 'react-router';
import type { Route } from './+types/sign-in.ts';
import { act, safePath, text } from '../../api/hub.server.ts';
import { isProblem } from '../../api/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { takeEmail } from './kept-email.ts';

export const meta: Route.MetaFunction = () => [{ title: 'Sign in' }];

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client, cookies }, form) => {
    await client.signIn({ body: { email: text(form, 'email'), password: text(form, 'password') } });
    const to = safePath(new URL(request.url).searchParams.get('to'));
    return redirect(to, { headers: cookies.map((cookie): [string, string] => ['set-cookie', cookie]) });
  });
}

export default function SignIn({ actionData }: Route.ComponentProps) {
  const busy = useNavigation().state === 'submitting';
  const [search] = useSearchParams();
  const problem = actionData && 'problem' in actionData && isProblem(actionData.problem) ? actionData.problem : null;
  const form = useRef<HTMLFormElement>(null);
  // Whoever has just made an account need not type the address again.
  useEffect(() => {
    const kept = takeEmail();
    const email = form.current?.querySelector<HTMLInputElement>('[name="email"]');
    if (!kept || !email || email.value !== '') return;
    email.value = kept;
    form.current?.querySelector<HTMLInputElement>('[name="password"]')?.focus();
  }, []);
  return (
    <>
      <h1 className="text-24 font-semibold">Sign in</h1>
      {search.has('done') && !problem && (
        <p role="status" className="text-muted">
          {search.get('done') === 'reset' ? 'Your password is changed. Sign in with the new one.' : 'Your account is made. Sign in to begin.'}
        </p>
      )}
      <Form ref={form} method="post" className="flex flex-col gap-16">
        <Field label="E-mail">
          <Input name="email" type="email" autoComplete="username" required autoFocus />
        </Field>
        <Field label="Password">
          <Input name="password" type="password" autoComplete="current-password" required />
        </Field>
        {problem && (
          <p role="alert" className="text-failed-text">
            {problem.status === 401 ? 'E-mail or password is not right.' : problem.detail}
          </p>
        )}
        <Button kind="main" type="submit" why={busy ? 'Signing in' : null}>
          Sign in
        </Button>
      </Form>
      <p className="flex justify-between text-muted">
        <Link className="text-link hover:underline" to="/sign-up">
          Create an account
        </Link>
        <Link className="text-link hover:underline" to="/reset">
          Forgot the password
        </Link>
      </p>
    </>
  );
}
