/** What changed between two texts or two JSON values: gone and new lines, the unchanged folded. */
import clsx from 'clsx';
import { useMemo, useState } from 'react';
import { type DiffFold, type DiffLine, diffTexts, folded, jsonText } from './diff-model.ts';
import type { Json } from './json-path.ts';

function Line({ line }: { line: DiffLine }) {
  return (
    <tr className={clsx(line.kind === 'gone' && 'bg-failed-soft', line.kind === 'new' && 'bg-completed-soft')}>
      <td className="tabular w-[40px] px-8 text-right align-top text-faint select-none">{line.before}</td>
      <td className="tabular w-[40px] px-8 text-right align-top text-faint select-none">{line.after}</td>
      <td className={clsx('w-16 align-top select-none', line.kind === 'gone' && 'text-failed-text', line.kind === 'new' && 'text-completed-text')}>
        <span aria-hidden>{line.kind === 'gone' ? '−' : line.kind === 'new' ? '+' : ''}</span>
        <span className="sr-only">{line.kind === 'gone' ? 'removed' : line.kind === 'new' ? 'added' : ''}</span>
      </td>
      <td className="pr-8 break-words whitespace-pre-wrap">{line.text}</td>
    </tr>
  );
}

function Fold({ fold }: { fold: DiffFold }) {
  const [open, setOpen] = useState(false);
  if (open) return fold.lines.map((line) => <Line key={`${line.before}:${line.after}`} line={line} />);
  return (
    <tr className="bg-sunk">
      <td colSpan={4}>
        <button type="button" className="focus-inset h-24 w-full px-8 text-left font-sans text-muted hover:text-ink" onClick={() => setOpen(true)}>
          {fold.lines.length} lines unchanged
        </button>
      </td>
    </tr>
  );
}

export interface DiffViewProps {
  label: string;
  /** Texts, or JSON values: those are compared by meaning, whatever the order of their keys. */
  before: Json | undefined;
  after: Json | undefined;
}

export function DiffView({ label, before, after }: DiffViewProps) {
  const parts = useMemo(() => {
    const plain = typeof before === 'string' && typeof after === 'string';
    return folded(plain ? diffTexts(before, after) : diffTexts(jsonText(before), jsonText(after)));
  }, [before, after]);
  if (parts.every(({ kind }) => kind === 'same' || kind === 'fold')) return <p className="text-muted">Nothing changed.</p>;
  return (
    <div className="overflow-x-auto rounded-panel border border-line">
      <table aria-label={label} className="w-full border-separate border-spacing-0 font-mono text-12">
        <tbody>
          {parts.map((part, index) =>
            part.kind === 'fold' ? (
              <Fold key={`fold-${index}`} fold={part} />
            ) : (
              <Line key={`${part.kind}:${part.before}:${part.after}`} line={part} />
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}
