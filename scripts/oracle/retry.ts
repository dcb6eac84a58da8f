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

/** What had failed and was handled is tried again with all that followed from it; so is what follows from an output set by hand. */
export function keptOf(definition: Definition, before: Interpretation, request: RetryRequest): Kept {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]));
  const from = request.fromNode === undefined ? undefined : byId.get(request.fromNode);
  const around = from === undefined ? undefined : outermost(definition, from.id);
  const handled = definition.nodes.filter(({ id }) => before.nodes.get(id)?.status === 'failed' && before.nodes.get(id)?.port === 'error');
  const given = Object.keys(request.outputs ?? {});
  const again = new Set(
    [...(around === undefined ? [] : [around]), ...handled.map(({ id }) => id)].flatMap((id) => [...withDownstream(definition, id)]),
  );
  for (const id of given) for (const next of withDownstream(definition, id)) if (next !== id) again.add(next);
  const nodes = new Map<string, NodeResult>();
  for (const { id, parent } of definition.nodes) {
    const result = before.nodes.get(id);
    const node = byId.get(id);
    const byHand = request.outputs?.[id];
    if (parent !== undefined || node === undefined) continue;
    if (byHand !== undefined) nodes.set(id, { nodeId: id, status: 'completed', port: portOfGiven(node, byHand), value: { $value: byHand } });
    else if (result?.status === 'completed' && !again.has(id) && !node.disabled) nodes.set(id, result);
  }
  const items = new Map<string, readonly Item[]>();
  for (const [path, ended] of before.overItems) {
    const isOwn = !path.includes('[');
    if (!isOwn || nodes.has(path)) continue;
    const loopRunsAgain = again.has(path);
    const isAround = around === path && request.iteration !== undefined;
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

function outermost({ nodes }: Definition, id: string): string {
  const parent = nodes.find((node) => node.id === id)?.parent;
  return parent === undefined ? id : outermost({ schemaVersion: 1, nodes }, parent);
}
