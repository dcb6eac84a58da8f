/** Stores a credential: the form of its kind, in a sheet. */
import type { CredentialKindShape } from '@hub/contract';
import { useFetcher, useNavigate } from 'react-router';
import { faultOf, isProblem, isToldAtFields } from '../../api/problem.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy.tsx';
import { Field, Input, Textarea } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import type { action } from './list.tsx';

type KindField = CredentialKindShape['fields'][number];

function Control({ field }: { field: KindField }) {
  const name = `value.${field.name}`;
  if (field.input === 'choice') return <Select name={name} defaultValue={field.fallback ?? field.choices[0]?.value ?? ''} options={field.choices} />;
  if (field.input === 'lines') return <Textarea name={name} rows={6} required={field.required} autoComplete="off" spellCheck={false} />;
  return (
    <Input
      name={name}
      type={field.secret ? 'password' : 'text'}
      defaultValue={field.secret ? '' : (field.fallback ?? '')}
      required={field.required && field.fallback === null}
      autoComplete="off"
    />
  );
}

/** What to do at the provider before somebody can connect: the redirect URL to copy, the scopes, the provider's page. */
export function ProviderSteps({ kind, stored }: { kind: CredentialKindShape; stored?: boolean }) {
  const { oauth, docsUrl } = kind;
  return (
    <div className="flex flex-col gap-8 rounded-panel border border-line bg-sunk p-12">
      {oauth && (
        <>
          <div className="flex flex-wrap items-center justify-between gap-8">
            <span className="font-medium">Redirect URL</span>
            <CopyButton text={oauth.redirectUrl} label="Copy the redirect URL" />
          </div>
          <code className="font-mono text-12 break-all">{oauth.redirectUrl}</code>
          <ol className="flex list-decimal flex-col gap-4 pl-16 text-muted">
            {/* The last one is to paste what the form asks for: done, where the connection is stored. */}
            {(stored ? oauth.steps.slice(0, -1) : oauth.steps).map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          {oauth.scopes.length > 0 && (
            <ul aria-label="Scopes" className="flex flex-col gap-4">
              {oauth.scopes.map(({ scope, why }) => (
                <li key={scope} className="text-12">
                  <code className="font-mono break-all">{scope}</code> <span className="text-muted">to {why}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      {docsUrl && (
        <a href={docsUrl} target="_blank" rel="noreferrer" className="text-link hover:underline">
          Open the page of {kind.service}
        </a>
      )}
    </div>
  );
}

export function CreateConnection({ kind, onClose }: { kind: CredentialKindShape; onClose: () => void }) {
  const { me } = useMe();
  const navigate = useNavigate();
  const fetcher = useFetcher<typeof action>();
  const problem = fetcher.data && 'problem' in fetcher.data && isProblem(fetcher.data.problem) ? fetcher.data.problem : null;
  useAnswer(fetcher, (told) => {
    if ('id' in told) void navigate(`/connections/${String(told.id)}`);
  });
  return (
    <Sheet open onClose={onClose} title={kind.title}>
      <fetcher.Form method="post" autoComplete="off" className="flex flex-col gap-16">
        <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
        <input type="hidden" name="kind" value={kind.id} />
        <p className="text-muted">{kind.help}</p>
        {(kind.oauth || kind.docsUrl) && <ProviderSteps kind={kind} />}
        <Field label="Name" error={faultOf(problem, 'name')}>
          <Input name="name" required maxLength={200} defaultValue={kind.title} autoFocus />
        </Field>
        {kind.fields.map((field) => (
          <Field
            key={field.name}
            label={field.label}
            optional={!field.required && field.input !== 'choice'}
            help={[field.help, field.secret ? 'Encrypted; nobody can read it back.' : ''].filter(Boolean).join(' ')}
            error={faultOf(problem, `values/${field.name}`)}
          >
            <Control field={field} />
          </Field>
        ))}
        {!kind.hostsFixed && (
          <Field
            label="Allowed hosts"
            optional={kind.hosts !== null}
            help={
              kind.hosts !== null && kind.hosts.length > 0
                ? `Empty: ${kind.hosts.join(', ')}. It is sent to these hosts only.`
                : 'It is sent to these hosts only. Such as api.example.com or *.example.com.'
            }
            error={faultOf(problem, 'allowedHosts')}
          >
            <Input name="hosts" required={kind.hosts === null} />
          </Field>
        )}
        {kind.grant === 'stored' && (
          <Field
            label="Ends on"
            optional
            help="Its people are told 7 days before, 1 day before, and at its end."
            error={faultOf(problem, 'expiresAt')}
          >
            <Input name="ends" type="date" />
          </Field>
        )}
        {problem && !isToldAtFields(problem, ['name', 'values', 'allowedHosts', 'expiresAt']) && (
          <p role="alert" className="text-failed-text">
            {problem.detail}
          </p>
        )}
        <p>
          <Button kind="main" type="submit" why={fetcher.state === 'idle' ? null : 'Storing'}>
            {kind.grant === 'authorization-code' ? 'Store and go on' : 'Store the connection'}
          </Button>
        </p>
      </fetcher.Form>
    </Sheet>
  );
}
