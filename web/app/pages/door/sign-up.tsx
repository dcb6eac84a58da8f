/** Create an account: the person and a team of their own. */
import { Form, Link, redirect, useNavigation } from 'react-router';
import type { Route } from './+types/sign-up.ts';
import { act, text } from '../../api/hub.server.ts';
import { faultOf, isProblem, isToldAtFields } from '../../api/problem.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { keepEmail } from './kept-email.ts';

export const meta: Route.MetaFunction = () => [{ title: 'Create an account' }];

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    await client.signUp({ body: { name: text(form, 'name'), email: text(form, 'email'), password: text(form, 'password') } });
    return redirect('/sign-in?done=sign-up');
  });
}

export default function SignUp({ actionData }: Route.ComponentProps) {
  const busy = useNavigation().state === 'submitting';
  const problem = actionData && 'problem' in actionData && isProblem(actionData.problem) ? actionData.problem : null;
  return (
    <>
      <h1 className="text-24 font-semibold">Create an account</h1>
      <Form method="post" className="flex flex-col gap-16" onSubmit={(event) => keepEmail(new FormData(event.currentTarget).get('email'))}>
        <Field label="Name" error={faultOf(problem, 'name')}>
          <Input name="name" autoComplete="name" required maxLength={100} autoFocus />
        </Field>
        <Field label="E-mail" error={faultOf(problem, 'email')}>
          <Input name="email" type="email" autoComplete="username" required />
        </Field>
        <Field label="Password" help="10 characters or more." error={faultOf(problem, 'password')}>
          <Input name="password" type="password" autoComplete="new-password" required minLength={10} maxLength={128} />
        </Field>
        {problem && !isToldAtFields(problem, ['name', 'email', 'password']) && (
          <p role="alert" className="text-failed-text">
            {problem.detail}
          </p>
        )}
        <Button kind="main" type="submit" why={busy ? 'Creating the account' : null}>
          Create the account
        </Button>
      </Form>
      <p className="text-muted">
        Have an account?{' '}
        <Link className="text-link underline" to="/sign-in">
          Sign in
        </Link>
      </p>
    </>
  );
}
