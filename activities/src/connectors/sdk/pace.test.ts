import { expect, it } from 'vitest';

import { createPace } from './pace.ts';

const signal = new AbortController().signal;

it('gives no more turns in a window than it may, to all callers together, each key by itself', async () => {
  const turn = createPace({ most: 3, windowMs: 300, mostKeys: 10 });
  const began = performance.now();
  const times: number[] = [];
  const take = async (key: string): Promise<void> => {
    await turn(key, signal);
    if (key === 'a') times.push(performance.now() - began);
  };
  await Promise.all([...Array.from({ length: 8 }, () => take('a')), ...Array.from({ length: 3 }, () => take('b'))]);
  // Never four within a window; half of one is left to a machine that is late with telling the time.
  expect(times.slice(3).every((time, at) => time - (times[at] ?? 0) >= 150)).toBe(true);
  expect(times).toHaveLength(8);
});

it('ends with the signal', async () => {
  const turn = createPace({ most: 1, windowMs: 60_000, mostKeys: 10 });
  await turn('a', signal);
  await expect(turn('a', AbortSignal.timeout(10))).rejects.toThrow();
});

it('forgets the key that was asked longest ago', async () => {
  const turn = createPace({ most: 1, windowMs: 60_000, mostKeys: 2 });
  await turn('a', signal);
  await turn('b', signal);
  await turn('c', signal);
  await turn('a', signal);
});
