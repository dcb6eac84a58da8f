/** The few things an activity takes from Temporal, apart so that tests can stand in. */
import { Context } from '@temporalio/activity';

import type { UnderWay } from './under-way.ts';

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
  /** Calls `hear` when the run stops something, which may be this; call the answer at the end. */
  joins?: (hear: () => void) => () => void;
}

export function temporalContext(underWay: UnderWay): AttemptContext {
  const context = Context.current();
  return {
    delivery: context.info.attempt,
    signal: context.cancellationSignal,
    isShuttingDown: () => context.cancellationDetails?.workerShutdown === true,
    heartbeat: (details) => context.heartbeat(details),
    cancelled: context.cancelled,
    joins: (hear) => underWay.join(context.info.workflowExecution?.workflowId ?? '', hear),
  };
}

/** A heartbeat is a write of Temporal's server, and what brings a cancel: often where a step is young, every 3 s where it has run for long (infra/decisions/032). */
const pace = { leastMs: 1_000, mostMs: 3_000, ofAge: 1 / 4 };
/** Where the run has just said to stop something: Temporal knows of it in a moment (infra/decisions/034). The SDK sends one a second at most. */
const told = { ms: 500, times: 4 };
/** Once it has heard of its cancel there is nothing more to hear: Temporal need only know, within its 10 s, that the worker lives. */
const cancelledMs = 5_000;

/** Heartbeats by a timer of their own (04, rule 11); call the answer to stop. None at the start: each is a call to the server, and most steps are shorter. */
export function startHeartbeat(context: AttemptContext, details?: () => unknown): () => void {
  const began = performance.now();
  let soon = 0;
  let timer: NodeJS.Timeout;
  const pause = (): number => {
    if (context.signal.aborted) return cancelledMs;
    return soon > 0 ? told.ms : Math.min(pace.mostMs, Math.max(pace.leastMs, (performance.now() - began) * pace.ofAge));
  };
  const next = (): void => {
    timer = setTimeout(() => {
      soon = Math.max(0, soon - 1);
      context.heartbeat(details?.());
      next();
    }, pause());
  };
  const again = (): void => {
    clearTimeout(timer);
    next();
  };
  next();
  context.signal.addEventListener('abort', again, { once: true });
  const leave = context.joins?.(() => {
    const waits = soon === 0;
    soon = told.times;
    if (waits) again();
  });
  return () => {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', again);
    leave?.();
  };
}
