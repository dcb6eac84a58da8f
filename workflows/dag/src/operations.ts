/**
 * Edits of a definition, shared by the builder (undo, co-presence) and the server. Pure: the definition given is never changed. What an
 * operation leaves may be unfinished; the check says so.
 */
import type { Definition, DefinitionEdge, DefinitionNode, DefinitionTrigger } from './definition.ts';
import type { Fault } from './faults.ts';
import { isId } from './limits.ts';
import { isRecord, own, pointer, type JsonObject } from './pointer.ts';
import { renameReads } from './rename-reads.ts';

type NodePatch = { [Key in Exclude<keyof DefinitionNode, 'id' | 'config'>]?: DefinitionNode[Key] | null };

/** `null` in a patch removes the field. */
export type Operation =
  | { op: 'add-node'; node: DefinitionNode; position?: { x: number; y: number } }
  | { op: 'remove-nodes'; ids: string[] }
  | { op: 'rename-node'; id: string; to: string }
  | { op: 'set-config'; id: string; config: JsonObject }
  | { op: 'patch-node'; id: string; patch: NodePatch }
  | { op: 'move-nodes'; positions: Record<string, { x: number; y: number }> }
  | { op: 'connect'; edge: DefinitionEdge }
  | { op: 'disconnect'; edge: DefinitionEdge }
  | { op: 'insert-on-edge'; edge: DefinitionEdge; node: DefinitionNode; position?: { x: number; y: number } }
  | { op: 'add-trigger'; trigger: DefinitionTrigger }
  | { op: 'set-trigger'; id: string; config: JsonObject }
  | { op: 'remove-trigger'; id: string }
  | { op: 'set-settings'; settings: JsonObject }
  | { op: 'set-inputs'; inputs: JsonObject | null }
  | { op: 'set-ui'; ui: JsonObject }
  | { op: 'batch'; operations: Operation[] };

export type Applied = { ok: true; definition: Definition } | { ok: false; fault: Fault };

type Handlers = { [Op in Operation['op']]: (definition: Definition, operation: Extract<Operation, { op: Op }>) => Applied };

/** Applies one operation, or says why it cannot be (`operation.*`). A batch is applied whole or not at all. */
export function applyOperation(definition: Definition, operation: Operation): Applied {
  const handler = handlers[operation.op] as ((definition: Definition, operation: Operation) => Applied) | undefined;
  if (!handler) return refused('/', 'operation.unknown', 'There is no such operation.');
  return handler(definition, operation);
}

const handlers: Handlers = {
  'add-node': (definition, { node, position }) => {
    const fault = idFault(definition, node.id);
    if (fault) return fault;
    const next = { ...definition, nodes: [...definition.nodes, node] };
    return done(position ? withPositions(next, { [node.id]: position }) : next);
  },
  'remove-nodes': (definition, { ids }) => {
    const gone = withBodies(definition, ids);
    const nodes = definition.nodes.filter((node) => !gone.has(node.id));
    const edges = definition.edges?.filter((edge) => !gone.has(edge.from) && !gone.has(edge.to));
    return done(
      withGroups(withoutPositions({ ...definition, nodes, ...(edges ? { edges } : {}) }, gone), (member) => (gone.has(member) ? null : member)),
    );
  },
  'rename-node': (definition, { id, to }) => {
    if (!definition.nodes.some((node) => node.id === id)) return noNode(id);
    return id === to ? done(definition) : (idFault(definition, to) ?? done(renamed(definition, id, to)));
  },
  'set-config': (definition, { id, config }) => changeNode(definition, id, (node) => ({ ...node, config })),
  'patch-node': (definition, { id, patch }) => {
    return changeNode(definition, id, (node) => {
      const fields = Object.entries({ ...node, ...patch }).filter(([, value]) => value !== null && value !== undefined);
      return Object.fromEntries(fields) as unknown as DefinitionNode;
    });
  },
  'move-nodes': (definition, { positions }) => done(withPositions(definition, positions)),
  connect: (definition, { edge }) => {
    if ((definition.edges ?? []).some((other) => sameEdge(other, edge)))
      return refused('/edges', 'operation.edge-exists', 'This edge is there already.');
    if (!definition.nodes.some((node) => node.id === edge.to)) return noNode(edge.to);
    const from = [...definition.nodes, ...(definition.triggers ?? [])].some((one) => one.id === edge.from);
    return from ? done({ ...definition, edges: [...(definition.edges ?? []), edge] }) : noNode(edge.from);
  },
  disconnect: (definition, { edge }) => done({ ...definition, edges: (definition.edges ?? []).filter((other) => !sameEdge(other, edge)) }),
  'insert-on-edge': (definition, { edge, node, position }) => {
    const steps: Operation[] = [
      { op: 'add-node', node, ...(position ? { position } : {}) },
      { op: 'disconnect', edge },
      { op: 'connect', edge: { ...edge, to: node.id } },
      { op: 'connect', edge: { from: node.id, to: edge.to } },
    ];
    return applyOperation(definition, { op: 'batch', operations: steps });
  },
  'add-trigger': (definition, { trigger }) =>
    idFault(definition, trigger.id) ?? done({ ...definition, triggers: [...(definition.triggers ?? []), trigger] }),
  'set-trigger': (definition, { id, config }) => {
    if (!definition.triggers?.some((trigger) => trigger.id === id))
      return refused('/triggers', 'operation.no-trigger', `There is no trigger "${id}".`);
    return done({ ...definition, triggers: definition.triggers.map((trigger) => (trigger.id === id ? { ...trigger, config } : trigger)) });
  },
  'remove-trigger': (definition, { id }) => {
    const triggers = (definition.triggers ?? []).filter((trigger) => trigger.id !== id);
    return done({ ...definition, triggers, ...(definition.edges ? { edges: definition.edges.filter((edge) => edge.from !== id) } : {}) });
  },
  'set-settings': (definition, { settings }) => done({ ...definition, settings }),
  'set-inputs': (definition, { inputs }) => {
    const { inputs: _old, ...rest } = definition;
    return done(inputs === null ? rest : { ...rest, inputs });
  },
  'set-ui': (definition, { ui }) => done({ ...definition, ui }),
  batch: (definition, { operations }) => {
    let now: Applied = done(definition);
    for (const operation of operations) if (now.ok) now = applyOperation(now.definition, operation);
    return now;
  },
};

