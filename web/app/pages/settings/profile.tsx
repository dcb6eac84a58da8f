/** Who I am, in which teams, and how it looks. */
import { Form, useNavigation } from 'react-router';
import type { Route } from './+types/profile.ts';
import { act, text } from '../../api/hub.server.ts';
import { faultOf, isProblem } from '../../api/problem.ts';
import type { Theme } from '../../api/prefs.ts';
import { useTheme } from '../../shell/use-theme.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';

export const meta: Route.MetaFunction = () => [{ title: 'Settings' }];

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    await client.updateTeam({ body: { name: text(form, 'name') } });
    return { saved: true };
  });
}

const themes: [Theme, string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

function Look() {
  const [theme, change] = useTheme();
  return (
    <fieldset className="flex flex-col gap-8">
      <legend className="mb-8 text-15 font-semibold">Look</legend>
      {themes.map(([value, label]) => (
        <label key={value} className="flex items-center gap-8">
          <input type="radio" name="theme" value={value} checked={theme === value} onChange={() => change(value)} className="accent-[var(--ink)]" />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

export default function Profile({ actionData }: Route.ComponentProps) {
  const { me, may } = useMe();
  const busy = useNavigation().state === 'submitting';
  const problem = actionData && 'problem' in actionData && isProblem(actionData.problem) ? actionData.problem : null;
  return (
    <div className="flex max-w-[560px] flex-col gap-32 px-16 py-24 wide:px-24">
      <section className="flex flex-col gap-8">
        <h2 className="text-15 font-semibold">You</h2>
        <dl className="grid grid-cols-[120px_1fr] gap-y-4">
          <dt className="text-muted">Name</dt>
          <dd>{me.user?.name}</dd>
          <dt className="text-muted">E-mail</dt>
          <dd>{me.user?.email}</dd>
          <dt className="text-muted">Role</dt>
          <dd>{me.role}</dd>
        </dl>
      </section>
      {me.team && (
        <Form method="post" className="flex flex-col gap-12">
          <h2 className="text-15 font-semibold">Team</h2>
          <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
          <Field
            label="Name of the team"
            error={faultOf(problem, 'name') ?? problem?.detail}
            help={actionData && 'saved' in actionData ? 'Saved.' : undefined}
          >
            <Input name="name" defaultValue={me.team.name} required maxLength={100} disabled={!may('team.write')} />
          </Field>
          <p>
            <Button type="submit" why={may('team.write') ? (busy ? 'Saving' : null) : 'Only an owner renames the team'}>
              Rename the team
            </Button>
          </p>
        </Form>
      )}
      <Look />
    </div>
  );
}
