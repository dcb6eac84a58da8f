/** The graph's rules of publish (03, Meaning 13). They run even where a node does not parse. */
import type { Definition, DefinitionEdge } from './definition.ts';
import type { Fault } from './faults.ts';
import { loopsAround, orderOf, portsOf, sinksOf, type Graph } from './graph.ts';
import { kindOf } from './kinds/index.ts';
import { isId, limits } from './limits.ts';
import { own, pointer } from './pointer.ts';

/** Every fault of ids, edges, loops and size. */
export function graphFaults(definition: Definition, graph: Graph): Fault[] {
  return [
    ...sizeFaults(definition),
    ...idFaults(definition),
    ...edgeFaults(definition, graph),
    ...cycleFaults(graph),
    ...parentFaults(definition, graph),
  ];
}

/** What may be meant but is worth a look. */
export function graphWarnings(definition: Definition, graph: Graph): Fault[] {
  const touched = new Set((definition.edges ?? []).flatMap((edge) => [edge.from, edge.to]));
  return [...graph.body.values()].flatMap((ids) => {
    const alone = ids.filter((id) => !touched.has(id));
    if (alone.length === ids.length) return [];
    return alone.map((id) => ({
      path: nodePath(graph, id),
      code: 'graph.unconnected',
      message:
        'This node has no edges although others are connected: it runs at once, and nothing waits for it. Connect it, or leave it if that is meant.',
      nodeId: id,
    }));
  });
}

function sizeFaults(definition: Definition): Fault[] {
  const faults: Fault[] = [];
  if (definition.nodes.length === 0) faults.push({ path: '/nodes', code: 'graph.empty', message: 'There is nothing to run. Add a node.' });
  const counts = [
    ['nodes', definition.nodes.length, limits.nodes],
    ['edges', definition.edges?.length ?? 0, limits.edges],
    ['triggers', definition.triggers?.length ?? 0, limits.triggers],
  ] as const;
  for (const [what, count, most] of counts) {
    if (count > most)
      faults.push({
        path: `/${what}`,
        code: 'graph.too-large',
        message: `There are ${count} ${what}; at most ${most} are allowed. Split the workflow.`,
      });
  }
  return faults;
}

function idFaults(definition: Definition): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  const all = [
    ...definition.nodes.map((node, at) => ({ id: node.id, path: pointer('nodes', at, 'id'), nodeId: node.id })),
    ...(definition.triggers ?? []).map((trigger, at) => ({ id: trigger.id, path: pointer('triggers', at, 'id'), nodeId: undefined })),
  ];
  for (const { id, path, nodeId } of all) {
    const where = nodeId === undefined ? {} : { nodeId };
    if (!isId(id))
      faults.push({
        path,
        code: 'graph.invalid-id',
        message: 'An id is a lower-case letter, then letters, digits or _, at most 63, and not true, false, null, constructor or prototype.',
        ...where,
      });
    if (seen.has(id))
      faults.push({
        path,
        code: 'graph.duplicate-id',
        message: `The id "${id}" is used twice. Ids are unique over nodes and triggers: rename one.`,
        ...where,
      });
    seen.add(id);
  }
  return faults;
}

function edgeFaults(definition: Definition, graph: Graph): Fault[] {
  const triggers = new Set((definition.triggers ?? []).map((trigger) => trigger.id));
  const seen = new Set<string>();
  return (definition.edges ?? []).flatMap((edge, at) => {
    const path = pointer('edges', at);
    const faults: Fault[] = [];
    const key = JSON.stringify([edge.from, edge.fromPort ?? 'out', edge.to]);
    if (seen.has(key))
      faults.push({ path, code: 'edge.duplicate', message: `The edge from ${edge.from} to ${edge.to} is there twice. Remove one.`, nodeId: edge.to });
    seen.add(key);
    return [...faults, ...endFaults(edge, path, graph, triggers)];
  });
}

function endFaults(edge: DefinitionEdge, path: string, graph: Graph, triggers: Set<string>): Fault[] {
  const faults: Fault[] = [];
  const target = graph.node.get(edge.to);
  const source = graph.node.get(edge.from);
  if (!target) {
    const message = triggers.has(edge.to)
      ? 'An edge cannot lead to a trigger. Turn it round.'
      : `There is no node "${edge.to}". Remove the edge or mend its end.`;
    faults.push({ path: `${path}/to`, code: 'edge.unknown-node', message });
  }
  if (!source && !triggers.has(edge.from)) {
    faults.push({
      path: `${path}/from`,
      code: 'edge.unknown-node',
      message: `There is no node or trigger "${edge.from}". Remove the edge or mend its start.`,
    });
  }
  const ports = source ? portsOf(source) : ['out'];
  const port = edge.fromPort ?? 'out';
  if (ports && (source ?? triggers.has(edge.from)) && !ports.includes(port)) faults.push(portFault(edge, path, port, ports));
  if (target) faults.push(...borderFaults(edge, path, graph, target.parent));
  return faults;
}

