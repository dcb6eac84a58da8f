import { z } from 'zod';
import { limits } from '../limits.ts';
import { own, type JsonObject } from '../pointer.ts';
import { alwaysOut, duration, durationMs, expr, name, sitesBut, textOf, type Kind, type KindFault } from './kind.ts';

const forSignal = z.strictObject({ signal: name, key: expr.optional(), timeout: duration.optional() });
const untilTime = z.strictObject({ until: expr, timeZone: name.optional() });
const forDuration = z.strictObject({ for: duration });

function zoneFaults(raw: JsonObject): KindFault[] {
  const zone = own(raw, 'timeZone');
  if (typeof zone !== 'string' || zone.includes('{{') || isZone(zone)) return [];
  return [{ path: '/timeZone', code: 'wait.zone', message: `There is no time zone "${zone}". Write one of the IANA list, such as Europe/Berlin.` }];
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Durations of a config that are longer than a run may live. */
export function longDurations(raw: JsonObject, ...fields: string[]): KindFault[] {
  return fields.flatMap((field) => {
    const ms = durationMs(own(raw, field));
    if (ms === null || ms <= limits.waitMs) return [];
    return [
      {
        path: `/${field}`,
        code: 'wait.too-long',
        message: `A run waits at most ${limits.waitMs / 86_400_000} days. Start a new run on a schedule instead.`,
      },
    ];
  });
}

export const wait: Kind = {
  type: 'wait',
  label: 'Wait',
  help: 'Waits for a duration, until a time, or for a named signal with an optional time-out.',
  example: { id: 'pause', type: 'wait', config: { for: '5m' } },
  work: 'park',
  reachesOut: false,
  mayRetry: false,
  timeoutMs: 0,
  inBody: true,
  runs: true,
  schema: (raw) => {
    if (Object.hasOwn(raw, 'signal')) return forSignal;
    return Object.hasOwn(raw, 'until') ? untilTime : forDuration;
  },
  ports: (raw) => (Object.hasOwn(raw, 'timeout') ? ['out', 'timeout'] : ['out']),
  portOf: alwaysOut,
  sites: sitesBut('signal'),
  check: (raw) => [...zoneFaults(raw), ...longDurations(raw, 'for', 'timeout')],
  describe: (raw) => textOf(raw, 'for', textOf(raw, 'signal', 'until a time')),
};
