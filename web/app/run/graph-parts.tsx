/** Node card, loop container and edge of the canvas (10-visual: 232 wide, icon 32, foot of 20 px after a run). */
import {
  BaseEdge,
  EdgeLabelRenderer,
  type Edge,
  type EdgeProps,
  getBezierPath,
  Handle,
  type Node,
  type NodeProps,
  Position,
  useStore,
} from '@xyflow/react';
import clsx from 'clsx';
import { formatDuration, formatMoney, formatTokens, formatWhole } from '../ui/format.ts';
import { StateGlyph, stateWord } from '../ui/state.tsx';
import { useNow } from '../ui/time.tsx';
import { largeBelow, type Way } from './graph-size.ts';
import type { EdgeState, NodeView } from './model.ts';
import { NodeIcon } from './node-icon.tsx';

export type CardData = { view: NodeView; ports: string[]; entered: boolean; plain: boolean; way: Way };
export type EdgeData = { state: EdgeState; runs: boolean; plain: boolean; count: number | null };

/** How much a card says at this zoom. */
export const useDetail = (): 'all' | 'large' | 'some' | 'block' =>
  useStore(({ transform: [, , zoom] }) => (zoom < 0.25 ? 'block' : zoom < 0.5 ? 'some' : zoom < largeBelow ? 'large' : 'all'));

/** Ports with an edge are drawn; a view to read needs no loose ends. */
function Ports({ ports, entered, way }: Pick<CardData, 'ports' | 'entered' | 'way'>) {
  const wide = way === 'wide';
  return (
    <>
      {entered && <Handle type="target" position={wide ? Position.Left : Position.Top} />}
      {ports.map((port, index) => {
        const along = `${((index + 1) / (ports.length + 1)) * 100}%`;
        return (
          <Handle
            key={port}
            type="source"
            id={port}
            position={wide ? Position.Right : Position.Bottom}
            style={wide ? { top: along } : { left: along }}
          >
            {ports.length > 1 && (
              <span
                className={clsx(
                  'pointer-events-none absolute left-[12px] rounded-control bg-sunk px-4 text-12 leading-[16px] text-muted',
                  wide ? '-top-[18px]' : 'top-4',
                )}
              >
                {port}
              </span>
            )}
          </Handle>
        );
      })}
    </>
  );
}

function Took({ view }: { view: NodeView }) {
  const now = useNow(view.startedAt && !view.completedAt ? 1000 : 0);
  if (!view.startedAt) return null;
  const end = view.completedAt ? Date.parse(view.completedAt) : now;
  return <span>{formatDuration(Math.max(0, end - Date.parse(view.startedAt)))}</span>;
}

/** `180 of 200`, with what failed. */
function Items({ view }: { view: NodeView }) {
  if (!view.items) return null;
  const failed = view.items.failed ?? 0;
  const done = (view.items.completed ?? 0) + failed + (view.items.skipped ?? 0);
  return (
    <span>
      {done < view.itemCount ? `${formatWhole(done)} of ${formatWhole(view.itemCount)}` : `${formatWhole(view.itemCount)} items`}
      {failed > 0 && <span className="text-failed-text">, {failed} failed</span>}
    </span>
  );
}

/** What a run left at a node: state, time, cost, items. `large`: seen from further away, so it says less. */
export function Foot({ view, large = false }: { view: NodeView; large?: boolean }) {
  return (
    <div
      className={clsx(
        'tabular flex h-24 items-center gap-8 overflow-hidden border-t border-line px-8 whitespace-nowrap text-muted',
        large ? 'text-15' : 'text-12',
      )}
    >
      <StateGlyph state={view.state} {...(large ? { className: 'size-16' } : {})} />
      {view.idle ? <span>{stateWord(view.state)}</span> : <Took view={view} />}
      {view.costUsd !== null && view.costUsd > 0 && !(large && view.items) && <span>{formatMoney(view.costUsd)}</span>}
      {view.tokens > 0 && view.costUsd === 0 && <span>{formatTokens(view.tokens)}</span>}
      <Items view={view} />
      {view.attempts > 1 && !view.items && (
        <span className="ml-auto" title="The most attempts one step took">
          {view.attempts} attempts
        </span>
      )}
    </div>
  );
}

/** What became of a step between two versions: a sign and its colour, as in the lines of a difference. */
const markLook = {
  added: { text: '+', card: '!border-completed', sign: 'border-paper bg-completed' },
  removed: { text: '−', card: '!border-failed border-dashed [&_.truncate]:line-through', sign: 'border-paper bg-failed' },
  changed: { text: '~', card: '!border-ink', sign: 'border-paper bg-ink' },
} as const;

