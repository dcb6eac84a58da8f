/** Ends of runs that others wait for: event triggers of the team, and drivers of continuous triggers. Told at least once, fired once. */
import { type EndedRunRead, type EventTriggerRead, matchingEventTriggers, readEndedRun, readRun, readTriggerForFire } from '@hub/db/read';
import { claimEnds, noteTriggerEvent, releaseEnd, type RunEnd } from '@hub/db/write';
import { TransientError } from '@hub/kit/errors';
import { seriesIdOf } from '@hub/kit/temporal';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { TriggerDeps } from './deps.ts';
import { start } from './start.ts';

/** Workflows in a chain of events (03). */
const mostDepth = 10;
const mostTries = 5;

/** Works off what is due. Answers how many. */
export async function tellEnds(deps: TriggerDeps & { client: Client }): Promise<number> {
  let told = 0;
  for (;;) {
    const ends = await claimEnds(deps.sql);
    if (ends.length === 0) return told;
    for (const end of ends) {
      try {
        await tell(deps, end);
        await releaseEnd(deps.sql, end);
      } catch (error) {
        deps.log.warn({ err: error, run: end.run }, 'the end of a run could not be passed on; tried again soon');
      }
    }
    told += ends.length;
  }
}

async function tell(deps: TriggerDeps & { client: Client }, end: RunEnd): Promise<void> {
  const run = await readEndedRun(deps.sql, end.team, end.run);
  if (run === null) return;
  if (run.seriesId !== null && end.status !== 'waiting') await tellDriver(deps.client, end, run);
  if (end.status === 'cancelled') return;
  for (let after: EventTriggerRead | null = null; ; ) {
    const page: EventTriggerRead[] = await matchingEventTriggers(deps.sql, end.team, { workflowId: run.workflowId, status: end.status, after });
    for (const { workflowId, triggerId } of page) await fireEvent(deps, end, run, { team: end.team, workflowId, triggerId });
    after = page.at(-1) ?? null;
    if (after === null) return;
  }
}

async function tellDriver(client: Client, { team, run, status }: RunEnd, { workflowId, triggerId }: EndedRunRead): Promise<void> {
  try {
    await client.workflow.getHandle(seriesIdOf({ team, workflowId, triggerId })).signal('ended', { run, status });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

async function fireEvent(
  deps: TriggerDeps,
  end: RunEnd,
  run: EndedRunRead,
  place: { team: string; workflowId: string; triggerId: string },
): Promise<void> {
  // The rule of chains: what led here is not started again, and a chain ends.
  if (run.chain.includes(place.workflowId)) {
    if (place.workflowId !== run.workflowId)
      await noteTriggerEvent(deps.sql, place, {
        outcome: 'refused',
        code: 'trigger.in-chain',
        message: 'This workflow is one of those whose ends led to this event.',
      });
    return;
  }
  if (run.chain.length > mostDepth) {
    await noteTriggerEvent(deps.sql, place, {
      outcome: 'refused',
      code: 'trigger.chain-too-deep',
      message: `Events lead at most ${mostDepth} workflows far.`,
    });
    return;
  }
  const ended = await readRun(deps.sql, end.team, end.run);
  if (ended === null) return;
  const { id, workflowId, workflowName, version, error, createdAt, startedAt, completedAt } = ended;
  const input = { id, workflowId, workflowName, version, status: end.status, output: ended.output ?? null, error, createdAt, startedAt, completedAt };
  for (let left = mostTries; left > 0; left -= 1) {
    const trigger = await readTriggerForFire(deps.sql, place);
    if (trigger === null || trigger.type !== 'event' || trigger.paused) return;
    const fired = await start(deps, place, trigger, { triggeredBy: 'event', key: `${end.run} ${end.status}`, input, chain: run.chain });
    if (fired.outcome !== 'changed') return;
  }
  // The end stays where it is and is told again soon; what was fired by it already is not fired twice.
  throw new TransientError('trigger.changed', 'The workflow was published again and again while this event was passed on; it is tried again.', {
    didNothing: true,
  });
}
