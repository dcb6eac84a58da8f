/** State of one open builder: the definition with undo and redo, what is selected, what is open. One store per page; every change goes through an operation of @hub/dag. */
import { applyOperation, type Definition, type DefinitionEdge, type Fault, type Operation } from '@hub/dag';
import { temporal } from 'zundo';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TemporalState } from 'zundo';
import type { Edit } from './edits.ts';
import { edgeId, startId } from './graph.ts';
import { groupNodeId, groupsOf } from './groups.ts';
import { noteNodeId, notesOf } from './notes.ts';
import { type Box, boxesOf, type Place } from './size.ts';
import type { Json } from '../../ui/json-path.ts';
import type { PickPlace } from './catalogue.ts';
import type { SaveState } from './saving.ts';
import type { NodeView } from '../../run/model.ts';
import type { Rounds } from './rounds.ts';
import type { RunOverlay } from './run-overlay.ts';

export type InspectorTab = 'input' | 'parameters' | 'output' | 'behaviour';

/** What is open over the canvas. */
export type Dialog =
  | { kind: 'run'; only?: string; upTo?: string; published?: boolean }
  | { kind: 'publish' | 'settings' | 'theirs' | 'find' }
  | { kind: 'connect'; id: string };

type Settable =
  | 'moving'
  | 'fallback'
  | 'upright'
  | 'faults'
  | 'warnings'
  | 'picking'
  | 'renaming'
  | 'tab'
  | 'run'
  | 'pins'
  | 'save'
  | 'dialog'
  | 'dropEdge'
  | 'held'
  | 'rounds'
  | 'seek'
  | 'roundViews'
  | 'mending';

export interface BuilderState {
  definition: Definition;
  /** Ids of nodes on the canvas: steps, notes (`note:`), Start. */
  selected: ReadonlySet<string>;
  selectedEdges: ReadonlySet<string>;
  /** Places while something is dragged; null else. */
  moving: Record<string, Place> | null;
  /** Places of nodes that nobody placed. */
  fallback: Record<string, Place>;
  /** Places from top to bottom, for a narrow screen that only looks (`shownOf`); null: as the definition has them. */
  upright: Record<string, Place> | null;
  faults: Fault[];
  warnings: Fault[];
  /** Where the open node picker puts its node; null: it is closed. */
  picking: PickPlace | null;
  /** The node whose name is being written on the canvas. */
  renaming: string | null;
  tab: InspectorTab;
  run: RunOverlay | null;
  /** Outputs given by hand for test runs, by node id. */
  pins: Record<string, Json>;
  save: SaveState;
  dialog: Dialog | null;
  /** The edge under the node being dragged: dropping it there inserts it. */
  dropEdge: string | null;
  /** The field to lead to, as a JSON pointer below the config (or the node); null where none is asked for. */
  seek: { nodeId: string; pointer: string } | null;
  /** A card is under a pressed pointer: it may be about to be dragged, so no form opens yet. */
  held: boolean;
  /** Which item of each loop is looked at, in the run on the canvas. */
  rounds: Rounds;
  /** What the steps of these loops did for it; read when one is chosen. */
  roundViews: ReadonlyMap<string, NodeView>;
  /** The list of what is to be mended is open. */
  mending: boolean;
  readOnly: boolean;

  /** Applies an edit as one step of undo. `merge`: edits of one key within a second and a half are one step (typing). Answers why not, or null. */
  edit: (edit: Edit | Operation, options?: { merge?: string }) => string | null;
  select: (ids: Iterable<string>, edges?: Iterable<string>) => void;
  set: (patch: Partial<Pick<BuilderState, Settable>>) => void;
  /** Takes a definition from elsewhere (the server's, on a conflict); undo can bring the old one back. */
  replace: (definition: Definition) => void;
}

type Kept = Pick<BuilderState, 'definition'>;
export type BuilderStore = Omit<StoreApi<BuilderState>, 'setState'> & {
  temporal: StoreApi<TemporalState<Kept>>;
  setState: StoreApi<BuilderState>['setState'];
};

const mergeMs = 1500;
const undoSteps = 200;

export interface StoreOptions {
  definition: Definition;
  fallback?: Record<string, Place>;
  upright?: Record<string, Place> | null;
  pins?: Record<string, Json>;
  readOnly?: boolean;
  now?: () => number;
}

