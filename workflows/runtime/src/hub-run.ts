/** The one workflow of the hub: it runs any plan. Failure, cancel and time-out show as such in the Temporal Web UI. */
import { engineVersion, type Message } from '@hub/dag/planner';
import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  defineSignal,
  makeContinueAsNewFunc,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { engineFor, migrateCarried } from './engines.ts';
import type { CarriedState, Observe, RunInput } from './types.ts';

/** Something was said to the run: numbers and ids, in any order and any number of times. */
export const messagesSignal = defineSignal<[Message[]]>('messages');

/** Workflow id = run id. Ends after the run's row is terminal; a run whose row is already terminal ends without effect. */
export function hubRun(input: RunInput): Promise<void> {
  return interpret(input);
}

/** The interpreter with somebody who listens: see `rebuild.ts`. */
export async function interpret(input: RunInput, observe?: Observe): Promise<void> {
  const loop = new (engineFor(input.engine))(input, observe);
  setHandler(messagesSignal, (messages) => loop.hear(messages));
  CancellationScope.current().cancelRequested.catch(() => loop.requestCancel());
  const end = await CancellationScope.nonCancellable(() => loop.run());
  if (end.kind === 'continue') return continueWith(input, migrateCarried(loop.carry(), input.engine));
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

/** Shows in the Temporal Web UI; `HubEngine = 1 and ExecutionStatus = 'Running'` tells whether an old engine is still needed. */
const engineKey = { name: 'HubEngine', type: 'INT' } as const;

/** Goes on in a new execution, from here under today's engine. */
async function continueWith(input: RunInput, carried: CarriedState): Promise<never> {
  const typedSearchAttributes = workflowInfo().typedSearchAttributes.updateCopy([{ key: engineKey, value: engineVersion }]);
  const goOn = makeContinueAsNewFunc<typeof hubRun>({ typedSearchAttributes });
  return goOn({ ...input, engine: engineVersion, carried });
}
