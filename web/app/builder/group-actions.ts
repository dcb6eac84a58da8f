/** What is chosen on the canvas, and what buttons and keys do with frames around steps. */
import { applyOperation } from '@hub/dag';
import { showToast } from '../ui/toast.tsx';
import { type Edit, toggleFolded } from './model/edits.ts';
import { loopsOf } from './model/graph.ts';
import { addGroup, changeGroup, groupByNode, groupNodeId, groupOfNodeId, groupsOf, removeGroups, whyNoGroup } from './model/groups.ts';
import { noteOfNodeId } from './model/notes.ts';
import { isFolded } from './model/size.ts';
import type { BuilderStore } from './model/store.ts';

export interface Chosen {
  steps: string[];
  notes: Set<string>;
  groups: Set<string>;
  edges: string[];
}

export function ids(store: BuilderStore): Chosen {
  const { selected, selectedEdges, definition } = store.getState();
  const notes = new Set([...selected].flatMap((id) => noteOfNodeId(id) ?? []));
  const groups = new Set([...selected].flatMap((id) => groupOfNodeId(id) ?? []));
  const known = new Set(definition.nodes.map(({ id }) => id));
  return { steps: [...selected].filter((id) => known.has(id)), notes, groups, edges: [...selectedEdges] };
}

/** The chosen steps, with those of chosen groups: what is copied or switched off. */
export function stepsOf(store: BuilderStore): string[] {
  const { steps, groups } = ids(store);
  const inside = groupsOf(store.getState().definition).flatMap((group) => (groups.has(group.id) ? group.nodes : []));
  return [...new Set([...steps, ...inside])];
}

export const nothing: Omit<Chosen, 'steps'> = { notes: new Set(), groups: new Set(), edges: [] };

/** Frames around steps. */
export function grouping(store: BuilderStore, focusCanvas: () => void, run: (edit: Edit | null) => boolean) {
  const change = (id: string, patch: Parameters<typeof changeGroup>[2]): void => {
    run({ operations: [changeGroup(store.getState().definition, id, patch)] });
  };
  return {
    /** Frames what is chosen; takes the frame away where a group is chosen. */
    group: (): void => {
      const { definition } = store.getState();
      const { steps, groups } = ids(store);
      if (steps.length === 0 && groups.size > 0) {
        const inside = groupsOf(definition).flatMap(({ id, nodes }) => (groups.has(id) ? nodes : []));
        run({ operations: [removeGroups(definition, groups)], select: inside });
        return;
      }
      const why = whyNoGroup(definition, steps);
      if (why !== null) {
        showToast({ text: 'These are not grouped', more: why });
        return;
      }
      const { operation, id } = addGroup(definition, steps);
      if (run({ operations: [operation], select: [groupNodeId(id)] })) store.getState().set({ renaming: groupNodeId(id) });
    },
    renameGroup: (id: string, label: string): void => {
      store.getState().set({ renaming: null });
      const text = label.trim().slice(0, 120);
      if (text !== '' && text !== groupsOf(store.getState().definition).find((group) => group.id === id)?.label) change(id, { label: text });
      focusCanvas();
    },
    foldGroup: (id: string): void => {
      const group = groupsOf(store.getState().definition).find((each) => each.id === id);
      if (group) change(id, { collapsed: !group.collapsed });
    },
  };
}

/** Unfolds what a step is hidden in, so that it can be seen: loops and groups. Nothing where all is open. */
export function unfolding(store: BuilderStore, id: string): Edit | null {
  const { definition, readOnly } = store.getState();
  if (readOnly) return null;
  const around = loopsOf(definition, id).map((loop) => loop.id);
  const groups = groupByNode(definition);
  const folded = new Set([id, ...around].flatMap((each) => (groups.get(each)?.collapsed ? [groups.get(each)?.id ?? ''] : [])));
  let next = definition;
  const operations: Edit['operations'] = [];
  const also = (edit: Edit): void => {
    const [operation] = edit.operations;
    const applied = operation ? applyOperation(next, operation) : null;
    if (!operation || !applied?.ok) return;
    operations.push(operation);
    next = applied.definition;
  };
  for (const loop of around) if (isFolded(next, loop)) also(toggleFolded(next, loop));
  for (const group of folded) also({ operations: [changeGroup(next, group, { collapsed: false })] });
  return operations.length > 0 ? { operations } : null;
}
