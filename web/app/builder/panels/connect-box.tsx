/** Connecting by keys: from the selected step to one chosen by its name. */
import clsx from 'clsx';
import { CornerDownRight } from 'lucide-react';
import { useId, useState } from 'react';
import { portsOf } from '@hub/dag';
import { useActions } from '../actions.ts';
import { usePick } from '../context.tsx';
import { edgeOf } from '../model/edits.ts';
import { nodeOf, whyNoEdge } from '../model/graph.ts';
import { labelOf } from '../model/words.ts';

export function ConnectBox({ id, onClose }: { id: string; onClose: () => void }) {
  const definition = usePick((state) => state.definition);
  const { run, focusCanvas } = useActions();
  const [sought, setSought] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const node = nodeOf(definition, id);
  const ports = node ? (portsOf(node) ?? ['out']) : [];
  const all = ports.flatMap((port) =>
    definition.nodes.flatMap((to) => {
      const edge = edgeOf(id, port, to.id);
      return whyNoEdge(definition, edge) === null ? [{ edge, label: labelOf(to), port }] : [];
    }),
  );
  const found = all.filter(({ label, port }) => `${port} ${label}`.toLowerCase().includes(sought.trim().toLowerCase()));
  const active = Math.min(at, found.length - 1);
  const close = (): void => {
    onClose();
    focusCanvas();
  };
  const choose = (index: number): void => {
    const one = found[index];
    if (!one) return;
    run({ operations: [{ op: 'connect', edge: one.edge }] });
    close();
  };
  return (
    <section
      aria-label="Connect to"
      className="fixed top-[96px] left-1/2 z-40 flex max-h-[400px] w-[380px] -translate-x-1/2 flex-col rounded-panel border border-line bg-paper shadow-float"
    >
      <input
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- opened by a key: the person wants to search
        autoFocus
        type="text"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={found.length > 0 ? `${listId}-${active}` : undefined}
        aria-label={`Connect ${node ? labelOf(node) : id} to`}
        placeholder={`Connect ${node ? labelOf(node) : id} to`}
        value={sought}
        onChange={(event) => {
          setSought(event.target.value);
          setAt(0);
        }}
        onBlur={close}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (by !== 0 && found.length > 0) setAt((active + by + found.length) % found.length);
          else if (event.key === 'Enter') choose(active);
          else if (event.key === 'Escape') close();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        className="h-[40px] shrink-0 border-b border-line bg-transparent px-12 outline-none placeholder:text-faint"
      />
      <ul id={listId} role="listbox" aria-label="Steps" className="overflow-y-auto p-4">
        {found.map(({ edge, label, port }, index) => (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- an option of the combobox above, which has the keys
          <li
            key={`${port} ${edge.to}`}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(index)}
            className={clsx('flex h-[32px] cursor-pointer items-center gap-8 rounded-control px-8', index === active && 'bg-chosen')}
          >
            <CornerDownRight size={14} aria-hidden className="shrink-0 text-muted" />
            {ports.length > 1 && <span className="text-muted">{port}</span>}
            <span className="truncate">{label}</span>
          </li>
        ))}
        {found.length === 0 && <li className="px-8 py-4 text-muted">There is no step it can lead to.</li>}
      </ul>
    </section>
  );
}
