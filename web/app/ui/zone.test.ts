import { describe, expect, it } from 'vitest';
import { instantOfLocal, isZone, localText } from './zone.ts';

describe('time zones', () => {
  it('write an instant as the clock on the wall shows it, and read it back', () => {
    const at = Date.UTC(2026, 10, 22, 15, 53);
    for (const [zone, text] of [
      ['UTC', '2026-11-22T15:53'],
      ['Europe/Berlin', '2026-11-22T16:53'],
      ['Asia/Kolkata', '2026-11-22T21:23'],
      ['Pacific/Auckland', '2026-11-23T04:53'],
      ['America/Los_Angeles', '2026-11-22T07:53'],
    ] as const) {
      expect(localText(at, zone)).toBe(text);
      expect(instantOfLocal(text, zone)).toBe(new Date(at).toISOString());
    }
  });

  it('keep the day on both sides of a change of clocks', () => {
    expect(instantOfLocal('2026-03-29T01:30', 'Europe/Berlin')).toBe('2026-03-29T00:30:00.000Z');
    expect(instantOfLocal('2026-03-29T03:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
    expect(instantOfLocal('2026-10-25T12:00', 'Europe/Berlin')).toBe('2026-10-25T11:00:00.000Z');
  });

  it('are no zone where the machine does not know them', () => {
    expect([isZone('Europe/Berlin'), isZone('Europe/Atlantis'), isZone('<script>'), isZone('')]).toEqual([true, false, false, false]);
    expect([localText(NaN, 'UTC'), instantOfLocal('', 'UTC')]).toEqual(['', '']);
  });
});
