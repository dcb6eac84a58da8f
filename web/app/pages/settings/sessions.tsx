/** Where I am signed in, and the way to end it there. */
import { useFetcher } from 'react-router';
import type { Route } from './+types/sessions.ts';
import { act, isApiError, read, text } from '../../api/hub.server.ts';
import { isProblem } from '../../api/problem.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { plural } from '../../ui/format.ts';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { deviceWords } from './device-words.ts';
import { SettingsHead } from './settings-head.tsx';

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const { items } = await client.listSessions();
    return { sessions: items.map(({ userAgent, ...session }) => ({ ...session, device: deviceWords(userAgent) })) };
  });
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const ids = text(form, 'ids').split(' ').filter(Boolean).slice(0, 200);
    for (const id of ids) {
      try {
        await client.endSession({ params: { id } });
      } catch (error) {
        // It ended in the meantime: what was wanted is so.
        if (!isApiError(error, 'session.not-found')) throw error;
      }
    }
    return { ended: ids.length };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Sessions' }];

export default function Sessions({ loaderData }: Route.ComponentProps) {
  const { sessions } = loaderData;
  const { me } = useMe();
  const fetcher = useFetcher<typeof action>();
  useAnswer(fetcher, (answer) => {
    if ('ended' in answer) showToast({ text: `${plural(answer.ended, 'session')} ended`, more: 'Whoever used it must sign in again.' });
    if ('problem' in answer && isProblem(answer.problem)) showToast({ text: 'This did not work', more: answer.problem.detail, tone: 'failed' });
  });
  const others = sessions.filter(({ current }) => !current).map(({ id }) => id);
  const end = (ids: string[]): void => void fetcher.submit({ ids: ids.join(' '), _csrf: me.csrfToken ?? '' }, { method: 'post' });
  const busy = fetcher.state !== 'idle' ? 'Ending' : null;
  return (
    <>
      <SettingsHead title="Sessions" about="Browsers in which you are signed in. One that you do not know: end it, then change your password.">
        <Button onClick={() => end(others)} why={others.length === 0 ? 'You are signed in nowhere else' : busy}>
          End all others
        </Button>
      </SettingsHead>
      <Table
        label="Sessions"
        rows={sessions}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'device',
            head: 'Where',
            cell: ({ device, current }) => (
              <span className="font-medium">
                {device}
                {current && <span className="font-normal text-muted"> this one</span>}
              </span>
            ),
          },
          {
            key: 'ip',
            head: 'Address',
            phone: 'meta',
            cell: ({ ip, seenAt }) => (
              <span className="min-w-0 truncate text-muted">
                <span className="font-mono text-12">{ip ?? 'not known'}</span>
                <span className="wide:hidden">
                  {' '}
                  used <Ago at={seenAt} />
                </span>
              </span>
            ),
          },
          { key: 'seen', head: 'Last used', figure: true, cell: ({ seenAt }) => <Ago at={seenAt} /> },
          { key: 'since', head: 'Signed in', figure: true, cell: ({ createdAt }) => <Ago at={createdAt} /> },
          { key: 'ends', head: 'Ends', figure: true, cell: ({ expiresAt }) => <Ago at={expiresAt} /> },
        ]}
        actions={({ id, current, device }) =>
          current ? null : (
            <Button kind="quiet" aria-label={`End the session ${device}`} onClick={() => end([id])}>
              End
            </Button>
          )
        }
      />
    </>
  );
}
