/** The few things an activity takes from Temporal, apart so that tests can stand in. */
import { Context } from '@temporalio/activity';

export interface AttemptContext {
  /** How often Temporal has given this step out, from 1. */
  delivery: number;
  /** Aborted on cancel and on the worker's shutdown. */
  signal: AbortSignal;
  /** True when the worker is going, not the step: another worker takes over. */
  isShuttingDown: () => boolean;
  heartbeat: (details?: unknown) => void;
  /** Rejects with Temporal's own CancelledFailure once cancelled. */
  cancelled: Promise<never>;
}

export function temporalContext(): AttemptContext {
  const context = Context.current();
  return {
    delivery: context.info.attempt,
    signal: context.cancellationSignal,
    isShuttingDown: () => context.cancellationDetails?.workerShutdown === true,
    heartbeat: (details) => context.heartbeat(details),
    cancelled: context.cancelled,
  };
}

const heartbeatMs = 1_000;

/** Heartbeats by a timer of their own (04, rule 11); call the answer to stop. None at the start: each is a call to the server, and most steps are shorter. */
export function startHeartbeat(context: AttemptContext, details?: () => unknown): () => void {
  const timer = setInterval(() => context.heartbeat(details?.()), heartbeatMs);
  return () => clearInterval(timer);
}
