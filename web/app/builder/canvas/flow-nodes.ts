/** From the store to React Flow: one object per node and edge, the same object as long as nothing about it changed, so that only what changed is drawn again. */
import { type DefinitionEdge, type DefinitionNode, type Fault, portsOf } from '@hub/dag';
import { type Edge, MarkerType, type Node, type NodeHandle, Position } from '@xyflow/react';
import type { EdgeState, NodeView } from '../../run/model.ts';
import { edgeId, roots, startId } from '../model/graph.ts';
import { type Group, groupBox, groupNodeId, groupsOf, hiddenInGroups, parentOfGroup } from '../model/groups.ts';
import { type Note, noteNodeId, notesOf } from '../model/notes.ts';
import { countOf, edgeStateIn, type RunOverlay } from '../model/run-overlay.ts';
import { type Box, cardHeight, footHeight, isFolded, loopHeader, startPlace, startWidth } from '../model/size.ts';
import { boxesNow, type BuilderState } from '../model/store.ts';
import { labelOf, wordsOf } from '../model/words.ts';

export type StepData = {
  node: DefinitionNode;
  label: string;
  words: string;
  ports: string[];
  /** Ports that nothing follows yet. */
  open: string;
  faults: number;
  warnings: number;
  view: NodeView | null;
  pinned: boolean;
  folded: number | null;
  readOnly: boolean;
};
export type NoteData = { note: Note; readOnly: boolean };
export type StartData = { triggers: { id: string; type: string }[]; ports: string[]; fields: number; faults: number; readOnly: boolean };
/** `state`: of a folded group in a run, the one that matters most. */
export type GroupData = { group: Group; faults: number; readOnly: boolean; bare: boolean; state: NodeView['state'] | null };
export type StepNode = Node<StepData, 'step' | 'loop'>;
export type FlowNode = StepNode | Node<NoteData, 'note'> | Node<StartData, 'start'> | Node<GroupData, 'frame'>;
export type StepEdgeData = { edge: DefinitionEdge | null; state: EdgeState | 'draft'; count: number | null; moving: boolean; drop: boolean };
export type FlowEdge = Edge<StepEdgeData, 'step'>;

/** Keeps the last object of each id, and hands it out again while its parts are the same. */
export function createMemo<T>(): (id: string, parts: readonly unknown[], make: () => T) => T {
  const known = new Map<string, { parts: readonly unknown[]; made: T }>();
  return (id, parts, make) => {
    const found = known.get(id);
    if (found && found.parts.length === parts.length && found.parts.every((part, index) => Object.is(part, parts[index]))) return found.made;
    const made = make();
    known.set(id, { parts, made });
    return made;
  };
}

export type Shown = Pick<
  BuilderState,
  'definition' | 'fallback' | 'upright' | 'moving' | 'selected' | 'selectedEdges' | 'faults' | 'warnings' | 'run' | 'roundViews' | 'readOnly'
> & {
  pinned: ReadonlySet<string>;
};

/** What the cards say; the same map while none of what it comes from changed, so that dragging costs places only. */
function createCards(): (shown: Shown) => ReadonlyMap<string, StepData> {
  const memo = createMemo<StepData>();
  let last: { from: readonly unknown[]; cards: ReadonlyMap<string, StepData> } | null = null;
  return ({ definition, faults, warnings, run, roundViews, pinned, readOnly }) => {
    const from = [definition, faults, warnings, run, roundViews, pinned, readOnly];
    if (last?.from.every((part, index) => Object.is(part, from[index]))) return last.cards;
    const bodies = Map.groupBy(definition.nodes, (node) => node.parent ?? '');
    const [wrong, odd] = [countByNode(faults), countByNode(warnings)];
    const taken = Map.groupBy(definition.edges ?? [], (edge) => edge.from);
    const cards = new Map(
      definition.nodes.map((node) => {
        const folded = node.type === 'loop' && isFolded(definition, node.id) ? (bodies.get(node.id)?.length ?? 0) : null;
        const open = openPorts(node, taken.get(node.id) ?? []);
        const parts = [
          node,
          open,
          wrong.get(node.id) ?? 0,
          odd.get(node.id) ?? 0,
          run === null ? null : (roundViews.get(node.id) ?? run.views.get(node.id) ?? null),
          pinned.has(node.id),
          folded,
          readOnly,
        ] as const;
        const made = memo(node.id, parts, () => ({
          node,
          label: labelOf(node),
          words: wordsOf(node),
          ports: portsOf(node) ?? ['out'],
          open,
          faults: parts[2],
          warnings: parts[3],
          view: parts[4],
          pinned: parts[5],
          folded,
          readOnly,
        }));
        return [node.id, made];
      }),
    );
    last = { from, cards };
    return cards;
  };
}

