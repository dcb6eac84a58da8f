/** `subworkflow`: a run of another workflow. It takes no slot, and outlives this run only where that does not wait for it. */
import { UserError } from '@hub/kit/errors';

import { own } from '../../values/json.ts';
import type { ParkStep } from '../park-step.ts';

export const subworkflowStep: ParkStep = {
  toFill: (config) => ({ input: config['input'] ?? null }),
  open: async ({ config, filled, team, run, path, deps }) => {
    const waits = config['wait'] !== false;
    const version = typeof config['version'] === 'number' ? config['version'] : null;
    const made = await deps.children.start({
      team,
      parent: run,
      path: waits ? path : null,
      workflowId: String(config['workflowId']),
      version,
      input: own(filled, 'input') ?? null,
      key: `subworkflow/${run}/${path}`,
    });
    return waits ? { facts: { reason: 'child', child: made.run } } : { port: 'out', outputText: JSON.stringify({ runId: made.run }) };
  },
  close: ({ child }) => {
    if (child?.status === 'completed') return { port: 'out', outputText: child.text ?? '{}' };
    const why = child?.code ? ` with ${child.code}: ${child.message ?? ''}` : '';
    throw new UserError(
      'subworkflow.failed',
      `The run ${child?.run ?? ''} of the other workflow ended as ${child?.status ?? 'lost'}${why}`.slice(0, 500),
    );
  },
};