function done(definition: Definition): Applied {
  return { ok: true, definition };
}

function refused(path: string, code: string, message: string): Applied {
  return { ok: false, fault: { path, code, message } };
}

function noNode(id: string): Applied {
  return refused('/nodes', 'operation.no-node', `There is no node "${id}". Somebody may have removed it: reload.`);
}

function idFault(definition: Definition, id: string): Applied | null {
  if (!isId(id)) return refused('/nodes', 'graph.invalid-id', 'An id is a lower-case letter, then letters, digits or _, at most 63.');
  const taken = [...definition.nodes, ...(definition.triggers ?? [])].some((one) => one.id === id);
  return taken ? refused('/nodes', 'graph.duplicate-id', `The id "${id}" is taken.`) : null;
}

function changeNode(definition: Definition, id: string, change: (node: DefinitionNode) => DefinitionNode): Applied {
  if (!definition.nodes.some((node) => node.id === id)) return noNode(id);
  return done({ ...definition, nodes: definition.nodes.map((node) => (node.id === id ? change(node) : node)) });
}

/** A removed loop takes its body with it. */
function withBodies(definition: Definition, ids: string[]): Set<string> {
  const gone = new Set(ids);
  for (let grown = true; grown; ) {
    const inner = definition.nodes.filter((node) => node.parent !== undefined && gone.has(node.parent) && !gone.has(node.id));
    for (const node of inner) gone.add(node.id);
    grown = inner.length > 0;
  }
  return gone;
}

function renamed(definition: Definition, id: string, to: string): Definition {
  const name = (other: string): string => (other === id ? to : other);
  const nodes = definition.nodes.map((node) => ({
    ...node,
    id: name(node.id),
    config: renameReads(node.config, id, to),
    ...(node.parent === undefined ? {} : { parent: name(node.parent) }),
  }));
  const edges = definition.edges?.map((edge) => ({ ...edge, from: name(edge.from), to: name(edge.to) }));
  const placed = own(own(definition.ui, 'nodes'), id);
  const next = withGroups({ ...definition, nodes, ...(edges ? { edges } : {}) }, name);
  return isRecord(placed) ? withPositions(withoutPositions(next, new Set([id])), { [to]: placed as { x: number; y: number } }) : next;
}

function withPositions(definition: Definition, positions: Record<string, { x: number; y: number }>): Definition {
  const old = own(definition.ui, 'nodes');
  const nodes: JsonObject = isRecord(old) ? { ...(old as JsonObject) } : {};
  for (const [id, position] of Object.entries(positions)) {
    const before = nodes[id];
    nodes[id] = { ...(isRecord(before) ? (before as JsonObject) : {}), ...position };
  }
  return { ...definition, ui: { ...definition.ui, nodes } };
}

/** Members of the canvas groups follow their nodes: another name, or null where the node is gone. A group that lost its last member goes too. */
function withGroups(definition: Definition, member: (id: string) => string | null): Definition {
  const old = definition.ui?.['groups'];
  if (!Array.isArray(old)) return definition;
  const groups = old.flatMap((group): JsonObject[] => {
    if (!isRecord(group) || !Array.isArray(group['nodes'])) return [];
    const nodes = group['nodes'].flatMap((id) => (typeof id === 'string' ? (member(id) ?? []) : []));
    return nodes.length === 0 ? [] : [{ ...(group as JsonObject), nodes }];
  });
  return { ...definition, ui: { ...definition.ui, groups } };
}

function withoutPositions(definition: Definition, gone: Set<string>): Definition {
  const old = own(definition.ui, 'nodes');
  if (!isRecord(old)) return definition;
  const nodes = Object.fromEntries(Object.entries(old as JsonObject).filter(([id]) => !gone.has(id)));
  return { ...definition, ui: { ...definition.ui, nodes } };
}

function sameEdge(a: DefinitionEdge, b: DefinitionEdge): boolean {
  return a.from === b.from && (a.fromPort ?? 'out') === (b.fromPort ?? 'out') && a.to === b.to;
}

/** Pointer of a node in a definition; null where it is not there. */
export function pointerOf(definition: Definition, id: string): string | null {
  const at = definition.nodes.findIndex((node) => node.id === id);
  return at < 0 ? null : pointer('nodes', at);
}
