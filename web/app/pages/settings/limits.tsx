/** What the plan allows and how much of it is used; and what this month cost. */
import type { TeamLimits } from '@hub/contract';
import type { Route } from './+types/limits.ts';
import { read } from '../../api/hub.server.ts';
import { formatBytes, formatWhole } from '../../ui/format.ts';
import { SettingsHead } from './settings-head.tsx';

export async function loader({ request, context }: Route.LoaderArgs) {
  return read({ request, context }, async (client) => ({ limits: await client.getTeamLimits() }));
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
    </>
  );
}
