/** The one workflow of the hub: it runs any plan. Failure, cancel and time-out show as such in the Temporal Web UI. */
import { ApplicationFailure, CancellationScope, CancelledFailure, continueAsNew } from '@temporalio/workflow';
import { RunLoop } from './run-loop.ts';
import type { RunInput } from './types.ts';

/** Workflow id = run id. Ends after the run's row is terminal; a run whose row is already terminal ends without effect. */
export async function hubRun(input: RunInput): Promise<void> {
  const loop = new RunLoop(input);
  CancellationScope.current().cancelRequested.catch(() => loop.requestCancel());
  const end = await CancellationScope.nonCancellable(() => loop.run());
  if (end.kind === 'continue') return continueAsNew<typeof hubRun>({ ...input, carried: end.carried });
  if (end.kind === 'gone' || end.finish.status === 'completed') return;
  if (end.finish.status === 'cancelled') throw new CancelledFailure('The run was cancelled.');
  const error = end.finish.error;
  throw ApplicationFailure.create({
    type: error?.code ?? `run.${end.finish.status}`,
    message: error?.message ?? 'The run did not end in time.',
    nonRetryable: true,
    category: 'BENIGN',
  });
}
