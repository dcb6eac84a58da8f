import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { windDown } from './wind-down.ts';

describe('a call that is told to stop', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('has 6 s from the cancel, whenever it hears of it, and 1 s at least', async () => {
    for (const [age, left] of [
      [0, 6_000],
      [3_000, 3_000],
      [5_500, 1_000],
      [600_000, 1_000],
    ] as const)
      expect(await windDown(async () => await Promise.resolve(age))).toBe(left);
  });

  it('has 8 s where nobody cancelled', async () => {
    expect(await windDown(async () => await Promise.resolve(null))).toBe(8_000);
  });

  it('has them where the store cannot say', async () => {
    expect(await windDown(async () => await Promise.reject(new Error('gone')))).toBe(8_000);
    expect(await windDown(async () => await new Promise(() => undefined))).toBe(8_000);
  });
});
