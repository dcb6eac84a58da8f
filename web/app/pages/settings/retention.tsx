/** How long ended runs are kept, and what is never removed. */
import { useState } from 'react';
import { data, useFetcher } from 'react-router';
import type { Route } from './+types/retention.ts';
import { act, read, text } from '../../api/hub.server.ts';
import { isProblem, type Problem } from '../../api/problem.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { plural } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { SettingsHead } from './settings-head.tsx';

const most = 3650;

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => ({ retention: await client.getRetention() }));
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const given = text(form, 'days').trim();
    const days = given === '' ? null : Number(given);
    if (days !== null && (!Number.isInteger(days) || days < 1 || days > most)) {
      const problem: Problem = {
        code: 'request.invalid',
        detail: `Whole days, from 1 to ${most}.`,
        status: 422,
        requestId: null,
        retryAfterSeconds: null,
        errors: [{ path: '/days', message: `Whole days, from 1 to ${most}.` }],
      };
      return data({ problem }, { status: 422 });
    }
    const saved = await client.setRetention({ body: { days } });
    return { done: `Ended runs are kept for ${plural(saved.days, 'day')}` };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Retention' }];

const kept: { what: string; why: string }[] = [
  { what: 'Runs with a note', why: 'Kept for good. Write one on the page of the run; take it away, and the run goes with the others.' },
  { what: 'Runs that are not over', why: 'However long they wait. Their time counts from their end.' },
  { what: 'Runs that an open run started', why: 'Kept until the one that started them is over.' },
  { what: 'Totals for the plan', why: 'Removed runs still count for the month they ran in.' },
];

export default function Retention({ loaderData: { retention } }: Route.ComponentProps) {
  const { me, may } = useMe();
  const fetcher = useFetcher<typeof action>();
  const [own, setOwn] = useState(retention.chosen !== null);
  const [days, setDays] = useState(String(retention.chosen ?? retention.byPlan));
  useAnswer(fetcher, (told) => {
    if ('done' in told) showToast({ text: told.done });
  });
  const answer = fetcher.data;
  const problem = answer && 'problem' in answer && isProblem(answer.problem) ? answer.problem : null;
  const wanted = own ? Number(days) : retention.byPlan;
  const changed = own !== (retention.chosen !== null) || (own && wanted !== retention.chosen);
  const why = !may('team.write')
    ? 'Only an owner or admin can change this'
    : fetcher.state !== 'idle'
      ? 'Saving'
      : changed
        ? null
        : 'Nothing is changed yet';
  return (
    <>
      <SettingsHead
        title="Retention"
        about="Ended runs older than this are removed with their steps, events and values. Within the hour, and they cannot be brought back."
      />
      <fetcher.Form method="post" className="flex flex-col items-start gap-16 border-t border-line px-16 py-16 wide:px-24">
        <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
        <Segmented
          label="Kept for"
          value={own ? 'own' : 'plan'}
          onChange={(next) => setOwn(next === 'own')}
          options={[
            { value: 'plan', label: `As the plan says: ${plural(retention.byPlan, 'day')}` },
            { value: 'own', label: 'Chosen by us' },
          ]}
        />
        {own ? (
          <Field label="Days after the end of a run" className="w-full max-w-[240px]" error={problem?.errors[0]?.message ?? null}>
            <Input
              name="days"
              type="number"
              inputMode="numeric"
              min={1}
              max={most}
              required
              value={days}
              onChange={(event) => setDays(event.currentTarget.value)}
            />
          </Field>
        ) : (
          <input type="hidden" name="days" value="" />
        )}
        {problem && problem.errors.length === 0 && (
          <p role="alert" className="text-failed-text">
            {problem.detail}
          </p>
        )}
        {changed && wanted < retention.days && (
          <p className="text-muted">Runs that ended more than {plural(wanted, 'day')} ago are removed within the hour.</p>
        )}
        <Button kind="main" type="submit" why={why}>
          {own && Number.isInteger(wanted) && wanted > 0 ? `Keep runs for ${plural(wanted, 'day')}` : 'Keep runs as the plan says'}
        </Button>
      </fetcher.Form>
      <h3 className="px-16 pt-8 pb-8 font-semibold wide:px-24">Never removed</h3>
      <dl className="border-t border-line">
        {kept.map(({ what, why: reason }) => (
          <div key={what} className="grid gap-x-24 gap-y-4 border-b border-line px-16 py-12 wide:grid-cols-[240px_minmax(0,1fr)] wide:px-24">
            <dt className="font-medium">{what}</dt>
            <dd className="text-muted">{reason}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
