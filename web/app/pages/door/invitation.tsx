/** Accept an invitation: only the invited, confirmed address can; signing in comes first. */
import { Form, Link, redirect, useNavigation } from 'react-router';
import type { Route } from './+types/invitation.ts';
import { act, read } from '../../api/hub.server.ts';
import { isProblem } from '../../api/problem.ts';
import { Button } from '../../ui/button.tsx';

export const meta: Route.MetaFunction = () => [{ title: 'Accept the invitation' }];

/** Signed out leads to signing in and back here. */
export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const me = await client.getMe();
    return { email: me.user?.email ?? '', csrfToken: me.csrfToken ?? '' };
  });
}

export async function action({ request, context, params }: Route.ActionArgs) {
  return act({ request, context }, async ({ client, cookies }) => {
    const { teamId } = await client.acceptInvitation({ params: { id: params.invitationId } });
    await client.switchTeam({ params: { id: teamId } }).catch(() => undefined);
    return redirect('/', { headers: cookies.map((cookie): [string, string] => ['set-cookie', cookie]) });
  });
}

export default function Invitation({ loaderData, actionData }: Route.ComponentProps) {
  const busy = useNavigation().state === 'submitting';
  const problem = actionData && 'problem' in actionData && isProblem(actionData.problem) ? actionData.problem : null;
  return (
    <>
      <h1 className="text-24 font-semibold">Join the team</h1>
      <p>
        You are signed in as <strong className="font-semibold">{loaderData.email}</strong>. The invitation must be for this address.
      </p>
      <Form method="post" className="flex flex-col gap-16">
        <input type="hidden" name="_csrf" value={loaderData.csrfToken} />
        {problem && (
          <p role="alert" className="text-failed-text">
            {problem.detail} <span className="font-mono text-12 text-muted">{problem.code}</span>
          </p>
        )}
        <Button kind="main" type="submit" why={busy ? 'Joining' : null}>
          Accept the invitation
        </Button>
      </Form>
      <p>
        <Link className="text-link hover:underline" to="/">
          Not now
        </Link>
      </p>
    </>
  );
}
