/** An instant out of what an author wrote: ISO 8601, in a time zone where it has no offset of its own. */
import type { Json } from '@hub/dag/planner';

const form = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const hourMs = 3_600_000;

/**
 * Ms since the epoch; null where it is no time. A number counts as ms since the epoch. A local time that a zone skips (in spring) is as much
 * later as the clock was put forward; of one that comes twice (in autumn) the first counts.
 */
export function instantOf(value: Json, zone = 'UTC'): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  const match = typeof value === 'string' ? form.exec(value.trim()) : null;
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const ms = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000);
  const local = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const back = new Date(local);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) return null;
  const offset = match[8];
  if (offset === undefined) return inZone(local, zone);
  return /z/i.test(offset) ? local : local - offsetMs(offset);
}

function offsetMs(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/\D/g, '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4))) * 60_000;
}

function inZone(local: number, zone: string): number {
  const before = zoneOffset(local - 24 * hourMs, zone);
  const after = zoneOffset(local + 24 * hourMs, zone);
  const fits = [local - before, local - after].filter((at) => at + zoneOffset(at, zone) === local);
  return fits.length > 0 ? Math.min(...fits) : local - before;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far a zone's clocks are ahead of UTC at an instant, in ms. */
function zoneOffset(at: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', era: 'short', ...parts });
    if (formats.size > 500) formats.clear();
    formats.set(zone, format);
  }
  const found = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const year = found['era'] === 'BC' ? 1 - Number(found['year']) : Number(found['year']);
  const wall = Date.UTC(
    year,
    Number(found['month']) - 1,
    Number(found['day']),
    Number(found['hour']),
    Number(found['minute']),
    Number(found['second']),
  );
  return wall - Math.floor(at / 1000) * 1000;
}