export function createBuilder({
  definition,
  fallback = {},
  upright = null,
  pins = {},
  readOnly = false,
  now = Date.now,
}: StoreOptions): BuilderStore {
  let last = { key: '', at: 0 };
  const store: BuilderStore = createStore<BuilderState>()(
    temporal(
      (set, get) => ({
        definition,
        selected: new Set<string>(),
        selectedEdges: new Set<string>(),
        moving: null,
        fallback,
        upright,
        faults: [],
        warnings: [],
        picking: null,
        renaming: null,
        tab: 'parameters',
        run: null,
        pins,
        save: { kind: 'saved', at: null },
        dialog: null,
        dropEdge: null,
        held: false,
        rounds: {},
        seek: null,
        roundViews: new Map<string, NodeView>(),
        mending: false,
        readOnly,
        edit: (edit, options = {}) => {
          if (get().readOnly) return 'This workflow can only be looked at here.';
          const { operations, select }: Edit = 'op' in edit ? { operations: [edit] } : edit;
          const applied = applyOperation(get().definition, { op: 'batch', operations });
          if (!applied.ok) return applied.fault.message;
          const at = now();
          const merges = options.merge !== undefined && options.merge === last.key && at - last.at < mergeMs;
          last = { key: options.merge ?? '', at };
          const history = store.temporal.getState();
          if (merges) history.pause();
          set({ definition: applied.definition, moving: null, ...(select ? { selected: new Set(select), selectedEdges: new Set<string>() } : {}) });
          if (merges) history.resume();
          return null;
        },
        select: (ids, edges = []) => set({ selected: new Set(ids), selectedEdges: new Set(edges) }),
        set: (patch) => set(patch),
        replace: (next) => set({ definition: next, selected: new Set<string>(), selectedEdges: new Set<string>(), moving: null }),
      }),
      { partialize: ({ definition: kept }): Kept => ({ definition: kept }), equality: (a, b) => a.definition === b.definition, limit: undoSteps },
    ),
  );
  return store;
}

/** Takes the last step back, or forward; what is selected but gone is let go. */
export function travel(store: BuilderStore, way: 'undo' | 'redo'): void {
  const history = store.temporal.getState();
  if (way === 'undo') history.undo();
  else history.redo();
  const { definition, selected, selectedEdges, select, set } = store.getState();
  set({ moving: null, picking: null, renaming: null });
  const there = new Set([
    ...definition.nodes.map(({ id }) => id),
    ...notesOf(definition).map(({ id }) => noteNodeId(id)),
    ...groupsOf(definition).map(({ id }) => groupNodeId(id)),
    startId,
  ]);
  const edges = new Set((definition.edges ?? []).map(edgeId));
  select(
    [...selected].filter((id) => there.has(id)),
    [...selectedEdges].filter((id) => edges.has(id)),
  );
}

interface KnownBoxes {
  key: readonly unknown[];
  boxes: Map<string, Box>;
}
/** By definition: as it stands, and as it stands while something is dragged. */
const known = new WeakMap<Definition, { still?: KnownBoxes; moving?: KnownBoxes }>();

/** Boxes of all nodes as they stand now; worked out once per change. */
export function boxesNow({ definition, fallback, moving }: Pick<BuilderState, 'definition' | 'fallback' | 'moving'>): Map<string, Box> {
  const of = known.get(definition) ?? {};
  known.set(definition, of);
  const which = moving === null ? 'still' : 'moving';
  const found = of[which];
  if (found && found.key[0] === fallback && found.key[1] === moving) return found.boxes;
  const boxes = boxesOf(definition, fallback, moving ?? {});
  of[which] = { key: [fallback, moving], boxes };
  return boxes;
}

/** The edge of an id; undefined where it is gone. */
export function edgeOfId(definition: Definition, id: string): DefinitionEdge | undefined {
  return (definition.edges ?? []).find((edge) => edgeId(edge) === id);
}

/** The one selected step; null where none or several are. */
export function onlySelected({ definition, selected }: Pick<BuilderState, 'definition' | 'selected'>): string | null {
  const [id, more] = [...selected];
  if (id === undefined || more !== undefined) return null;
  return id === startId || definition.nodes.some((node) => node.id === id) ? id : null;
}
