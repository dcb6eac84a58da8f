/** What people are asked: mine first, with the answer in place, thumb-sized on a phone. */
import { Link, useLocation } from 'react-router';
import type { Route } from './+types/list.ts';
import { read } from '../../api/hub.server.ts';
import { NewRows } from '../../lists/new-rows.tsx';
import { useSteady } from '../../lists/use-steady.ts';
import { useReadAgain } from '../../run/live.ts';
import { ApprovalAsk } from '../../run/waits.tsx';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { MiniRun } from '../../ui/mini-run.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { StateGlyph } from '../../ui/state.tsx';
import { Ago } from '../../ui/time.tsx';
import { useMe } from '../../shell/use-me.ts';
import { answeredWords } from './words.ts';
import { ShowTabs } from './show-tabs.tsx';

const shows = ['mine', 'open', 'answered'] as const;

export async function loader({ request, context }: Route.LoaderArgs) {
  const search = new URL(request.url).searchParams;
  const show = shows.find((each) => each === search.get('show')) ?? 'mine';
  const cursor = search.get('cursor');
  return read({ request, context }, async (client) => {
    const page = await client.listApprovals({
      query: {
        limit: 50,
        ...(show === 'mine' ? { mine: 'true' } : {}),
        ...(show === 'answered' ? {} : { status: 'pending' }),
        ...(cursor ? { cursor } : {}),
      },
    });
    return { show, items: show === 'answered' ? page.items.filter(({ status }) => status !== 'pending') : page.items, nextCursor: page.nextCursor };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Approvals' }];
type Asked = Route.ComponentProps['loaderData']['items'][number];

function Facts({ approval }: { approval: Asked }) {
  return (
    <p className="flex flex-wrap gap-x-12 gap-y-4 text-12 text-muted">
      <Link to={`/runs/${approval.runId}?step=${encodeURIComponent(approval.nodeId)}`} className="text-link hover:underline">
        {approval.workflowName}
      </Link>
      <span>
        asked <Ago at={approval.requestedAt} />
      </span>
      {approval.expiresAt && approval.status === 'pending' && (
        <span>
          ends <Ago at={approval.expiresAt} />
        </span>
      )}
    </p>
  );
}

/** `isGone`: answered or no longer asked since the list was read; it stays where it is. */
function Question({ approval, isGone, onAnswered }: { approval: Asked; isGone: boolean; onAnswered: () => void }) {
  const { me } = useMe();
  const open = approval.status === 'pending';
  return (
    <li className="flex gap-12 border-b border-line px-16 py-16 wide:px-24 wide:py-24" data-gone={isGone || undefined}>
      <StateGlyph state={open ? 'waiting' : approval.status === 'approved' ? 'completed' : 'cancelled'} className="mt-[4px]" />
      <div className="flex min-w-0 flex-1 flex-col gap-12">
        <div className="flex flex-col gap-4">
          <h2 className="text-15 font-semibold break-words">{approval.title}</h2>
          <Facts approval={approval} />
        </div>
        {approval.body && <p className="max-w-[640px] break-words whitespace-pre-line">{approval.body}</p>}
        {open ? (
          <ApprovalAsk approval={approval} isGone={isGone} onAnswered={onAnswered} />
        ) : (
          <p className="text-muted">{answeredWords(approval, me.user?.email ?? null)}</p>
        )}
      </div>
    </li>
  );
}

const none: Record<(typeof shows)[number], { title: string; text: string }> = {
  mine: { title: 'Nothing waits for you', text: 'When a run needs your yes or no, it appears here, in your inbox and by mail.' },
  open: { title: 'Nothing waits for anybody', text: 'Every question that runs asked has its answer.' },
  answered: { title: 'Nothing was answered yet', text: 'Answers stay here with who gave them and when.' },
};

export default function Approvals({ loaderData }: Route.ComponentProps) {
  const { show } = loaderData;
  const { key } = useLocation();
  const steady = useSteady({ rows: loaderData.items, nextCursor: loaderData.nextCursor }, key);
  const { rows: items, nextCursor } = steady;
  useReadAgain(15_000);
  return (
    <>
      <TopBar crumbs={[{ label: 'Approvals' }]} />
      <ShowTabs
        label="Which approvals"
        now={show}
        tabs={[
          { to: '/approvals', value: 'mine', label: 'For you' },
          { to: '/approvals?show=open', value: 'open', label: 'All open' },
          { to: '/approvals?show=answered', value: 'answered', label: 'Answered' },
        ]}
      />
      <NewRows news={[[steady.fresh, show === 'answered' ? 'answer' : 'question']]} isMore={steady.isMore} onShow={steady.show} />
      {items.length === 0 ? (
        <Empty
          title={none[show].title}
          picture={<MiniRun ends={[undefined, undefined, undefined, 'waiting', 'queued']} />}
          {...(show === 'mine' ? { link: <LinkButton to="/approvals?show=open">See what others are asked</LinkButton> } : {})}
        >
          {none[show].text}
        </Empty>
      ) : (
        <ul aria-label="Approvals" data-steady>
          {items.map((approval) => (
            <Question key={approval.id} approval={approval} isGone={steady.gone.has(approval.id)} onAnswered={steady.show} />
          ))}
        </ul>
      )}
      {nextCursor && (
        <p className="px-16 py-12 wide:px-24">
          <LinkButton to={`?show=${show}&cursor=${encodeURIComponent(nextCursor)}`}>Show older ones</LinkButton>
        </p>
      )}
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Approvals' }]} />
      <ErrorPage error={error} />
    </>
  );
}
