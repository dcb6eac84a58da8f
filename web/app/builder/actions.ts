/** What buttons and keys do. Made once per open builder. */
import type { ReactFlowInstance } from '@xyflow/react';
import { createContext, useContext } from 'react';
import { showToast } from '../ui/toast.tsx';
import type { FlowEdge, FlowNode } from './canvas/flow-nodes.ts';
import type { PickEntry, PickPlace } from './model/catalogue.ts';
import { copyText, paste } from './model/clipboard.ts';
import { addNode, type Edit, freePlace, placeAfter, removeNodes, renameNode, toggleDisabled, toggleFolded } from './model/edits.ts';
import { nodeOf, startId } from './model/graph.ts';
import { type Chosen, grouping, ids, nothing, stepsOf, unfolding } from './group-actions.ts';
import { removeGroups } from './model/groups.ts';
import { align, type Align } from './model/align.ts';
import { addNote, changeNotes, type Note, noteNodeId, removeNotes } from './model/notes.ts';
import { absolute, cardHeight, loopHeader, loopPad, type Place, startWidth, stepRight } from './model/size.ts';
import { boxesNow, type BuilderStore, edgeOfId, onlySelected, travel } from './model/store.ts';
import { shownOf } from './model/upright.ts';

export type Flow = ReactFlowInstance<FlowNode, FlowEdge>;

export interface TestScope {
  only?: string;
  upTo?: string;
}

export interface ActionOptions {
  store: BuilderStore;
  flow: () => Flow | null;
  /** The canvas on the screen. */
  box: () => DOMRect | null;
  focusCanvas: () => void;
  test: (scope: TestScope) => void;
  save: () => void;
}

export type Actions = ReturnType<typeof createActions>;

/** Adding: where the picker opens, and what choosing does. */
function adding({ store, flow, box, focusCanvas }: ActionOptions, run: (edit: Edit | null) => boolean) {
  const middle = (): Place => {
    const [screen, view] = [box(), flow()];
    if (!screen || !view) return { x: 0, y: 0 };
    return view.screenToFlowPosition({ x: screen.x + screen.width / 2 - 116, y: screen.y + screen.height / 2 - 32 });
  };
  const open = (picking: PickPlace): void => store.getState().set({ picking, dialog: null });
  return {
    pickAfter: (id: string, port: string): void => {
      const state = store.getState();
      open({ at: placeAfter(state.definition, boxesNow(state), id), from: { id, port } });
    },
    pickOnEdge: (id: string): void => {
      const state = store.getState();
      const edge = edgeOfId(state.definition, id);
      const [from, to] = [boxesNow(state).get(edge?.from ?? ''), boxesNow(state).get(edge?.to ?? '')];
      if (!edge) return;
      const at = from && to ? { x: Math.max(from.x + 40, (from.x + to.x) / 2), y: (from.y + to.y) / 2 + (to.x - from.x < 500 ? 112 : 0) } : middle();
      const parent = nodeOf(state.definition, edge.to)?.parent;
      open({ at, edge, ...(parent === undefined ? {} : { parent }) });
    },
    pickIn: (loop: string): void => open({ at: { x: loopPad, y: loopHeader + loopPad }, parent: loop }),
    pickAtStart: (): void => {
      const { x, y } = flow()?.getNode(startId)?.position ?? { x: 0, y: 0 };
      open({ at: { x: x + startWidth + stepRight, y } });
    },
    /** After the selected step by its first free port, into a loop that has no step yet, else in the middle of what is seen. */
    pick: (): void => {
      const state = store.getState();
      const only = onlySelected(state);
      const node = only === null ? undefined : nodeOf(state.definition, only);
      if (only === startId || (!node && state.definition.nodes.length === 0)) {
        const { x, y } = flow()?.getNode(startId)?.position ?? { x: 0, y: 0 };
        open({ at: { x: x + startWidth + stepRight, y } });
      } else if (!node || node.type === 'output' || node.type === 'respond') open({ at: middle() });
      else if (node.type === 'loop' && !state.definition.nodes.some(({ parent }) => parent === node.id))
        open({ at: { x: loopPad, y: loopHeader + loopPad }, parent: node.id });
      else {
        const shown = flow()?.getNode(node.id)?.data as { open?: string; ports?: string[] } | undefined;
        const port = shown?.open?.split(' ')[0] || (shown?.ports?.[0] ?? 'out');
        open({ at: placeAfter(state.definition, boxesNow(state), node.id), from: { id: node.id, port } });
      }
    },
    /** Puts what was chosen in its place. */
    add: (entry: PickEntry, place: PickPlace): void => {
      const state = store.getState();
      const added = addNode(state.definition, boxesNow(state), entry, place);
      if (!run(added)) return;
      state.set({ picking: null, tab: 'parameters' });
      focusCanvas();
    },
    addNote: (): void => {
      const state = store.getState();
      const { operation, id } = addNote(
        state.definition,
        freePlace(state.definition, boxesNow(state), undefined, middle(), { width: 240, height: 120 }),
      );
      if (!run({ operations: [operation] })) return;
      store.getState().select([noteNodeId(id)]);
      store.getState().set({ renaming: noteNodeId(id) });
    },
    middle,
  };
}