export function createFlowNodes(): (shown: Shown) => FlowNode[] {
  const memo = createMemo<FlowNode>();
  const cardsOf = createCards();
  return (shown) => {
    const { definition, selected } = shown;
    const boxes = boxesNow(shown);
    const cards = cardsOf(shown);
    const hidden = hiddenInGroups(definition);
    // A frame comes right before its first step: after the loop it is in, below its cards.
    const frames = new Map(
      frameNodes(shown, boxes, memo).map((frame) => [
        frame.data.group.nodes.find((id) => definition.nodes.some((node) => node.id === id)) ?? '',
        frame,
      ]),
    );
    const steps = ordered(definition.nodes).flatMap((node): FlowNode[] => {
      const [box, data] = [boxes.get(node.id), cards.get(node.id)];
      const frame = frames.get(node.id);
      if (!box || !data || hidden.has(node.id)) return frame ? [frame] : [];
      const type = node.type === 'loop' && data.folded === null ? 'loop' : 'step';
      const upright = shown.upright !== null;
      const parts = [data, type, node.parent, box.x, box.y, box.width, box.height, selected.has(node.id), upright];
      return [...(frame ? [frame] : []), memo(node.id, parts, () => stepNode(node, data, type, box, selected.has(node.id), boxes, upright))];
    });
    return [...noteNodes(shown, memo), startNode(shown, memo), ...steps];
  };
}

function noteNodes({ definition, moving, selected, readOnly }: Shown, memo: ReturnType<typeof createMemo<FlowNode>>): FlowNode[] {
  return notesOf(definition).map((note): FlowNode => {
    const id = noteNodeId(note.id);
    const at = moving?.[id] ?? note;
    const parts = [note.text, note.w, note.h, readOnly, at.x, at.y, selected.has(id)];
    return memo(id, parts, () => ({
      id,
      type: 'note',
      position: { x: at.x, y: at.y },
      ...sized(note.w, note.h, []),
      data: { note, readOnly },
      selected: selected.has(id),
      zIndex: -10,
      ariaLabel: `Note: ${note.text.slice(0, 80)}`,
    }));
  });
}

function frameNodes(
  { definition, selected, readOnly, faults, run }: Shown,
  boxes: ReadonlyMap<string, Box>,
  memo: ReturnType<typeof createMemo<FlowNode>>,
) {
  return groupsOf(definition).flatMap((group): Extract<FlowNode, { type?: 'frame' }>[] => {
    const box = groupBox(group, boxes);
    if (!box) return [];
    const id = groupNodeId(group.id);
    const parent = parentOfGroup(definition, group);
    const wrong = group.collapsed ? faults.filter(({ nodeId }) => nodeId !== undefined && group.nodes.includes(nodeId)).length : 0;
    const chosen = selected.has(id);
    const state = run && group.collapsed ? stateOfGroup(group.nodes.flatMap((node) => run.views.get(node)?.state ?? [])) : null;
    const parts = [state, group.label, group.collapsed, group.nodes.join(' '), parent, box.x, box.y, box.width, box.height, chosen, readOnly, wrong];
    const ends = group.collapsed ? [handle('target', null, inBorder, cardHeight / 2 + inBorder), ...sources(['out'], box.width, cardHeight)] : [];
    const frame = memo(id, parts, () => ({
      id,
      type: 'frame',
      position: { x: box.x, y: box.y },
      ...sized(box.width, box.height, ends),
      ...(parent !== undefined && boxes.has(parent) ? { parentId: parent } : {}),
      data: { group, faults: wrong, readOnly, bare: !group.collapsed, state },
      selected: chosen,
      // React Flow lifts what is selected by 1,000; a frame stays below its cards all the same.
      ...(group.collapsed ? { zIndex: 1 } : { zIndex: chosen ? -1005 : -5, dragHandle: '.group-head' }),
      connectable: false,
      ariaLabel: `Group: ${group.label}, ${group.nodes.length} ${group.nodes.length === 1 ? 'step' : 'steps'}`,
    }));
    return frame.type === 'frame' ? [frame] : [];
  });
}

