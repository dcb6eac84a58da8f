import { describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatCount, formatDuration, formatExact, formatMoney, formatTokens, formatType, plural } from './format.ts';

describe('format', () => {
  it('gives durations in the unit a person would say', () => {
    expect([0, 840, 999, 1000, 12_400, 59_940, 60_000, 185_000, 3_600_000, 7_500_000, 90_000_000].map(formatDuration)).toEqual([
      '0 ms',
      '840 ms',
      '999 ms',
      '1.0 s',
      '12.4 s',
      '59.9 s',
      '1 min 00 s',
      '3 min 05 s',
      '1 h 00 min',
      '2 h 05 min',
      '1 d 01 h',
    ]);
    expect(formatDuration(59_990)).toBe('1 min 00 s');
  });

  it('says what kind of file it is in a word, and leaves what it does not know as it is', () => {
    expect(['text/csv; charset=utf-8', 'application/json', 'image/svg+xml', 'audio/mpeg', 'font/woff2', ''].map(formatType)).toEqual([
      'CSV',
      'JSON',
      'Image, SVG',
      'Audio, MPEG',
      'font/woff2',
      '',
    ]);
  });

  it('never shows $0.00 for a cost above nothing', () => {
    expect([0, 0.0042, 0.00000042, 0.12, 0.5, 0.999, 1, 12.4, 12_345.678].map(formatMoney)).toEqual([
      '$0',
      '$0.0042',
      '<$0.000001',
      '$0.12',
      '$0.50',
      '$1.00',
      '$1.00',
      '$12.40',
      '$12,345.68',
    ]);
    for (let usd = 0.000_000_1; usd < 10; usd *= 1.07) expect(Number(formatMoney(usd).replace(/[<$]/g, ''))).toBeGreaterThan(0);
  });

  it('shortens counts and bytes', () => {
    expect([0, 999, 12_400, 999_400, 999_940, 1_200_000].map(formatCount)).toEqual(['0', '999', '12.4k', '999k', '1M', '1.2M']);
    expect(formatTokens(1)).toBe('1 token');
    expect([812, 14_200, 3_100_000].map(formatBytes)).toEqual(['812 B', '14.2 kB', '3.1 MB']);
    expect(plural(1, 'step')).toBe('1 step');
    expect(plural(1200, 'step')).toBe('1,200 steps');
  });

  it('says how long ago, and exactly on request', () => {
    const now = Date.UTC(2026, 10, 22, 15, 53, 19);
    expect(
      [now, now - 4000, now - 59_000, now - 180_000, now - 7_200_000, now - 3 * 86_400_000, now + 120_000].map((at) => formatAgo(at, now)),
    ).toEqual(['just now', 'just now', '59 s ago', '3 min ago', '2 h ago', '3 d ago', 'in 2 min']);
    expect(formatAgo(Date.UTC(2026, 10, 1), now)).toBe('1 Nov');
    expect(formatAgo(Date.UTC(2025, 10, 1), now)).toBe('1 Nov 2025');
    expect(formatAgo(Date.UTC(2026, 8, 1, 22, 30), now, 'Europe/Berlin')).toBe('2 Sep');
    expect(formatExact(now, 'Europe/Berlin')).toMatch(/22 Nov 2026, 16:53:19 (CET|GMT\+1)/);
  });
});
