/** The one workflow of the hub: it runs any plan. Failure, cancel and time-out show as such in the Temporal Web UI. */
import type { Message } from '@hub/dag/planner';
import { ApplicationFailure, CancellationScope, CancelledFailure, continueAsNew, defineSignal, setHandler } from '@temporalio/workflow';
import { RunLoop } from './run-loop.ts';
import type { RunInput } from './types.ts';

/** Something was said to the run: numbers and ids, in any order and any number of times. */
export const messagesSignal = defineSignal<[Message[]]>('messages');

/** Workflow id = run id. Ends after the run's row is terminal; a run whose row is already terminal ends without effect. */
export async function hubRun(input: RunInput): Promise<void> {
  const loop = new RunLoop(input);
  setHandler(messagesSignal, (messages) => loop.hear(messages));
  CancellationScope.current().cancelRequested.catch(() => loop.requestCancel());
  const end = await CancellationScope.nonCancellable(() => loop.run());
  if (end.kind === 'continue') return continueAsNew<typeof hubRun>({ ...input, carried: loop.carry() });
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
