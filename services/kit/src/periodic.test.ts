import { describe, expect, it, vi } from 'vitest';
import { startPeriodic } from './periodic.ts';

describe('periodic work', () => {
  it('goes on after a failure, and close waits for the beat under way', async () => {
    vi.useFakeTimers();
    const warn = vi.fn<() => void>();
    const release: (() => void)[] = [];
    let beats = 0;
    const work = (): Promise<void> => {
      beats += 1;
      return beats === 1 ? Promise.reject(new Error('once')) : new Promise((done) => release.push(done));
    };
    const periodic = startPeriodic({ name: 'test', everyMs: 100, work, log: { warn } });
    await vi.advanceTimersByTimeAsync(120);
    expect(warn).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(500);
    expect(beats).toBe(2);
    let closed = false;
    const closing = periodic.close().then(() => (closed = true));
    await vi.advanceTimersByTimeAsync(500);
    expect(closed).toBe(false);
    release[0]?.();
    await closing;
    await vi.advanceTimersByTimeAsync(500);
    expect(beats).toBe(2);
    vi.useRealTimers();
  });
});
