/** What a dry run found: in one sentence, then what is asked of people, then each step with the way it takes. */
import type { DryNode, DryRun } from '@hub/activities/dry-run';
import { NodeIcon } from '../../run/node-icon.tsx';
import { wordsOfId } from '../../run/definition.ts';
import { formatWhole, plural } from '../../ui/format.ts';
import { useActions } from '../actions.ts';
import { usePick } from '../context.tsx';
import { labelOfId } from '../model/words.ts';
import type { Looked } from '../model/dry-run.ts';
import { FaultList } from './mending.tsx';

const stateWords: Record<DryNode['state'], string> = {
  runs: 'runs',
  maybe: 'depends',
  skipped: 'is skipped',
  passes: 'is switched off',
  sample: 'takes its pin',
};

function callWords({ min, max, perItem }: { min: number; max: number; perItem: boolean }): string {
  if (max === 0) return 'no calls to the outside';
  return perItem ? `${countWords({ min, max })} for each item` : countWords({ min, max });
}

function countWords({ min, max }: { min: number; max: number }): string {
  return min === max ? plural(max, 'call') : `${formatWhole(min)} to ${plural(max, 'call')}`;
}

function summaryOf({ status, ways, complete, calls }: DryRun): string {
  const end =
    status === 'failed'
      ? 'It would fail.'
      : ways === 1
        ? 'One way through, as things stand.'
        : `${plural(ways, 'way')} through, depending on what steps give.`;
  const said = calls.max === 0 ? 'No calls to the outside' : countWords(calls).replace(/^./, (first) => first.toUpperCase());
  const count = calls.perItem ? `${said} if each loop had one item: how many it has is not known yet.` : `${said}, retries not counted.`;
  return `${end} ${count}${complete ? '' : ' There are more ways than were looked at.'}`;
}

/** `true, or false`; nothing where a step has one way only. */
function wayWords(ways: DryNode['ways']): string | null {
  if (ways.length === 0 || (ways.length === 1 && ways[0]?.port === 'out')) return null;
  const words = ways.map(({ port }) => wordsOfId(port).toLowerCase()).join(' or ');
  return ways.every(({ known }) => known) ? `takes ${words}` : `may take ${words}`;
}

function Row({ node }: { node: DryNode }) {
  const { show } = useActions();
  const definition = usePick((state) => state.definition);
  const { nodeId, state, ways, calls, items, perItem, error, outputText } = node;
  const facts = [
    wayWords(ways),
    items === null ? null : plural(items, 'item'),
    calls.max > 0 ? callWords({ ...calls, perItem }) : null,
    error ? error.message : outputText !== null && state !== 'skipped' && wayWords(ways) === null ? `gives ${outputText.slice(0, 80)}` : null,
  ].filter((fact) => fact !== null);
  const isOff = state === 'skipped' || state === 'passes';
  return (
    <li className="border-b border-line">
      <button
        type="button"
        className="focus-inset flex min-h-row w-full items-center gap-8 px-4 py-4 text-left hover:bg-hover"
        onClick={() => show(nodeId)}
      >
        <NodeIcon type={node.type} size={15} />
        <span className="min-w-0 flex-1">
          <span className={`block truncate ${isOff ? 'text-muted' : ''}`}>{labelOfId(definition, nodeId)}</span>
          {facts.length > 0 && <span className={`block truncate text-12 ${error ? 'text-failed-text' : 'text-muted'}`}>{facts.join(' · ')}</span>}
        </span>
        <span className="text-12 whitespace-nowrap text-muted">{error ? 'would fail' : stateWords[state]}</span>
      </button>
    </li>
  );
}

export function DryRunView({ looked }: { looked: Looked }) {
  if ('faults' in looked)
    return (
      <section aria-label="What would run" className="flex flex-col gap-8">
        <p>The draft cannot run yet:</p>
        <FaultList faults={looked.faults} tone="fault" />
      </section>
    );
  const { found } = looked;
  return (
    <section aria-label="What would run" className="flex flex-col gap-16 border-t border-line pt-16">
      <div>
        <h3 className="font-semibold">What would run</h3>
        <p className="text-muted" role="status">
          {summaryOf(found)}
        </p>
      </div>
      {found.asks.length > 0 && (
        <ul className="flex flex-col gap-4">
          {found.asks.map(({ nodeId, label, kind, what, maybe }) => (
            <li key={nodeId}>
              {kind === 'approval' ? (maybe ? 'May ask people: ' : 'Asks people: ') : maybe ? 'May wait for the signal ' : 'Waits for the signal '}
              <strong className="font-medium">{what ?? label}</strong>
            </li>
          ))}
        </ul>
      )}
      <ul className="border-t border-line">
        {found.nodes.map((node) => (
          <Row key={node.nodeId} node={node} />
        ))}
      </ul>
      <p className="text-12 text-muted">
        Reckoned in this browser: nothing was run, called or stored. What a step gives is known only where it is computed, or pinned.
      </p>
    </section>
  );
}
