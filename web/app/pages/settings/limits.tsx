/** What the plan allows and how much of it is used; how many runs may run at once is the team's own choice. */
import { useState } from 'react';
import type { TeamLimits } from '@hub/contract';
import { data, useFetcher } from 'react-router';
import type { Route } from './+types/limits.ts';
import { act, read, text } from '../../api/hub.server.ts';
import { isProblem, type Problem } from '../../api/problem.ts';
import { useMe } from '../../shell/use-me.ts';
import { Button } from '../../ui/button.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { formatBytes, formatWhole, plural } from '../../ui/format.ts';
import { showToast } from '../../ui/toast.tsx';
import { useAnswer } from '../../ui/use-answer.ts';
import { SettingsHead } from './settings-head.tsx';

const mostAtOnce = 10_000;

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => ({ limits: await client.getTeamLimits() }));
}

export async function action({ request, context }: Route.ActionArgs) {
  return act({ request, context }, async ({ client }, form) => {
    const runsAtOnce = Number(text(form, 'runsAtOnce').trim() || Number.NaN);
    if (!Number.isInteger(runsAtOnce) || runsAtOnce < 1 || runsAtOnce > mostAtOnce) {
      const message = `A whole number, from 1 to ${formatWhole(mostAtOnce)}.`;
      const problem: Problem = {
        code: 'request.invalid',
        detail: message,
        status: 422,
        requestId: null,
        retryAfterSeconds: null,
        errors: [{ path: '/runsAtOnce', message }],
      };
      return data({ problem }, { status: 422 });
    }
    await client.setTeamLimits({ body: { runsAtOnce } });
    return { done: `${plural(runsAtOnce, 'run')} at once` };
  });
}

export const meta: Route.MetaFunction = () => [{ title: 'Limits' }];

type Name = Exclude<keyof TeamLimits, 'plan'>;
const rows: { name: Name; label: string; about: string; write?: (value: number) => string }[] = [
  { name: 'runsAtOnce', label: 'Runs at once', about: 'Further ones wait in the queue; none is lost.' },
  { name: 'runsThisMonth', label: 'Runs this month', about: 'Without test runs, since the first, UTC.' },
  { name: 'activeWorkflows', label: 'Active workflows', about: 'Paused and archived ones do not count.' },
  { name: 'members', label: 'Members', about: 'People in this team.' },
  { name: 'fileBytes', label: 'Files', about: 'Uploaded and written by runs.', write: formatBytes },
];
const plans: Record<string, string> = { free: 'Free', teams: 'Teams', enterprise: 'Enterprise' };

/** Ink, not a warning colour: those belong to runs. What is nearly used up says so in words. */
function Meter({ used, most }: { used: number; most: number }) {
  const share = Math.min(1, most === 0 ? 1 : used / most);
  return (
    <svg width="100%" height="6" className="block" aria-hidden>
      <rect width="100%" height="6" rx="3" className="fill-press" />
      <rect width={`${Math.max(share * 100, used > 0 ? 1 : 0)}%`} height="6" rx="3" className="fill-ink" />
    </svg>
  );
}

function nearly(used: number, most: number | null): string {
  if (most === null) return '';
  return used >= most ? ', used up' : used >= most * 0.8 ? ', nearly used up' : '';
}

export default function Limits({ loaderData }: Route.ComponentProps) {
  const { limits } = loaderData;
  return (
    <>
      <SettingsHead title="Limits" about={`The plan of this team is ${plans[limits.plan] ?? limits.plan}. Its owner can have it changed.`} />
      <dl className="border-t border-line">
        {rows.map(({ name, label, about, write = formatWhole }) => {
          const { used, most } = limits[name];
          return (
            <div
              key={name}
              className="grid items-center gap-x-24 gap-y-4 border-b border-line px-16 py-12 wide:grid-cols-[minmax(0,1fr)_240px_220px] wide:px-24"
            >
              <dt>
                <span className="font-medium">{label}</span> <span className="text-muted max-wide:block">{about}</span>
              </dt>
              <dd className="max-wide:order-last">{most !== null && <Meter used={used} most={most} />}</dd>
              <dd className="tabular wide:text-right">
                {write(used)}
                <span className="text-muted">{most === null ? ', no limit' : ` of ${write(most)}${nearly(used, most)}`}</span>
              </dd>
            </div>
          );
        })}
      </dl>
      <RunsAtOnce most={limits.runsAtOnce.most ?? mostAtOnce} />
    </>
  );
}

function RunsAtOnce({ most }: { most: number }) {
  const { me, may } = useMe();
  const fetcher = useFetcher<typeof action>();
  const [wanted, setWanted] = useState(String(most));
  useAnswer(fetcher, (told) => {
    if ('done' in told) showToast({ text: told.done });
  });
  const answer = fetcher.data;
  const problem = answer && 'problem' in answer && isProblem(answer.problem) ? answer.problem : null;
  const why = !may('team.write')
    ? 'Only an owner can change this'
    : fetcher.state !== 'idle'
      ? 'Saving'
      : Number(wanted) === most
        ? 'Nothing is changed yet'
        : null;
  return (
    <fetcher.Form method="post" className="flex flex-col items-start gap-16 px-16 py-16 wide:px-24">
      <input type="hidden" name="_csrf" value={me.csrfToken ?? ''} />
      <Field
        label="Runs at once"
        help="Over all workflows of the team. More than that wait in the queue; a lower number stops nothing that runs."
        className="w-full max-w-[240px]"
        error={problem?.errors[0]?.message ?? problem?.detail ?? null}
      >
        <Input
          name="runsAtOnce"
          type="number"
          inputMode="numeric"
          min={1}
          max={mostAtOnce}
          required
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
      </Field>
      <Button kind="main" type="submit" why={why}>
        Save runs at once
      </Button>
    </fetcher.Form>
  );
}
