/** One connection: its state, who may use it, scopes, what uses it; connect, test, revoke. */
import type { CredentialTest } from '@hub/contract';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { redirect, useFetcher, useSearchParams } from 'react-router';
import type { Route } from './+types/connection.ts';
import { act, read, text } from '../../api/hub.server.ts';
import { isProblem } from '../../api/problem.ts';
import { wordsOfId } from '../../run/definition.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { useMe } from '../../shell/use-me.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { ConfirmByName } from '../../ui/confirm-by-name.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { ProviderSteps } from './create.tsx';
import { consentProblems, endWords, statusWords, whereWords } from './words.ts';

export async function loader({ request, context, params }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => {
    const one = { params: { id: params.credentialId } };
    const cursor = new URL(request.url).searchParams.get('cursor');
    const [credential, uses, kinds] = await Promise.all([
      client.getCredential(one),
      client.listCredentialUses({ ...one, query: { limit: 50, ...(cursor ? { cursor } : {}) } }),
      client.listCredentialKinds(),
    ]);
    return { credential, uses, kind: kinds.items.find(({ id }) => id === credential.kind) ?? null };
  });
}

export async function action({ request, context, params }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const one = { params: { id: params.credentialId } };
    const intent = text(form, 'intent');
    if (intent === 'connect') return { leave: (await client.connectCredential(one)).url };
    if (intent === 'test') return { test: await client.testCredential(one) };
    await client.deleteCredential(one);
    throw redirect('/connections');
  });
}

export const meta: Route.MetaFunction = ({ loaderData }) => [{ title: loaderData?.credential.name ?? 'Connection' }];

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-4 py-8 wide:flex-row wide:gap-16">
      <dt className="shrink-0 text-muted wide:w-[160px]">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

type Data = Route.ComponentProps['loaderData'];

/** What the test found stays on the page: it is read beside the scopes, not in passing. */
function Tested({ test }: { test: CredentialTest }) {
  return (
    <section aria-label="Result of the test" role="status" className="flex items-start gap-8 border-b border-line px-16 py-12 wide:px-24">
      {test.ok ? (
        <CircleCheck size={16} aria-hidden className="mt-px shrink-0 text-completed-text" />
      ) : (
        <CircleAlert size={16} aria-hidden className="mt-px shrink-0 text-failed-text" />
      )}
      <div className="min-w-0">
        <p className="font-medium">{test.ok ? 'It works' : 'It does not work'}</p>
        <p className="break-words text-muted">
          {test.message}
          {test.account && ` Signed in as ${test.account}.`}
        </p>
      </div>
    </section>
  );
}

function Facts({ credential, kind }: Pick<Data, 'credential' | 'kind'>) {
  const granted = new Set(credential.scopes);
  const missing = credential.scopes.length === 0 ? [] : (kind?.oauth?.scopes ?? []).filter(({ scope }) => !granted.has(scope));
  return (
    <dl className="border-b border-line px-16 py-8 wide:px-24">
      <Fact label="Kind">{kind?.title ?? credential.kind}</Fact>
      {credential.account && <Fact label="Account">{credential.account}</Fact>}
      <Fact label="Sent to">{credential.allowedHosts.length === 0 ? 'Nowhere' : credential.allowedHosts.join(', ')}</Fact>
      <Fact label="May be used by">
        {credential.usableBy === 'team' ? 'Editors and admins of the team' : `${credential.users.length} people of the team`}
      </Fact>
      {credential.scopes.length > 0 && <Fact label="Scopes">{credential.scopes.join(', ')}</Fact>}
      {missing.length > 0 && <Fact label="Not granted">{missing.map(({ scope, why }) => `${scope} (${why})`).join(', ')}</Fact>}
      {credential.expiresAt && (
        <Fact label="Access ends">
          <Ago at={credential.expiresAt} />
          {credential.expiryWarning && <span className="text-waiting-text"> · {endWords[credential.expiryWarning].label}</span>}
        </Fact>
      )}
      <Fact label="Last used">
        <Ago at={credential.lastUsedAt} />
      </Fact>
    </dl>
  );
}

