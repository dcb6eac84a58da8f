/** The canvas: React Flow driven by the store. While something is dragged only places change; letting go makes it one edit. */
import {
  Background,
  BackgroundVariant,
  type Connection,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  type OnConnectEnd,
  ReactFlow,
  SelectionMode,
} from '@xyflow/react';
import '@xyflow/react/dist/base.css';
import '../../run/graph.css';
import './canvas.css';
import { type DragEvent, type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { showToast } from '../../ui/toast.tsx';
import { type Flow, useActions } from '../actions.ts';
import { useBuilder, usePick } from '../context.tsx';
import { dropNodes, edgeOf, insertExisting, snap } from '../model/edits.ts';
import { edgeId, nodeOf, roots, startId, whyNoEdge } from '../model/graph.ts';
import { changeNotes, noteOfNodeId } from '../model/notes.ts';
import { absolute, loopAt, type Place } from '../model/size.ts';
import { boxesNow, type BuilderStore, edgeOfId } from '../model/store.ts';
import { pickType } from './pick-type.ts';
import { LoopBox, NoteCard, StartCard, StepCard } from './cards.tsx';
import { StepEdge } from './edges.tsx';
import { createFlowEdges, createFlowNodes, type FlowEdge, type FlowNode } from './flow-nodes.ts';

const nodeTypes = { step: StepCard, loop: LoopBox, note: NoteCard, start: StartCard };
const edgeTypes = { step: StepEdge };
const snapGrid: [number, number] = [8, 8];
/** More cards than this are drawn only where they can be seen. */
const drawAll = 120;

function useShown() {
  const pick = usePick(
    useShallow(({ definition, fallback, moving, selected, selectedEdges, faults, warnings, run, readOnly, pins, dropEdge }) => ({
      definition,
      fallback,
      moving,
      selected,
      selectedEdges,
      faults,
      warnings,
      run,
      readOnly,
      pins,
      dropEdge,
    })),
  );
  const [makeNodes] = useState(createFlowNodes);
  const [makeEdges] = useState(createFlowEdges);
  const pinned = useMemo(() => new Set(Object.keys(pick.pins)), [pick.pins]);
  const { definition, selectedEdges, run, dropEdge } = pick;
  const nodes = useMemo(() => makeNodes({ ...pick, pinned }), [makeNodes, pick, pinned]);
  const edges = useMemo(() => makeEdges({ definition, selectedEdges, run, dropEdge }), [makeEdges, definition, selectedEdges, run, dropEdge]);
  return { nodes, edges, readOnly: pick.readOnly, many: definition.nodes.length > drawAll };
}

/** Keeps a set of ids as React Flow's changes say; the same set where nothing changed. */
function chosen(before: ReadonlySet<string>, changes: readonly { type: string; id?: string; selected?: boolean }[]): ReadonlySet<string> {
  const next = new Set(before);
  for (const change of changes)
    if (change.type === 'select' && change.id !== undefined) {
      if (change.selected) next.add(change.id);
      else next.delete(change.id);
    }
  return next.size === before.size && [...next].every((id) => before.has(id)) ? before : next;
}

function useChanges(store: BuilderStore) {
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const { selected, moving, readOnly } = store.getState();
      const next = chosen(selected, changes);
      let places: Record<string, Place> | null = null;
      for (const change of changes)
        if (change.type === 'position' && change.position && change.dragging && !readOnly)
          places = { ...(places ?? moving), [change.id]: change.position };
      if (next !== selected || places) store.setState({ ...(next === selected ? {} : { selected: next }), ...(places ? { moving: places } : {}) });
    },
    [store],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange<FlowEdge>[]) => {
      const before = store.getState().selectedEdges;
      const next = chosen(before, changes);
      if (next !== before) store.setState({ selectedEdges: next });
    },
    [store],
  );
  return { onNodesChange, onEdgesChange };
}

/** Id of the edge under a point of the screen; cards above it do not count. */
function edgeUnder(x: number, y: number): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const edge = element.closest<SVGElement>('.react-flow__edge');
    if (edge?.dataset['id']) return edge.dataset['id'];
  }
  return null;
}

const pointOf = (event: MouseEvent | TouchEvent): { x: number; y: number } => {
  const touch = 'changedTouches' in event ? event.changedTouches[0] : event;
  return { x: touch?.clientX ?? 0, y: touch?.clientY ?? 0 };
};

