/** Team variables: values that expressions read as `vars`. */
import { useState } from 'react';
import { data, useFetcher } from 'react-router';
import type { Route } from './+types/variables.ts';
import { act, read, text } from '../../api/hub.server.ts';
import { faultOf, isProblem, isToldAtFields, type Problem } from '../../api/problem.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input, Textarea } from '../../ui/field.tsx';
import { Empty } from '../../ui/page-states.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Table } from '../../ui/table.tsx';
import { Ago } from '../../ui/time.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { SettingsHead } from './settings-head.tsx';

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => ({ variables: (await client.listVariables({ query: { limit: 200 } })).items }));
}

/** JSON where it reads as JSON, else the text itself; `textOf` is its counterpart. */
function valueOf(given: string): unknown {
  try {
    return JSON.parse(given) as unknown;
  } catch {
    return given;
  }
}

/** As it is typed in: a text that would read as JSON stands in quotes. */
function textOf(value: unknown): string {
  return typeof value === 'string' && valueOf(value) === value ? value : JSON.stringify(value);
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const name = text(form, 'name');
    if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) {
      const problem: Problem = {
        code: 'request.invalid',
        detail: 'The name is not allowed.',
        status: 422,
        requestId: null,
        retryAfterSeconds: null,
        errors: [{ path: '/name', message: 'Letters, digits and _; not beginning with a digit.' }],
      };
      return data({ problem }, { status: 422 });
    }
    if (text(form, 'intent') === 'delete') {
      await client.deleteVariable({ params: { name } });
      return { done: `${name} deleted`, undo: { name, value: text(form, 'was') } };
    }
    // Nobody's change is lost: over what was read, and "add" never over one that is there.
    const ifMatch = Number(text(form, 'revision'));
    await client.setVariable({ params: { name }, body: { value: valueOf(text(form, 'value')) }, ifMatch });
    return { done: `${name} saved`, closed: true };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Variables' }];

interface Shown {
  name: string;
  value: string;
  revision: number;
}

function Edit({ variable, onClose }: { variable: Shown | null; onClose: () => void }) {
  const { me } = useMe();
  const fetcher = useFetcher<typeof action>();
  const answer = fetcher.data;
  const problem = answer && 'problem' in answer && isProblem(answer.problem) ? answer.problem : null;
  useAnswer(fetcher, (told) => {
    if (!('closed' in told)) return;
    showToast({ text: told.done });
    onClose();
  });
  return (
    <Sheet open onClose={onClose} title={variable ? `Change ${variable.name}` : 'Add a variable'}>
      <fetcher.Form method="post" className="flex flex-col gap-16">
        <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
        <input type="hidden" name="revision" value={variable?.revision ?? 0} />
        <Field label="Name" help="Expressions read it as vars.NAME." error={faultOf(problem, 'name')}>
          <Input
            name="name"
            required
            readOnly={variable !== null}
            defaultValue={variable?.name}
            autoFocus={!variable}
            className="font-mono text-12"
          />
        </Field>
        <Field
          label="Value"
          help="Text, or JSON such as 12, true or a list. Not for secrets: those are credentials."
          error={faultOf(problem, 'value')}
        >
          <Textarea name="value" code rows={5} defaultValue={variable?.value} />
        </Field>
        {problem && !isToldAtFields(problem, ['name', 'value']) && (
          <p role="alert" className="text-failed-text">
            {problem.code !== 'request.stale'
              ? problem.detail
              : variable
                ? 'Somebody else changed it in the meantime. Close this, look at the new value, and change that.'
                : 'There is a variable of this name already. Change that one, or choose another name.'}
          </p>
        )}
        <p>
          <Button kind="main" type="submit" why={fetcher.state !== 'idle' ? 'Saving' : null}>
            Save the variable
          </Button>
        </p>
      </fetcher.Form>
    </Sheet>
  );
}

export default function Variables({ loaderData }: Route.ComponentProps) {
  const { me, may } = useMe();
  const fetcher = useFetcher<typeof action>();
  const [editing, setEditing] = useState<Shown | 'new' | null>(null);
  const send = (fields: Record<string, string>): void => void fetcher.submit({ ...fields, _csrf: me.csrfToken ?? '' }, { method: 'post' });
  useAnswer(fetcher, (answer) => {
    if ('problem' in answer) {
      if (isProblem(answer.problem)) showToast({ text: 'This did not work', more: answer.problem.detail, tone: 'failed' });
      return;
    }
    const undo = 'undo' in answer ? answer.undo : null;
    showToast({ text: answer.done, ...(undo ? { undo: () => send(undo) } : {}) });
  });
  const write = may('variable.write');
  return (
    <>
      <SettingsHead title="Variables" about="Values that every workflow of the team can read as vars. Not for secrets.">
        <Button kind="main" onClick={() => setEditing('new')} why={write ? null : 'Your role cannot change variables'}>
          Add a variable
        </Button>
      </SettingsHead>
      {loaderData.variables.length === 0 ? (
        <Empty title="No variables yet">Values that many workflows share, such as a region or a list of addresses.</Empty>
      ) : (
        <Table
          label="Variables"
          rows={loaderData.variables}
          rowKey={({ name }) => name}
          columns={[
            { key: 'name', head: 'Name', cell: ({ name }) => <span className="font-mono text-12 [overflow-wrap:anywhere]">{name}</span> },
            {
              key: 'value',
              head: 'Value',
              phone: 'meta',
              className: 'wide:w-[50%] wide:max-w-0',
              cell: ({ value }) => (
                <span className="block truncate font-mono text-12" title={textOf(value)}>
                  {textOf(value)}
                </span>
              ),
            },
            { key: 'changed', head: 'Changed', figure: true, cell: ({ updatedAt }) => <Ago at={updatedAt} /> },
          ]}
          actions={({ name, value, revision }) =>
            write ? (
              <span className="inline-flex gap-4">
                <Button kind="quiet" aria-label={`Change ${name}`} onClick={() => setEditing({ name, value: textOf(value), revision })}>
                  Change
                </Button>
                <Button kind="quiet" aria-label={`Delete ${name}`} onClick={() => send({ intent: 'delete', name, was: textOf(value) })}>
                  Delete
                </Button>
              </span>
            ) : null
          }
        />
      )}
      {editing && <Edit variable={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}
