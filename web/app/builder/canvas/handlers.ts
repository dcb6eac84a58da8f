/** What the pointer does on the canvas, as changes of the store: choosing, dragging, connecting, dropping. Each function is the same one for the life of the canvas, so that React Flow draws no card again for it. */
import type { Connection, EdgeChange, NodeChange, OnConnectEnd } from '@xyflow/react';
import { type DragEvent, type PointerEvent, useCallback, useEffect } from 'react';
import { showToast } from '../../ui/toast.tsx';
import { type Flow, useActions } from '../actions.ts';
import { useBuilder } from '../context.tsx';
import { dropNodes, edgeOf, insertExisting, snap } from '../model/edits.ts';
import { edgeId, nodeOf, roots, startId, whyNoEdge } from '../model/graph.ts';
import { groupBox, groupOfNodeId, groupsOf } from '../model/groups.ts';
import { changeNotes, noteOfNodeId } from '../model/notes.ts';
import { absolute, loopAt, type Place } from '../model/size.ts';
import { boxesNow, type BuilderStore, edgeOfId } from '../model/store.ts';
import type { FlowEdge, FlowNode } from './flow-nodes.ts';
import { pickType } from './pick-type.ts';

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

/** Places that a dragged card asks for: its own; of a frame, those of its steps. */
function placesOf(store: BuilderStore, id: string, at: Place): Record<string, Place> {
  const groupId = groupOfNodeId(id);
  if (groupId === null) return { [id]: at };
  const state = store.getState();
  const group = groupsOf(state.definition).find((each) => each.id === groupId);
  const boxes = boxesNow(state);
  const box = group && groupBox(group, boxes);
  if (!group || !box) return {};
  return Object.fromEntries(
    group.nodes.flatMap((member) => {
      const now = boxes.get(member);
      return now ? [[member, { x: now.x + at.x - box.x, y: now.y + at.y - box.y }]] : [];
    }),
  );
}

export function useChanges(store: BuilderStore) {
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const { selected, moving, readOnly } = store.getState();
      const next = chosen(selected, changes);
      let places: Record<string, Place> | null = null;
      for (const change of changes)
        if (change.type === 'position' && change.position && change.dragging && !readOnly)
          places = { ...(places ?? moving), ...placesOf(store, change.id, change.position) };
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

/** Tells the store while a card is under a pressed pointer. */
export function useHolding(store: BuilderStore): (event: PointerEvent<HTMLElement>) => void {
  useEffect(() => {
    const free = (): void => {
      if (store.getState().held) store.getState().set({ held: false });
    };
    window.addEventListener('pointerup', free);
    window.addEventListener('pointercancel', free);
    window.addEventListener('blur', free);
    return () => {
      window.removeEventListener('pointerup', free);
      window.removeEventListener('pointercancel', free);
      window.removeEventListener('blur', free);
    };
  }, [store]);
  return useCallback(
    (event) => {
      if (event.button === 0 && (event.target as HTMLElement).closest('.react-flow__node')) store.getState().set({ held: true });
    },
    [store],
  );
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

export function useDragging(store: BuilderStore) {
  const { run } = useActions();
  const onNodeDrag = useCallback(
    (event: MouseEvent | TouchEvent | React.MouseEvent, node: FlowNode, nodes: FlowNode[]) => {
      const { definition, dropEdge, set } = store.getState();
      const loose =
        nodes.length === 1 &&
        (node.type === 'step' || node.type === 'loop') &&
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

const tell = (why: string): void => showToast({ text: 'These are not connected', more: why });
const edgeFrom = (connection: Connection | FlowEdge) => edgeOf(connection.source, connection.sourceHandle ?? 'out', connection.target);

export function useConnecting(store: BuilderStore, flow: { current: Flow | null }) {
  const { run } = useActions();
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
      if (toNode && toNode.id !== fromNode.id && toNode.type !== 'note' && toNode.type !== 'frame') {
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

function onDragOver(event: DragEvent): void {
  if (!event.dataTransfer.types.includes(pickType)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'copy';
}

/** What is dragged out of the picker: onto the canvas, into a loop, or onto an edge. */
export function useDrops(store: BuilderStore, flow: { current: Flow | null }) {
  const { add } = useActions();
  const { library } = useBuilder();
  const onDrop = useCallback(
    (event: DragEvent): void => {
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
    },
    [add, flow, library, store],
  );
  return { onDrop, onDragOver };
}
