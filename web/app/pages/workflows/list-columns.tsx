/** The columns of the workflow list. */
import { RunsStrip } from '../../ui/run-strip.tsx';
import { WorkflowStatus } from '../../run/workflow-status.tsx';
import type { Column } from '../../ui/table.tsx';
import { Ago, Money } from '../../ui/time.tsx';
import type { Listed } from './list-data.server.ts';
import { triggerWord } from './list-filters.ts';

const none = <span className="text-faint">–</span>;

/** When it starts next by itself; else what starts it. */
function Starts({ workflow }: { workflow: Listed }) {
  if (workflow.nextFireAt && workflow.status === 'active') return <Ago at={workflow.nextFireAt} />;
  const types = workflow.triggerTypes.map(triggerWord);
  return types.length > 0 ? <span className="text-muted">{types.join(', ')}</span> : none;
}

function Name({ workflow }: { workflow: Listed }) {
  return (
    <span className="block truncate" title={workflow.name}>
      {workflow.name}
      {workflow.tags.map((tag) => (
        <span key={tag} className="ml-8 rounded-control border border-line px-4 text-12 font-normal text-muted max-wide:hidden">
          {tag}
        </span>
      ))}
    </span>
  );
}

export const workflowColumns: Column<Listed>[] = [
  { key: 'name', head: 'Workflow', className: 'wide:w-[32%]', cell: (workflow) => <Name workflow={workflow} /> },
  {
    key: 'status',
    head: 'Status',
    phone: 'end',
    className: 'wide:w-[104px]',
    cell: (workflow) => <WorkflowStatus status={workflow.status} version={workflow.publishedVersion} />,
  },
  { key: 'runs', head: 'Last 30 runs', phone: 'meta', className: 'wide:w-[204px]', cell: (workflow) => <RunsStrip runs={workflow.runs} /> },
  {
    key: 'starts',
    head: 'Starts',
    className: 'wide:truncate',
    cell: (workflow) => <Starts workflow={workflow} />,
  },
  { key: 'last', head: 'Last run', figure: true, className: 'wide:w-[104px]', cell: (workflow) => <Ago at={workflow.runs[0]?.createdAt ?? null} /> },
  {
    key: 'cost',
    head: 'Cost this month',
    figure: true,
    className: 'wide:w-[128px] wide:pr-24',
    cell: (workflow) => (workflow.runs.length > 0 || workflow.costThisMonthUsd > 0 ? <Money usd={workflow.costThisMonthUsd} /> : none),
  },
];