const telling = ['failed', 'running', 'waiting', 'queued', 'cancelled', 'completed', 'kept', 'skipped'] as const;

/** What one has to know first of several steps. */
function stateOfGroup(states: readonly NodeView['state'][]): NodeView['state'] | null {
  return telling.find((state) => states.includes(state)) ?? states[0] ?? null;
}

const handleSize = 10;
/** Handles stand on the edge of a card, whose border is 1 px. */
const inBorder = 1 - handleSize / 2;

function handle(type: 'source' | 'target', id: string | null, x: number, y: number): NodeHandle {
  return { type, id, x, y, width: handleSize, height: handleSize, position: type === 'source' ? Position.Right : Position.Left };
}

/** Handles of ports spread over `height` at the right. */
function sources(ports: readonly string[], width: number, height: number): NodeHandle[] {
  return ports.map((port, index) => handle('source', port, width - handleSize - inBorder, inBorder + (height * (index + 1)) / (ports.length + 1)));
}

/** The same from top to bottom: in above, ports out below. */
function uprightHandles(ports: readonly string[], width: number, height: number, entered: boolean): NodeHandle[] {
  const out = ports.map((port, index) => ({
    ...handle('source', port, inBorder + (width * (index + 1)) / (ports.length + 1), height - handleSize - inBorder),
    position: Position.Bottom,
  }));
  return entered ? [{ ...handle('target', null, width / 2 + inBorder, inBorder), position: Position.Top }, ...out] : out;
}

/** Sizes and handles known beforehand: React Flow then measures nothing, draws only what is in sight, and keeps edges of a card that changes. */
function sized(width: number, height: number, handles: NodeHandle[]): Pick<FlowNode, 'width' | 'height' | 'measured' | 'handles'> {
  return { width, height, measured: { width, height }, handles };
}

function stepNode(
  node: DefinitionNode,
  data: StepData,
  type: 'step' | 'loop',
  box: Box,
  selected: boolean,
  boxes: ReadonlyMap<string, Box>,
  upright: boolean,
): FlowNode {
  const foot = type === 'step' && data.view !== null ? footHeight : 0;
  const body = type === 'loop' ? loopHeader : box.height;
  const handles = upright
    ? uprightHandles(data.ports, box.width, box.height + foot, true)
    : [handle('target', null, inBorder, body / 2 + inBorder), ...sources(data.ports, box.width, body)];
  return {
    id: node.id,
    type,
    position: { x: box.x, y: box.y },
    ...sized(box.width, box.height + foot, handles),
    ...(node.parent !== undefined && boxes.has(node.parent) ? { parentId: node.parent } : {}),
    data,
    selected,
    // The header moves a loop; its inside is canvas.
    ...(type === 'loop' ? { dragHandle: '.loop-head', zIndex: 0 } : { zIndex: 1 }),
    ariaLabel: `${data.label}${data.faults > 0 ? `, ${data.faults} to mend` : ''}${data.view ? `, ${data.view.state}` : ''}`,
  };
}

function startNode(
  { definition, fallback, upright, moving, selected, readOnly, faults }: Shown,
  memo: ReturnType<typeof createMemo<FlowNode>>,
): FlowNode {
  const { x, y } = moving?.[startId] ?? startPlace(definition, boxesNow({ definition, fallback, moving: null }));
  const wrong = faults.filter(({ path }) => /^\/(triggers|inputs)/.test(path)).length;
  return memo(
    startId,
    [definition.triggers, definition.inputs, definition.edges, x, y, selected.has(startId), readOnly, wrong, upright !== null],
    () => {
      const triggers = (definition.triggers ?? []).map(({ id, type }) => ({ id, type }));
      const named = new Set((definition.edges ?? []).map((edge) => edge.from));
      const ports = triggers.filter(({ id }) => named.has(id)).map(({ id }) => id);
      const properties = definition.inputs?.['properties'];
      const fields = typeof properties === 'object' && properties !== null ? Object.keys(properties).length : 0;
      return {
        id: startId,
        type: 'start',
        position: { x, y },
        ...sized(
          startWidth,
          cardHeight,
          upright ? uprightHandles(['out', ...ports], startWidth, cardHeight, false) : sources(['out', ...ports], startWidth, cardHeight),
        ),
        data: { triggers, ports, fields, faults: wrong, readOnly },
        selected: selected.has(startId),
        deletable: false,
        ariaLabel: 'Start: triggers and inputs',
      };
    },
  );
}

