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

/** A heartbeat is a write of Temporal's server, and what brings a cancel: often where a step is young, every 3 s where it has run for long (infra/decisions/032). */
const pace = { leastMs: 1_000, mostMs: 3_000, ofAge: 1 / 4 };

/** Heartbeats by a timer of their own (04, rule 11); call the answer to stop. None at the start: each is a call to the server, and most steps are shorter. */
export function startHeartbeat(context: AttemptContext, details?: () => unknown): () => void {
  const began = performance.now();
  let timer: NodeJS.Timeout;
  const next = (): void => {
    const ms = Math.min(pace.mostMs, Math.max(pace.leastMs, (performance.now() - began) * pace.ofAge));
    timer = setTimeout(() => {
      context.heartbeat(details?.());
      next();
    }, ms);
  };
  next();
  return () => clearTimeout(timer);
}
