/** A JSON value to read: as a tree with search, as text, or (`ValueView`) as a table where it is rows. */
import clsx from 'clsx';
import { useDeferredValue, useMemo, useState } from 'react';
import { CopyButton } from './copy.tsx';
import { formatBytes, formatWhole } from './format.ts';
import { isRows, type Json, searchJson } from './json-path.ts';
import { TreeNode } from './json-tree.tsx';
import { RowsView } from './rows-view.tsx';

type Way = 'table' | 'tree' | 'text';

function WaySwitch({ ways, way, onWay }: { ways: Way[]; way: Way; onWay: (way: Way) => void }) {
  const words: Record<Way, string> = { table: 'Table', tree: 'Tree', text: 'Text' };
  return (
    <div role="group" aria-label="Show as" className="inline-flex rounded-control border border-line">
      {ways.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === way}
          onClick={() => onWay(each)}
          className={clsx(
            'focus-inset h-24 px-8 text-12 first:rounded-l-control last:rounded-r-control',
            each === way ? 'bg-chosen text-ink' : 'text-muted hover:text-ink',
          )}
        >
          {words[each]}
        </button>
      ))}
    </div>
  );
}

export interface ValueViewProps {
  /** Names the value for screen readers: "Output of Read reviews". */
  label: string;
  value: Json;
  /** What the server left out because it is too much for a page. */
  left?: { bytes: number; href: string } | null | undefined;
}

/** A value in the way that suits it; remembers nothing, shows at once. */
export function ValueView({ label, value, left }: ValueViewProps) {
  const rows = isRows(value);
  const [way, setWay] = useState<Way>(rows ? 'table' : 'tree');
  const [words, setWords] = useState('');
  const sought = useDeferredValue(words.trim());
  const found = useMemo(() => (sought ? searchJson(value, sought) : null), [value, sought]);
  const text = (): string => JSON.stringify(value, null, 2);
  const plain = value === null || typeof value !== 'object';
  return (
    <section aria-label={label} className="flex flex-col gap-8">
      <div className="flex flex-wrap items-center gap-8">
        {!plain && <WaySwitch ways={rows ? ['table', 'tree', 'text'] : ['tree', 'text']} way={way} onWay={setWay} />}
        {!plain && way === 'tree' && (
          <input
            type="search"
            aria-label={`Search in ${label}`}
            placeholder="Search"
            value={words}
            onChange={(event) => setWords(event.target.value)}
            className="h-24 w-[140px] rounded-control border border-line-strong bg-paper px-8 text-12 placeholder:text-faint"
          />
        )}
        {found && (
          <span role="status" className="text-12 text-muted">
            {found.cut ? `${formatWhole(found.hits.size)} and more` : formatWhole(found.hits.size)} found
          </span>
        )}
        <span className="ml-auto flex items-center gap-8">
          {rows && <span className="tabular text-12 text-muted">{formatWhole(value.length)} rows</span>}
          <CopyButton text={text} label={`Copy ${label}`} />
        </span>
      </div>
      {way === 'table' && rows ? (
        <RowsView label={label} rows={value} />
      ) : way === 'text' ? (
        <pre className="max-h-[480px] overflow-auto rounded-panel border border-line bg-sunk p-12 font-mono text-12 whitespace-pre-wrap" tabIndex={0}>
          {text()}
        </pre>
      ) : (
        <ul className="overflow-x-auto rounded-panel border border-line bg-sunk p-8 font-mono text-12">
          <TreeNode key={sought} name={null} value={value} path={[]} view={{ found, depth: 2 }} />
        </ul>
      )}
      {left && (
        <p className="text-12 text-muted">
          This is the beginning of {formatBytes(left.bytes)}.{' '}
          <a className="text-link hover:underline" href={left.href}>
            Download all of it
          </a>
        </p>
      )}
    </section>
  );
}
