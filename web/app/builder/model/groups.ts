/** Groups of the canvas, kept in `ui.groups`: a frame with a name around steps, which can be folded to a card. They mean nothing to a run. Pure. */
import type { Definition, Operation } from '@hub/dag';
import { nodeOf } from './graph.ts';
import { type Box, cardHeight, cardWidth, footHeight } from './size.ts';

export interface Group {
  id: string;
  label: string;
  nodes: string[];
  collapsed: boolean;
}

const prefix = 'group:';
export const groupNodeId = (id: string): string => prefix + id;
export const groupOfNodeId = (id: string): string | null => (id.startsWith(prefix) ? id.slice(prefix.length) : null);

const pad = 16;
export const groupHeader = 28;

/** Groups as far as they can be read: members that are there, in one loop (or outside of all), each in one group only. */
export function groupsOf(definition: Definition): Group[] {
  const list = definition.ui?.['groups'];
  if (!Array.isArray(list)) return [];
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const taken = new Set<string>();
  return list.flatMap((each, index): Group[] => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return [];
    const named = Array.isArray(each['nodes']) ? each['nodes'].filter((id): id is string => typeof id === 'string') : [];
    const parent = nodes.get(named.find((id) => nodes.has(id)) ?? '')?.parent;
    const members = named.filter((id) => nodes.has(id) && nodes.get(id)?.parent === parent && !taken.has(id));
    for (const id of members) taken.add(id);
    if (members.length === 0) return [];
    const { id, label, collapsed } = each;
    return [
      {
        id: typeof id === 'string' && id !== '' ? id : `g${index}`,
        label: typeof label === 'string' ? label : '',
        nodes: members,
        collapsed: collapsed === true,
      },
    ];
  });
}

/** The group of each step that is in one. */
export function groupByNode(definition: Definition): Map<string, Group> {
  return new Map(groupsOf(definition).flatMap((group) => group.nodes.map((id): [string, Group] => [id, group])));
}

/** The loop that a group stands in. */
export function parentOfGroup(definition: Definition, group: Group): string | undefined {
  return nodeOf(definition, group.nodes[0] ?? '')?.parent;
}

/** Frame around its members, relative to their loop; the card of a folded one stands at the frame's corner. */
export function groupBox(group: Group, boxes: ReadonlyMap<string, Box>): Box | null {
  const inside = group.nodes.flatMap((id) => boxes.get(id) ?? []);
  if (inside.length === 0) return null;
  const [x, y] = [Math.min(...inside.map((box) => box.x)) - pad, Math.min(...inside.map((box) => box.y)) - pad - groupHeader];
  if (group.collapsed) return { x, y, width: cardWidth, height: cardHeight };
  const right = Math.max(...inside.map((box) => box.x + box.width));
  const bottom = Math.max(...inside.map((box) => box.y + box.height + footHeight));
  return { x, y, width: right - x + pad, height: bottom - y + pad };
}

function withGroups(definition: Definition, groups: readonly Group[]): Operation {
  return { op: 'set-ui', ui: { ...definition.ui, groups: groups.map((group) => ({ ...group })) } };
}

/** Why these steps cannot be framed; null where they can. */
export function whyNoGroup(definition: Definition, ids: readonly string[]): string | null {
  const steps = ids.flatMap((id) => nodeOf(definition, id) ?? []);
  if (steps.length === 0) return 'Choose the steps that belong together first.';
  return steps.every(({ parent }) => parent === steps[0]?.parent) ? null : 'Steps of a group stand in the same loop, or all outside.';
}

/** Frames steps; those that were in another group leave it. */
export function addGroup(definition: Definition, ids: readonly string[]): { operation: Operation; id: string } {
  const members = new Set(ids);
  const others = groupsOf(definition)
    .map((group) => ({ ...group, nodes: group.nodes.filter((id) => !members.has(id)) }))
    .filter(({ nodes }) => nodes.length > 0);
  const taken = new Set(others.map(({ id }) => id));
  let n = others.length + 1;
  while (taken.has(`g${n}`)) n++;
  return { id: `g${n}`, operation: withGroups(definition, [...others, { id: `g${n}`, label: 'Group', nodes: [...ids], collapsed: false }]) };
}

export function changeGroup(definition: Definition, id: string, change: Partial<Group>): Operation {
  return withGroups(
    definition,
    groupsOf(definition).map((group) => (group.id === id ? { ...group, ...change } : group)),
  );
}

/** Takes frames away; their steps stay. */
export function removeGroups(definition: Definition, ids: ReadonlySet<string>): Operation {
  return withGroups(
    definition,
    groupsOf(definition).filter(({ id }) => !ids.has(id)),
  );
}

/** Steps that nobody sees: members of folded groups with all in their bodies; each with the group it is hidden in. */
export function hiddenInGroups(definition: Definition): Map<string, Group> {
  const hidden = new Map<string, Group>();
  for (const group of groupsOf(definition)) if (group.collapsed) for (const id of group.nodes) hidden.set(id, group);
  if (hidden.size === 0) return hidden;
  for (let grown = true; grown; ) {
    grown = false;
    for (const node of definition.nodes) {
      const group = node.parent === undefined ? undefined : hidden.get(node.parent);
      if (group && !hidden.has(node.id)) {
        hidden.set(node.id, group);
        grown = true;
      }
    }
  }
  return hidden;
}
