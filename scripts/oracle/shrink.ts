// Makes a graph that shows a difference as small as it can, so that a person can read it.
import type { Generated } from './generate.ts';
import type { Definition, Edge, NodeDefinition } from './types.ts';

/**
 * Leaves out nodes (a loop with its body), edges and peculiarities for as long as `differs` stays true of what is left. The result is valid
 * wherever the start was. `differs` is asked some hundreds of times; the script stays as it is (behaviour depends on paths only).
 */
export async function shrink(found: Generated, differs: (candidate: Generated) => boolean | Promise<boolean>): Promise<Generated> {
  let best = found;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const definition of smallerOnes(best.definition)) {
      const candidate = { ...best, definition };
      if (definition.nodes.length === 0 || !(await differs(candidate))) continue;
      best = candidate;
      shrunk = true;
      break;
    }
  }
  return best;
}

/** The definition in a few lines: one per node and one for all edges. */
export function describeDefinition({ nodes, edges = [], triggers = [], settings }: Definition): string {
  const arrow = ({ from, fromPort, to }: Edge): string => `${from}${fromPort === undefined ? '' : `.${fromPort}`} > ${to}`;
  const line = ({ id, type, ...rest }: NodeDefinition): string => `${id} ${type} ${JSON.stringify(rest)}`;
  return [
    ...nodes.map(line),
    `edges: ${edges.map(arrow).join(', ')}`,
    `triggers: ${triggers.map(({ id, type }) => `${id} ${type}`).join(', ')}`,
    `settings: ${JSON.stringify(settings)}`,
  ].join('\n');
}

/** Candidates, the much smaller ones first. */
function* smallerOnes(definition: Definition): Generator<Definition> {
  const { nodes, edges = [], settings = {}, triggers = [] } = definition;
  for (const node of nodes) {
    const gone = withBodies(nodes, node.id);
    const left = nodes.filter(({ id }) => !gone.has(id));
    yield repaired({ ...definition, nodes: left, edges: edges.filter(({ from, to }) => !gone.has(from) && !gone.has(to)) });
  }
  for (const edge of edges) yield repaired({ ...definition, edges: edges.filter((other) => other !== edge) });
  for (const trigger of triggers) {
    if (!edges.some(({ from }) => from === trigger.id)) yield { ...definition, triggers: triggers.filter((other) => other !== trigger) };
  }
  for (const node of nodes) {
    for (const plain of plainer(node)) yield repaired({ ...definition, nodes: nodes.map((other) => (other === node ? plain : other)) });
  }
  const { maxParallel: _maxParallel, ...fewer } = settings;
  if (settings.maxParallel !== undefined) yield { ...definition, settings: fewer };
}

/** The node without one of its peculiarities, where it has any. */
function* plainer(node: NodeDefinition): Generator<NodeDefinition> {
  const { disabled, join, onError, ...bare } = node;
  const [off, joined, caught] = [
    disabled === undefined ? {} : { disabled },
    join === undefined ? {} : { join },
    onError === undefined ? {} : { onError },
  ];
  if (disabled !== undefined && node.type !== 'approval') yield { ...bare, ...joined, ...caught };
  if (join !== undefined) yield { ...bare, ...off, ...caught };
  if (onError !== undefined) yield { ...bare, ...off, ...joined };
  const { forEach, concurrency: _concurrency, onItemError: _onItemError, ...config } = node.config;
  if (forEach !== undefined) yield { ...node, config };
}

function withBodies(nodes: readonly NodeDefinition[], id: string): ReadonlySet<string> {
  const gone = new Set([id]);
  for (let size = 0; size !== gone.size; ) {
    size = gone.size;
    for (const node of nodes) if (node.parent !== undefined && gone.has(node.parent)) gone.add(node.id);
  }
  return gone;
}

/** Makes it valid again: a loop has a body and, with several sinks, a result that names one; `branch` and edges from `error` go together. */
function repaired(definition: Definition): Definition {
  const empty = definition.nodes.find((node) => node.type === 'loop' && !definition.nodes.some(({ parent }) => parent === node.id));
  if (empty !== undefined) {
    const edges = (definition.edges ?? []).filter(({ from, to }) => from !== empty.id && to !== empty.id);
    return repaired({ ...definition, nodes: definition.nodes.filter((node) => node !== empty), edges });
  }
  const branches = (node: NodeDefinition): boolean => node.onError?.mode === 'branch';
  const edges = (definition.edges ?? []).filter(
    ({ from, fromPort }) => fromPort !== 'error' || definition.nodes.some((node) => node.id === from && branches(node)),
  );
  const nodes = definition.nodes.map((node) => {
    const { onError: _onError, ...plain } = node;
    const isPlain = branches(node) && !edges.some(({ from, fromPort }) => from === node.id && fromPort === 'error');
    return withResult(isPlain ? plain : node, definition.nodes, edges);
  });
  return { ...definition, nodes, edges };
}

function withResult(loop: NodeDefinition, nodes: readonly NodeDefinition[], edges: readonly Edge[]): NodeDefinition {
  const sinks = nodes.filter(({ id, parent }) => parent === loop.id && !edges.some(({ from }) => from === id));
  const [sink] = sinks;
  const { result, ...config } = loop.config;
  if (loop.type !== 'loop' || sink === undefined || (result === undefined && sinks.length === 1)) return loop;
  return { ...loop, config: { ...config, result: `{{ nodes.${sink.id}.output }}` } };
}
