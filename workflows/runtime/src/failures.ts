/** Temporal failures -> the planner's words. What is unknown fails the workflow task, which retries until the engine is mended. */
import type { StepError } from '@hub/dag/planner';
import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/workflow';

export type StepEnd = { kind: 'failed'; error: StepError } | { kind: 'cancelled' } | { kind: 'gone' } | { kind: 'unknown' };

const messageLimit = 500;

/** What an activity's rejection means for its step; `unknown`: no activity should ever give that. */
export function endOf(failure: unknown): StepEnd {
  if (failure instanceof CancelledFailure) return { kind: 'cancelled' };
  // A local activity's failure comes bare.
  const cause = failure instanceof ActivityFailure ? failure.cause : failure;
  if (cause instanceof CancelledFailure) return { kind: 'cancelled' };
  if (cause instanceof ApplicationFailure) return ofApplication(cause);
  if (cause instanceof TimeoutFailure) return { kind: 'failed', error: ofTimeout(cause) };
  return { kind: 'unknown' };
}

/** How a try that failed goes on as an ordinary activity: after so many ms, with so many attempts that counted; null: it is the step's end. */
export function goesOn(failure: unknown): { afterMs: number; failed: number } | null {
  const cause = failure instanceof ActivityFailure ? failure.cause : failure;
  if (cause instanceof TimeoutFailure) return { afterMs: 0, failed: 0 };
  if (!(cause instanceof ApplicationFailure) || cause.nonRetryable === true) return null;
  const detail = cause.details?.[0];
  return { afterMs: typeof cause.nextRetryDelay === 'number' ? cause.nextRetryDelay : 0, failed: isAttempt(detail) ? detail.attempt : 0 };
}

function ofApplication(cause: ApplicationFailure): StepEnd {
  if (cause.type === 'run.gone') return { kind: 'gone' };
  const detail = cause.details?.[0];
  const attempt = isAttempt(detail) ? detail.attempt : 1;
  return { kind: 'failed', error: { code: cause.type ?? 'step.failed', message: (cause.message ?? '').slice(0, messageLimit), attempt } };
}

function isAttempt(detail: unknown): detail is { attempt: number } {
  return typeof detail === 'object' && detail !== null && typeof (detail as { attempt?: unknown }).attempt === 'number';
}

function ofTimeout(cause: TimeoutFailure): StepError {
  return cause.timeoutType === 'START_TO_CLOSE'
    ? { code: 'step.timeout', message: 'The step did not end within its time limit. Raise timeoutMs or make the call faster.', attempt: 1 }
    : { code: 'step.worker-lost', message: 'The worker running this step was lost more often than allowed. Look at the worker’s log.', attempt: 1 };
}
