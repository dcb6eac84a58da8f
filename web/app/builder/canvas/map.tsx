/** The whole workflow in small, and the part that is seen. One path per colour: 300 steps cost one element, and nothing while something is dragged. */
import { useReactFlow, useStore } from '@xyflow/react';
import { type PointerEvent, useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { usePick } from '../context.tsx';
import { boundsOf } from '../model/first-view.ts';
import { absolute } from '../model/size.ts';
import { boxesNow } from '../model/store.ts';

const width = 160;
const height = 104;
/** px of the canvas. */
const leastHeight = 560;

/** Outlines of all steps by their colour. */
function usePaths() {
  const { definition, fallback, run } = usePick(useShallow((state) => ({ definition: state.definition, fallback: state.fallback, run: state.run })));
  return useMemo(() => {
    const boxes = boxesNow({ definition, fallback, moving: null });
    const paths = new Map<string, string>();
    for (const node of definition.nodes) {
      const box = boxes.get(node.id);
      if (!box) continue;
      const { x, y } = node.parent === undefined ? box : absolute(definition, boxes, node.id);
      const state = run?.views.get(node.id)?.state;
      const color = state ? `var(--state-${state === 'timed_out' ? 'failed' : state})` : node.type === 'loop' ? 'var(--sand-5)' : 'var(--sand-8)';
      paths.set(color, `${paths.get(color) ?? ''}M${x} ${y}h${box.width}v${box.height}h${-box.width}z`);
    }
    return { paths: [...paths], bounds: boundsOf(definition, boxes) };
  }, [definition, fallback, run]);
}

export function CanvasMap() {
  const { paths, bounds } = usePaths();
  const { x, y, zoom, wide, high } = useStore(
    useShallow(({ transform: [tx, ty, scale], width: w, height: h }) => ({
      x: -tx / scale,
      y: -ty / scale,
      zoom: scale,
      wide: w / scale,
      high: h / scale,
    })),
  );
  const { setCenter } = useReactFlow();
  const seesAll = x <= bounds.x && y <= bounds.y && x + wide >= bounds.x + bounds.width && y + high >= bounds.y + bounds.height;
  const scale = Math.max(bounds.width / (width - 16), bounds.height / (height - 16));
  const left = bounds.x - (width * scale - bounds.width) / 2;
  const top = bounds.y - (height * scale - bounds.height) / 2;
  const go = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    void setCenter(left + (event.clientX - box.x) * scale, top + (event.clientY - box.y) * scale, { zoom });
  };
  // Where all is seen, or little is left of the canvas, it would only be in the way.
  if (seesAll || high * zoom < leastHeight) return null;
  return (
    <svg
      role="img"
      aria-label="Map of the workflow"
      className="builder-map"
      width={width}
      height={height}
      viewBox={`${left} ${top} ${width * scale} ${height * scale}`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      {paths.map(([color, path]) => (
        <path key={color} d={path} fill={color} />
      ))}
      <rect x={x} y={y} width={wide} height={high} rx={4 * scale} fill="none" stroke="var(--ink)" strokeWidth={1.5 * scale} />
    </svg>
  );
}
