/** A pure kind that has an activity of its own, because it has its own `retry` or `timeoutMs`: a group of one. */
import type { Json, SourceRef } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import type { ActivityDeps } from '../deps.ts';
import type { DataWire } from '../expressions/pool/jobs.ts';
import type { OutwardOutcome } from '../steps/outward-step.ts';
import type { NodeDefinition } from './definition.ts';
import { pureJob } from './pure-job.ts';

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
  const { outcomes } = await deps.pool.run(pureJob({ node, data, sources }), { signal });
  const outcome = outcomes.find(({ nodeId }) => nodeId === node.id);
  if (outcome?.inputText !== undefined && outcome.inputText !== null) note(JSON.parse(outcome.inputText) as Json);
  if (outcome?.status !== 'completed') throw new UserError(outcome?.error?.code ?? 'step.failed', outcome?.error?.message ?? 'The step failed');
  return { outputText: outcome.outputText ?? 'null', port: outcome.port ?? 'out', warnings: outcome.warnings };
}
