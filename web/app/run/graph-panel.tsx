/** The graph in a frame as high as it needs, so that what stands below it is seen too. The canvas is loaded on demand and drawn in the browser only. */
import clsx from 'clsx';
import { lazy, Suspense } from 'react';
import { useInBrowser } from '../ui/in-browser.ts';
import type { DefinitionEdge } from './definition.ts';
import { OutlineOf } from './graph-outline.tsx';
import type { Box, GraphBoxes } from './graph-size.ts';
import type { NodeView } from './model.ts';

const RunGraph = lazy(async () => ({ default: (await import('./run-graph.tsx')).RunGraph }));

/** Heights to choose from: in classes, as markup may carry no styles, and so that nothing moves when the canvas comes. */
const deskHeights = [
  [184, 'wide:h-[184px]'],
  [248, 'wide:h-[248px]'],
  [328, 'wide:h-[328px]'],
  [424, 'wide:h-[424px]'],
  [520, 'wide:h-[520px]'],
  [640, 'wide:h-[640px]'],
] as const;
const phoneHeights = [
  [320, 'max-wide:h-[320px]'],
  [420, 'max-wide:h-[420px]'],
  [520, 'max-wide:h-[520px]'],
] as const;

const margin = 64;

function extent(boxes: Record<string, Box>): { width: number; height: number } {
  const all = Object.values(boxes);
  const span = (from: (box: Box) => number, to: (box: Box) => number): number =>
    all.length === 0 ? 1 : Math.max(...all.map(to)) - Math.min(...all.map(from));
  return {
    width: span(
      (box) => box.x,
      (box) => box.x + box.width,
    ),
    height: span(
      (box) => box.y,
      (box) => box.y + box.height,
    ),
  };
}

/** The least class that shows boxes in a frame of this width without making them smaller than the width does. */
function heightFor(boxes: Record<string, Box>, width: number, choices: readonly (readonly [number, string])[]): string {
  const size = extent(boxes);
  const need = size.height * Math.min(1, (width - margin) / size.width) + margin;
  return (choices.find(([height]) => height >= need) ?? choices.at(-1))?.[1] ?? '';
}

export interface GraphPanelProps {
  label: string;
  nodes: NodeView[];
  edges: DefinitionEdge[];
  boxes: GraphBoxes;
  settled: boolean;
  plain?: boolean;
  chosen: string | null;
  onOpen: (id: string) => void;
  /** A drawer stands beside it: the frame is narrow. */
  narrow?: boolean;
}

export function GraphPanel({ label, narrow = false, ...graph }: GraphPanelProps) {
  const inBrowser = useInBrowser();
  const { nodes, edges, boxes } = graph;
  const outline = <OutlineOf nodes={nodes} edges={edges} boxes={boxes} />;
  const desk = narrow ? heightFor(boxes.tall, 560, deskHeights) : heightFor(boxes.wide, 1200, deskHeights);
  return (
    <section aria-label={label} className={clsx('relative shrink-0 border-b border-line bg-sunk', desk, heightFor(boxes.tall, 390, phoneHeights))}>
      {inBrowser ? (
        <Suspense fallback={outline}>
          <RunGraph {...graph} />
        </Suspense>
      ) : (
        outline
      )}
    </section>
  );
}
