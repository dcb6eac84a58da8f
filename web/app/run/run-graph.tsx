/** The canvas, read-only: nodes in their states, edges taken or dead. Lazy: brings @xyflow/react. */
import {
  Background,
  BackgroundVariant,
  Controls,
  type Edge,
  MarkerType,
  type Node,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import './graph.css';
import { useEffect, useMemo, useState } from 'react';
import type { DefinitionEdge } from './definition.ts';
import { type CardData, type EdgeData, LoopBox, NodeCard, RunEdge } from './graph-parts.tsx';
import { type GraphBoxes, portsInOrder, tallBelow, type Way } from './graph-size.ts';
import { edgeState, type NodeView } from './model.ts';

const nodeTypes = { card: NodeCard, loop: LoopBox };
const edgeTypes = { run: RunEdge };

export interface RunGraphProps {
  nodes: NodeView[];
  edges: DefinitionEdge[];
  boxes: GraphBoxes;
  settled: boolean;
  /** A definition without a run: no states. */
  plain?: boolean;
  chosen: string | null;
  onOpen: (id: string) => void;
}

function toNodes(
  { nodes, edges, boxes, chosen, plain }: Pick<RunGraphProps, 'nodes' | 'edges' | 'boxes' | 'chosen' | 'plain'>,
  way: Way,
): Node<CardData>[] {
  const parents = new Set(nodes.map(({ parent }) => parent));
  return nodes.flatMap((view) => {
    const box = boxes[way][view.id];
    if (!box) return [];
    const ports = portsInOrder(edges.filter(({ from }) => from === view.id));
    return [
      {
        id: view.id,
        type: parents.has(view.id) ? 'loop' : 'card',
        position: { x: box.x, y: box.y },
        width: box.width,
        height: box.height,
        ...(view.parent ? { parentId: view.parent } : {}),
        data: { view, ports, entered: edges.some(({ to }) => to === view.id), plain: plain ?? false, way },
        selected: view.id === chosen,
        draggable: false,
        connectable: false,
        ariaLabel: `${view.label}${plain ? '' : `, ${view.state}`}`,
      },
    ];
  });
}

function toEdges({ nodes, edges, settled, plain }: Pick<RunGraphProps, 'nodes' | 'edges' | 'settled' | 'plain'>): Edge<EdgeData>[] {
  const byId = new Map(nodes.map((view) => [view.id, view]));
  let moving = 0;
  return edges.map(({ from, to, fromPort }) => {
    const source = byId.get(from);
    const target = byId.get(to);
    const state = plain ? 'taken' : edgeState(source, fromPort, target, settled);
    // At most 20 moving edges: more is a screensaver, and costs frames.
    const runs = target?.state === 'running' && state === 'taken' && !settled && moving++ < 20;
    return {
      id: `${from} ${fromPort} ${to}`,
      source: from,
      target: to,
      sourceHandle: fromPort,
      type: 'run',
      data: { state, runs, plain: plain ?? false, count: target && target.itemCount > 0 && state === 'taken' ? target.itemCount : null },
      markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: state === 'taken' ? 'var(--sand-11)' : 'var(--sand-7)' },
      focusable: false,
    };
  });
}

const fit = { padding: '24px', maxZoom: 1 } as const;

/** Keeps the graph in view when the window or the drawer changes its size, and turns it where it becomes narrow. */
function Fit({ way, onWay }: { way: Way; onWay: (way: Way) => void }) {
  const { fitView } = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(() => {
    if (width > 0) onWay(width < tallBelow ? 'tall' : 'wide');
  }, [width, onWay]);
  useEffect(() => {
    const frame = requestAnimationFrame(() => void fitView(fit));
    return () => cancelAnimationFrame(frame);
  }, [fitView, width, height, way]);
  return null;
}

export function RunGraph({ nodes: views, edges: links, boxes, settled, plain = false, chosen, onOpen }: RunGraphProps) {
  const [way, setWay] = useState<Way>(() => (window.innerWidth < tallBelow ? 'tall' : 'wide'));
  const nodes = useMemo(() => toNodes({ nodes: views, edges: links, boxes, chosen, plain }, way), [views, links, boxes, chosen, plain, way]);
  const edges = useMemo(() => toEdges({ nodes: views, edges: links, settled, plain }), [views, links, settled, plain]);
  return (
    <ReactFlowProvider>
      <div className="absolute inset-0">
        <ReactFlow<Node<CardData>, Edge<EdgeData>>
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodeClick={(_, node) => onOpen(node.id)}
          onKeyDown={(event) => {
            const id = (event.target as HTMLElement).closest<HTMLElement>('.react-flow__node')?.dataset['id'];
            if (!id || (event.key !== 'Enter' && event.key !== ' ')) return;
            event.preventDefault();
            onOpen(id);
          }}
          fitView
          fitViewOptions={fit}
          minZoom={0.15}
          maxZoom={1.5}
          nodesDraggable={false}
          nodesConnectable={false}
          edgesFocusable={false}
          deleteKeyCode={null}
          proOptions={{ hideAttribution: true }}
          preventScrolling={false}
          zoomOnScroll={false}
          panOnScroll={false}
          zoomActivationKeyCode={['Meta', 'Control']}
        >
          <Background variant={BackgroundVariant.Dots} gap={16} size={1.5} color="var(--sand-5)" />
          {/* In a row: a column would lie over the first card of a low canvas. */}
          <Controls
            orientation="horizontal"
            showInteractive={false}
            showZoom={way === 'wide'}
            position={way === 'wide' ? 'bottom-left' : 'top-right'}
          />
          <Fit way={way} onWay={setWay} />
        </ReactFlow>
      </div>
    </ReactFlowProvider>
  );
}
