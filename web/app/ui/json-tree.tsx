/** The tree of a JSON value: folds, shows children in hundreds, copies the path of what is pointed at. Text only, never HTML. */
import clsx from 'clsx';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from './copy.tsx';
import { childrenOf, type Found, type Json, pathKey, type PathPart, pathText } from './json-path.ts';

const pageSize = 100;
const longText = 400;

export interface TreeView {
  found: Found | null;
  /** Depth to which it is open at first. */
  depth: number;
}

function Text({ value }: { value: string }) {
  const [whole, setWhole] = useState(false);
  const cut = value.length > longText && !whole;
  return (
    <span className="break-words whitespace-pre-wrap">
      <span>
        "{cut ? value.slice(0, longText) : value}
        {cut ? '' : '"'}
      </span>
      {cut && (
        <button type="button" className="ml-4 text-link hover:underline" onClick={() => setWhole(true)}>
          … {value.length - longText} more characters
        </button>
      )}
    </span>
  );
}

function Plain({ value }: { value: Json }) {
  if (typeof value === 'string') return <Text value={value} />;
  if (value === null) return <span className="text-muted">null</span>;
  if (typeof value === 'object') return <span className="text-muted">{Array.isArray(value) ? '[]' : '{}'}</span>;
  return <span className="font-medium">{String(value)}</span>;
}

const summary = (value: Json, count: number): string => (Array.isArray(value) ? `[${count}]` : `{${count}}`);

export function TreeNode({ name, value, path, view }: { name: PathPart | null; value: Json; path: PathPart[]; view: TreeView }) {
  const inner = childrenOf(value);
  const key = pathKey(path);
  const forced = view.found?.open.has(key) ?? false;
  const [choice, setChoice] = useState<boolean | null>(null);
  const [shown, setShown] = useState(pageSize);
  const open = choice ?? (forced || path.length < view.depth);
  const hit = view.found?.hits.has(key) ?? false;
  const label = name === null ? null : <span className={typeof name === 'number' ? 'text-faint' : 'text-muted'}>{name}</span>;
  return (
    <li>
      <div className={clsx('group/line relative flex min-h-[20px] items-start gap-4 rounded-control pr-4 hover:bg-hover', hit && 'bg-waiting-soft')}>
        {inner.length > 0 ? (
          <button
            type="button"
            aria-expanded={open}
            aria-label={`${open ? 'Fold' : 'Unfold'} ${pathText(path) || 'the value'}`}
            className="focus-inset mt-[2px] shrink-0 text-muted"
            onClick={() => setChoice(!open)}
          >
            <ChevronRight size={16} aria-hidden className={clsx('ease-state', open && 'rotate-90')} />
          </button>
        ) : (
          <span className="w-16 shrink-0" />
        )}
        <span className="min-w-0 flex-1 py-[2px]">
          {label}
          {label && <span className="text-faint">: </span>}
          {inner.length > 0 ? <span className="text-muted">{summary(value, inner.length)}</span> : <Plain value={value} />}
        </span>
        {path.length > 0 && (
          <span className="absolute -top-4 right-0 rounded-control bg-paper opacity-0 group-hover/line:opacity-100 focus-within:opacity-100">
            <CopyButton text={pathText(path)} label={`Copy the path ${pathText(path)}`} />
          </span>
        )}
      </div>
      {open && inner.length > 0 && (
        <ul className="ml-8 border-l border-line pl-4">
          {inner.slice(0, shown).map(([part, child]) => (
            <TreeNode key={part} name={part} value={child} path={[...path, part]} view={view} />
          ))}
          {inner.length > shown && (
            <li>
              <button type="button" className="ml-16 text-link hover:underline" onClick={() => setShown(shown + pageSize)}>
                Show {Math.min(pageSize, inner.length - shown)} more of {inner.length}
              </button>
            </li>
          )}
        </ul>
      )}
    </li>
  );
}
