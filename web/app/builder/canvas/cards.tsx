/** What stands on the canvas: step card, loop container, sticky note, Start (10-visual: 232 x 64, icon 32, foot of a run). */
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import clsx from 'clsx';
import { ChevronDown, CirclePower, Pin, Play, Plus, Trash2 } from 'lucide-react';
import { memo, type RefObject, useEffect, useRef, useState } from 'react';
import { Foot, useDetail } from '../../run/graph-parts.tsx';
import { NodeIcon } from '../../run/node-icon.tsx';
import { StateGlyph } from '../../ui/state.tsx';
import { useActions } from '../actions.ts';
import { useBuilder, usePick } from '../context.tsx';
import { CardFace, nameClass, StartFace } from './faces.tsx';
import { RoundStepper } from './round-stepper.tsx';
import type { StartData, StepData } from './flow-nodes.ts';

/** Where port `index` of `count` stands: along the right side, or along the bottom where the graph runs from top to bottom. */
const along = (index: number, count: number, upright: boolean): { top: string } | { left: string } => {
  const at = `${((index + 1) / (count + 1)) * 100}%`;
  return upright ? { left: at } : { top: at };
};
const useUpright = (): boolean => usePick((state) => state.upright !== null);
const nameBeside = 'pointer-events-none absolute text-12 leading-[16px]';
const placeOfName = (upright: boolean): string => (upright ? 'top-4 left-[12px]' : '-top-[15px] left-[12px]');

/** Where the edges come in. */
function Entry({ at }: { at: number }) {
  return useUpright() ? <Handle type="target" position={Position.Top} /> : <Handle type="target" position={Position.Left} style={{ top: at }} />;
}

interface PortsProps {
  id: string;
  ports: string[];
  open: string;
  readOnly: boolean;
  height: number;
  /** False where there is no room to read them. */
  labels?: boolean;
}

/** Handles on the right, each with its name where there are several, and a plus where nothing follows. */
function Ports({ id, ports, open, readOnly, height, labels = true }: PortsProps) {
  const { pickAfter } = useActions();
  const upright = useUpright();
  const free = open === '' ? [] : open.split(' ');
  return (
    <div className="pointer-events-none absolute inset-x-0 top-0" style={{ height: upright ? '100%' : height }}>
      {ports.map((port, index) => (
        <Handle
          key={port}
          type="source"
          id={port}
          position={upright ? Position.Bottom : Position.Right}
          className="pointer-events-auto"
          style={along(index, ports.length, upright)}
        >
          {ports.length > 1 && labels && (
            <span
              className={clsx(
                nameBeside,
                placeOfName(upright),
                'whitespace-nowrap rounded-control bg-sunk px-px',
                port === 'error' ? 'text-failed-text' : 'text-muted',
              )}
            >
              {port}
            </span>
          )}
          {!readOnly && free.includes(port) && (
            <button
              type="button"
              tabIndex={-1}
              aria-label={`Add a step after port ${port}`}
              title="Add a step"
              className="port-plus nodrag nopan pointer-events-auto absolute top-1/2 left-[24px] flex size-[18px] -translate-y-1/2 items-center justify-center rounded-control border border-line-strong bg-paper text-muted hover:border-ink hover:text-ink"
              onPointerDown={(event) => event.stopPropagation()}
              onMouseDown={(event) => event.stopPropagation()}
              onClick={(event) => {
                event.stopPropagation();
                pickAfter(id, port);
              }}
            >
              <Plus size={12} aria-hidden />
            </button>
          )}
        </Handle>
      ))}
    </div>
  );
}

/** The name, and the field to change it (F2). */
function Name({ id, label, large = false, className }: { id: string; label: string; large?: boolean; className?: string }) {
  const renaming = usePick((state) => state.renaming === id);
  const { rename, stopRenaming } = useActions();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (renaming) field.current?.select();
  }, [renaming]);
  if (!renaming)
    return (
      <span className={clsx(nameClass(large), className)} title={label}>
        {label}
      </span>
    );
  return (
    <input
      ref={field}
      defaultValue={label}
      maxLength={200}
      aria-label="Name of the step"
      className="nodrag nopan nokey -mx-4 w-full rounded-control border border-line-strong bg-paper px-4 font-semibold"
      onPointerDown={(event) => event.stopPropagation()}
      onBlur={(event) => rename(id, event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') event.currentTarget.blur();
        else if (event.key === 'Escape') stopRenaming();
      }}
    />
  );
}

