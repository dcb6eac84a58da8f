/** The canvas as a still picture: the same cards at the same places, drawn by the server, so that the graph is there before any script is. No inline styles (our CSP): places are SVG attributes. */
import type { Definition } from '@hub/dag';
import { portsOf } from '@hub/dag';
import { getBezierPath, Position } from '@xyflow/react';
import { roots, startId } from '../model/graph.ts';
import { groupBox, groupsOf, hiddenInGroups, parentOfGroup } from '../model/groups.ts';
import { firstView, inSight, type Size } from '../model/first-view.ts';
import { absolute, type Box, boxesOf, cardHeight, isFolded, loopHeader, type Place, startPlace, startWidth } from '../model/size.ts';
import { notesOf } from '../model/notes.ts';
import { shownOf } from '../model/upright.ts';
import { labelOf, wordsOf } from '../model/words.ts';
import { largeBelow } from '../../run/graph-size.ts';
import { NodeIcon } from '../../run/node-icon.tsx';
import { CardFace, nameClass, StartFace } from './faces.tsx';

interface Ends {
  from: Place;
  to: Place;
}

function pathOf({ from, to }: Ends, upright: boolean): string {
  const [path] = getBezierPath({
    sourceX: from.x,
    sourceY: from.y,
    sourcePosition: upright ? Position.Bottom : Position.Right,
    targetX: to.x,
    targetY: to.y,
    targetPosition: upright ? Position.Top : Position.Left,
  });
  return path;
}

/** Ends of the edges that touch a card in sight. */
function edgesInSight(
  definition: Definition,
  boxes: ReadonlyMap<string, Box>,
  seen: ReadonlyMap<string, Box>,
  hidden: ReadonlyMap<string, unknown>,
  upright: boolean,
): (Ends & { id: string; implied: boolean })[] {
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const corner = (id: string): Box | undefined => {
    const box = boxes.get(id);
    return seen.get(id) ?? (box && { ...box, ...absolute(definition, boxes, id) });
  };
  const into = (id: string, box: Box): Place =>
    upright ? { x: box.x + box.width / 2, y: box.y } : { x: box.x, y: box.y + (isOpenLoop(definition, id) ? loopHeader : box.height) / 2 };
  const outOf = (box: Box, height: number, at: number, ports: number): Place =>
    upright
      ? { x: box.x + (box.width * (at + 1)) / (ports + 1), y: box.y + box.height }
      : { x: box.x + box.width, y: box.y + (height * (at + 1)) / (ports + 1) };
  const start = startPlace(definition, boxes);
  const drawn = (definition.edges ?? []).flatMap(({ from, fromPort, to }) => {
    const [source, a, b] = [nodes.get(from), corner(from), corner(to)];
    if (!b || (!seen.has(from) && !seen.has(to)) || hidden.has(from) || hidden.has(to)) return [];
    if (!source || !a) return [];
    const ports = portsOf(source) ?? ['out'];
    const at = Math.max(0, ports.indexOf(fromPort ?? 'out'));
    const height = isOpenLoop(definition, from) ? loopHeader : a.height;
    return [
      {
        id: `${from} ${fromPort ?? ''} ${to}`,
        from: outOf(a, height, at, ports.length),
        to: into(to, b),
        implied: false,
      },
    ];
  });
  const implied = roots(definition).flatMap((id) => {
    const box = seen.get(id);
    return box
      ? [
          {
            id: `${startId} ${id}`,
            from: outOf({ ...start, width: startWidth, height: cardHeight }, cardHeight, 0, 1),
            to: into(id, box),
            implied: true,
          },
        ]
      : [];
  });
  return [...implied, ...drawn];
}

const isOpenLoop = (definition: Definition, id: string): boolean =>
  definition.nodes.some((node) => node.id === id && node.type === 'loop') && !isFolded(definition, id);

interface PictureProps {
  definition: Definition;
  fallback: Record<string, Place>;
  /** As in the store: places from top to bottom, or null. */
  upright: Record<string, Place> | null;
  canvas: Size;
}

export function Picture({ definition: saved, fallback, upright, canvas }: PictureProps) {
  const definition = shownOf({ definition: saved, upright });
  const boxes = boxesOf(definition, fallback);
  const view = firstView(definition, boxes, canvas, upright !== null);
  const large = view.zoom < largeBelow;
  const seen = inSight(definition, boxes, view, canvas);
  const start = startPlace(definition, boxes);
  const hidden = hiddenInGroups(definition);
  for (const id of hidden.keys()) seen.delete(id);
  const nodes = definition.nodes.flatMap((node) => {
    const box = seen.get(node.id);
    return box ? [{ node, box, loop: isOpenLoop(definition, node.id) }] : [];
  });
  return (
    <svg aria-hidden data-picture className="absolute inset-0 size-full">
      <g transform={`translate(${view.x} ${view.y}) scale(${view.zoom})`}>
        {notesOf(definition).map((note) => (
          <rect key={note.id} x={note.x} y={note.y} width={note.w} height={note.h} rx="8" fill="var(--state-waiting-soft)" stroke="var(--line)" />
        ))}
        {groupsOf(definition).map((group) => {
          const box = parentOfGroup(definition, group) === undefined ? groupBox(group, boxes) : null;
          return (
            box && (
              <rect
                key={group.id}
                {...box}
                rx="8"
                fill={group.collapsed ? 'var(--paper)' : 'none'}
                stroke="var(--line-strong)"
                strokeDasharray="3 3"
              />
            )
          );
        })}
        {nodes.map(
          ({ node, box, loop }) =>
            loop && (
              <g key={node.id}>
                <rect
                  x={box.x}
                  y={box.y}
                  width={box.width}
                  height={box.height}
                  rx="8"
                  fill="var(--sand-3)"
                  fillOpacity="0.55"
                  stroke="var(--line-strong)"
                />
                <foreignObject x={box.x} y={box.y} width={box.width} height={loopHeader}>
                  <div className="flex h-full items-center gap-8 rounded-t-panel border border-line-strong bg-paper px-8 text-12">
                    <NodeIcon type="loop" size={14} />
                    <span className="truncate font-semibold">{labelOf(node)}</span>
                    <span className="truncate text-muted">{wordsOf(node)}</span>
                  </div>
                </foreignObject>
              </g>
            ),
        )}
        {edgesInSight(definition, boxes, seen, hidden, upright !== null).map((edge) => (
          <path
            key={edge.id}
            d={pathOf(edge, upright !== null)}
            fill="none"
            stroke="var(--sand-8)"
            strokeWidth="1.5"
            {...(edge.implied ? { strokeDasharray: '2 4' } : {})}
          />
        ))}
        {nodes.map(
          ({ node, box, loop }) =>
            !loop && (
              <foreignObject key={node.id} x={box.x} y={box.y} width={box.width} height={box.height}>
                <div className="flex h-full items-center gap-8 rounded-panel border border-line-strong bg-paper px-8">
                  <CardFace type={node.type} words={wordsOf(node)} disabled={node.disabled === true} large={large}>
                    <span className={nameClass(large)}>{labelOf(node)}</span>
                  </CardFace>
                </div>
              </foreignObject>
            ),
        )}
        <foreignObject x={start.x} y={start.y} width={startWidth} height={cardHeight}>
          <div className="flex h-full items-center gap-8 rounded-round border border-line-strong bg-paper pr-16 pl-8">
            <StartFace triggers={(definition.triggers ?? []).map(({ type }) => type)} />
          </div>
        </foreignObject>
      </g>
    </svg>
  );
}