function clipboard({ store }: ActionOptions, run: (edit: Edit | null) => boolean, middle: () => Place) {
  const copy = (): string | null => {
    const state = store.getState();
    return copyText(state.definition, boxesNow(state), stepsOf(store));
  };
  const pasteText = (text: string): void => {
    const state = store.getState();
    const boxes = boxesNow(state);
    const only = onlySelected(state);
    const node = only === null ? undefined : nodeOf(state.definition, only);
    const parent = node?.type === 'loop' ? node.id : (node?.parent ?? null);
    const box = only === null ? undefined : boxes.get(only);
    const at = node?.type === 'loop' ? { x: loopPad, y: loopHeader + loopPad } : box ? { x: box.x + 32, y: box.y + cardHeight + 40 } : middle();
    const pasted = paste(state.definition, text, at, parent);
    if (!pasted.ok) showToast({ text: 'Nothing was pasted', more: pasted.message });
    else run(pasted.edit);
  };
  return {
    copy,
    cut: (): string | null => {
      const text = copy();
      if (text !== null) run(removeNodes(store.getState().definition, stepsOf(store)));
      return text;
    },
    pasteText,
    duplicate: (): void => {
      const text = copy();
      if (text !== null) pasteText(text);
    },
  };
}

/** Naming a step on the canvas or in the inspector. */
function naming({ store, focusCanvas }: ActionOptions, run: (edit: Edit | null) => boolean) {
  return {
    rename: (id: string, label: string): void => {
      const state = store.getState();
      const node = nodeOf(state.definition, id);
      state.set({ renaming: null });
      if (!node || label.trim() === '' || label.trim() === (node.label ?? '')) return;
      const renamed = renameNode(state.definition, id, label);
      if (!run(renamed) || !renamed) return;
      const { [id]: pin, ...others } = store.getState().pins;
      if (pin !== undefined) state.set({ pins: { ...others, [renamed.id]: pin } });
      focusCanvas();
    },
    /** The name of the one chosen step or group, or the text of a note. */
    startRenaming: (given?: string): void => {
      const state = store.getState();
      const [one, more] = [...state.selected];
      const id = given ?? (more === undefined ? one : undefined);
      if (id !== undefined && id !== startId && !state.readOnly) state.set({ renaming: id });
    },
    stopRenaming: (): void => {
      store.getState().set({ renaming: null });
      focusCanvas();
    },
  };
}