export function Mend({ faults, warnings }: { faults: number; warnings: number }) {
  if (faults === 0 && warnings === 0) return null;
  const bad = faults > 0;
  return (
    <span
      title={bad ? `${faults} to mend before publishing` : `${warnings} to look at`}
      className={clsx(
        'tabular absolute -top-[9px] -right-[9px] z-10 flex h-[18px] min-w-[18px] items-center justify-center rounded-round border border-paper px-4 text-12 leading-[16px] font-semibold',
        bad ? 'bg-failed text-paper' : 'bg-waiting-soft text-waiting-text',
      )}
    >
      {bad ? faults : '!'}
    </span>
  );
}

/** Quick actions above a card under the pointer. */
function Quick({ id, disabled }: { id: string; disabled: boolean }) {
  const { test, toggleDisabled, remove } = useActions();
  const { may } = useBuilder();
  // The list of steps lies over the card whose plus opened it.
  const isPicking = usePick((state) => state.picking !== null);
  if (isPicking) return null;
  const action = (label: string, icon: React.ReactNode, run: () => void) => (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      title={label}
      className="flex size-24 items-center justify-center text-muted first:rounded-l-control last:rounded-r-control hover:bg-hover hover:text-ink"
      onClick={(event) => {
        event.stopPropagation();
        run();
      }}
    >
      {icon}
    </button>
  );
  return (
    <div className="quick nodrag nopan absolute right-0 bottom-full z-20 pb-4">
      <div className="flex rounded-control border border-line bg-paper">
        {may.run && action('Test this step', <Play size={13} aria-hidden />, () => test({ only: id }))}
        {action(disabled ? 'Enable' : 'Disable', <CirclePower size={13} aria-hidden />, () => toggleDisabled([id]))}
        {action('Delete', <Trash2 size={13} aria-hidden />, () => remove([id]))}
      </div>
    </div>
  );
}

/** Whether the pointer is over a card. What it was over may go without a word (a plus that was pressed, a canvas that moved on), so what it comes to next is looked at too. */
function useOver(card: RefObject<HTMLElement | null>): [boolean, (over: boolean) => void] {
  const [over, setOver] = useState(false);
  useEffect(() => {
    if (!over) return;
    const look = ({ target }: PointerEvent): void => {
      if (!(target instanceof Node && card.current?.contains(target))) setOver(false);
    };
    document.addEventListener('pointerover', look);
    return () => document.removeEventListener('pointerover', look);
  }, [card, over]);
  return [over, setOver];
}

function StepCardView({ id, data, selected }: NodeProps<Node<StepData, 'step'>>) {
  const { node, label, words, ports, open, faults, warnings, view, pinned, folded, readOnly } = data;
  const detail = useDetail();
  const large = detail === 'large';
  const card = useRef<HTMLDivElement>(null);
  const [over, setOver] = useOver(card);
  const idle = view?.idle === true;
  const bodyHeight = Math.max(64, ports.length * 20 + 16);
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the pointer only shows quick actions; menu and keys have the same
    <div
      ref={card}
      onMouseEnter={() => setOver(true)}
      onMouseLeave={() => setOver(false)}
      className={clsx(
        'group/card relative flex h-full w-full flex-col rounded-panel border bg-paper ease-state',
        selected ? 'border-ink outline outline-1 outline-ink' : 'border-line-strong hover:border-ink',
        node.disabled && 'border-dashed',
        (faults > 0 || view?.state === 'failed') && 'fault-edge',
        folded !== null && 'stacked',
        view && detail === 'block' && `s-${view.state} state-soft`,
      )}
    >
      <Entry at={bodyHeight / 2} />
      {detail === 'block' ? (
        <span className="flex h-full items-center justify-center">{view && <StateGlyph state={view.state} className="size-32" />}</span>
      ) : detail === 'some' ? (
        <span className={clsx('flex min-h-0 flex-1 items-center gap-12 px-12', (idle || node.disabled) && 'text-muted')}>
          {view && !view.idle ? <StateGlyph state={view.state} className="size-24" /> : <NodeIcon type={node.type} size={24} />}
          <span className="line-clamp-2 text-18 leading-[24px] font-semibold">{label}</span>
        </span>
      ) : (
        <>
          <div className={clsx('flex shrink-0 items-center gap-8 px-8', (idle || node.disabled) && 'text-muted')} style={{ height: bodyHeight }}>
            <CardFace type={node.type} words={folded !== null ? `${words} · ${folded} steps` : words} disabled={node.disabled === true} large={large}>
              <Name id={id} label={label} large={large} className={node.disabled ? 'line-through decoration-1' : ''} />
            </CardFace>
            {pinned && <Pin size={13} aria-label="Output is pinned for tests" className="shrink-0 text-muted" />}
          </div>
          {view && <Foot view={view} large={large} />}
          {!readOnly && over && <Quick id={id} disabled={node.disabled === true} />}
        </>
      )}
      {detail !== 'block' && <Mend faults={faults} warnings={warnings} />}
      <Ports
        id={id}
        ports={ports}
        open={detail === 'all' || large ? open : ''}
        labels={detail === 'all' || large}
        readOnly={readOnly}
        height={bodyHeight}
      />
    </div>
  );
}
export const StepCard = memo(StepCardView);