function useDragging(store: BuilderStore) {
  const { run } = useActions();
  const onNodeDrag = useCallback(
    (event: MouseEvent | TouchEvent | React.MouseEvent, node: FlowNode, nodes: FlowNode[]) => {
      const { definition, dropEdge, set } = store.getState();
      const loose =
        nodes.length === 1 &&
        node.type !== 'note' &&
        node.id !== startId &&
        !(definition.edges ?? []).some(({ from, to }) => from === node.id || to === node.id);
      if (!loose && dropEdge === null) return;
      const { x, y } = pointOf('nativeEvent' in event ? event.nativeEvent : event);
      const id = loose ? edgeUnder(x, y) : null;
      const edge = id === null ? undefined : edgeOfId(definition, id);
      const fits = edge !== undefined && insertExisting(definition, node.id, edge) !== null;
      if ((fits ? id : null) !== dropEdge) set({ dropEdge: fits ? id : null });
    },
    [store],
  );
  const drop = useCallback(() => {
    const state = store.getState();
    const { moving, definition, dropEdge } = state;
    if (!moving) return;
    const steps: Record<string, Place> = {};
    const notes: Record<string, Place> = {};
    for (const [id, place] of Object.entries(moving)) {
      const note = noteOfNodeId(id);
      if (note !== null) notes[note] = snap(place);
      else if (id !== startId) steps[id] = place;
    }
    const moved = Object.keys(notes).length > 0 ? changeNotes(definition, notes) : null;
    const ui = moved?.op === 'set-ui' ? moved.ui : { ...definition.ui };
    const start = moving[startId] === undefined ? null : snap(moving[startId]);
    const changesUi = moved !== null || start !== null;
    const boxes = boxesNow({ ...state, moving: null });
    const only = Object.keys(steps)[0];
    const edge = dropEdge === null ? undefined : edgeOfId(definition, dropEdge);
    const inserted = edge && only !== undefined ? insertExisting(definition, only, edge) : null;
    run({
      operations: [
        ...(changesUi ? [{ op: 'set-ui' as const, ui: start === null ? ui : { ...ui, start: { ...start } } }] : []),
        ...(Object.keys(steps).length > 0 ? dropNodes(definition, boxes, steps).operations : []),
        ...(inserted?.operations ?? []),
      ],
    });
    store.getState().set({ moving: null, dropEdge: null });
  }, [store, run]);
  return { onNodeDrag, drop };
}

function useConnecting(store: BuilderStore, flow: { current: Flow | null }) {
  const { run } = useActions();
  const tell = (why: string): void => showToast({ text: 'These are not connected', more: why });
  const edgeFrom = (connection: Connection | FlowEdge) => edgeOf(connection.source, connection.sourceHandle ?? 'out', connection.target);
  const isValid = useCallback(
    (connection: Connection | FlowEdge) =>
      connection.source === startId
        ? roots(store.getState().definition).includes(connection.target)
        : whyNoEdge(store.getState().definition, edgeFrom(connection)) === null,
    [store],
  );
  const onConnect = useCallback(
    (connection: Connection) => {
      if (connection.source !== startId) run({ operations: [{ op: 'connect', edge: edgeFrom(connection) }] });
    },
    [run],
  );
  const onReconnect = useCallback(
    (old: FlowEdge, connection: Connection) => {
      const edge = old.data?.edge;
      if (!edge) return;
      const next = edgeFrom(connection);
      if (edgeId(edge) !== edgeId(next))
        run({
          operations: [
            { op: 'disconnect', edge },
            { op: 'connect', edge: next },
          ],
        });
    },
    [run],
  );
  const onConnectEnd: OnConnectEnd = useCallback(
    (event, { isValid: fine, fromHandle, toNode, fromNode }) => {
      if (fine || !fromHandle || !fromNode || fromHandle.type !== 'source') return;
      const { definition, set } = store.getState();
      if (toNode && toNode.id !== fromNode.id && toNode.type !== 'note') {
        // A loop's inside is canvas: what is let go there is put into it.
        if (toNode.type !== 'loop' || nodeOf(definition, fromNode.id)?.parent !== toNode.id) {
          tell(
            fromNode.id === startId
              ? 'Start leads to steps that nothing else leads to.'
              : (whyNoEdge(definition, edgeOf(fromNode.id, fromHandle.id ?? 'out', toNode.id)) ?? 'Connect to a step.'),
          );
          return;
        }
      }
      if (toNode && toNode.id === fromNode.id) return;
      const { x, y } = pointOf(event);
      const at = flow.current?.screenToFlowPosition({ x, y });
      if (!at) return;
      const parent = nodeOf(definition, fromNode.id)?.parent;
      const origin = parent === undefined ? { x: 0, y: 0 } : absolute(definition, boxesNow(store.getState()), parent);
      const place = { x: at.x - origin.x, y: at.y - origin.y - 32 };
      set({ picking: fromNode.id === startId ? { at: place } : { at: place, from: { id: fromNode.id, port: fromHandle.id ?? 'out' } } });
    },
    [store, flow],
  );
  return { isValid, onConnect, onReconnect, onConnectEnd };
}

