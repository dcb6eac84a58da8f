/** Outputs that steps keep for those after them: what each had cost, how often it stood for a step, and the way to forget them. */
import type { Client } from '@hub/contract';
import { useMe } from '../shell/use-me.ts';
import { useWorkflowAction } from '../pages/workflows/workflow.tsx';
import { Button } from '../ui/button.tsx';
import { formatBytes, formatWhole } from '../ui/format.ts';
import { Table } from '../ui/table.tsx';
import { Ago, Money } from '../ui/time.tsx';

type CacheEntry = Awaited<ReturnType<Client['listCacheEntries']>>['items'][number];

interface Kept {
  workflowId: string;
  entries: readonly CacheEntry[];
  /** There are more than these. */
  more: boolean;
  labels: ReadonlyMap<string, string>;
  onCleared: () => void;
}

export function KeptOutputs({ workflowId, entries, more, labels, onCleared }: Kept) {
  const { may } = useMe();
  const { send, busy } = useWorkflowAction(workflowId, onCleared);
  return (
    <section aria-label="Kept outputs">
      <div className="flex items-center justify-between gap-16 px-16 pt-16 pb-8 wide:px-24">
        <h2 className="text-15 font-semibold">Kept outputs</h2>
        <Button
          onClick={() => send({ intent: 'forget' })}
          why={may('workflow.write') ? (busy ? 'Clearing' : null) : 'Your role cannot change this workflow'}
        >
          Clear kept outputs
        </Button>
      </div>
      <Table
        label="Kept outputs"
        rows={entries}
        rowKey={({ id }) => id}
        columns={[
          { key: 'step', head: 'Step', cell: ({ nodeId }) => <span className="font-medium">{labels.get(nodeId) ?? nodeId}</span> },
          { key: 'size', head: 'Size', figure: true, cell: ({ bytes }) => formatBytes(bytes) },
          { key: 'cost', head: 'Had cost', figure: true, cell: ({ costUsd }) => <Money usd={costUsd ?? 0} /> },
          { key: 'uses', head: 'Times taken', figure: true, phone: 'end', cell: ({ uses }) => formatWhole(uses) },
          { key: 'made', head: 'Made', figure: true, phone: 'meta', cell: ({ createdAt }) => <Ago at={createdAt} /> },
          { key: 'ends', head: 'Kept until', figure: true, className: 'wide:pr-24', cell: ({ expiresAt }) => <Ago at={expiresAt} /> },
        ]}
      />
      {more && <p className="px-16 py-8 text-12 text-muted wide:px-24">Older ones are not shown; clearing forgets all.</p>}
    </section>
  );
}