function LoopView({ id, data, selected }: NodeProps<Node<StepData, 'loop'>>) {
  const { label, words, ports, open, faults, warnings, view, readOnly, node } = data;
  const { fold, pickIn } = useActions();
  const empty = usePick((state) => !state.definition.nodes.some((each) => each.parent === id));
  return (
    <div
      className={clsx(
        'loop-box relative h-full w-full rounded-panel border',
        selected ? 'border-ink outline outline-1 outline-ink' : 'border-line-strong',
        node.disabled && 'border-dashed opacity-60',
        faults > 0 && 'fault-edge',
      )}
    >
      <Entry at={14} />
      <div className="loop-head tabular flex h-[28px] cursor-grab items-center gap-8 rounded-t-panel border-b border-line bg-paper px-8 text-12">
        <button
          type="button"
          tabIndex={-1}
          aria-label="Fold the loop"
          title="Fold"
          className="nodrag text-muted hover:text-ink"
          onClick={() => fold(id)}
        >
          <ChevronDown size={14} aria-hidden />
        </button>
        <NodeIcon type="loop" size={14} />
        <span className="min-w-0 shrink">
          <Name id={id} label={label} />
        </span>
        <span className="min-w-0 flex-1 truncate text-muted" title={words}>
          {words}
        </span>
        {view && (
          <span className="flex items-center gap-4 text-muted">
            <StateGlyph state={view.state} />
            {view.itemCount > 0 && <RoundStepper id={id} count={view.itemCount} />}
          </span>
        )}
      </div>
      {empty && !readOnly && (
        <button
          type="button"
          tabIndex={-1}
          className="nodrag absolute inset-x-24 top-[52px] bottom-24 flex items-center justify-center gap-8 rounded-panel border border-dashed border-line-strong text-muted hover:border-ink hover:text-ink"
          onClick={() => pickIn(id)}
        >
          <Plus size={14} aria-hidden />
          Add the step that repeats
        </button>
      )}
      <Mend faults={faults} warnings={warnings} />
      <Ports id={id} ports={ports} open={open} readOnly={readOnly} height={28} />
    </div>
  );
}
export const LoopBox = memo(LoopView);

function StartView({ data: { triggers, ports, fields, faults, readOnly }, selected }: NodeProps<Node<StartData, 'start'>>) {
  const { pickAtStart } = useActions();
  const upright = useUpright();
  const empty = usePick((state) => state.definition.nodes.length === 0);
  const all = ['out', ...ports];
  return (
    <div
      className={clsx(
        'relative flex h-full w-full items-center gap-8 rounded-round border bg-paper pr-16 pl-8 ease-state',
        selected ? 'border-ink outline outline-1 outline-ink' : 'border-line-strong hover:border-ink',
      )}
    >
      <StartFace triggers={triggers.map(({ type }) => type)} fields={fields} />
      <Mend faults={faults} warnings={0} />
      {all.map((port, index) => (
        <Handle key={port} type="source" id={port} position={upright ? Position.Bottom : Position.Right} style={along(index, all.length, upright)}>
          {ports.length > 0 && index > 0 && <span className={clsx(nameBeside, placeOfName(upright), 'text-muted')}>{port}</span>}
        </Handle>
      ))}
      {empty && !readOnly && (
        <button
          type="button"
          tabIndex={-1}
          className="nodrag absolute top-1/2 left-full ml-48 flex h-[64px] w-[232px] -translate-y-1/2 items-center justify-center gap-8 rounded-panel border border-dashed border-line-strong text-muted hover:border-ink hover:text-ink"
          onClick={() => pickAtStart()}
        >
          <Plus size={14} aria-hidden />
          Add the first step
        </button>
      )}
      {empty && !readOnly && (
        <p className="pointer-events-none absolute top-full left-0 mt-24 w-[440px] text-muted">
          Press N to add a step, drag from a round handle to connect, and test at any time: nothing is live before you publish.
        </p>
      )}
    </div>
  );
}
export const StartCard = memo(StartView);