export function NodeCard({ data: { view, ports, entered, plain, way }, selected }: NodeProps<Node<CardData>>) {
  const detail = useDetail();
  const large = detail === 'large';
  const idle = !plain && view.idle;
  if (detail === 'block' && !plain)
    return (
      <div className={clsx('flex h-full w-full items-center justify-center rounded-panel border border-line', `s-${view.state} state-soft`)}>
        <Ports ports={ports} entered={entered} way={way} />
        <StateGlyph state={view.state} />
      </div>
    );
  return (
    <div
      className={clsx(
        'relative flex h-full w-full flex-col rounded-panel border bg-paper ease-state',
        selected ? 'border-ink outline outline-1 outline-ink' : 'border-line-strong',
        view.disabled && 'border-dashed opacity-60',
        plain && view.mark && markLook[view.mark].card,
        !plain && view.state === 'failed' && 'border-l-2 border-l-failed',
      )}
    >
      {detail === 'some' && (
        <div className={clsx('flex min-h-0 flex-1 items-center gap-12 px-12', idle && 'text-muted')}>
          {!plain && <StateGlyph state={view.state} className="size-24" />}
          <span className="line-clamp-2 text-24 leading-[28px] font-semibold">{view.label}</span>
        </div>
      )}
      {(detail === 'all' || large) && (
        <div className={clsx('flex min-h-0 flex-1 items-center gap-8 px-8', idle && 'text-muted')}>
          <span className="flex size-32 shrink-0 items-center justify-center rounded-control bg-hover">
            <NodeIcon type={view.type} size={large ? 20 : 16} />
          </span>
          <span className="min-w-0">
            <span className={clsx('font-semibold', large ? 'line-clamp-2 text-18 leading-[22px]' : 'block truncate')} title={view.label}>
              {view.label}
            </span>
            {!large && (
              <span className="block truncate text-12 text-muted" title={view.words}>
                {view.disabled ? 'Disabled, passes through' : view.words}
              </span>
            )}
          </span>
        </div>
      )}
      {!plain && (detail === 'all' || large) && <Foot view={view} large={large} />}
      {plain && view.mark && (
        <span
          aria-hidden
          className={clsx(
            'absolute -top-[9px] -right-[9px] flex size-[18px] items-center justify-center rounded-round border font-mono text-12 leading-[16px] font-semibold text-paper',
            markLook[view.mark].sign,
          )}
        >
          {markLook[view.mark].text}
        </span>
      )}
      <Ports ports={ports} entered={entered} way={way} />
    </div>
  );
}

export function LoopBox({ data: { view, ports, entered, plain, way }, selected }: NodeProps<Node<CardData>>) {
  return (
    <div
      className={clsx(
        'h-full w-full rounded-panel border bg-[color-mix(in_srgb,var(--sand-3)_50%,transparent)]',
        selected ? 'border-ink' : 'border-line-strong',
      )}
    >
      <div className="tabular flex h-[28px] items-center gap-8 border-b border-line px-8 text-12">
        <NodeIcon type="loop" size={14} />
        <span className="truncate font-semibold">{view.label}</span>
        <span className="truncate text-muted">{view.words}</span>
        {!plain && (
          <span className="ml-auto flex shrink-0 items-center gap-8 whitespace-nowrap text-muted">
            <StateGlyph state={view.state} />
            {view.idle ? null : <Took view={view} />}
          </span>
        )}
      </div>
      <Ports ports={ports} entered={entered} way={way} />
    </div>
  );
}

export function RunEdge(props: EdgeProps<Edge<EdgeData>>) {
  const { data, markerEnd } = props;
  const [path, x, y] = getBezierPath(props);
  const detail = useDetail();
  const state = data?.state ?? 'idle';
  const stroke = state === 'taken' ? 'var(--sand-11)' : state === 'dead' ? 'var(--sand-6)' : 'var(--sand-7)';
  return (
    <>
      <BaseEdge
        path={path}
        {...(markerEnd ? { markerEnd } : {})}
        {...(data?.runs ? { className: 'edge-moving' } : {})}
        style={{ stroke: data?.runs ? 'var(--state-running)' : stroke, strokeWidth: 1.5, ...(state === 'dead' ? { strokeDasharray: '4 4' } : {}) }}
      />
      {data?.count != null && !data.plain && (detail === 'all' || detail === 'large') && (
        <EdgeLabelRenderer>
          <span
            className="tabular absolute rounded-round border border-line bg-paper px-8 text-12 text-muted"
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`, zIndex: 5 }}
          >
            {formatWhole(data.count)}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}
