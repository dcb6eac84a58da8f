/** `settings`, `retry` and `onError` with their defaults (03). */
import { z } from 'zod';
import { limits } from './limits.ts';
import type { RetryPolicy } from './planner/types.ts';

export const settingsSchema = z.strictObject({
  timeoutMs: z.number().int().min(1).max(limits.runTimeoutMs).default(3_600_000),
  maxConcurrentRuns: z.number().int().min(1).max(1_000).default(1),
  overlap: z.enum(['queue', 'skip', 'cancel_older']).default('queue'),
  onFailure: z.enum(['stop', 'finish']).default('stop'),
  maxParallel: z.number().int().min(1).max(limits.maxParallel).default(20),
  priority: z.number().int().min(1).max(5).default(3),
  compensate: z
    .union([z.enum(['never', 'cancel', 'failure', 'both']), z.array(z.enum(['cancel', 'failure']))], {
      error: 'Expected never, cancel, failure or both',
    })
    .default('never'),
  tags: z.array(z.string().min(1).max(60)).max(20).default([]),
});
export type Settings = z.output<typeof settingsSchema>;

/** Settings with their defaults; those that are wrong count as left out. */
export function settingsOf(raw: unknown): Settings {
  const parsed = settingsSchema.safeParse(raw ?? {});
  return parsed.success ? parsed.data : settingsSchema.parse({});
}

export const retrySchema = z.strictObject({
  maxAttempts: z.number().int().min(1).max(limits.maxAttempts).default(3),
  backoff: z.enum(['exponential', 'fixed']).default('exponential'),
  initialMs: z.number().int().min(1).max(limits.retryMs).default(1_000),
  maxMs: z.number().int().min(1).max(limits.retryMs).default(60_000),
});

/** A node's `retry` with defaults; without one, three attempts where chance plays a part and one where not (03, Meaning 4). */
export function retryOf(raw: unknown, reachesOut: boolean): RetryPolicy {
  const parsed = raw === undefined ? null : retrySchema.safeParse(raw);
  if (parsed?.success) return parsed.data;
  return { ...retrySchema.parse({}), maxAttempts: reachesOut ? 3 : 1 };
}

export const onErrorSchema = z.union(
  [
    z.strictObject({ mode: z.enum(['fail', 'continue', 'branch']) }),
    z.strictObject({ mode: z.literal('fallback'), value: z.unknown().refine((value) => value !== undefined) }),
  ],
  { error: 'Expected { "mode": "fail" | "continue" | "branch" } or { "mode": "fallback", "value": … }' },
);

export const cacheSchema = z.union([z.literal(false), z.strictObject({ ttlMs: z.number().int().min(1) })], {
  error: 'Expected { "ttlMs": n } or false',
});
