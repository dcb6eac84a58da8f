/** What should stand in Temporal for a trigger's row. */
import type { FarSide } from '@hub/kit/temporal';
import { nextFires } from './fires.ts';
import { durationMs, readRule } from './rule.ts';
import { temporalSpec } from './temporal-spec.ts';
import { scheduleWords } from './words.ts';

/** Temporal's least window. */
const leastCatchUpMs = 10_000;

/**
 * Temporal drops what it comes to later than its own window, without a word: under load that is soon 10 s. So it is told to fire for an hour longer, and
 * whoever is fired decides by the rule and writes down what was missed.
 */
const graceMs = 3_600_000;

/** Null: the trigger is gone, or its workflow archived. A config that cannot be read (published before a rule grew stricter) has nothing there. */
export function farSideOf(trigger: { type: string; config: Record<string, unknown>; paused: boolean } | null, now: Date): FarSide {
  if (trigger === null) return { kind: 'none' };
  const { type, config, paused } = trigger;
  if (type === 'continuous') return { kind: 'series', running: !paused };
  const { rule } = readRule(type === 'poll' ? { every: config['every'] } : config);
  if (rule === null) return { kind: 'none' };
  const nextFireAt = paused ? null : (nextFires(rule, now, 1)[0] ?? null);
  const spec = temporalSpec(rule, now);
  if (type === 'poll') {
    const everyMs = durationMs(String(config['every'])) ?? 0;
    return {
      kind: 'schedule',
      spec: { ...spec, jitter: Math.min(30_000, Math.floor(everyMs / 10)) },
      // At most the last poll that was missed is made up for: it sees what those before it would have seen.
      catchUpMs: Math.max(leastCatchUpMs, everyMs),
      overlap: 'SKIP',
      local: false,
      paused,
      summary: `Poll: ${scheduleWords(rule)}`,
      nextFireAt,
    };
  }
  return {
    kind: 'schedule',
    spec,
    catchUpMs: rule.catchUpMs + graceMs,
    overlap: 'ALLOW_ALL',
    local: true,
    paused,
    summary: scheduleWords(rule),
    nextFireAt,
  };
}
