// What a retry of a run keeps of it (03, `POST /runs/:id/retry`): without `fromNode` every completed node, with it all but that node and what is
// downstream of it; a loop that is run again keeps its completed items.
import { portOfGiven } from './state.ts';
import { interpret } from './oracle.ts';
import type { Interpretation } from './oracle.ts';
import type { Definition, Item, Kept, NodeResult, RetryRequest, InterpretOptions, Script } from './types.ts';

/** The retry of a run that has ended: a new run by the same trigger that keeps what the request leaves. Nothing disturbs it but a cancel where it would wait for ever. */
export function interpretRetry(
  definition: Definition,
  before: Interpretation,
  { trigger }: InterpretOptions,
  { request, script }: { readonly request: RetryRequest; readonly script: Script },
): Interpretation & { readonly options: InterpretOptions } {
  const options = { ...(trigger === undefined ? {} : { trigger }), kept: keptOf(definition, before, request), retry: request };
  const result = interpret(definition, script, options);
  if (result.status !== 'waiting') return { ...result, options };
  const cancelled = { ...options, cancelAt: result.endedAtMs + 1_000 };
  return { ...interpret(definition, script, cancelled), options: cancelled };
}

export function keptOf(definition: Definition, before: Interpretation, request: RetryRequest): Kept {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  const from = request.fromNode === undefined ? undefined : byId.get(request.fromNode);
  const again = from === undefined ? new Set<string>() : withDownstream(definition, from.parent ?? from.id);
  const nodes = new Map<string, NodeResult>();
  for (const path of before.completedInOrder) {
    const result = before.nodes.get(path);
    if (result !== undefined && result.nodeId === path && !again.has(path)) nodes.set(path, result);
  }
  for (const [nodeId, given] of Object.entries(request.outputs ?? {})) {
    const node = byId.get(nodeId);
    if (node !== undefined) nodes.set(nodeId, { nodeId, status: 'completed', port: portOfGiven(node, given), value: { $value: given } });
  }
  const items = new Map<string, readonly Item[]>();
  for (const [path, ended] of before.overItems) {
    const isOwn = !path.includes('[');
    if (!isOwn || nodes.has(path)) continue;
    const loopRunsAgain = again.has(path);
    const isAround = from?.parent === path && request.iteration !== undefined;
    if (loopRunsAgain && !isAround) continue;
    const inRounds = byId.get(path)?.config['mode'] !== 'for_each' && byId.get(path)?.type === 'loop';
    const runsAgain = (index: number): boolean =>
      request.iteration !== undefined && isAround && (inRounds ? index >= request.iteration : index === request.iteration);
    items.set(
      path,
      ended.filter((item) => item.kind === 'result' && !runsAgain(item.index)),
    );
  }
  return { nodes, items };
}

function withDownstream(definition: Definition, id: string): ReadonlySet<string> {
  const found = new Set([id]);
  for (const each of found) for (const edge of definition.edges ?? []) if (edge.from === each) found.add(edge.to);
  return found;
}
