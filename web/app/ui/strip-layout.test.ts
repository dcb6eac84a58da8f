import { describe, expect, it } from 'vitest';
import { packStrip, type StripPart } from './strip-layout.ts';

const part = (id: string, startMs: number, endMs: number | null): StripPart => ({ id, label: id, state: 'completed', startMs, endMs });

describe('run strip', () => {
  it('puts steps that follow each other into one lane, in order of time', () => {
    const { bars, lanes } = packStrip([part('b', 500, 1000), part('a', 0, 500)], 1000);
    expect(lanes).toBe(1);
    expect(bars.map((bar) => bar.part.id)).toEqual(['a', 'b']);
    expect(bars[1]!.x).toBeGreaterThanOrEqual(bars[0]!.x + bars[0]!.width);
  });

  it('gives parallel steps lanes of their own, at most three', () => {
    expect(packStrip([part('a', 0, 900), part('b', 0, 900)], 900).lanes).toBe(2);
    expect(
      packStrip(
        Array.from({ length: 9 }, (_, n) => part(`n${n}`, 0, 900)),
        900,
      ).lanes,
    ).toBe(3);
  });

  it('keeps every step wide enough to see and inside the strip, whatever the times', () => {
    const parts = [
      part('long', 0, 100_000),
      ...Array.from({ length: 30 }, (_, n) => part(`s${n}`, 100_000 + n, 100_000 + n + 1)),
      part('open', 100_031, null),
    ];
    const { bars } = packStrip(parts, 100_040);
    for (const bar of bars) {
      expect(bar.width).toBeGreaterThan(0.3);
      expect(bar.x).toBeGreaterThanOrEqual(0);
      expect(bar.x + bar.width).toBeLessThanOrEqual(100.01);
    }
  });

  it('does not call short steps right after another parallel', () => {
    const parts = [part('long', 0, 9900), ...Array.from({ length: 6 }, (_, n) => part(`s${n}`, 9900 + n * 40, 9935 + n * 40))];
    expect(packStrip(parts, 10_200).lanes).toBe(1);
  });

  it('puts what was kept first, in the time it once took and without the hours between, then what ran', () => {
    const kept = (id: string, startMs: number, endMs: number): StripPart => ({ ...part(id, startMs, endMs), state: 'kept' });
    const parts = [kept('read', -7_200_000, -7_199_000), kept('ask', -3_600_000, -3_597_000), part('write', 10, 1010)];
    const { bars } = packStrip(parts, 1010);
    expect(bars.map((bar) => bar.part.id)).toEqual(['read', 'ask', 'write']);
    const [read, ask, write] = bars;
    expect(ask!.width / read!.width).toBeCloseTo(3, 0);
    expect(write!.x).toBeCloseTo(60.5, 0);
    expect(write!.x + write!.width).toBeLessThanOrEqual(100.01);
  });

  it('gives a run that kept everything its whole width', () => {
    const { bars } = packStrip([{ ...part('a', -9000, -1000), state: 'kept' }], 20);
    expect(bars[0]!.width).toBeGreaterThan(99);
  });

  it('draws an empty run as nothing', () => {
    expect(packStrip([], 0)).toEqual({ bars: [], lanes: 1 });
  });
});
