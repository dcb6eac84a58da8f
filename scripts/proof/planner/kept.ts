/** What the API would keep of a run that is continued. */
import type { Definition as DagDefinition } from '@hub/dag';
import { planRetry } from '@hub/api/retry-plan';
import type { Interpretation } from '../../oracle/oracle.ts';
import type { Definition, RetryRequest } from '../../oracle/types.ts';
import { planFor } from './plan.ts';

/** Ids of the kept nodes and of those set by hand, sorted. */
export function keptByApi(definition: Definition, before: Interpretation, { fromNode, iteration, outputs = {} }: RetryRequest): string[] {
  const states = definition.nodes.flatMap(({ id, parent, disabled = false }) => {
    const result = before.nodes.get(id);
    if (parent !== undefined || result === undefined) return [];
    return [{ nodeId: id, status: result.status, port: result.port ?? null, disabled }];
  });
  const given = definition as unknown as DagDefinition;
  const byHand = Object.keys(outputs);
  const { kept } = planRetry(given, given, planFor(definition, {}, {}), states, { fromNode, iteration, byHand });
  return [...kept.map(({ nodeId }) => nodeId), ...byHand].sort();
}
