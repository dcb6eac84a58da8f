/** Run statuses as the URL may name them. */
export const runStatuses = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'timed_out'] as const;
export type RunStatus = (typeof runStatuses)[number];

/** A status of the URL; null for anything else. */
export function toStatus(value: string | null): RunStatus | null {
  return runStatuses.find((status) => status === value) ?? null;
}
