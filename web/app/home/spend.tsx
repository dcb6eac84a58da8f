/** What runs cost lately: the sum against the time before, a small plot, and which workflows it was. */
import type { Spend as SpendData } from '@hub/contract';
import { Link } from 'react-router';
import { formatMoney, plural } from '../ui/format.ts';
import { Money } from '../ui/time.tsx';
import { SpendPlot } from './spend-plot.tsx';

function against(now: number, before: number): string {
  if (before === 0) return 'nothing in the 30 days before';
  const percent = Math.round(((now - before) / before) * 100);
  const words = percent === 0 ? 'as much as' : percent > 0 ? `${percent}% more than` : `${-percent}% less than`;
  return `${words} in the 30 days before`;
}

export function Spend({ spend }: { spend: SpendData }) {
  const runs = spend.days.reduce((sum, day) => sum + day.runs, 0);
  return (
    <div className="grid gap-x-48 gap-y-16 border-t border-line px-16 py-16 wide:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] wide:px-24">
      <div className="flex min-w-0 flex-col gap-12">
        <p className="tabular">
          <span className="text-18 font-semibold">{formatMoney(spend.costUsd)}</span>{' '}
          <span className="text-muted">
            in 30 days, {plural(runs, 'run')}; {against(spend.costUsd, spend.before.costUsd)}
          </span>
        </p>
        <SpendPlot days={spend.days} />
      </div>
      <ul aria-label="Dearest workflows" className="flex min-w-0 flex-col">
        {spend.workflows.map(({ workflowId, workflowName, costUsd, runs: count }) => (
          <li key={workflowId} className="relative flex h-row items-center gap-12 border-b border-line last:border-b-0 hover:bg-hover">
            <Link to={`/workflows/${workflowId}/runs`} className="focus-inset min-w-0 flex-1 truncate after:absolute after:inset-0">
              {workflowName}
            </Link>
            <span className="tabular text-12 whitespace-nowrap text-muted">{plural(count, 'run')}</span>
            <Money usd={costUsd} className="tabular w-[72px] text-right" />
          </li>
        ))}
      </ul>
    </div>
  );
}
