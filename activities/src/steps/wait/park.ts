/** `wait`: a duration, a time, or a named signal. */
import type { Json } from '@hub/dag/planner';
import { signalKey } from '@hub/kit/crypto';
import { UserError } from '@hub/kit/errors';

import { durationMs } from '../duration.ts';
import type { OpenInput, Opening, ParkStep } from '../park-step.ts';
import { own } from '../../values/json.ts';
import { instantOf } from './instant.ts';

/** A run lives at most a year. */
const longestMs = 360 * 86_400_000;
const atOnce: Opening = { port: 'out', outputText: '{}' };

export const waitStep: ParkStep = {
  toFill: ({ signal: _literal, ...filled }) => filled,
  open: async (input) => await Promise.resolve('signal' in input.config ? forSignal(input) : forTime(input)),
  close: (ended, by) => {
    const text = ended.message?.text ?? null;
    const outputText = text === null ? '{}' : `{"payload":${text}}`;
    return { port: by === null && ended.signal ? 'timeout' : 'out', outputText };
  },
};

function forSignal({ config, filled, now }: OpenInput): Opening {
  const limit = durationMs(own(filled, 'timeout'), 'timeout');
  const key = signalKey(own(filled, 'key') ?? null);
  const signal = { name: String(config['signal']), key };
  return { facts: { reason: 'signal', signal, ...(limit === null ? {} : { at: now + limit }) }, link: true };
}

function forTime({ filled, now }: OpenInput): Opening {
  const duration = durationMs(own(filled, 'for'), 'for');
  const at = duration === null ? timeOf(own(filled, 'until') ?? null, own(filled, 'timeZone')) : now + duration;
  if (at <= now) return atOnce;
  if (at - now > longestMs)
    throw new UserError('wait.too-long', `${new Date(at).toISOString()} is more than 360 days ahead; a run does not live as long.`);
  return { facts: { reason: 'timer', at }, link: true };
}

function isZone(zone: Json): zone is string {
  try {
    return typeof zone === 'string' && new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function timeOf(value: Json, zone: Json | undefined): number {
  if (zone !== undefined && !isZone(zone))
    throw new UserError('wait.zone', `"timeZone" is ${JSON.stringify(zone).slice(0, 80)}. Write one of the IANA list, such as Europe/Berlin.`);
  const at = instantOf(value, zone ?? 'UTC');
  if (at !== null && at <= 8.64e15) return at;
  throw new UserError(
    'wait.no-time',
    `"until" is no time: ${JSON.stringify(value).slice(0, 80)}. Write ISO 8601, such as 2026-12-24T18:00, or ms since 1970.`,
  );
}