function Uses({ uses }: Pick<Data, 'uses'>) {
  const [params] = useSearchParams();
  const { items, nextCursor } = uses;
  const isLater = params.has('cursor');
  return (
    <section aria-label="What uses it" className="pt-16">
      <h2 className="px-16 pb-8 text-15 font-semibold wide:px-24">What uses it</h2>
      {items.length === 0 ? (
        <p className="px-16 text-muted wide:px-24">{isLater ? 'No further workflow names it.' : 'No workflow names it.'}</p>
      ) : (
        <Table
          label="Steps that use it"
          rows={items}
          rowKey={(use) => `${use.workflowId} ${use.nodeId} ${use.where}`}
          href={(use) => `/workflows/${use.workflowId}`}
          columns={[
            { key: 'workflow', head: 'Workflow', cell: (use) => use.workflowName },
            { key: 'step', head: 'Step', phone: 'meta', cell: (use) => <span title={use.nodeId}>{wordsOfId(use.nodeId)}</span> },
            { key: 'where', head: 'Where', phone: 'end', cell: (use) => <span className="text-muted">{whereWords[use.where]}</span> },
          ]}
        />
      )}
      {(isLater || nextCursor) && (
        <div className="flex gap-8 px-16 py-12 wide:px-24">
          {isLater && <LinkButton to="?">Back to the first</LinkButton>}
          {nextCursor && <LinkButton to={`?cursor=${encodeURIComponent(nextCursor)}`}>Show more uses</LinkButton>}
        </div>
      )}
    </section>
  );
}

export default function Connection({ loaderData }: Route.ComponentProps) {
  const { credential, kind, uses } = loaderData;
  const { me, may } = useMe();
  const [params] = useSearchParams();
  const fetcher = useFetcher<typeof action>();
  const [asked, setAsked] = useState(false);
  useAnswer(fetcher, (answer) => {
    if ('leave' in answer) window.location.assign(answer.leave);
    else if ('problem' in answer && isProblem(answer.problem)) showToast({ text: 'This did not work', more: answer.problem.detail, tone: 'failed' });
  });
  const send = (intent: string) => void fetcher.submit({ intent, _csrf: me.csrfToken ?? '' }, { method: 'post' });
  const busy = fetcher.state === 'idle' ? null : 'One moment';
  const state = statusWords[credential.status];
  const problem = consentProblems[params.get('problem') ?? ''];
  const consent = kind?.grant === 'authorization-code';
  const admin = may('credential.write') ? null : 'Only an admin may do this';
  return (
    <>
      <TopBar crumbs={[{ label: 'Connections', to: '/connections' }, { label: credential.name }]}>
        <Button kind="quiet" onClick={() => setAsked(true)} why={admin}>
          Revoke
        </Button>
        <Button onClick={() => send('test')} why={may('credential.use') ? busy : 'You may not use credentials'}>
          Test
        </Button>
        {consent && (
          <Button kind={credential.status === 'active' ? 'plain' : 'main'} onClick={() => send('connect')} why={admin ?? busy}>
            {credential.status === 'pending' ? 'Connect' : 'Connect again'}
          </Button>
        )}
      </TopBar>
      {problem && (
        <p role="alert" className="border-b border-line bg-failed-soft px-16 py-12 text-failed-text wide:px-24">
          {problem}
        </p>
      )}
      <section aria-label="State" className="border-b border-line px-16 py-12 wide:px-24">
        <p className="flex flex-wrap items-center gap-8">
          <Badge tone={state?.tone ?? 'plain'}>{state?.label ?? 'Revoked'}</Badge>
          {credential.status === 'needs_reauth' && (
            <span className="text-muted">The provider takes it no more. Steps that use it fail until somebody connects it again.</span>
          )}
        </p>
      </section>
      {fetcher.data && 'test' in fetcher.data && <Tested test={fetcher.data.test} />}
      <Facts credential={credential} kind={kind} />
      {kind !== null && credential.status === 'pending' && (
        <div className="border-b border-line px-16 py-16 wide:px-24">
          <ProviderSteps kind={kind} stored />
        </div>
      )}
      <Uses uses={uses} />
      <ConfirmByName
        what="connection"
        verb="Revoke"
        name={asked ? credential.name : null}
        loss={`${uses.items.length === 0 && !params.has('cursor') ? 'No workflow names it.' : 'Steps that use it will fail.'} Its value is destroyed, and access is taken back at the provider where the provider offers that.`}
        onClose={() => setAsked(false)}
        onConfirm={() => {
          setAsked(false);
          send('revoke');
        }}
      />
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Connections', to: '/connections' }, { label: 'Connection' }]} />
      <ErrorPage error={error} />
    </>
  );
}