export function createActions(options: ActionOptions) {
  const { store, focusCanvas, flow, box } = options;
  const run = (edit: Edit | null): boolean => {
    if (!edit) return false;
    const why = store.getState().edit(edit);
    if (why !== null) showToast({ text: 'This cannot be done', more: why });
    return why === null;
  };
  const add = adding(options, run);
  const remove = (steps: readonly string[], { notes, groups, edges }: Omit<Chosen, 'steps'> = nothing): void => {
    const { definition } = store.getState();
    const operations: Edit['operations'] = [];
    // Notes and groups share `ui`: the second change stands on the first.
    const withoutNotes = notes.size > 0 ? removeNotes(definition, notes) : null;
    if (withoutNotes) operations.push(withoutNotes);
    if (groups.size > 0) operations.push(removeGroups(withoutNotes?.op === 'set-ui' ? { ...definition, ui: withoutNotes.ui } : definition, groups));
    for (const id of edges) {
      const edge = edgeOfId(definition, id);
      if (edge) operations.push({ op: 'disconnect', edge });
    }
    if (steps.length > 0) operations.push(...removeNodes(definition, steps).operations);
    if (operations.length > 0) run({ operations, select: [] });
    focusCanvas();
  };
  return {
    ...add,
    ...clipboard(options, run, add.middle),
    run,
    test: options.test,
    save: options.save,
    focusCanvas,
    remove,
    removeSelected: (): void => {
      const { steps, ...others } = ids(store);
      remove(steps, others);
    },
    removeEdge: (id: string): void => remove([], { ...nothing, edges: [id] }),
    toggleDisabled: (given?: readonly string[]): void => {
      const steps = given ?? stepsOf(store);
      if (steps.length > 0) run(toggleDisabled(store.getState().definition, steps));
    },
    fold: (id: string): void => void run(toggleFolded(store.getState().definition, id)),
    ...naming(options, run),
    ...grouping(store, focusCanvas, run),
    align: (way: Align): void => {
      const state = store.getState();
      run(align(state.definition, boxesNow(state), ids(store).steps, way));
    },
    changeNote: (id: string, change: Partial<Note>): void => void run({ operations: [changeNotes(store.getState().definition, { [id]: change })] }),
    tidy: async (): Promise<void> => {
      const { tidy } = await import('./model/layout.ts');
      const { definition } = store.getState();
      const { start: _start, ...ui } = definition.ui ?? {};
      run({
        operations: [
          { op: 'set-ui', ui },
          { op: 'move-nodes', positions: tidy(definition) },
        ],
      });
      requestAnimationFrame(() => fit(flow(), box()));
    },
    fit: (): void => fit(flow(), box()),
    /** Opens the box that connects the selected step to another by its name. */
    connect: (): void => {
      const only = onlySelected(store.getState());
      if (only !== null && only !== startId) store.getState().set({ dialog: { kind: 'connect', id: only }, picking: null });
    },
    undo: (): void => travel(store, 'undo'),
    redo: (): void => travel(store, 'redo'),
    /** Selects a step and opens a tab of it; the inspector brings it into sight. */
    show: (id: string, tab?: 'parameters' | 'behaviour' | 'input' | 'output'): void => {
      run(unfolding(store, id));
      const state = store.getState();
      state.select([id]);
      if (tab) state.set({ tab });
    },
    /** Brings a step into sight, where it is not. */
    reveal: (id: string): void => reveal(store, flow(), box(), id),
  };
}

const animated = { duration: 180 };

const inspectorBox = (): DOMRect | undefined => document.querySelector('[data-inspector]')?.getBoundingClientRect();

/** Width of the canvas that the inspector lies over; on a phone it is a sheet from below. */
function coveredBy(over: DOMRect | undefined, box: DOMRect): number {
  return over !== undefined && over.width <= box.width * 0.9 ? over.width : 0;
}

/** All steps in what is left free of the canvas. */
function fit(flow: Flow | null, box: DOMRect | null): void {
  const covered = box ? coveredBy(inspectorBox(), box) : 0;
  void flow?.fitView({ padding: { x: '5%', y: '5%', ...(covered > 0 ? { right: `${Math.round(covered) + 48}px` } : {}) }, maxZoom: 1, ...animated });
}

/** Moves the view only where the step cannot be seen, or lies under the inspector. */
function reveal(store: BuilderStore, flow: Flow | null, box: DOMRect | null, id: string): void {
  if (!flow || !box) return;
  const state = store.getState();
  const definition = shownOf(state);
  const place = id === startId ? flow.getNode(startId)?.position : absolute(definition, boxesNow({ ...state, definition }), id);
  if (!place) return;
  const { x, y, zoom } = flow.getViewport();
  const over = inspectorBox();
  const covered = coveredBy(over, box);
  const sheet = over !== undefined && covered === 0;
  const bottom = sheet ? over.top - box.top - 16 : box.height - 72;
  const [left, top] = [place.x * zoom + x, place.y * zoom + y];
  const [width, height] = [232 * zoom, 88 * zoom];
  const free = box.width - covered;
  // Room to the right for the plus after the step.
  const dx = left < 24 ? 24 - left : left + width > free - 80 ? free - 80 - width - left : 0;
  const dy = top < 24 ? 24 - top : top + height > bottom ? bottom - height - top : 0;
  if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, animated);
}

const ActionsContext = createContext<Actions | null>(null);
export const ActionsProvider = ActionsContext.Provider;

export function useActions(): Actions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error('useActions outside the builder');
  return actions;
}
