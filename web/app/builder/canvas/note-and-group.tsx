/** What stands on the canvas for people only: sticky notes in Markdown, and frames around steps that belong together. */
import { Handle, type Node, type NodeProps, NodeResizer, Position } from '@xyflow/react';
import clsx from 'clsx';
import { ChevronDown, ChevronRight, Group as GroupIcon } from 'lucide-react';
import { memo, useEffect, useRef, useState } from 'react';
import { Markdown } from '../../ui/markdown.tsx';
import { StateGlyph } from '../../ui/state.tsx';
import { useActions } from '../actions.ts';
import { usePick } from '../context.tsx';
import { groupNodeId } from '../model/groups.ts';
import { noteNodeId } from '../model/notes.ts';
import { Mend } from './cards.tsx';
import type { GroupData, NoteData } from './flow-nodes.ts';

function NoteView({ data: { note, readOnly }, selected }: NodeProps<Node<NoteData, 'note'>>) {
  const { changeNote, stopRenaming } = useActions();
  const asked = usePick((state) => state.renaming === noteNodeId(note.id));
  const [opened, setWriting] = useState(false);
  const writing = opened || asked;
  return (
    <div
      className={clsx('sticky-note h-full w-full overflow-hidden rounded-panel border p-8', selected ? 'border-ink' : 'border-line')}
      onDoubleClick={() => !readOnly && setWriting(true)}
    >
      <NodeResizer
        isVisible={selected && !readOnly}
        minWidth={120}
        minHeight={64}
        onResizeEnd={(_, { x, y, width, height }) => changeNote(note.id, { x, y, w: Math.round(width), h: Math.round(height) })}
      />
      {writing ? (
        <textarea
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- opened by a double click or by Enter: the person wants to write
          autoFocus
          defaultValue={note.text}
          aria-label="Text of the note"
          className="nodrag nopan nowheel h-full w-full resize-none bg-transparent outline-none"
          onBlur={(event) => {
            if (event.target.value !== note.text) changeNote(note.id, { text: event.target.value });
            setWriting(false);
            if (asked) stopRenaming();
          }}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
      ) : (
        <div className="flex h-full flex-col gap-8 overflow-hidden break-words">
          {note.text.trim() === '' ? (
            <span className="text-muted">{readOnly ? 'Empty note' : 'Double-click to write; Markdown works'}</span>
          ) : (
            <Markdown text={note.text} />
          )}
        </div>
      )}
    </div>
  );
}
export const NoteCard = memo(NoteView);

/** The name of a group, and the field to change it (F2, double click). */
function GroupName({ id, label, readOnly }: { id: string; label: string; readOnly: boolean }) {
  const { renameGroup, startRenaming, stopRenaming } = useActions();
  const writing = usePick((state) => state.renaming === groupNodeId(id));
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (writing) field.current?.select();
  }, [writing]);
  if (!writing)
    return (
      // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- F2 does the same by key
      <span className="min-w-0 flex-1 truncate font-semibold" title={label} onDoubleClick={() => !readOnly && startRenaming(groupNodeId(id))}>
        {label || 'Group'}
      </span>
    );
  return (
    <input
      ref={field}
      defaultValue={label}
      maxLength={120}
      aria-label="Name of the group"
      className="nodrag nopan nokey min-w-0 flex-1 rounded-control border border-line-strong bg-paper px-4 font-semibold"
      onPointerDown={(event) => event.stopPropagation()}
      onBlur={(event) => renameGroup(id, event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') event.currentTarget.blur();
        else if (event.key === 'Escape') stopRenaming();
      }}
    />
  );
}

function GroupView({ data: { group, faults, readOnly, bare, state }, selected }: NodeProps<Node<GroupData, 'frame'>>) {
  const { foldGroup } = useActions();
  const count = `${group.nodes.length} ${group.nodes.length === 1 ? 'step' : 'steps'}`;
  const Arrow = bare ? ChevronDown : ChevronRight;
  const fold = (
    <button
      type="button"
      tabIndex={-1}
      aria-label={bare ? 'Fold the group' : 'Unfold the group'}
      title={bare ? 'Fold' : 'Unfold'}
      className="nodrag flex size-24 shrink-0 items-center justify-center text-muted hover:text-ink"
      onClick={() => foldGroup(group.id)}
    >
      <Arrow size={14} aria-hidden />
    </button>
  );
  if (bare)
    return (
      <div className={clsx('h-full w-full rounded-panel border border-dashed', selected ? 'border-ink' : 'border-line-strong')}>
        <div className="group-head flex h-[28px] cursor-grab items-center gap-4 px-4 text-12">
          {fold}
          <GroupName id={group.id} label={group.label} readOnly={readOnly} />
          <span className="shrink-0 px-4 text-muted">{count}</span>
        </div>
      </div>
    );
  return (
    <div
      className={clsx(
        'stacked relative flex h-full w-full items-center gap-8 rounded-panel border border-dashed bg-paper px-8',
        selected ? 'border-ink outline outline-1 outline-ink' : 'border-line-strong hover:border-ink',
      )}
      onDoubleClick={() => foldGroup(group.id)}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="flex size-32 shrink-0 items-center justify-center rounded-control bg-hover">
        <GroupIcon size={16} strokeWidth={1.75} aria-hidden />
      </span>
      <span className="flex min-w-0 flex-1 flex-col">
        <GroupName id={group.id} label={group.label} readOnly={readOnly} />
        <span className="flex items-center gap-4 text-12 text-muted">
          {state && <StateGlyph state={state} />}
          {count}
        </span>
      </span>
      {fold}
      <Mend faults={faults} warnings={0} />
      <Handle type="source" id="out" position={Position.Right} isConnectable={false} />
    </div>
  );
}
export const GroupFrame = memo(GroupView);
