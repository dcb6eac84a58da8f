/** Ends the session. A POST only: a link must never sign anyone out. */
import { redirect } from 'react-router';
import type { Route } from './+types/sign-out.ts';
import { act } from '../../api/hub.server.ts';

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client, cookies }) => {
    await client.signOut();
    return redirect('/sign-in', { headers: cookies.map((cookie): [string, string] => ['set-cookie', cookie]) });
  });
}

export function loader(): Response {
  return redirect('/');
}
