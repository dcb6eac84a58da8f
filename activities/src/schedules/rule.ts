/** A schedule as its trigger's config says it: read, checked, with defaults. Durations in milliseconds. */
import { Cron } from 'croner';
import { type CalendarRule, readCalendar } from './calendar.ts';
import { parseCron, plainCron } from './cron.ts';

export interface ScheduleRule {
  /** Five fields. Of cron, everyMs and calendar one is there. */
  cron: string | null;
  /** Counted from 1970 in UTC, so that every 1h is on the hour. */
  everyMs: number | null;
  calendar: CalendarRule | null;
  /** IANA name. */
  timeZone: string;
  /** Each fire comes at a fixed moment within this time after its nominal one. */
  jitterMs: number;
  /** A fire later than this is not made up for. */
  catchUpMs: number;
}

export interface RuleFault {
  /** Within the config, e.g. `/cron`. */
  path: string;
  message: string;
}

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const limits = { everyMs: 1_000, mostEveryMs: 366 * 86_400_000, catchUpMs: 10_000, mostCatchUpMs: 30 * 86_400_000, jitterMs: 86_400_000 };
const defaults = { jitterMs: 30_000, catchUpMs: 3_600_000 };

/** `90s` in ms; null where it is no duration. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,12})(ms|s|m|h|d)$/.exec(text.trim());
  return match === null ? null : Number(match[1]) * (units[match[2] ?? ''] ?? 0);
}

/** Milliseconds in the largest unit that divides them: 90000 -> `90s`, 3600000 -> `1h`. */
export function durationText(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) if (ms % (units[unit] ?? 1) === 0 && ms > 0) return `${ms / (units[unit] ?? 1)}${unit}`;
  return `${ms}ms`;
}

/** Knows the zone's name? */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** Reads a trigger's config (`schedule`, and `poll`, which has `every` only). Without faults the rule is usable everywhere. */
export function readRule(config: Record<string, unknown>): { rule: ScheduleRule | null; faults: RuleFault[] } {
  const faults: RuleFault[] = [];
  const text = (key: string): string | null => (typeof config[key] === 'string' ? (config[key] as string) : null);
  const duration = (key: string, least: number, most: number): number | null => {
    const given = text(key);
    if (given === null) return null;
    const ms = durationMs(given);
    if (ms === null) faults.push({ path: `/${key}`, message: `"${given}" is not a duration; write 30s, 5m, 2h or 7d` });
    else if (ms < least || ms > most) faults.push({ path: `/${key}`, message: `is between ${durationText(least)} and ${durationText(most)}` });
    else return ms;
    return null;
  };
  const timeZone = text('timeZone') ?? 'UTC';
  if (!isTimeZone(timeZone)) faults.push({ path: '/timeZone', message: `"${timeZone}" is not a time zone; write one like Europe/Berlin` });
  const everyMs = duration('every', limits.everyMs, limits.mostEveryMs);
  if (everyMs !== null && everyMs % 1_000 !== 0) faults.push({ path: '/every', message: 'is a whole number of seconds' });
  const cron = text('cron');
  if (cron !== null)
    for (const { field, message } of parseCron(cron).faults)
      faults.push({ path: '/cron', message: field === 'cron' ? message : `${field}: ${message}` });
  const given = config['calendar'];
  const read = typeof given === 'object' && given !== null ? readCalendar(given as Record<string, unknown>) : null;
  faults.push(...(read?.faults ?? []));
  if ([cron, text('every'), read].filter((one) => one !== null).length !== 1)
    faults.push({ path: '/cron', message: 'give cron, every or calendar, one of the three' });
  const jitterMs = duration('jitter', 0, limits.jitterMs);
  const catchUpMs = duration('catchUpWindow', limits.catchUpMs, limits.mostCatchUpMs);
  if (faults.length > 0) return { rule: null, faults };
  const rule: ScheduleRule = {
    cron: cron === null ? null : plainCron(cron),
    everyMs,
    calendar: read?.calendar ?? null,
    timeZone,
    jitterMs: 0,
    catchUpMs: catchUpMs ?? defaults.catchUpMs,
  };
  if (cron !== null && compile(rule).nextRun() === null) return { rule: null, faults: [{ path: '/cron', message: 'would never fire' }] };
  return { rule: { ...rule, jitterMs: Math.min(jitterMs ?? defaults.jitterMs, jitterMs === null ? mostJitter(rule) : limits.jitterMs) }, faults };
}

/** A tenth of the shortest time between two fires, in whole seconds: jitter must not make a quick schedule uneven. */
function mostJitter(rule: ScheduleRule): number {
  const gap = rule.everyMs ?? shortestGap(rule);
  return Math.floor(gap / 10 / 1_000) * 1_000;
}

function shortestGap(rule: ScheduleRule): number {
  if (rule.calendar !== null) return shortestOf(rule.calendar.times.map((minutes) => minutes * 60_000));
  return shortestOf(
    compile(rule)
      .nextRuns(60)
      .map((at) => at.getTime()),
  );
}

function shortestOf(rising: number[]): number {
  let gap = 86_400_000;
  for (let i = 1; i < rising.length; i += 1) gap = Math.min(gap, (rising[i] ?? 0) - (rising[i - 1] ?? 0));
  return gap;
}

/** The rule's cron as croner knows it. Only for rules with a cron. */
export function compile(rule: Pick<ScheduleRule, 'cron' | 'timeZone'>): Cron {
  return new Cron(rule.cron ?? '* * * * *', { timezone: rule.timeZone, paused: true });
}
