/** The plan of a generated definition, without connectors or expressions: values are symbolic here. */
import { compile, type CheckPorts, type Definition as DagDefinition } from '@hub/dag';
import type { NodeType, Plan, PlanNode } from '@hub/dag/planner';
import { upstreamOf } from '../../oracle/start.ts';
import type { Definition, InterpretOptions, Json } from '../../oracle/types.ts';

/** Nothing is read and no connector known: values are symbolic here. */
const noPorts: CheckPorts = {
  parseExpression: () => ({ ok: true, reads: [], names: [], dynamic: false }),
  parseCode: () => ({ ok: true, reads: [], dynamic: false }),
  action: () => undefined,
  connectors: () => [],
};

const defaultTimeoutMs = 3_600_000;

/**
 * How the plan is made: pure neighbours fused, bodies of them computed in chunks (their items then run one after the other), and bodies of one step
 * run many items at a time: `whole`, or `short` where an activity ends after a few and leaves some to themselves.
 */
export interface PlanManner {
  fuse?: boolean;
  chunks?: boolean;
  items?: 'whole' | 'short';
}

export function planFor(definition: Definition, options: InterpretOptions, { fuse = false, chunks = false, items }: PlanManner): Plan {
  const plan = compile(definition as unknown as DagDefinition, noPorts, { workflowName: 'proof', definitionHash: 'proof', fuse });
  const { settings = {} } = definition;
  const timeoutMs = options.timeoutMs ?? settings.timeoutMs ?? defaultTimeoutMs;
  if (!chunks) for (const { loop } of plan.nodes) delete loop?.chunk;
  if (items === undefined) for (const { loop } of plan.nodes) delete loop?.step;
  return { ...plan, settings: { ...plan.settings, timeoutMs, onFailure: settings.onFailure ?? 'stop', maxParallel: settings.maxParallel ?? 20 } };
}

/** What the API hands the planner for a test run of a part. */
export function onlyOf(definition: Definition, { only, upTo }: InterpretOptions): string[] | undefined {
  if (only !== undefined) return [only];
  return upTo === undefined ? undefined : [upTo, ...upstreamOf(definition, upTo)];
}

/** Outputs given by hand, as the API hands them to the planner. */
export function pinsOf({ pinned = {} }: InterpretOptions, nodes: ReadonlyMap<string, PlanNode>): { nodeId: string; port: string; as: 'pinned' }[] {
  return Object.entries(pinned).map(([nodeId, value]) => ({ nodeId, port: pinPort(nodes.get(nodeId)?.type, value), as: 'pinned' as const }));
}

function pinPort(type: NodeType | undefined, value: Json): string {
  const fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { [key: string]: Json }) : {};
  if (type === 'condition') return String(fields['result']);
  if (type === 'approval') return String(fields['decision']);
  return type === 'switch' ? String(fields['port']) : 'out';
}
