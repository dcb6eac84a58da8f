/** A pure kind that has an activity of its own, because it has its own `retry` or `timeoutMs`: a group of one. */
import type { Json, PlanNode, SourceRef } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { ActivityDeps } from '../deps.ts';
import type { DataWire } from '../expressions/pool/jobs.ts';
import type { OutwardOutcome } from '../steps/outward-step.ts';
import type { NodeDefinition } from './definition.ts';

export interface PureAttempt {
  node: NodeDefinition;
  data: DataWire;
  sources: SourceRef[];
  signal: AbortSignal;
  /** Told what the step saw. */
  note: (input: Json) => void;
}

/** Throws UserError with the step's own code. */
export async function purely(deps: ActivityDeps, { node, data, sources, signal, note }: PureAttempt): Promise<OutwardOutcome> {
  const { id, config, strict } = node;
  const configs = { [id]: { config, strict, fallbackText: null } };
  const { outcomes } = await deps.pool.run(
    { kind: 'group', nodes: [planNode(node)], edges: [], scope: '', sources, configs, data, done: [], most: 1 },
    { signal },
  );
  const outcome = outcomes.find(({ nodeId }) => nodeId === id);
  if (outcome?.inputText !== undefined && outcome.inputText !== null) note(JSON.parse(outcome.inputText) as Json);
  if (outcome?.status !== 'completed') throw new UserError(outcome?.error?.code ?? 'step.failed', outcome?.error?.message ?? 'The step failed');
  return { outputText: outcome.outputText ?? 'null', port: outcome.port ?? 'out', warnings: outcome.warnings };
}

function planNode({ id, type }: NodeDefinition): PlanNode {
  return {
    id,
    type,
    label: id,
    parent: null,
    work: 'step',
    join: 'any',
    disabled: false,
    group: null,
    first: false,
    ports: [],
    timeoutMs: 0,
    onError: 'fail',
    fallbackPort: 'out',
    retry: { maxAttempts: 1, backoff: 'fixed', initialMs: 1, maxMs: 1 },
    idempotent: true,
    reads: [],
    loop: null,
  };
}
