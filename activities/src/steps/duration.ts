/** Durations of a config: 250ms, 30s, 5m, 2h, 7d. */

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds; null where there is none. */
export function durationMs(value: unknown): number | null {
  const match = typeof value === 'string' ? /^(\d+)(ms|s|m|h|d)$/.exec(value) : null;
  return match ? Number(match[1]) * unitMs[match[2] as keyof typeof unitMs] : null;
}
