/** Copy and paste as JSON that a person can read and mail; credentials never leave. Pure. */
import { applyOperation, type Definition, type DefinitionEdge, type DefinitionNode, nodeShape, edgeShape, type Operation } from '@hub/dag';
import { z } from 'zod';
import type { Edit } from './edits.ts';
import { withBody } from './graph.ts';
import { freeId, idsOf } from './names.ts';
import { absolute, type Box, type Place } from './size.ts';

const sheet = z.looseObject({
  hub: z.literal('nodes'),
  nodes: z.array(nodeShape).min(1).max(500),
  edges: z.array(edgeShape).max(2000).optional(),
  ui: z.record(z.string(), z.object({ x: z.number(), y: z.number() })).optional(),
});

/** Takes every `credentialId` out, however deep. */
function withoutCredentials<T>(value: T): T {
  if (Array.isArray(value)) return value.map((each: unknown) => withoutCredentials(each)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (/^credential(Id)?$/.test(key) ? [] : [[key, withoutCredentials(inner as unknown)]])),
  ) as T;
}

/** The nodes with their bodies and the edges among them; null where none is left. */
export function copyText(definition: Definition, boxes: ReadonlyMap<string, Box>, ids: readonly string[]): string | null {
  const taken = withBody(definition, ids);
  const nodes = definition.nodes.filter((node) => taken.has(node.id)).map((node) => outside(withoutCredentials(node), taken));
  if (nodes.length === 0) return null;
  const edges = (definition.edges ?? []).filter((edge) => taken.has(edge.from) && taken.has(edge.to));
  const ui = Object.fromEntries(
    nodes.flatMap((node) => {
      const box = boxes.get(node.id);
      const place = node.parent === undefined ? absolute(definition, boxes, node.id) : box;
      return place ? [[node.id, { x: Math.round(place.x), y: Math.round(place.y) }]] : [];
    }),
  );
  return JSON.stringify({ hub: 'nodes', nodes, edges, ui }, null, 2);
}

/** A node whose loop stays behind stands on its own. */
function outside(node: DefinitionNode, taken: ReadonlySet<string>): DefinitionNode {
  const { parent, ...rest } = node;
  return parent !== undefined && taken.has(parent) ? node : rest;
}

export type Pasted = { ok: true; edit: Edit } | { ok: false; message: string };

/** Puts copied nodes at a place, in a loop or outside; ids that are taken get a number, and what reads them follows. Also takes a whole definition. */
export function paste(definition: Definition, text: string, at: Place, parent: string | null): Pasted {
  const read = readSheet(text);
  if (!read.ok) return read;
  const { nodes, edges, places } = read;
  const there = idsOf(definition);
  // Ids of both sheets count as taken, so that no new name meets one that another pasted node still has.
  const taken = new Set([...there, ...nodes.map(({ id }) => id)]);
  let copy: Definition = { schemaVersion: 1, nodes: withoutCredentials(nodes), edges };
  for (const { id } of nodes) {
    if (!there.has(id)) continue;
    const to = freeId(id, taken);
    taken.add(to);
    const renamed = applyOperation(copy, { op: 'rename-node', id, to });
    if (!renamed.ok) return { ok: false, message: renamed.fault.message };
    copy = renamed.definition;
  }
  const news = copy.nodes.map((node, index) => ({
    node,
    place: places[nodes[index]?.id ?? ''] ?? { x: (index % 5) * 296, y: Math.floor(index / 5) * 128 },
  }));
  const top = news.filter(({ node }) => node.parent === undefined);
  const [left, above] = [Math.min(...top.map(({ place }) => place.x)), Math.min(...top.map(({ place }) => place.y))];
  const operations: Operation[] = news.map(({ node, place }) => {
    const isTop = node.parent === undefined;
    const put = isTop && parent !== null ? { ...node, parent } : node;
    return { op: 'add-node', node: put, position: isTop ? { x: at.x + place.x - left, y: at.y + place.y - above } : place };
  });
  for (const edge of copy.edges ?? []) operations.push({ op: 'connect', edge });
  return { ok: true, edit: { operations, select: top.map(({ node }) => node.id) } };
}

type Sheet = { ok: true; nodes: DefinitionNode[]; edges: DefinitionEdge[]; places: Record<string, Place> } | { ok: false; message: string };

function readSheet(text: string): Sheet {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, message: 'What is in the clipboard is no copied steps.' };
  }
  const whole = json as { schemaVersion?: unknown; nodes?: unknown; edges?: unknown; ui?: { nodes?: unknown } } | null;
  const parsed = sheet.safeParse(
    whole?.schemaVersion === 1 ? { hub: 'nodes', nodes: whole.nodes, edges: whole.edges, ui: whole.ui?.nodes ?? {} } : json,
  );
  if (!parsed.success) return { ok: false, message: 'What is in the clipboard is no copied steps.' };
  const nodes = parsed.data.nodes as DefinitionNode[];
  const ids = new Set(nodes.map(({ id }) => id));
  if (ids.size !== nodes.length) return { ok: false, message: 'Two of the copied steps have one id.' };
  const edges = (parsed.data.edges ?? []).filter((edge) => ids.has(edge.from) && ids.has(edge.to)) as DefinitionEdge[];
  return { ok: true, nodes, edges, places: parsed.data.ui ?? {} };
}
