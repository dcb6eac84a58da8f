/** The time zone in which the viewer reads times: that of the profile, else that of the browser, which a cookie tells the server. */
import { createContext, useContext } from 'react';

const ZoneContext = createContext('UTC');
export const ZoneProvider = ZoneContext.Provider;

/** IANA name. */
export const useZone = (): string => useContext(ZoneContext);

/** Whether this machine knows the zone; what a cookie says may be anything. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}

function wallOf(at: number, zone: string): { text: string; asUtc: number } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(new Date(at));
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '00';
  const text = `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
  return { text, asUtc: Date.parse(`${text}:${part('second')}Z`) };
}

/** `2026-11-22T16:53`: the instant as `<input type="datetime-local">` takes it. '' for what is no instant. */
export function localText(at: number, zone: string): string {
  return Number.isNaN(at) ? '' : wallOf(at, zone).text;
}

/** The instant of a local text in that zone, as ISO; '' for what is none. A time that the clock leaps over counts as the one after. */
export function instantOfLocal(text: string, zone: string): string {
  const asUtc = Date.parse(`${text.length === 16 ? `${text}:00` : text}Z`);
  if (Number.isNaN(asUtc)) return '';
  const offsetAt = (at: number): number => wallOf(at, zone).asUtc - at;
  const first = asUtc - offsetAt(asUtc);
  const second = asUtc - offsetAt(first);
  return new Date(second).toISOString();
}
