/** Buttons on the canvas: add, note, zoom, fit, tidy, undo, redo. */
import { useReactFlow } from '@xyflow/react';
import { Maximize, Minus, Network, Plus, Redo2, StickyNote, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useActions } from '../actions.ts';
import { useBuilder, usePick } from '../context.tsx';

function Tool({ label, onClick, off, children }: { label: string; onClick: () => void; off?: boolean; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-disabled={off ? true : undefined}
      onClick={off ? undefined : onClick}
      className="focus-inset flex size-[32px] items-center justify-center text-muted first:rounded-l-control last:rounded-r-control hover:bg-hover hover:text-ink aria-disabled:text-faint aria-disabled:hover:bg-transparent"
    >
      {children}
    </button>
  );
}

const group = 'flex rounded-control border border-line bg-paper';

export function Tools({ phone }: { phone: boolean }) {
  const { store } = useBuilder();
  const { pick, addNote, fit, tidy, undo, redo } = useActions();
  const { zoomIn, zoomOut } = useReactFlow();
  const readOnly = usePick((state) => state.readOnly);
  const empty = usePick((state) => state.definition.nodes.length === 0);
  const past = useStore(store.temporal, (state) => state.pastStates.length);
  const future = useStore(store.temporal, (state) => state.futureStates.length);
  return (
    // On a phone the inspector lies over them.
    <div role="toolbar" aria-label="Canvas" className="absolute bottom-16 left-16 z-10 flex gap-8 max-wide:group-has-[[data-inspector]]/stage:hidden">
      {!readOnly && (
        <div className={group}>
          <Tool label="Add a step (N)" onClick={pick}>
            <Plus size={16} aria-hidden />
          </Tool>
          <Tool label="Add a note (Shift+S)" onClick={addNote}>
            <StickyNote size={15} aria-hidden />
          </Tool>
        </div>
      )}
      <div className={group}>
        {!phone && (
          <>
            <Tool label="Zoom out" onClick={() => void zoomOut({ duration: 120 })}>
              <Minus size={16} aria-hidden />
            </Tool>
            <Tool label="Zoom in" onClick={() => void zoomIn({ duration: 120 })}>
              <Plus size={16} aria-hidden />
            </Tool>
          </>
        )}
        <Tool label="See everything (1)" onClick={fit}>
          <Maximize size={15} aria-hidden />
        </Tool>
        {!readOnly && !empty && (
          <Tool label="Tidy (T)" onClick={() => void tidy()}>
            <Network size={15} aria-hidden />
          </Tool>
        )}
      </div>
      {!readOnly && past + future > 0 && (
        <div className={group}>
          <Tool label="Undo" off={past === 0} onClick={undo}>
            <Undo2 size={15} aria-hidden />
          </Tool>
          <Tool label="Redo" off={future === 0} onClick={redo}>
            <Redo2 size={15} aria-hidden />
          </Tool>
        </div>
      )}
    </div>
  );
}