/** What is dragged out of the picker: onto the canvas, into a loop, or onto an edge. */
function useDrops(store: BuilderStore, flow: { current: Flow | null }) {
  const { add } = useActions();
  const { library } = useBuilder();
  const onDrop = (event: DragEvent): void => {
    const entry = library.entries.find(({ key }) => key === event.dataTransfer.getData(pickType));
    const at = flow.current?.screenToFlowPosition({ x: event.clientX - 116, y: event.clientY - 32 });
    if (!entry || !at) return;
    event.preventDefault();
    const state = store.getState();
    const boxes = boxesNow(state);
    const edge = edgeOfId(state.definition, edgeUnder(event.clientX, event.clientY) ?? '');
    const parent = edge
      ? nodeOf(state.definition, edge.to)?.parent
      : (loopAt(state.definition, boxes, { x: at.x + 116, y: at.y + 32 }, new Set()) ?? undefined);
    const origin = parent === undefined ? { x: 0, y: 0 } : absolute(state.definition, boxes, parent);
    add(entry, { at: { x: at.x - origin.x, y: at.y - origin.y }, ...(edge ? { edge } : {}), ...(parent === undefined ? {} : { parent }) });
  };
  const onDragOver = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes(pickType)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  };
  return { onDrop, onDragOver };
}

export interface CanvasProps {
  flow: { current: Flow | null };
  phone: boolean;
  children?: ReactNode;
}

const readable = 0.72;

/** All of it where it can be read; else from Start on, at a size that can. */
function firstView(flow: Flow, phone: boolean): void {
  const nodes = flow.getNodes();
  const box = document.querySelector('.builder-canvas')?.getBoundingClientRect();
  if (!box || nodes.length === 0) return;
  const bounds = flow.getNodesBounds(nodes);
  // An empty workflow shows the place of its first step too.
  const width = nodes.length === 1 ? bounds.width + 296 : bounds.width;
  const zoom = Math.min(1, (box.width - 96) / width, (box.height - 160) / bounds.height);
  const least = phone ? 0.5 : readable;
  const at = Math.max(zoom, least);
  const middle = box.height / 2 - (bounds.y + bounds.height / 2) * at;
  const start = nodes.find(({ id }) => id === startId);
  if (zoom >= least) void flow.setViewport({ x: box.width / 2 - (bounds.x + width / 2) * at, y: middle, zoom: at });
  else {
    const fits = bounds.height * at <= box.height - 96;
    void flow.setViewport({
      x: (phone ? 16 : 48) - bounds.x * at,
      y: fits ? middle : box.height * 0.3 - ((start?.position.y ?? bounds.y) + 32) * at,
      zoom: at,
    });
  }
}

export function Canvas({ flow, phone, children }: CanvasProps) {
  const { store } = useBuilder();
  const { nodes, edges, readOnly, many } = useShown();
  const { onNodesChange, onEdgesChange } = useChanges(store);
  const { onNodeDrag, drop } = useDragging(store);
  const { isValid, onConnect, onReconnect, onConnectEnd } = useConnecting(store, flow);
  const { onDrop, onDragOver } = useDrops(store, flow);
  const { focusCanvas } = useActions();
  const picking = useRef(false);
  return (
    <ReactFlow<FlowNode, FlowEdge>
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onInit={(instance) => {
        flow.current = instance;
        firstView(instance, phone);
      }}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      onNodeDrag={onNodeDrag}
      onNodeDragStop={drop}
      onSelectionDragStop={drop}
      onConnect={onConnect}
      onConnectStart={() => {
        picking.current = true;
      }}
      onConnectEnd={onConnectEnd}
      onReconnect={onReconnect}
      isValidConnection={isValid}
      onNodeDoubleClick={(_, node) => {
        if (node.type !== 'note') document.querySelector<HTMLElement>('[data-inspector] :is(input, textarea, select, [contenteditable])')?.focus();
      }}
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
      panOnDrag={phone ? true : [1, 2]}
      panOnScroll={!phone}
      zoomOnDoubleClick={false}
      zoomActivationKeyCode={['Meta', 'Control']}
      multiSelectionKeyCode={['Meta', 'Control', 'Shift']}
      deleteKeyCode={null}
      elevateNodesOnSelect
      onlyRenderVisibleElements={many}
      connectionRadius={28}
      proOptions={{ hideAttribution: true }}
    >
      <Background variant={BackgroundVariant.Dots} gap={16} size={1.5} color="var(--sand-5)" />
      {!phone && nodes.length > 6 && <Map />}
      {children}
    </ReactFlow>
  );
}

function Map() {
  return (
    <MiniMap
      pannable
      zoomable
      position="bottom-left"
      ariaLabel="Map of the workflow"
      className="builder-map"
      style={{ width: 160, height: 104 }}
      nodeColor={(node) => {
        const view = (node.data as { view?: { state: string } | null }).view;
        return view ? `var(--state-${view.state === 'timed_out' ? 'failed' : view.state})` : node.type === 'loop' ? 'var(--sand-4)' : 'var(--sand-8)';
      }}
      nodeStrokeWidth={0}
      nodeBorderRadius={8}
      maskColor="color-mix(in srgb, var(--sand-3) 65%, transparent)"
      bgColor="var(--paper)"
    />
  );
}
