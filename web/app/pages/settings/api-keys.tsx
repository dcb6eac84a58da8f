/** API keys: made once, shown once, revoked at once. */
import { useState } from 'react';
import { useFetcher } from 'react-router';
import type { Route } from './+types/api-keys.ts';
import { act, read, text } from '../../api/hub.server.ts';
import { faultOf, isProblem } from '../../api/problem.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmByName } from '../../ui/confirm-by-name.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { SettingsHead } from './settings-head.tsx';

const scopes = [
  { value: 'runner', label: 'Runner', hint: 'reads everything, starts and cancels runs' },
  { value: 'viewer', label: 'Viewer', hint: 'reads everything' },
  { value: 'editor', label: 'Editor', hint: 'also changes and publishes workflows' },
  { value: 'admin', label: 'Admin', hint: 'also people, keys and credentials' },
] as const;
const scopeWord = (scope: string): string => (scope === '*' ? 'Everything' : (scopes.find(({ value }) => value === scope)?.label ?? scope));
const lives = [
  { value: '90', label: '90 days' },
  { value: '365', label: 'One year' },
  { value: '', label: 'No end' },
] as const;

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => ({ keys: (await client.listApiKeys({ query: { limit: 200 } })).items }));
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    if (text(form, 'intent') === 'revoke') {
      await client.deleteApiKey({ params: { id: text(form, 'id') } });
      return { revoked: true };
    }
    const days = Number(text(form, 'days'));
    const made = await client.createApiKey({
      body: {
        name: text(form, 'name'),
        scopes: [text(form, 'scope') || 'viewer'],
        ...(days > 0 ? { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() } : {}),
      },
    });
    return { key: made.key };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'API keys' }];

function Create({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { me } = useMe();
  const fetcher = useFetcher<typeof action>({ key: `make-${open}` });
  const answer = fetcher.data;
  const problem = answer && 'problem' in answer && isProblem(answer.problem) ? answer.problem : null;
  const key = answer && 'key' in answer ? answer.key : null;
  return (
    <Sheet open={open} onClose={onClose} title={key ? 'Keep this key' : 'Create an API key'}>
      {key ? (
        <div className="flex flex-col gap-16">
          <p>It is shown this once; only its hash is stored.</p>
          <p className="flex items-center gap-8 rounded-panel border border-line bg-sunk p-12 font-mono text-12 break-all">
            {key}
            <CopyButton text={key} label="Copy the key" />
          </p>
          <p>
            <Button kind="main" onClick={onClose}>
              Done
            </Button>
          </p>
        </div>
      ) : (
        <fetcher.Form method="post" className="flex flex-col gap-16">
          <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
          <input type="hidden" name="intent" value="create" />
          <Field label="Name" help="Who or what uses it." error={faultOf(problem, 'name')}>
            <Input name="name" required maxLength={100} autoFocus />
          </Field>
          <Field label="What it may do" error={faultOf(problem, 'scopes')}>
            <Select name="scope" defaultValue="runner" options={scopes} />
          </Field>
          <Field label="How long it works">
            <Select name="days" defaultValue="90" options={lives} />
          </Field>
          {problem && problem.errors.length === 0 && (
            <p role="alert" className="text-failed-text">
              {problem.detail}
            </p>
          )}
          <p>
            <Button kind="main" type="submit" why={fetcher.state !== 'idle' ? 'Creating' : null}>
              Create the key
            </Button>
          </p>
        </fetcher.Form>
      )}
    </Sheet>
  );
}

export default function ApiKeys({ loaderData }: Route.ComponentProps) {
  const { me, may } = useMe();
  const fetcher = useFetcher<typeof action>();
  const [creating, setCreating] = useState(false);
  const [asked, setAsked] = useState<{ id: string; name: string } | null>(null);
  useAnswer(fetcher, (answer) => {
    if ('revoked' in answer) showToast({ text: 'Key revoked', more: 'Requests with it are refused from now on.' });
    if ('problem' in answer && isProblem(answer.problem)) showToast({ text: 'This did not work', more: answer.problem.detail, tone: 'failed' });
  });
  const write = may('api-key.write');
  return (
    <>
      <SettingsHead title="API keys" about="For programs that call the hub. A key never does more than the person who made it may.">
        <Button kind="main" onClick={() => setCreating(true)} why={write ? null : 'Only an admin creates keys'}>
          Create an API key
        </Button>
      </SettingsHead>
      {loaderData.keys.length === 0 ? (
        <Empty
          title="No keys yet"
          link={
            <a href="/docs" className="text-link hover:underline">
              Read the API docs
            </a>
          }
        >
          A key lets a script or another product call the API for this team.
        </Empty>
      ) : (
        <Table
          label="API keys"
          rows={loaderData.keys}
          rowKey={({ id }) => id}
          columns={[
            { key: 'name', head: 'Name', cell: (key) => <span className="font-medium">{key.name}</span> },
            {
              key: 'prefix',
              head: 'Begins with',
              phone: 'meta',
              cell: (key) => (
                <span className="min-w-0 truncate text-muted">
                  <span className="font-mono text-12">{key.prefix}…</span>
                  <span className="wide:hidden">
                    {' '}
                    {key.lastUsedAt ? 'used ' : 'never used'}
                    {key.lastUsedAt && <Ago at={key.lastUsedAt} />}
                  </span>
                </span>
              ),
            },
            { key: 'scopes', head: 'May do', cell: (key) => key.scopes.map(scopeWord).join(', ') },
            { key: 'used', head: 'Last used', figure: true, cell: (key) => <Ago at={key.lastUsedAt} /> },
            {
              key: 'ends',
              head: 'Ends',
              figure: true,
              cell: (key) => (key.expiresAt ? <Ago at={key.expiresAt} /> : <span className="text-muted">no end</span>),
            },
          ]}
          actions={(key) =>
            write ? (
              <Button kind="quiet" aria-label={`Revoke ${key.name}`} onClick={() => setAsked({ id: key.id, name: key.name })}>
                Revoke
              </Button>
            ) : null
          }
        />
      )}
      <Create key={String(creating)} open={creating} onClose={() => setCreating(false)} />
      <ConfirmByName
        what="key"
        verb="Revoke"
        name={asked?.name ?? null}
        loss="Whatever uses this key stops working at once. It cannot be brought back."
        onClose={() => setAsked(null)}
        onConfirm={() => {
          if (asked) void fetcher.submit({ intent: 'revoke', id: asked.id, _csrf: me.csrfToken ?? '' }, { method: 'post' });
          setAsked(null);
        }}
      />
    </>
  );
}
