/**
 * A rule as a Temporal Schedule's spec. Temporal's calendars in a zone with daylight saving lose times (measured, decision 008): a daily 02:30 does not
 * fire when the clocks skip it, an hourly :05 skips an hour when they go back. So the spec also names each time around a change of clocks singly, as
 * an interval as long as the time since 1970 (which comes again after as long), and whoever is fired asks `isFire`, which drops what the calendar has too much.
 */
import { type CalendarRule, farCalendars } from './calendar.ts';
import { parseCron } from './cron.ts';
import { firesBetween } from './fires.ts';
import type { ScheduleRule } from './rule.ts';

/** The part of the SDK's `ScheduleSpec` that is used; plain JSON. */
export interface TemporalSpec {
  calendars?: {
    second: number;
    year?: number;
    minute: number[] | number;
    hour: number[];
    dayOfMonth: number[] | '*';
    month: MonthName[] | '*';
    dayOfWeek: DayName[] | '*';
  }[];
  intervals?: { every: number; offset: number }[];
  timezone?: string;
  jitter: number;
}
type DayName = (typeof dayNames)[number];
type MonthName = (typeof monthNames)[number];

const dayNames = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
const monthNames = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;
const monthCount = 12;
/** So far ahead single times are named; the hourly reconciliation names the next ones in time. */
const aheadMs = 400 * 86_400_000;
const aroundMs = 3 * 3_600_000;
const hourMs = 3_600_000;
/** Rules with more times than that around changes of clocks (a cron of every minute) run by UTC, where none is lost. */
const mostSingles = 200;

/** `now` decides which changes of clocks are near; rounded to a month, so that the same rule gives the same spec for a while. */
export function temporalSpec(rule: ScheduleRule, now: Date): TemporalSpec {
  const jitter = rule.jitterMs;
  if (rule.everyMs !== null) return { intervals: [{ every: rule.everyMs, offset: 0 }], jitter };
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const singles = singleTimes(rule, month);
  if (singles === null) return { calendars: calendarsOf(rule), timezone: 'UTC', jitter };
  return {
    calendars: calendarsOf(rule),
    timezone: rule.timeZone,
    jitter,
    ...(singles.length > 0 ? { intervals: singles.map((at) => ({ every: at.getTime(), offset: 0 })) } : {}),
  };
}

function namedMonths(months: number[] | null): MonthName[] | '*' {
  return months === null || months.length === monthCount ? '*' : months.map((month) => monthNames[month - 1] ?? 'JANUARY');
}

function ofCalendar(calendar: CalendarRule): NonNullable<TemporalSpec['calendars']> {
  return farCalendars(calendar).flatMap(({ times, days, months, weekdays, year }) =>
    times.map(({ minute, hours }) => ({
      second: 0,
      minute,
      hour: hours,
      month: namedMonths(months),
      dayOfMonth: days ?? '*',
      dayOfWeek: weekdays === null ? '*' : weekdays.map((day) => dayNames[day] ?? 'SUNDAY'),
      ...(year === null ? {} : { year }),
    })),
  );
}

function calendarsOf(rule: ScheduleRule): NonNullable<TemporalSpec['calendars']> {
  if (rule.calendar !== null) return ofCalendar(rule.calendar);
  const { fields } = parseCron(rule.cron ?? '');
  if (fields === null) return [];
  const base = { second: 0, minute: fields.minute, hour: fields.hour, month: namedMonths(fields.month) };
  const byMonthDay = { ...base, dayOfMonth: fields.dayOfMonth, dayOfWeek: '*' as const };
  const names = fields.dayOfWeek.map((day) => dayNames[day] ?? 'SUNDAY');
  if (fields.eitherDay) return [byMonthDay, { ...base, dayOfMonth: '*', dayOfWeek: names }];
  const dayOfMonth = fields.dayOfMonth.length === 31 ? ('*' as const) : fields.dayOfMonth;
  return [{ ...base, dayOfMonth, dayOfWeek: names.length === 7 ? '*' : names }];
}

/** Times around the coming changes of clocks; null: the rule means the same in UTC and is better run there. */
function singleTimes(rule: ScheduleRule, from: Date): Date[] | null {
  const changes = clockChanges(rule.timeZone, from, new Date(from.getTime() + aheadMs));
  if (changes.length === 0) return [];
  if (runsEveryHourOfEveryDay(rule) && hasWholeHours(rule.timeZone, from)) return null;
  return changes
    .flatMap((at) => firesBetween(rule, new Date(at.getTime() - aroundMs), new Date(at.getTime() + aroundMs), mostSingles))
    .slice(0, mostSingles);
}

function runsEveryHourOfEveryDay(rule: ScheduleRule): boolean {
  const { fields } = parseCron(rule.cron ?? '');
  return (
    rule.calendar === null &&
    fields !== null &&
    fields.hour.length === 24 &&
    fields.month.length === monthCount &&
    fields.dayOfMonth.length === 31 &&
    fields.dayOfWeek.length === 7
  );
}

function hasWholeHours(timeZone: string, from: Date): boolean {
  return [0, 91, 182, 273].every((days) => offsetMs(timeZone, from.getTime() + days * 86_400_000) % hourMs === 0);
}

/** Instants, to the hour or finer, at which the zone's offset changes. */
function clockChanges(timeZone: string, from: Date, to: Date): Date[] {
  const found: Date[] = [];
  const stepMs = 7 * 86_400_000;
  for (let at = from.getTime(); at < to.getTime(); at += stepMs) {
    const before = offsetMs(timeZone, at);
    if (before === offsetMs(timeZone, at + stepMs)) continue;
    let low = at;
    let high = at + stepMs;
    while (high - low > 60_000) {
      const middle = Math.floor((low + high) / 2);
      if (offsetMs(timeZone, middle) === before) low = middle;
      else high = middle;
    }
    found.push(new Date(Math.ceil(low / 900_000) * 900_000));
  }
  return found;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function offsetMs(timeZone: string, at: number): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    if (formats.size > 500) formats.clear();
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const local = Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'] ?? 1, part['hour'] ?? 0, part['minute'] ?? 0, part['second'] ?? 0);
  return local - Math.floor(at / 1_000) * 1_000;
}
