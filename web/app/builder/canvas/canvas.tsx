/** The canvas: React Flow driven by the store. While something is dragged only places change; letting go makes it one edit. */
import { Background, BackgroundVariant, ReactFlow, SelectionMode } from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import '../../run/graph.css';
import './canvas.css';
import { useCallback, useMemo, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { type Flow, useActions } from '../actions.ts';
import { useBuilder, usePick } from '../context.tsx';
import { firstView, type Size } from '../model/first-view.ts';
import { shownOf } from '../model/upright.ts';
import { boxesNow } from '../model/store.ts';
import { LoopBox, StartCard, StepCard } from './cards.tsx';
import { StepEdge } from './edges.tsx';
import { createFlowEdges, createFlowNodes, type FlowEdge, type FlowNode } from './flow-nodes.ts';
import { useChanges, useConnecting, useDragging, useDrops } from './handlers.ts';
import { GroupFrame, NoteCard } from './note-and-group.tsx';

const nodeTypes = { step: StepCard, loop: LoopBox, note: NoteCard, start: StartCard, frame: GroupFrame };
const edgeTypes = { step: StepEdge };
const snapGrid: [number, number] = [8, 8];
/** More cards than this are drawn only where they can be seen. */
const drawAll = 120;

function useShown() {
  const pick = usePick(
    useShallow(({ definition, fallback, upright, moving, selected, selectedEdges, faults, warnings, run, roundViews, readOnly, pins, dropEdge }) => ({
      definition,
      fallback,
      moving,
      selected,
      selectedEdges,
      faults,
      warnings,
      run,
      roundViews,
      readOnly,
      pins,
      dropEdge,
      upright,
    })),
  );
  const [makeNodes] = useState(createFlowNodes);
  const [makeEdges] = useState(createFlowEdges);
  const pinned = useMemo(() => new Set(Object.keys(pick.pins)), [pick.pins]);
  const { selectedEdges, run, dropEdge } = pick;
  const definition = shownOf(pick);
  const nodes = useMemo(() => makeNodes({ ...pick, definition, pinned }), [makeNodes, pick, definition, pinned]);
  const edges = useMemo(() => makeEdges({ definition, selectedEdges, run, dropEdge }), [makeEdges, definition, selectedEdges, run, dropEdge]);
  return { nodes, edges, readOnly: pick.readOnly, many: definition.nodes.length > drawAll };
}

export interface CanvasProps {
  flow: { current: Flow | null };
  phone: boolean;
  /** Of the canvas on the screen. */
  size: Size;
}

const both = ['Meta', 'Control'];
const choosing = ['Meta', 'Control', 'Shift'];
const panButtons = [1, 2];
const noAttribution = { hideAttribution: true };

function focusInspector(_: unknown, node: FlowNode): void {
  if (node.type === 'step' || node.type === 'loop')
    document.querySelector<HTMLElement>('[data-inspector] :is(input, textarea, select, [contenteditable])')?.focus();
}

/** All that is given to React Flow besides nodes and edges stays the same object: a new one would draw every card again. */
export function Canvas({ flow, phone, size }: CanvasProps) {
  const { store } = useBuilder();
  const { nodes, edges, readOnly, many } = useShown();
  const { onNodesChange, onEdgesChange } = useChanges(store);
  const { onNodeDrag, drop } = useDragging(store);
  const { isValid, onConnect, onReconnect, onConnectEnd } = useConnecting(store, flow);
  const { onDrop, onDragOver } = useDrops(store, flow);
  const { focusCanvas } = useActions();
  const [opened] = useState(() => {
    const state = store.getState();
    const definition = shownOf(state);
    return firstView(definition, boxesNow({ ...state, definition }), size, state.upright !== null);
  });
  const onInit = useCallback(
    (instance: Flow) => {
      flow.current = instance;
    },
    [flow],
  );
  return (
    <ReactFlow<FlowNode, FlowEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      width={size.width}
      height={size.height}
      defaultViewport={opened}
      onInit={onInit}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      onNodeDrag={onNodeDrag}
      onNodeDragStop={drop}
      onSelectionDragStop={drop}
      onConnect={onConnect}
      onConnectEnd={onConnectEnd}
      onReconnect={onReconnect}
      isValidConnection={isValid}
      onNodeDoubleClick={focusInspector}
      onPaneClick={focusCanvas}
      onNodeClick={focusCanvas}
      onDrop={onDrop}
      onDragOver={onDragOver}
      minZoom={0.1}
      maxZoom={2}
      snapToGrid
      snapGrid={snapGrid}
      nodesDraggable={!readOnly}
      nodesConnectable={!readOnly}
      nodesFocusable={false}
      edgesFocusable={false}
      disableKeyboardA11y
      selectionOnDrag={!phone}
      selectionMode={SelectionMode.Partial}
      panOnDrag={phone ? true : panButtons}
      panOnScroll={!phone}
      zoomOnDoubleClick={false}
      zoomActivationKeyCode={both}
      multiSelectionKeyCode={choosing}
      deleteKeyCode={null}
      elevateNodesOnSelect
      onlyRenderVisibleElements={many}
      connectionRadius={28}
      proOptions={noAttribution}
    >
      <Background variant={BackgroundVariant.Dots} gap={16} size={1.5} color="var(--sand-5)" />
    </ReactFlow>
  );
}
