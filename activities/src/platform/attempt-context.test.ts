import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { startHeartbeat, type AttemptContext } from './attempt-context.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => undefined);
const contextOf = (heartbeat: () => void): AttemptContext => ({
  delivery: 1,
  signal: new AbortController().signal,
  isShuttingDown: () => false,
  heartbeat,
  cancelled: never,
});

it('a young step is heard every second, an old one every three, a short one never', () => {
  const beats: number[] = [];
  const stop = startHeartbeat(contextOf(() => beats.push(performance.now())));
  const began = performance.now();
  vi.advanceTimersByTime(60_000);
  stop();
  vi.advanceTimersByTime(60_000);
  const pauses = beats.map((at, n) => at - (beats[n - 1] ?? began));
  expect(pauses.slice(0, 5)).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
  expect(Math.max(...pauses)).toBe(3_000);
  expect(pauses.slice(9).every((ms) => ms === 3_000)).toBe(true);
  expect(beats.length).toBeLessThan(26);
  const short = vi.fn();
  startHeartbeat(contextOf(short))();
  vi.advanceTimersByTime(10_000);
  expect(short).not.toHaveBeenCalled();
});
