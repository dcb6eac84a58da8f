/** Finding a step by its name, its kind or anything written in it; choosing it brings it into sight. */
import clsx from 'clsx';
import { Search } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { NodeIcon } from '../../run/node-icon.tsx';
import { useActions } from '../actions.ts';
import { usePick } from '../context.tsx';
import { kindLabel, labelOf, wordsOf } from '../model/words.ts';

const most = 50;

export function FindBox({ onClose }: { onClose: () => void }) {
  const definition = usePick((state) => state.definition);
  const { show, focusCanvas } = useActions();
  const [sought, setSought] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const all = useMemo(
    () =>
      definition.nodes.map((node) => {
        const label = labelOf(node);
        return {
          node,
          label,
          words: wordsOf(node),
          name: `${label} ${node.id} ${kindLabel(node.type)}`.toLowerCase(),
          text: JSON.stringify(node.config).toLowerCase(),
        };
      }),
    [definition],
  );
  const parts = sought.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const inName = all.filter(({ name }) => parts.every((part) => name.includes(part)));
  const inText =
    parts.length === 0
      ? []
      : all.filter((each) => !inName.includes(each) && parts.every((part) => each.name.includes(part) || each.text.includes(part)));
  const found = [...inName, ...inText];
  const active = Math.min(at, Math.min(found.length, most) - 1);
  const close = (): void => {
    onClose();
    focusCanvas();
  };
  const choose = (index: number): void => {
    const one = found[index];
    if (!one) return;
    show(one.node.id);
    close();
  };
  return (
    <section
      aria-label="Find a step"
      className="fixed top-[96px] left-1/2 z-40 flex max-h-[420px] w-[440px] max-w-[calc(100%-32px)] -translate-x-1/2 flex-col rounded-panel border border-line bg-paper shadow-float"
    >
      <div className="flex items-center gap-8 border-b border-line px-12">
        <Search size={15} aria-hidden className="shrink-0 text-muted" />
        <input
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- opened by a key: the person wants to search
          autoFocus
          type="text"
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={found.length > 0 ? `${listId}-${active}` : undefined}
          aria-label="Find a step"
          placeholder="Find a step by its name or anything in it"
          value={sought}
          onChange={(event) => {
            setSought(event.target.value);
            setAt(0);
          }}
          onBlur={onClose}
          onKeyDown={(event) => {
            const shown = Math.min(found.length, most);
            const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
            if (by !== 0 && shown > 0) setAt((active + by + shown) % shown);
            else if (event.key === 'Enter') choose(active);
            else if (event.key === 'Escape') close();
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
          className="h-[40px] min-w-0 flex-1 bg-transparent outline-none placeholder:text-faint"
        />
      </div>
      <ul id={listId} role="listbox" aria-label="Steps" className="overflow-y-auto p-4">
        {found.slice(0, most).map(({ node, label, words }, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- an option of the combobox above, which has the keys
          <li
            key={node.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(index)}
            className={clsx('flex h-[36px] cursor-pointer items-center gap-8 rounded-control px-8', index === active && 'bg-chosen')}
          >
            <NodeIcon type={node.type} />
            <span className="min-w-0 truncate font-medium">{label}</span>
            <span className="min-w-0 flex-1 truncate text-right text-12 text-muted">{words}</span>
          </li>
        ))}
        {found.length > most && <li className="px-8 py-4 text-12 text-muted">{found.length - most} more: write more of the name</li>}
        {found.length === 0 && <li className="px-8 py-4 text-muted">No step has that in it.</li>}
      </ul>
    </section>
  );
}
