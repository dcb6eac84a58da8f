/** Runs a schedule for a window in the past: counts first, then one fire per time, each with the dedupe key that its own fire would have had. */
import { judgeInput } from '@hub/activities/run-input';
import { firesBetween, readRule } from '@hub/activities/schedules';
import type { Backfill } from '@hub/contract';
import { readTriggerForFire, type TriggerForFire } from '@hub/db/read';
import { fireTrigger, type RunRef } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import { conflict, invalid, notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { carryOut } from '../routes/runs.ts';

const mostTimes = 1_000;
/** Behind everything that is due now (03: 1 first, 5 last). */
const priority = 5;

interface Asked {
  team: string;
  userId: string | null;
  workflowId: string;
  triggerId: string;
  from: string;
  to: string;
  confirm?: number | undefined;
}

/** @throws UserError 404, 409 `trigger.backfill-changed` | `trigger.backfill-held`, 422 `trigger.not-a-schedule`, `trigger.bad-window`, `trigger.backfill-too-many` */
export async function backfill(context: RouteContext, asked: Asked): Promise<Backfill> {
  const found = await readTriggerForFire(context.deps.sql, asked);
  if (found === null) throw notFound('trigger');
  const times = timesOf(found, asked);
  const answer: Backfill = {
    count: times.length,
    limit: mostTimes,
    first: times[0]?.toISOString() ?? null,
    last: times.at(-1)?.toISOString() ?? null,
    started: 0,
    repeated: 0,
    skipped: 0,
    failed: 0,
  };
  if (asked.confirm === undefined) return answer;
  if (asked.confirm !== times.length)
    throw conflict(
      'trigger.backfill-changed',
      `The window has ${times.length} times now, not ${asked.confirm}.`,
      'Look at the count again and confirm it.',
    );
  if (found.workflowStatus !== 'active')
    throw conflict(`workflow.${found.workflowStatus}`, `The workflow is ${found.workflowStatus} and takes no starts.`, 'Activate it.');
  const start: RunRef[] = [];
  const cancel: RunRef[] = [];
  try {
    for (const at of times) {
      const fired = await fireAt(context, asked, found, at);
      start.push(...fired.start);
      cancel.push(...fired.cancel);
      if (fired.outcome === 'changed' || fired.outcome === 'gone' || fired.outcome === 'held') throw interrupted(fired.outcome, answer);
      answer[fired.outcome] += 1;
    }
  } finally {
    // However far it came: what got a slot begins.
    await carryOut(context, start, cancel);
  }
  return answer;
}

/** A window that was not filled in to its end is never told as one that was. */
function interrupted(why: 'changed' | 'gone' | 'held', { started, count }: Backfill): UserError {
  const again = `${started} of ${count} times have their runs. Ask again: times that have a run get no second one.`;
  return why === 'held'
    ? conflict('trigger.backfill-held', 'The workflow takes no more starts: it was paused, or the month of the plan is full.', again)
    : conflict('trigger.backfill-changed', 'The workflow was published while the backfill ran.', again);
}

function timesOf(found: TriggerForFire, { from, to }: Asked): Date[] {
  const { rule } = readRule(found.config);
  if (found.type !== 'schedule' || rule === null)
    throw invalid('trigger.not-a-schedule', 'Only schedules have times to fill in.', [
      { path: 'params/triggerId', code: 'trigger.not-a-schedule', message: 'is no schedule' },
    ]);
  const first = new Date(from);
  const last = new Date(to);
  if (first > last || last.getTime() > Date.now())
    throw invalid('trigger.bad-window', 'The window begins before it ends, and ends in the past.', [
      { path: '/to', code: 'trigger.bad-window', message: 'is before `from`, or in the future' },
    ]);
  const times = firesBetween(rule, first, last, mostTimes);
  if (times.length > mostTimes)
    throw new UserError('trigger.backfill-too-many', `The window has more than ${mostTimes} times of this schedule.`, {
      status: 422,
      remedy: 'Choose a shorter window.',
      details: [{ path: '/from', code: 'trigger.backfill-too-many', message: `leads to more than ${mostTimes} runs` }],
    });
  return times;
}

async function fireAt(context: RouteContext, { team, userId, workflowId, triggerId }: Asked, found: TriggerForFire, at: Date) {
  const given = found.config['input'] ?? {};
  const { input, failed } = judgeInput(found.inputs, given);
  return fireTrigger(
    context.deps.sql,
    { blobKey: context.deps.settings.blobKey },
    {
      team,
      workflowId,
      triggerId,
      version: found.version,
      triggeredBy: 'schedule',
      key: at.toISOString(),
      trigger: { type: 'schedule', id: triggerId, at: new Date().toISOString(), scheduledAt: at.toISOString(), backfill: true },
      inputText: JSON.stringify(input),
      scheduledAt: at,
      backfill: true,
      priority,
      userId,
      ...(failed === null ? {} : { failed }),
      ...(found.config['overlap'] === undefined ? {} : { overlap: found.config['overlap'] as 'queue' | 'skip' | 'cancel_older' }),
    },
  );
}
