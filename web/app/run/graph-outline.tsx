/** The graph as a still picture: before the canvas has loaded, and small in lists and empty states. */
import clsx from 'clsx';
import { Fragment } from 'react';
import type { DefinitionEdge } from './definition.ts';
import { type Box, containerHeader, type GraphBoxes } from './graph-size.ts';
import type { NodeView } from './model.ts';

interface OutlineNode {
  id: string;
  label: string;
  parent: string | null;
  state?: NodeView['state'];
}

/** Absolute boxes: those of a loop's body stand relative to it. */
function absolute(nodes: readonly OutlineNode[], boxes: Record<string, Box>): Map<string, Box> {
  const placed = new Map<string, Box>();
  const place = (node: OutlineNode): Box | null => {
    const box = boxes[node.id];
    if (!box) return null;
    const parent = node.parent ? nodes.find(({ id }) => id === node.parent) : undefined;
    const around = parent ? place(parent) : null;
    return around ? { ...box, x: box.x + around.x, y: box.y + around.y } : box;
  };
  for (const node of nodes) {
    const box = place(node);
    if (box) placed.set(node.id, box);
  }
  return placed;
}

/** The name of a step in its card; of a loop in its head. Larger than on the canvas, as the picture is seen smaller. */
function Label({ label, box, around }: { label: string; box: Box; around: boolean }) {
  return (
    <foreignObject {...box} height={around ? containerHeader : box.height}>
      <div className={clsx('flex h-full items-center font-semibold', around ? 'px-12' : 'px-16')}>
        <span className={around ? 'truncate text-18' : 'line-clamp-2 text-24 leading-[28px]'}>{label}</span>
      </div>
    </foreignObject>
  );
}

/** Both ways of a graph; CSS shows the one that fits the screen. */
export function OutlineOf({ nodes, edges, boxes }: { nodes: readonly OutlineNode[]; edges: readonly DefinitionEdge[]; boxes: GraphBoxes }) {
  return (
    <>
      <GraphOutline nodes={nodes} edges={edges} boxes={boxes.wide} className="absolute inset-0 size-full max-wide:hidden" />
      <GraphOutline nodes={nodes} edges={edges} boxes={boxes.tall} tall className="absolute inset-0 size-full wide:hidden" />
    </>
  );
}

export function GraphOutline({
  nodes,
  edges,
  boxes,
  className,
  tall = false,
  labelled = false,
}: {
  tall?: boolean;
  /** Each step with its name: where no canvas comes after it. */
  labelled?: boolean;
  nodes: readonly OutlineNode[];
  edges: readonly DefinitionEdge[];
  boxes: Record<string, Box>;
  className?: string;
}) {
  const placed = absolute(nodes, boxes);
  const all = [...placed.values()];
  if (all.length === 0) return null;
  const left = Math.min(...all.map((box) => box.x)) - 40;
  const top = Math.min(...all.map((box) => box.y)) - 40;
  const width = Math.max(...all.map((box) => box.x + box.width)) - left + 40;
  const height = Math.max(...all.map((box) => box.y + box.height)) - top + 40;
  return (
    <svg
      viewBox={`${left} ${top} ${width} ${height}`}
      className={clsx(className ?? 'absolute inset-0 size-full')}
      aria-hidden
      preserveAspectRatio="xMidYMid meet"
    >
      {edges.map(({ from, to, fromPort }) => {
        const a = placed.get(from);
        const b = placed.get(to);
        if (!a || !b) return null;
        const [x1, y1, x2, y2] = tall
          ? [a.x + a.width / 2, a.y + a.height, b.x + b.width / 2, b.y]
          : [a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2];
        const bend = Math.max(24, (tall ? y2 - y1 : x2 - x1) / 2);
        const curve = tall ? `${x1} ${y1 + bend} ${x2} ${y2 - bend}` : `${x1 + bend} ${y1} ${x2 - bend} ${y2}`;
        return (
          <path
            key={`${from} ${fromPort} ${to}`}
            d={`M${x1} ${y1}C${curve} ${x2} ${y2}`}
            fill="none"
            stroke="var(--line-strong)"
            strokeWidth="1.25"
            vectorEffect="non-scaling-stroke"
          />
        );
      })}
      {nodes.map(({ id, label, state }) => {
        const box = placed.get(id);
        return (
          box && (
            <Fragment key={id}>
              <rect
                {...box}
                rx="8"
                fill="var(--paper)"
                stroke="var(--line-strong)"
                vectorEffect="non-scaling-stroke"
                className={state && state !== 'queued' ? `s-${state}` : undefined}
              />
              {labelled && <Label label={label} box={box} around={nodes.some(({ parent }) => parent === id)} />}
            </Fragment>
          )
        );
      })}
    </svg>
  );
}
