/** Durations of a config: 250ms, 30s, 5m, 2h, 7d. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A run lives at most a year. */
const longestMs = 360 * 86_400_000;

/** Milliseconds of a filled field; null where the config has none. Throws UserError `wait.bad-duration` | `wait.too-long`. */
export function durationMs(value: Json | undefined, field: string): number | null {
  if (value === undefined) return null;
  const match = typeof value === 'string' ? /^(\d+)(ms|s|m|h|d)$/.exec(value) : null;
  if (match === null) {
    const shown = JSON.stringify(value).slice(0, 80);
    throw new UserError('wait.bad-duration', `"${field}" is no duration: ${shown}. Write 250ms, 30s, 5m, 2h or 7d.`);
  }
  const ms = Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
  if (ms > longestMs) throw new UserError('wait.too-long', `"${field}" is ${String(value)}; a run waits at most 360 days.`);
  return ms;
}
