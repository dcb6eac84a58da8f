/** How each kind of work is scheduled (04, rules 11 and 12). Steps are ordinary activities, the hub's own short work is local. */
import type { PlanNode } from '@hub/dag/planner';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';

/** Attempts that Temporal grants beyond the step's own, for attempts lost with their worker. */
const lostAttempts = 5;

/** Temporal's policy is wider than the step's: the activity counts its failed attempts in its rows and stops by itself. */
export function stepOptions(node: PlanNode, summary: string): ActivityOptions {
  const policy = node.retry;
  return {
    summary,
    startToCloseTimeout: node.timeoutMs + 10_000,
    heartbeatTimeout: '10s',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: {
      maximumAttempts: (policy?.maxAttempts ?? 1) + lostAttempts,
      initialInterval: policy?.initialMs ?? 1_000,
      backoffCoefficient: policy?.backoff === 'fixed' ? 1 : 2,
      maximumInterval: Math.max(policy?.maxMs ?? 60_000, policy?.initialMs ?? 1_000),
    },
  };
}

/** Gathering a loop's results may stream many rows, so it is an ordinary activity with a heartbeat. */
export function gatherOptions(summary: string): ActivityOptions {
  return {
    summary,
    startToCloseTimeout: '10m',
    heartbeatTimeout: '10s',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { maximumAttempts: 20, initialInterval: 500, maximumInterval: '30s' },
  };
}

/** A chunk of a loop ends by itself after 30 s of new starts; its work is repeatable, so what went wrong with the hub's own servers is waited for. */
export function chunkOptions(summary: string): ActivityOptions {
  return {
    summary,
    startToCloseTimeout: '2m',
    heartbeatTimeout: '10s',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { maximumAttempts: 50, initialInterval: 500, maximumInterval: '30s' },
  };
}

/** A round of undoing ends by itself after a minute of new starts; it goes on where it was, so what went wrong is waited for, up to a day. */
export function undoOptions(): ActivityOptions {
  return {
    summary: 'Undo what was done',
    startToCloseTimeout: '10m',
    scheduleToCloseTimeout: '24h',
    heartbeatTimeout: '10s',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { initialInterval: 500, maximumInterval: '30s' },
  };
}

/** Items of a loop: no attempt begins after 30 s, and each ends by its own limit; which items are over stands in their rows. */
export function itemsOptions({ timeoutMs }: PlanNode, summary: string): ActivityOptions {
  return { ...chunkOptions(summary), startToCloseTimeout: timeoutMs + 120_000 };
}

/** Short, bounded, idempotent work of the hub itself; a database outage is waited for, up to a day. */
export function localOptions(summary: string): LocalActivityOptions {
  return {
    summary,
    startToCloseTimeout: '15s',
    scheduleToCloseTimeout: '24h',
    localRetryThreshold: '10s',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { initialInterval: 100, backoffCoefficient: 2, maximumInterval: '30s' },
  };
}

/** A try ends by itself within a second; this is for one that hangs. Once only: what goes wrong goes on as an ordinary activity. */
export function tryOptions(summary: string): LocalActivityOptions {
  return {
    summary,
    scheduleToStartTimeout: '1s',
    startToCloseTimeout: '2s',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { maximumAttempts: 1 },
  };
}
