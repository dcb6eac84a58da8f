/** Which part of a draft a test run runs, and what stands in for the rest (03, Meaning 14). Pure. */
import type { Fault } from '@hub/contract';
import { type CheckPorts, type Definition, DefinitionError, type Graph, checkDefinition, compile, graphOf, outputPort, upstreamOf } from '@hub/dag';
import type { Json, Plan, StartOptions } from '@hub/dag/planner';
import { createHash } from 'node:crypto';

/** What the request chose. */
export interface TestChoice {
  upTo?: string | undefined;
  only?: string | string[] | undefined;
}

/** Pins, all together, as JSON text: they travel with the run's row. */
export const maxPinBytes = 4_000_000;

/** Ids of the nodes around a node, outermost last. */
function loopsAround(graph: Graph, id: string): string[] {
  const found: string[] = [];
  for (let at = graph.node.get(id)?.parent; at !== undefined && !found.includes(at); at = graph.node.get(at)?.parent) found.push(at);
  return found;
}

/** With their loops, and the whole body of a loop of which no node was named: as the planner takes `only`. */
function withBodies(graph: Graph, ids: Iterable<string>): Set<string> {
  const all = new Set(ids);
  const addBody = (id: string): void => {
    const body = graph.body.get(id) ?? [];
    if (body.some((inner) => all.has(inner))) return;
    for (const inner of body) {
      all.add(inner);
      addBody(inner);
    }
  };
  for (const id of all) for (const loop of loopsAround(graph, id)) all.add(loop);
  for (const id of all) addBody(id);
  return all;
}

/** The nodes that run; null: all of them. Faults name nodes that are not there. */
export function runningNodes(graph: Graph, { upTo, only }: TestChoice): { running: Set<string> | null; faults: Fault[] } {
  const named = upTo !== undefined ? [upTo] : only === undefined ? null : [only].flat();
  if (named === null) return { running: null, faults: [] };
  const faults = named.flatMap((id, at): Fault[] =>
    graph.node.has(id)
      ? []
      : [
          {
            path: upTo !== undefined ? '/upTo' : Array.isArray(only) ? `/only/${at}` : '/only',
            code: 'node.not-found',
            message: `The draft has no node "${id}".`,
            nodeId: id,
          },
        ],
  );
  const chosen = upTo !== undefined ? [upTo, ...upstreamOf(graph, upTo)] : named;
  return {
    running: withBodies(
      graph,
      chosen.filter((id) => graph.node.has(id)),
    ),
    faults,
  };
}

/** What is wrong with outputs given by hand: no such node, or no port of it. `at` is the pointer of the map in the request. */
export function pinFaults(graph: Graph, pins: Record<string, unknown>, at: string): Fault[] {
  return Object.entries(pins).flatMap(([id, value]): Fault[] => {
    const node = graph.node.get(id);
    const path = `${at}/${id}`;
    if (node === undefined) return [{ path, code: 'node.not-found', message: `The draft has no node "${id}".`, nodeId: id }];
    if (outputPort(node, value) === null)
      return [
        {
          path,
          code: 'pins.no-port',
          message: `This output takes no port of ${id}: a condition wants { "result": true | false }, a switch { "port": "<one of its ports>" }, an approval { "decision": "approved" | "rejected" }.`,
          nodeId: id,
        },
      ];
    return [];
  });
}

/** Stored pins that still fit the draft; nodes come and go while somebody edits. */
export function fittingPins(graph: Graph, pins: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries(pins).filter(([id, value]) => pinFaults(graph, { [id]: value }, '').length === 0));
}

/** Paths, in a run, of the nodes that do not run but may be read by those that do: their own, in loops those of the first iteration. */
export function pathsToTake(graph: Graph, running: ReadonlySet<string>, pinned: ReadonlySet<string>): Map<string, string> {
  const wanted = new Set([...running].flatMap((id) => [...upstreamOf(graph, id)]));
  const paths = new Map<string, string>();
  for (const id of wanted) {
    if (running.has(id) || pinned.has(id)) continue;
    paths.set(
      [
        ...loopsAround(graph, id)
          .reverse()
          .map((loop) => `${loop}[0]`),
        id,
      ].join('.'),
      id,
    );
  }
  return paths;
}

export interface TestPlan {
  hash: string;
  plan: Plan;
  start: Pick<StartOptions, 'only' | 'alone' | 'given'>;
}

/** Faults that matter to this run: of nodes that run, and of the whole where they have no node. Triggers fire nothing here. */
function concerns(fault: Fault, runs: (id: string) => boolean): boolean {
  if (fault.path === '/triggers' || fault.path.startsWith('/triggers/')) return false;
  if (fault.nodeId !== undefined && fault.nodeId !== null) return runs(fault.nodeId);
  return !fault.path.startsWith('/edges/');
}

/** Only what takes part: a node that is not finished cannot be compiled, and need not be. */
function reduced(definition: Definition, keep: ReadonlySet<string>): Definition {
  const known = new Set([...keep, ...(definition.triggers ?? []).map(({ id }) => id)]);
  return {
    ...definition,
    nodes: definition.nodes.filter(({ id }, at) => keep.has(id) && definition.nodes.findIndex((node) => node.id === id) === at),
    edges: (definition.edges ?? []).filter(({ from, to }) => known.has(from) && keep.has(to)),
  };
}

/**
 * Checks what will run and compiles it. The plan of a draft without faults is that of the whole; else it holds what runs and what is pinned.
 * `more` are faults of other checks (credentials). Faults come all at once.
 */
export function planTest(
  definition: Definition,
  given: {
    running: Set<string> | null;
    alone?: boolean;
    pinned: Record<string, Json>;
    more: Fault[];
    ports: CheckPorts;
    workflowName: string;
    hash: string;
  },
): { ok: true; test: TestPlan; warnings: Fault[] } | { ok: false; faults: Fault[] } {
  const { running, pinned, ports, workflowName } = given;
  const runs = (id: string): boolean => !Object.hasOwn(pinned, id) && (running === null || running.has(id));
  const checked = checkDefinition(definition, ports);
  const all = [...checked.faults, ...given.more];
  const faults = all.filter((fault) => concerns(fault, runs));
  if (faults.length > 0) return { ok: false, faults };
  const graph = graphOf(definition);
  const keep = new Set([...(running ?? graph.node.keys()), ...Object.keys(pinned)]);
  for (const id of keep) for (const loop of loopsAround(graph, id)) keep.add(loop);
  const part = all.length === 0 ? definition : reduced(definition, keep);
  try {
    const plan = compile(part, ports, { workflowName, definitionHash: given.hash });
    // What is frozen is known by its plan too: a newer hub compiles the same draft otherwise, and another part of it is another plan.
    const hash = createHash('sha256')
      .update(`${given.hash} ${JSON.stringify(plan)}`)
      .digest('hex');
    const start = {
      ...(running === null ? {} : { only: [...running].sort(), ...(given.alone ? { alone: true } : {}) }),
      given: Object.entries(pinned).flatMap(([nodeId, value]) => {
        const node = graph.node.get(nodeId);
        const port = node ? outputPort(node, value) : null;
        return port === null ? [] : [{ nodeId, port, as: 'pinned' as const }];
      }),
    };
    return { ok: true, test: { hash, plan, start }, warnings: checked.warnings.filter((fault) => concerns(fault, runs)) };
  } catch (error) {
    if (error instanceof DefinitionError) return { ok: false, faults: [{ path: '/nodes', code: error.code, message: error.message }] };
    throw error;
  }
}
