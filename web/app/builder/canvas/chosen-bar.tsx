/** What can be done with several chosen steps, over the canvas while they are. */
import {
  AlignHorizontalSpaceAround,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceAround,
  CirclePower,
  Copy,
  Group,
  Trash2,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useActions } from '../actions.ts';
import { usePick } from '../context.tsx';

function Tool({ label, children, onClick }: { label: string; children: ReactNode; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="focus-inset flex size-[32px] items-center justify-center text-muted hover:bg-hover hover:text-ink"
      onClick={onClick}
    >
      {children}
    </button>
  );
}

export function ChosenBar() {
  const count = usePick((state) => {
    let steps = 0;
    for (const node of state.definition.nodes) if (state.selected.has(node.id)) steps++;
    return steps;
  });
  const readOnly = usePick((state) => state.readOnly);
  const dragging = usePick((state) => state.moving !== null);
  const { align, group, duplicate, toggleDisabled, removeSelected } = useActions();
  if (count < 2 || readOnly || dragging) return null;
  return (
    <div
      role="toolbar"
      aria-label="Chosen steps"
      className="absolute bottom-16 left-1/2 z-10 flex -translate-x-1/2 items-center rounded-control border border-line bg-paper shadow-float"
    >
      <span role="status" className="tabular px-12 text-12 text-muted">
        {count} steps
      </span>
      <Tool label="Align left" onClick={() => align('left')}>
        <AlignStartVertical size={15} aria-hidden />
      </Tool>
      <Tool label="Align top" onClick={() => align('top')}>
        <AlignStartHorizontal size={15} aria-hidden />
      </Tool>
      <Tool label="Same gaps across" onClick={() => align('across')}>
        <AlignHorizontalSpaceAround size={15} aria-hidden />
      </Tool>
      <Tool label="Same gaps down" onClick={() => align('down')}>
        <AlignVerticalSpaceAround size={15} aria-hidden />
      </Tool>
      <span aria-hidden className="mx-4 h-16 border-l border-line" />
      <Tool label="Group (Ctrl+G)" onClick={group}>
        <Group size={15} aria-hidden />
      </Tool>
      <Tool label="Duplicate (D)" onClick={duplicate}>
        <Copy size={15} aria-hidden />
      </Tool>
      <Tool label="Disable or enable (X)" onClick={() => toggleDisabled()}>
        <CirclePower size={15} aria-hidden />
      </Tool>
      <Tool label="Delete" onClick={removeSelected}>
        <Trash2 size={15} aria-hidden />
      </Tool>
    </div>
  );
}