/** React Flow wants a loop before its body. */
function ordered(nodes: readonly DefinitionNode[]): DefinitionNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const depth = (node: DefinitionNode): number => {
    let deep = 0;
    for (let at = node.parent; at !== undefined && deep < 20; at = byId.get(at)?.parent) deep++;
    return deep;
  };
  return nodes.some((node) => node.parent !== undefined) ? nodes.toSorted((a, b) => depth(a) - depth(b)) : [...nodes];
}

const ends = new Set(['output', 'respond']);

function openPorts(node: DefinitionNode, edges: readonly DefinitionEdge[]): string {
  if (ends.has(node.type)) return '';
  const taken = new Set(edges.map((edge) => edge.fromPort ?? 'out'));
  return (portsOf(node) ?? []).filter((port) => !taken.has(port)).join(' ');
}

function countByNode(faults: readonly Fault[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { nodeId } of faults) if (nodeId !== undefined) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
  return counts;
}

const mostMoving = 20;

export function createFlowEdges(): (shown: Pick<Shown, 'definition' | 'selectedEdges' | 'run'> & { dropEdge: string | null }) => FlowEdge[] {
  const memo = createMemo<FlowEdge>();
  return ({ definition, selectedEdges, run, dropEdge }) => {
    const gone = hiddenNodes(definition);
    const inGroup = hiddenInGroups(definition);
    const triggers = new Set((definition.triggers ?? []).map(({ id }) => id));
    /** Where an end is drawn: at the card of the folded group that a step is in. */
    const seenAt = (id: string): string => {
      const group = inGroup.get(id);
      return group ? groupNodeId(group.id) : id;
    };
    let movingEdges = 0;
    const drawn = (definition.edges ?? []).flatMap((edge): FlowEdge[] => {
      const [from, to] = [seenAt(edge.from), seenAt(edge.to)];
      if (gone.has(edge.from) || gone.has(edge.to) || (from === to && from !== edge.from)) return [];
      const id = edgeId(edge);
      const state = run ? edgeStateIn(run, edge) : 'draft';
      const moving = isMoving(run, edge, state) && movingEdges++ < mostMoving;
      const count = run && state === 'taken' ? countOf(run, edge) : null;
      const [chosen, drop] = [selectedEdges.has(id), dropEdge === id];
      const port = from === edge.from ? (edge.fromPort ?? 'out') : 'out';
      return [
        memo(id, [from, to, state, moving, count, chosen, drop], () => {
          const trigger = triggers.has(edge.from);
          const made = edgeOf(id, trigger ? startId : from, trigger ? edge.from : port, to, { edge, state, count, moving, drop }, chosen);
          return from === edge.from && to === edge.to ? made : { ...made, reconnectable: false };
        }),
      ];
    });
    const firsts = [...new Set(roots(definition).map(seenAt))];
    const implied = firsts.map((id) =>
      memo(`${startId} ${id}`, [run === null], () => {
        const data = { edge: null, state: run ? ('taken' as const) : ('draft' as const), count: null, moving: false, drop: false };
        return edgeOf(`${startId} ${id}`, startId, 'out', id, data, false);
      }),
    );
    return [...implied, ...drawn];
  };
}

function isMoving(run: RunOverlay | null, edge: DefinitionEdge, state: EdgeState | 'draft'): boolean {
  return run !== null && !run.settled && state === 'taken' && run.views.get(edge.to)?.state === 'running';
}

function edgeOf(id: string, source: string, sourceHandle: string, target: string, data: StepEdgeData, selected: boolean): FlowEdge {
  const color = data.state === 'taken' || selected ? 'var(--sand-11)' : 'var(--sand-8)';
  return {
    id,
    type: 'step',
    source,
    target,
    sourceHandle,
    data,
    selected,
    selectable: data.edge !== null,
    focusable: false,
    deletable: false,
    reconnectable: data.edge === null ? false : 'target',
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color },
  };
}

/** Bodies of folded loops. */
function hiddenNodes(definition: Shown['definition']): Set<string> {
  const hidden = new Set<string>();
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  for (const node of definition.nodes) {
    let deep = 0;
    for (let at = node.parent; at !== undefined && deep++ < 20; at = byId.get(at)?.parent)
      if (isFolded(definition, at)) {
        hidden.add(node.id);
        break;
      }
  }
  return hidden;
}