function portFault(edge: DefinitionEdge, path: string, port: string, ports: string[]): Fault {
  if (port === 'error') {
    return {
      path: `${path}/fromPort`,
      code: 'edge.error-without-branch',
      message: `${edge.from} has no port "error": set its onError to { "mode": "branch" }, or remove the edge.`,
      nodeId: edge.from,
    };
  }
  return {
    path: `${path}/fromPort`,
    code: 'edge.unknown-port',
    message: `${edge.from} has no port "${port}". Its ports: ${ports.join(', ')}.`,
    nodeId: edge.from,
  };
}

function borderFaults(edge: DefinitionEdge, path: string, graph: Graph, parent: string | undefined): Fault[] {
  const from = graph.node.get(edge.from);
  if (from?.parent === parent) return [];
  if (from && (parent === edge.from || from.parent === edge.to)) {
    const message = 'A loop has no edge to its own body: a body starts with each iteration, and its result is the loop’s output. Remove the edge.';
    return [{ path, code: 'edge.loop-body', message, nodeId: edge.to }];
  }
  const message = 'This edge crosses the border of a loop. Connect the loop itself, or move the node in or out of it.';
  return [{ path, code: 'edge.crosses-loop', message, nodeId: edge.to }];
}

function cycleFaults(graph: Graph): Fault[] {
  const { cycle } = orderOf(graph);
  return cycle.map((id) => ({
    path: nodePath(graph, id),
    code: 'graph.cycle',
    message: `This node is part of a circle (${cycle.slice(0, 8).join(', ')}${cycle.length > 8 ? ', …' : ''}). Remove an edge of it; to repeat steps use a loop.`,
    nodeId: id,
  }));
}

function parentFaults(definition: Definition, graph: Graph): Fault[] {
  return definition.nodes.flatMap((node, at) => [...placeFaults(node.id, at, graph), ...bodyFaults(node.id, at, graph)]);
}

function placeFaults(id: string, at: number, graph: Graph): Fault[] {
  const node = graph.node.get(id);
  if (node?.parent === undefined || graph.at.get(id) !== at) return [];
  const path = pointer('nodes', at, 'parent');
  const parent = graph.node.get(node.parent);
  if (!parent) return [{ path, code: 'node.unknown-parent', message: `There is no loop "${node.parent}". Mend parent, or remove it.`, nodeId: id }];
  if (parent.type !== 'loop')
    return [
      { path, code: 'node.parent-not-loop', message: `${node.parent} is not a loop, so it has no body. Mend parent, or remove it.`, nodeId: id },
    ];
  const around = loopsAround(graph, id);
  const top = around.at(-1);
  const isEndless = top !== undefined && graph.node.has(graph.node.get(top)?.parent ?? '');
  if (node.parent === id || isEndless) {
    return [{ path, code: 'loop.circle', message: 'Loops contain each other in a circle. Take one of them out.', nodeId: id }];
  }
  const faults: Fault[] = [];
  if (around.length > limits.loopDepth)
    faults.push({ path, code: 'loop.too-deep', message: `Loops are nested more than ${limits.loopDepth} deep. Flatten them.`, nodeId: id });
  if (kindOf(node.type)?.inBody === false)
    faults.push({
      path,
      code: 'node.not-in-loop',
      message: `A node of type ${node.type} cannot stand in a loop. Put it after the loop.`,
      nodeId: id,
    });
  return faults;
}

function bodyFaults(id: string, at: number, graph: Graph): Fault[] {
  const node = graph.node.get(id);
  const kind = node ? kindOf(node.type) : null;
  if (!node || graph.at.get(id) !== at || kind?.loop?.(node.config)?.body !== 'nodes') return [];
  const body = graph.body.get(id) ?? [];
  if (body.length === 0)
    return [
      { path: pointer('nodes', at), code: 'loop.empty', message: `The loop has no body. Give at least one node "parent": "${id}".`, nodeId: id },
    ];
  const sinks = sinksOf(graph, id);
  if (sinks.length < 2 || own(node.config, 'result') !== undefined) return [];
  const message = `The body ends in several nodes (${sinks.join(', ')}), so say what an iteration gives: set result, for example "{{ nodes.${sinks[0] ?? 'x'}.output }}".`;
  return [{ path: pointer('nodes', at, 'config', 'result'), code: 'loop.result-required', message, nodeId: id }];
}

export function nodePath(graph: Graph, id: string): string {
  return pointer('nodes', graph.at.get(id) ?? 0);
}
