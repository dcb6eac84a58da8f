/** Mails that were not sent because no mail server is set. Text only: a mail is user-made. */
import type { Route } from './+types/mail.ts';
import { read } from '../../api/hub.server.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { Ago } from '../../ui/time.tsx';

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => ({ mails: (await client.listMails()).items, origin: new URL(request.url).origin }));
}

export const meta: Route.MetaFunction = () => [{ title: 'Mail that was not sent' }];

/** Links of our own site only; everything else stays text. */
function Linked({ text, origin }: { text: string; origin: string }) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) =>
    index % 2 === 1 && part.startsWith(`${origin}/`) ? (
      <a key={index} href={part} className="text-link break-all hover:underline">
        {part}
      </a>
    ) : (
      part
    ),
  );
}

export default function Mail({ loaderData }: Route.ComponentProps) {
  const { origin } = loaderData;
  return (
    <>
      <TopBar crumbs={[{ label: 'Mail that was not sent' }]} />
      <p className="border-b border-line bg-sunk px-16 py-8 text-muted wide:px-24">
        No mail server is set (SMTP_URL), so mails to this team are kept here. Only admins see this page.
      </p>
      {loaderData.mails.length === 0 && <Empty title="No mail yet">Invitations, resets and notices appear here.</Empty>}
      <ul>
        {loaderData.mails.map((mail) => (
          <li key={mail.id} className="border-b border-line">
            <details className="px-16 py-8 wide:px-24">
              <summary className="flex items-baseline gap-12">
                <span className="min-w-0 flex-1 truncate">
                  <span className="font-medium">{mail.subject}</span> <span className="text-muted">to {mail.to}</span>
                </span>
                <Ago at={mail.at} className="tabular whitespace-nowrap text-muted" />
              </summary>
              <pre className="mt-8 max-w-[720px] rounded-panel border border-line bg-sunk p-12 font-sans whitespace-pre-wrap">
                <Linked text={mail.text} origin={origin} />
              </pre>
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Mail that was not sent' }]} />
      <ErrorPage error={error} />
    </>
  );
}
