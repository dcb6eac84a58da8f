/** Every step of a run in a line: how it ended, what it took, what it cost, and what of it was kept and not paid again. */
import type { Run } from '@hub/contract';
import { formatCount, formatWhole } from '../ui/format.ts';
import { StateGlyph, stateWord } from '../ui/state.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Duration, Money } from '../ui/time.tsx';
import type { NodeView } from './model.ts';
import { NodeIcon } from './node-icon.tsx';

const none = <span className="text-faint">–</span>;

function Items({ node }: { node: NodeView }) {
  if (!node.items) return none;
  const { failed = 0, completed = 0, skipped = 0, kept = 0 } = node.items;
  const done = completed + failed + skipped + kept;
  return (
    <>
      {done < node.itemCount ? `${formatWhole(done)} of ${formatWhole(node.itemCount)}` : formatWhole(node.itemCount)}
      {failed > 0 && <span className="text-failed-text">, {formatWhole(failed)} failed</span>}
    </>
  );
}

const stateColumn: Column<NodeView> = {
  key: 'state',
  head: 'State',
  phone: 'meta',
  className: 'wide:w-[200px]',
  cell: (node) => (
    <span className="truncate">
      <span className={`s-${node.state} state-text`}>{stateWord(node.state)}</span>
      {node.attempts > 1 && !node.items && <span className="text-muted">, {node.attempts} attempts</span>}
    </span>
  ),
};

function columnsOf(hasKept: boolean, narrow: boolean): Column<NodeView>[] {
  const figure = (key: string, head: string, width: string, cell: Column<NodeView>['cell']): Column<NodeView> => ({
    key,
    head,
    figure: true,
    className: width,
    cell,
  });
  return [
    {
      key: 'step',
      head: 'Step',
      cell: (node) => (
        <span className="flex min-w-0 items-center gap-8">
          {node.parent && <span className="w-12 shrink-0" aria-hidden />}
          <StateGlyph state={node.state} />
          <NodeIcon type={node.type} size={14} />
          <span className="max-w-[70%] shrink-0 truncate max-wide:max-w-none max-wide:shrink">{node.label}</span>
          {!narrow && <span className="min-w-0 truncate text-12 font-normal text-muted max-wide:hidden">{node.words}</span>}
        </span>
      ),
    },
    ...(narrow ? [] : [stateColumn]),
    ...(narrow ? [] : [figure('items', 'Items', 'wide:w-[128px]', (node: NodeView) => <Items node={node} />)]),
    {
      ...figure('took', 'Took', 'wide:w-[104px]', (node: NodeView) =>
        node.idle ? (
          none
        ) : (
          <Duration from={node.startedAt} to={node.completedAt} className={node.state === 'kept' ? 'tabular text-muted' : 'tabular'} />
        ),
      ),
      phone: 'end',
    },
    ...(narrow ? [] : [figure('tokens', 'Tokens', 'wide:w-[88px]', (node: NodeView) => (node.tokens > 0 ? formatCount(node.tokens) : none))]),
    figure('cost', 'Cost', 'wide:w-[104px] last:pr-24', (node) => (node.state === 'kept' || node.tokens === 0 ? none : <Money usd={node.costUsd} />)),
    ...(hasKept
      ? [
          figure('kept', 'Not paid again', 'wide:w-[128px] last:pr-24', (node: NodeView) =>
            node.state === 'kept' && node.tokens > 0 ? <Money usd={node.costUsd} className="tabular s-kept state-text" /> : none,
          ),
        ]
      : []),
  ];
}

/** `narrow`: beside an open drawer, so only what names a step and its cost. */
export function Ledger({ nodes, kept, narrow }: { nodes: NodeView[]; kept: Run['kept'] | null; narrow: boolean }) {
  return (
    <Table
      fixed
      label="Steps of the run"
      columns={columnsOf(Boolean(kept), narrow)}
      rows={nodes}
      rowKey={(node) => node.id}
      href={(node) => `?step=${encodeURIComponent(node.id)}`}
    />
  );
}
