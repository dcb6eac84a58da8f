/** A checked definition -> the frozen plan that a run executes: topology, policies, reads, fused groups; no config. */
import type { Definition, DefinitionNode } from './definition.ts';
import { DefinitionError } from './faults.ts';
import { graphOf, orderOf, portsOf, sinksOf, type Graph } from './graph.ts';
import { kindOf } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import { limits } from './limits.ts';
import { readsOf } from './node-reads.ts';
import type { LoopPlan, Plan, PlanNode } from './planner/types.ts';
import { own } from './pointer.ts';
import type { CheckPorts } from './ports.ts';
import { retryOf, settingsOf } from './settings.ts';

export interface CompileOptions {
  workflowName: string;
  definitionHash: string;
  /** False: no fused groups, every node runs alone (proofs only). */
  fuse?: boolean;
}

/**
 * Compiles a definition that passed `checkDefinition`. The same definition, ports and options give the same plan, byte for byte.
 * Throws DefinitionError `plan.too-large` above 128 KB, `plan.unchecked` where the check was skipped and something is plainly wrong.
 */
export function compile(definition: Definition, ports: CheckPorts, options: CompileOptions): Plan {
  const graph = graphOf(definition);
  const { order, cycle } = orderOf(graph);
  if (cycle.length > 0) throw new DefinitionError('plan.unchecked', `The nodes ${cycle.join(', ')} form a circle.`);
  const groups = options.fuse === false ? [] : groupsOf(graph, order);
  const groupAt = new Map(groups.flatMap((ids, at) => ids.map((id) => [id, at] as const)));
  const nodes = [...graph.node.values()].map((node) => planNode(node, graph, ports, groupAt.get(node.id) ?? null, groups));
  const { timeoutMs, onFailure, maxParallel, compensate } = settingsOf(definition.settings);
  const plan: Plan = {
    engine: 1,
    definitionHash: options.definitionHash,
    workflowName: options.workflowName,
    nodes: nodes.sort((a, b) => (a.id < b.id ? -1 : 1)),
    edges: (definition.edges ?? []).map(({ from, fromPort, to }) => ({ from, fromPort: fromPort ?? 'out', to })),
    triggers: (definition.triggers ?? []).map(({ id, type }) => ({ id, type })),
    groups,
    outputs: outputsOf(definition),
    settings: { timeoutMs, onFailure, maxParallel, compensate: Array.isArray(compensate) ? compensate.join(' ') : compensate },
  };
  const bytes = new TextEncoder().encode(JSON.stringify(plan)).length;
  if (bytes > limits.planBytes) {
    throw new DefinitionError(
      'plan.too-large',
      `The compiled plan has ${bytes} bytes; at most ${limits.planBytes} are allowed. Split the workflow, shorten ids and labels, or read fewer nodes by computed names.`,
    );
  }
  return plan;
}

function planNode(node: DefinitionNode, graph: Graph, ports: CheckPorts, group: number | null, groups: string[][]): PlanNode {
  const kind = kindOf(node.type);
  const outs = portsOf(node);
  if (!kind || !outs) throw new DefinitionError('plan.unchecked', `${node.id} has the unknown type "${node.type}".`);
  const loop = loopPlan(node, kind, graph, groups);
  return {
    id: node.id,
    type: kind.type,
    label: node.label ?? node.id,
    parent: node.parent ?? null,
    work: loop ? 'loop' : kind.work,
    join: node.join ?? 'any',
    disabled: node.disabled ?? false,
    group,
    first: kind.first?.(node.config) ?? false,
    ports: outs,
    retry: retryOf(node.retry, kind.reachesOut),
    timeoutMs: node.timeoutMs ?? kind.timeoutMs,
    onError: modeOf(node),
    fallbackPort: fallbackPort(node, kind),
    idempotent: kind.idempotent?.(node.config, ports) ?? true,
    reads: readsOf(node, graph, ports).reads,
    loop,
  };
}

function loopPlan(node: DefinitionNode, kind: Kind, graph: Graph, groups: string[][]): LoopPlan | null {
  const loop = kind.loop?.(node.config);
  if (!loop) return null;
  const sinks = loop.body === 'nodes' && own(node.config, 'result') === undefined ? sinksOf(graph, node.id) : [];
  const chunk = loop.mode === 'for_each' && loop.body === 'nodes' ? wholeBody(graph, node.id, groups) : -1;
  const step = loop.mode === 'for_each' ? soleStep(node, loop.body, graph) : undefined;
  return { ...loop, sink: sinks[0] ?? null, ...(chunk < 0 ? {} : { chunk }), ...(step === undefined ? {} : { step }) };
}

/** The one step that is all of a loop's body (a `forEach` node is its own): an activity can run it for many items. */
function soleStep(node: DefinitionNode, body: LoopPlan['body'], graph: Graph): string | undefined {
  if (body === 'self') return node.id;
  const [only, ...more] = [...graph.node.values()].filter((inner) => inner.parent === node.id);
  if (only === undefined || more.length > 0 || only.disabled) return undefined;
  const kind = kindOf(only.type);
  return kind?.work === 'step' && !kind.loop?.(only.config) ? only.id : undefined;
}

/** The group that is all of a loop's body, -1 where there is none: a body of pure neighbours can be computed for many items at a time. */
function wholeBody(graph: Graph, id: string, groups: string[][]): number {
  const body = [...graph.node.values()].filter((node) => node.parent === id);
  return groups.findIndex((ids) => ids.length === body.length && body.every((node) => ids.includes(node.id)));
}

function modeOf(node: DefinitionNode): PlanNode['onError'] {
  const mode = own(node.onError, 'mode');
  return mode === 'continue' || mode === 'fallback' || mode === 'branch' ? mode : 'fail';
}

function fallbackPort(node: DefinitionNode, kind: Kind): string {
  return modeOf(node) === 'fallback' ? (outputPort(node, node.onError?.['value']) ?? 'out') : (kind.ports(node.config)[0] ?? 'out');
}

/** The port that a value given by hand (fallback, pin, edited output) takes; null where it does not fit the node (03, Meaning 5). */
export function outputPort(node: DefinitionNode, value: unknown): string | null {
  const kind = kindOf(node.type);
  return kind ? kind.portOf(value, kind.ports(node.config)) : null;
}

function outputsOf(definition: Definition): Plan['outputs'] {
  return definition.nodes.flatMap((node) => {
    const name = kindOf(node.type)?.outputName?.(node.config) ?? null;
    return name === null ? [] : [{ name, nodeId: node.id }];
  });
}

/**
 * Neighbouring pure steps, computed together (02): a node joins a group when all its incoming edges come from that group; else it begins
 * one. Never what is disabled or has its own `retry` or `timeoutMs`.
 */
function groupsOf(graph: Graph, order: string[]): string[][] {
  const groups: string[][] = [];
  const groupAt = new Map<string, number>();
  for (const id of order) {
    const node = graph.node.get(id);
    if (!node || !mayFuse(node)) continue;
    const sources = new Set((graph.before.get(id) ?? []).map((from) => groupAt.get(from)));
    const [only] = sources;
    const group = sources.size === 1 && only !== undefined && !graph.triggered.has(id) ? groups[only] : undefined;
    if (group && only !== undefined && group.length < limits.groupNodes) {
      group.push(id);
      groupAt.set(id, only);
    } else {
      groupAt.set(id, groups.length);
      groups.push([id]);
    }
  }
  return groups;
}

function mayFuse(node: DefinitionNode): boolean {
  return kindOf(node.type)?.work === 'pure' && !node.disabled && node.retry === undefined && node.timeoutMs === undefined;
}
