/** The names that fit at the caret, under an expression. */
import clsx from 'clsx';
import { useEffect, useRef } from 'react';
import type { ExpressionName } from './types.ts';

function sampleText(name: ExpressionName): string | undefined {
  if (name.sample === undefined) return undefined;
  const text = JSON.stringify(name.sample);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

export function NameList({ id, names, at, onPick }: { id: string; names: readonly ExpressionName[]; at: number; onPick: (path: string) => void }) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  if (names.length === 0) return null;
  return (
    <ul
      ref={list}
      id={id}
      role="listbox"
      aria-label="Names"
      // Scrolled by the pointer or the arrows of the text; the text keeps the focus, so this is never stopped at.
      tabIndex={0}
      onMouseDown={(event) => event.preventDefault()}
      className="absolute inset-x-0 top-full z-30 mt-4 max-h-[240px] overflow-auto rounded-panel border border-line bg-paper p-4 shadow-float"
    >
      {names.map((name, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are those of the text above
        <li
          key={name.path}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          className={clsx('flex min-h-24 cursor-default items-center gap-8 rounded-control px-8 max-wide:min-h-[36px]', index === at && 'bg-hover')}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onPick(name.path)}
        >
          <span className="min-w-0 truncate font-mono text-12">{name.path}</span>
          <span className="ml-auto max-w-[45%] shrink-0 truncate text-12 text-muted">{sampleText(name) ?? name.hint}</span>
        </li>
      ))}
    </ul>
  );
}
