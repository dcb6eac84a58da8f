import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { startHeartbeat, type AttemptContext } from './attempt-context.ts';
import { UnderWay } from './under-way.ts';

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

it('a step whose run stops something asks twice a second for two seconds, then goes on as before; one that ended asks no more', () => {
  const underWay = new UnderWay();
  const beats: number[] = [];
  const context = { ...contextOf(() => beats.push(performance.now())), joins: (hear: () => void) => underWay.join('run', hear) };
  const stop = startHeartbeat(context);
  vi.advanceTimersByTime(60_000);
  beats.length = 0;
  const asked = performance.now();
  underWay.tell('another');
  underWay.tell('run');
  vi.advanceTimersByTime(100);
  underWay.tell('run');
  vi.advanceTimersByTime(9_900);
  expect(beats.slice(0, 10).map((at) => at - asked)).toEqual([500, 1_000, 1_500, 2_000, 5_000, 8_000]);
  stop();
  beats.length = 0;
  underWay.tell('run');
  vi.advanceTimersByTime(10_000);
  expect(beats).toEqual([]);
});

it('a step that has heard of its cancel says every five seconds that its worker lives, whatever its run stops', () => {
  const underWay = new UnderWay();
  const cancel = new AbortController();
  const beats: number[] = [];
  const context = {
    ...contextOf(() => beats.push(performance.now())),
    signal: cancel.signal,
    joins: (hear: () => void) => underWay.join('run', hear),
  };
  const stop = startHeartbeat(context);
  vi.advanceTimersByTime(60_000);
  underWay.tell('run');
  vi.advanceTimersByTime(700);
  beats.length = 0;
  const heard = performance.now();
  cancel.abort();
  underWay.tell('run');
  vi.advanceTimersByTime(16_000);
  expect(beats.map((at) => at - heard)).toEqual([5_000, 10_000, 15_000]);
  stop();
  vi.advanceTimersByTime(16_000);
  expect(beats).toHaveLength(3);
});
