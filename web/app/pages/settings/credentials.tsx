/** Credentials: stored once, used by id, never shown again to anyone. */
import { useState } from 'react';
import { useFetcher } from 'react-router';
import type { Route } from './+types/credentials.ts';
import { act, read, text } from '../../api/hub.server.ts';
import { faultOf, isProblem, isToldAtFields } from '../../api/problem.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmByName } from '../../ui/confirm-by-name.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { SettingsHead } from './settings-head.tsx';

interface KindForm {
  label: string;
  fields: { name: string; label: string; secret?: boolean; optional?: boolean; help?: string }[];
  /** The provider's own hosts are the default. */
  ownHosts?: boolean;
}

const kinds = {
  bearer: { label: 'Bearer token', fields: [{ name: 'token', label: 'Token', secret: true }] },
  'api-key': {
    label: 'API key in a header',
    fields: [
      { name: 'header', label: 'Header', help: 'Such as x-api-key.' },
      { name: 'value', label: 'Key', secret: true },
    ],
  },
  basic: {
    label: 'User and password',
    fields: [
      { name: 'username', label: 'User' },
      { name: 'password', label: 'Password', secret: true },
    ],
  },
  header: {
    label: 'Any header',
    fields: [
      { name: 'name', label: 'Header' },
      { name: 'value', label: 'Value', secret: true },
    ],
  },
  openai: {
    label: 'OpenAI',
    ownHosts: true,
    fields: [
      { name: 'apiKey', label: 'API key', secret: true },
      { name: 'baseUrl', label: 'Base URL', optional: true, help: 'For a compatible service.' },
    ],
  },
  anthropic: {
    label: 'Anthropic',
    ownHosts: true,
    fields: [
      { name: 'apiKey', label: 'API key', secret: true },
      { name: 'baseUrl', label: 'Base URL', optional: true },
    ],
  },
} as const satisfies Record<string, KindForm>;
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as Kind[];
const formOf = (kind: string): KindForm | undefined => (Object.hasOwn(kinds, kind) ? kinds[kind as Kind] : undefined);

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => ({ credentials: (await client.listCredentials({ query: { limit: 200 } })).items }));
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    if (text(form, 'intent') === 'delete') {
      await client.deleteCredential({ params: { id: text(form, 'id') } });
      return { done: 'Credential deleted' };
    }
    const kind = kindNames.find((each) => each === text(form, 'kind')) ?? 'bearer';
    const values = Object.fromEntries(kinds[kind].fields.map(({ name }) => [name, text(form, `value.${name}`)]).filter(([, value]) => value !== ''));
    const hosts = text(form, 'hosts')
      .split(/[\s,]+/)
      .filter(Boolean);
    await client.createCredential({ body: { name: text(form, 'name'), kind, values, ...(hosts.length > 0 ? { allowedHosts: hosts } : {}) } });
    return { done: 'Credential stored', closed: true };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Credentials' }];

function Create({ onClose }: { onClose: () => void }) {
  const { me } = useMe();
  const fetcher = useFetcher<typeof action>();
  const [kind, setKind] = useState<Kind>('bearer');
  const answer = fetcher.data;
  const problem = answer && 'problem' in answer && isProblem(answer.problem) ? answer.problem : null;
  const form: KindForm = kinds[kind];
  useAnswer(fetcher, (told) => {
    if (!('closed' in told)) return;
    showToast({ text: told.done });
    onClose();
  });
  return (
    <Sheet open onClose={onClose} title="Store a credential">
      <fetcher.Form method="post" autoComplete="off" className="flex flex-col gap-16">
        <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
        <Field label="Name" error={faultOf(problem, 'name')}>
          <Input name="name" required maxLength={200} autoFocus />
        </Field>
        <Field label="Kind">
          <Select
            name="kind"
            value={kind}
            onChange={(next) => setKind(next as Kind)}
            options={kindNames.map((value) => ({ value, label: kinds[value].label }))}
          />
        </Field>
        {form.fields.map((field) => (
          <Field
            key={`${kind}.${field.name}`}
            label={field.label}
            optional={field.optional ?? false}
            help={field.secret ? 'Encrypted; nobody can read it back.' : field.help}
            error={faultOf(problem, `values/${field.name}`)}
          >
            <Input name={`value.${field.name}`} type={field.secret ? 'password' : 'text'} autoComplete="off" required={!field.optional} />
          </Field>
        ))}
        <Field
          label="Allowed hosts"
          optional={form.ownHosts ?? false}
          help="It is sent to these hosts only. Such as api.example.com or *.example.com."
          error={faultOf(problem, 'allowedHosts')}
        >
          <Input name="hosts" required={!form.ownHosts} />
        </Field>
        {problem && !isToldAtFields(problem, ['name', 'values', 'allowedHosts']) && (
          <p role="alert" className="text-failed-text">
            {problem.detail}
          </p>
        )}
        <p>
          <Button kind="main" type="submit" why={fetcher.state !== 'idle' ? 'Storing' : null}>
            Store the credential
          </Button>
        </p>
      </fetcher.Form>
    </Sheet>
  );
}

export default function Credentials({ loaderData }: Route.ComponentProps) {
  const { me, may } = useMe();
  const fetcher = useFetcher<typeof action>();
  const [creating, setCreating] = useState(false);
  const [asked, setAsked] = useState<{ id: string; name: string } | null>(null);
  useAnswer(fetcher, (answer) => {
    if ('done' in answer) showToast({ text: answer.done });
    else if (isProblem(answer.problem)) showToast({ text: 'This did not work', more: answer.problem.detail, tone: 'failed' });
  });
  const write = may('credential.write');
  return (
    <>
      <SettingsHead title="Credentials" about="Keys of services and models that steps use by name. Values are encrypted; nobody can read them back.">
        <Button kind="main" onClick={() => setCreating(true)} why={write ? null : 'Only an admin stores credentials'}>
          Store a credential
        </Button>
      </SettingsHead>
      {loaderData.credentials.length === 0 ? (
        <Empty title="No credentials yet">Keys of models and services that steps use by name. Values are encrypted and cannot be read back.</Empty>
      ) : (
        <Table
          label="Credentials"
          rows={loaderData.credentials}
          rowKey={({ id }) => id}
          columns={[
            { key: 'name', head: 'Name', cell: (credential) => <span className="font-medium">{credential.name}</span> },
            { key: 'kind', head: 'Kind', phone: 'meta', cell: (credential) => formOf(credential.kind)?.label ?? credential.kind },
            {
              key: 'hosts',
              head: 'Sent to',
              className: 'wide:max-w-[280px] truncate',
              cell: (credential) => <span className="text-muted">{credential.allowedHosts.join(', ')}</span>,
            },
            { key: 'used', head: 'Last used', figure: true, cell: (credential) => <Ago at={credential.lastUsedAt} /> },
          ]}
          actions={(credential) =>
            write ? (
              <Button kind="quiet" aria-label={`Delete ${credential.name}`} onClick={() => setAsked({ id: credential.id, name: credential.name })}>
                Delete
              </Button>
            ) : null
          }
        />
      )}
      {creating && <Create onClose={() => setCreating(false)} />}
      <ConfirmByName
        what="credential"
        name={asked?.name ?? null}
        loss="Steps that use it will fail. Its value is gone for good."
        onClose={() => setAsked(null)}
        onConfirm={() => {
          if (asked) void fetcher.submit({ intent: 'delete', id: asked.id, _csrf: me.csrfToken ?? '' }, { method: 'post' });
          setAsked(null);
        }}
      />
    </>
  );
}
