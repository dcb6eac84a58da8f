/** Connections: what the team has stored, and the gallery of services to connect. */
import type { CredentialKindShape } from '@hub/contract';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Route } from './+types/list.ts';
import { act, read, text } from '../../api/hub.server.ts';
import { ErrorPage } from '../../shell/error-page.tsx';
import { TopBar } from '../../shell/top-bar.tsx';
import { useMe } from '../../shell/use-me.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Input } from '../../ui/field.tsx';
import { MiniRun } from '../../ui/mini-run.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { CreateConnection } from './create.tsx';
import { consentProblems, endWords, statusWords } from './words.ts';

interface ConnectorFacts {
  id: string;
  title?: string;
  help?: string;
}

export async function loader({ request, context }: Route.LoaderArgs) {
  const cursor = new URL(request.url).searchParams.get('cursor');
  return read({ request, context }, async (client) => {
    const [credentials, kinds, connectors] = await Promise.all([
      client.listCredentials({ query: { limit: 50, ...(cursor ? { cursor } : {}) } }),
      client.listCredentialKinds(),
      client.listConnectors(),
    ]);
    const facts = connectors.items.map((each) => each as ConnectorFacts).map(({ id, title, help }) => ({ id, title: title ?? id, help: help ?? '' }));
    return { credentials: credentials.items, nextCursor: credentials.nextCursor, kinds: kinds.items, connectors: facts };
  });
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const values: Record<string, string> = {};
    for (const [name, value] of form) if (name.startsWith('value.') && typeof value === 'string' && value !== '') values[name.slice(6)] = value;
    const hosts = text(form, 'hosts')
      .split(/[\s,]+/)
      .filter(Boolean);
    const ends = text(form, 'ends');
    const more = { ...(hosts.length > 0 ? { allowedHosts: hosts } : {}), ...(ends === '' ? {} : { expiresAt: `${ends}T00:00:00Z` }) };
    const made = await client.createCredential({ body: { name: text(form, 'name'), kind: text(form, 'kind'), values, ...more } });
    return { done: 'Connection stored', id: made.id };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Connections' }];

/** What fits every service comes after those that have a name. */
const isGeneric = (service: string): boolean => service === 'Any service' || service === 'Webhooks';

const head = 'px-16 pt-24 pb-8 text-15 font-semibold wide:px-24';

function Gallery({
  kinds,
  connectors,
  onPick,
}: {
  kinds: CredentialKindShape[];
  connectors: ConnectorFacts[];
  onPick: (kind: CredentialKindShape) => void;
}) {
  const { may } = useMe();
  const [query, setQuery] = useState('');
  const wanted = query.trim().toLowerCase();
  const found = kinds.filter(({ title, help, service, connectors: used }) =>
    [title, help, service, ...used].join(' ').toLowerCase().includes(wanted),
  );
  const services = [...new Set(found.map(({ service }) => service))].sort(
    (a, b) => Number(isGeneric(a)) - Number(isGeneric(b)) || a.localeCompare(b),
  );
  const why = may('credential.write') ? null : 'Only an admin stores connections';
  return (
    <section aria-label="Gallery">
      <div className="flex flex-wrap items-center justify-between gap-12 px-16 pt-24 pb-8 wide:px-24">
        <h2 className="text-15 font-semibold">Connect a service</h2>
        <Input
          aria-label="Search services"
          placeholder="Search services"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className="wide:w-[280px]"
        />
      </div>
      {services.length === 0 && <Empty title="No service fits this search">Any HTTP service works with a token, a key or OAuth 2.</Empty>}
      {services.map((service) => {
        const ways = found.filter((kind) => kind.service === service);
        const used = [...new Set(ways.flatMap((kind) => kind.connectors))].map((id) => connectors.find((each) => each.id === id)?.title ?? id);
        return (
          <section
            key={service}
            aria-label={service}
            className="grid gap-x-24 border-t border-line px-16 py-8 wide:grid-cols-[200px_minmax(0,1fr)] wide:px-24"
          >
            <div className="py-8">
              <h3 className="font-medium">{service}</h3>
              {used.length > 0 && used.join() !== service && <p className="text-12 text-muted">{used.join(', ')}</p>}
            </div>
            <ul className="flex min-w-0 flex-col">
              {ways.map((kind) => (
                <li key={kind.id} className="flex items-start justify-between gap-x-24 py-8">
                  <div className="min-w-0 flex-1">
                    <p>{kind.title}</p>
                    <p className="max-w-[640px] text-muted">{kind.help}</p>
                  </div>
                  <Button aria-label={`Connect ${kind.title}`} onClick={() => onPick(kind)} why={why}>
                    Connect
                  </Button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </section>
  );
}

/** Only what is not as it should be stands out. */
function Status({ status, warning }: { status: string; warning: 'soon' | 'ended' | null }) {
  const words = status === 'active' && warning !== null ? endWords[warning] : statusWords[status];
  if (words?.tone === 'plain') return <span className="text-muted">{words.label}</span>;
  return <Badge tone={words?.tone ?? 'plain'}>{words?.label ?? 'Revoked'}</Badge>;
}

export default function Connections({ loaderData }: Route.ComponentProps) {
  const { credentials, nextCursor, kinds, connectors } = loaderData;
  const [params] = useSearchParams();
  const [picked, setPicked] = useState<CredentialKindShape | null>(null);
  const problem = consentProblems[params.get('problem') ?? ''];
  const titleOf = (id: string) => kinds.find((kind) => kind.id === id)?.title ?? id;
  return (
    <>
      <TopBar crumbs={[{ label: 'Connections' }]} />
      {problem && (
        <p role="alert" className="border-b border-line bg-failed-soft px-16 py-12 text-failed-text wide:px-24">
          {problem}
        </p>
      )}
      {credentials.length > 0 && <h2 className={head}>Stored</h2>}
      {credentials.length === 0 ? (
        <Empty title="No connections yet" picture={<MiniRun ends={['waiting', 'queued', 'queued', 'queued', 'queued']} />}>
          Choose a service below. What you store is encrypted, and nobody can read it back.
        </Empty>
      ) : (
        <Table
          label="Connections"
          fixed
          rows={credentials}
          rowKey={({ id }) => id}
          href={({ id }) => `/connections/${id}`}
          columns={[
            { key: 'name', head: 'Name', cell: ({ name }) => <span className="font-medium">{name}</span> },
            { key: 'kind', head: 'Kind', phone: 'meta', cell: ({ kind }) => titleOf(kind) },
            {
              key: 'state',
              head: 'State',
              phone: 'end',
              className: 'wide:w-[160px]',
              cell: ({ status, expiryWarning }) => <Status status={status} warning={expiryWarning} />,
            },
            {
              key: 'used',
              head: 'Last used',
              figure: true,
              className: 'wide:w-[136px] wide:pr-24',
              cell: ({ lastUsedAt }) => <Ago at={lastUsedAt} />,
            },
          ]}
        />
      )}
      {(params.has('cursor') || nextCursor) && (
        <div className="flex gap-8 px-16 py-12 wide:px-24">
          {params.has('cursor') && <LinkButton to="/connections">Back to the first</LinkButton>}
          {nextCursor && <LinkButton to={`?cursor=${encodeURIComponent(nextCursor)}`}>Show more connections</LinkButton>}
        </div>
      )}
      <Gallery kinds={kinds} connectors={connectors} onPick={setPicked} />
      {picked && <CreateConnection kind={picked} onClose={() => setPicked(null)} />}
    </>
  );
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  return (
    <>
      <TopBar crumbs={[{ label: 'Connections' }]} />
      <ErrorPage error={error} />
    </>
  );
}
