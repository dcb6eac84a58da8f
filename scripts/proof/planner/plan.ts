/** The plan of a generated definition, without connectors or expressions: values are symbolic here. */
import { compile, type CheckPorts, type Definition as DagDefinition } from '@hub/dag';
import type { Plan } from '@hub/dag/planner';
import { upstreamOf } from '../../oracle/start.ts';
import type { Definition, InterpretOptions } from '../../oracle/types.ts';

/** Nothing is read and no connector known: values are symbolic here. */
const noPorts: CheckPorts = {
  parseExpression: () => ({ ok: true, reads: [], names: [], dynamic: false }),
  parseCode: () => ({ ok: true, reads: [], dynamic: false }),
  action: () => undefined,
  connectors: () => [],
};

const defaultTimeoutMs = 3_600_000;

/** How the plan is made: pure neighbours fused, and bodies of them computed in chunks (their items then run one after the other). */
export interface PlanManner {
  fuse?: boolean;
  chunks?: boolean;
}

export function planFor(definition: Definition, options: InterpretOptions, { fuse = false, chunks = false }: PlanManner): Plan {
  const plan = compile(definition as unknown as DagDefinition, noPorts, { workflowName: 'proof', definitionHash: 'proof', fuse });
  const { settings = {} } = definition;
  const timeoutMs = options.timeoutMs ?? settings.timeoutMs ?? defaultTimeoutMs;
  if (!chunks) for (const { loop } of plan.nodes) delete loop?.chunk;
  return { ...plan, settings: { ...plan.settings, timeoutMs, onFailure: settings.onFailure ?? 'stop', maxParallel: settings.maxParallel ?? 20 } };
}

/** What the API hands the planner for a test run of a part. */
export function onlyOf(definition: Definition, { only, upTo }: InterpretOptions): string[] | undefined {
  if (only !== undefined) return [only];
  return upTo === undefined ? undefined : [upTo, ...upstreamOf(definition, upTo)];
}
