/** A schedule by calendar: times of the day, on days that are named by weekday, day of the month, month or date, without those of a list (holidays). Pure. */
import { Cron } from 'croner';

/** What all hold at once: weekdays and days of the month together mean a day that is both ("the first Monday": mon with 1 to 7). */
export interface CalendarRule {
  /** Minutes after midnight, rising. */
  times: number[];
  /** 0 is Sunday; null: any. */
  weekdays: number[] | null;
  /** 1 to 31, or -1 for the last day of the month; null: any. */
  days: number[] | null;
  /** 1 to 12; null: any. */
  months: number[] | null;
  /** Further days, `2026-12-24`, whatever weekday they are. */
  dates: string[];
  /** Days on which nothing fires. */
  except: string[];
}

export const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const dayMs = 86_400_000;
/** So far ahead a day is looked for: the 29th of February on one weekday comes every 28 years, every 40 around 2100. */
const mostDays = 41 * 366;
const lists = ['weekdays', 'days', 'months'] as const;

/** Reads what publish has checked for its shape. Messages name what can never be. */
export function readCalendar(given: Record<string, unknown>): { calendar: CalendarRule | null; faults: { path: string; message: string }[] } {
  const faults: { path: string; message: string }[] = [];
  const list = (name: string): unknown[] => (Array.isArray(given[name]) ? (given[name] as unknown[]) : []);
  const times = rising(list('times').map((time) => minutesOf(time)));
  if (times.length === 0 || times.includes(-1)) faults.push({ path: '/calendar/times', message: 'are times of the day such as 07:00 or 18:30' });
  for (const name of ['dates', 'except'] as const)
    if (list(name).some((date) => !isDate(date))) faults.push({ path: `/calendar/${name}`, message: 'are days such as 2026-12-24' });
  const numbers = (name: (typeof lists)[number], read: (value: unknown) => number, isFit: (value: number) => boolean): number[] | null => {
    if (given[name] === undefined) return null;
    const found = list(name).map(read);
    if (found.length === 0 || !found.every(isFit)) faults.push({ path: `/calendar/${name}`, message: words[name] });
    return rising(found);
  };
  const between = (from: number, to: number) => (value: number) => Number.isInteger(value) && value >= from && value <= to;
  const calendar: CalendarRule = {
    times,
    weekdays: numbers('weekdays', (day) => weekdayNames.indexOf(day as 'sun'), between(0, 6)),
    days: numbers('days', Number, (day) => day === -1 || between(1, 31)(day)),
    months: numbers('months', Number, between(1, 12)),
    dates: list('dates').map(String).toSorted(),
    except: list('except').map(String),
  };
  return { calendar: faults.length > 0 ? null : calendar, faults };
}

const words: Record<(typeof lists)[number], string> = {
  weekdays: `are ${weekdayNames.join(', ')}`,
  days: 'are numbers from 1 to 31, or -1 for the last day of the month',
  months: 'are numbers from 1 to 12',
};

function minutesOf(time: unknown): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(String(time));
  return match === null ? -1 : Number(match[1]) * 60 + Number(match[2]);
}

function isDate(date: unknown): boolean {
  if (typeof date !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return false;
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && dateOf(at.getTime()) === date;
}

const rising = (values: number[]): number[] => [...new Set(values)].sort((a, b) => a - b);
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** True where days come by a pattern, and not by `dates` alone. */
export function hasPattern({ weekdays, days, months, dates }: CalendarRule): boolean {
  return weekdays !== null || days !== null || months !== null || dates.length === 0;
}

function isDay(rule: CalendarRule, at: number): boolean {
  const date = dateOf(at);
  if (rule.except.includes(date)) return false;
  if (rule.dates.includes(date)) return true;
  if (!hasPattern(rule)) return false;
  const { weekdays, days, months } = rule;
  const day = new Date(at);
  const isLast = new Date(at + dayMs).getUTCDate() === 1;
  return (
    (months === null || months.includes(day.getUTCMonth() + 1)) &&
    (weekdays === null || weekdays.includes(day.getUTCDay())) &&
    (days === null || days.includes(day.getUTCDate()) || (isLast && days.includes(-1)))
  );
}

/**
 * The next `count` times after `from`; fewer where the days of the calendar are over. Croner decides about changes of clocks, as for a cron: a time that is
 * skipped fires when they jump, one that comes twice fires once.
 */
export function nextCalendarTimes(rule: CalendarRule, timeZone: string, from: Date, count: number): Date[] {
  const found: Date[] = [];
  const today = Math.floor(from.getTime() / dayMs) * dayMs;
  // A zone is at most 14 hours from UTC, so its day may be the one before or after.
  for (let at = today - dayMs, left = mostDays; left > 0 && found.length < count; at += dayMs, left -= 1) {
    if (!isDay(rule, at)) continue;
    for (const time of rule.times) {
      const fire = instantOf(at, time, timeZone);
      if (fire !== null && fire > from && fire.getTime() !== found.at(-1)?.getTime()) found.push(fire);
    }
  }
  return found.slice(0, count);
}

/** A local time of a day as an instant. */
function instantOf(day: number, minutes: number, timezone: string): Date | null {
  const at = new Date(day);
  const pattern = `${minutes % 60} ${Math.floor(minutes / 60)} ${at.getUTCDate()} ${at.getUTCMonth() + 1} *`;
  return new Cron(pattern, { timezone, paused: true }).nextRun(new Date(day - 15 * 3_600_000));
}

/** A calendar of Temporal's kind, by numbers. */
export interface FarCalendar {
  times: { minute: number; hours: number[] }[];
  days: number[] | null;
  months: number[] | null;
  weekdays: number[] | null;
  year: number | null;
}

/** What Temporal's calendars can say of it: every day that fires, and some that do not (the last day of a month, `except`), which `isFire` drops. */
export function farCalendars(rule: CalendarRule): FarCalendar[] {
  const byMinute = Map.groupBy(rule.times, (time) => time % 60);
  const times = [...byMinute].map(([minute, all]) => ({ minute, hours: all.map((time) => Math.floor(time / 60)) }));
  const days = rule.days?.includes(-1) ? rising([...rule.days.filter((day) => day > 0), 28, 29, 30, 31]) : rule.days;
  const pattern = hasPattern(rule) ? [{ times, days, months: rule.months, weekdays: rule.weekdays, year: null }] : [];
  const byMonth = Map.groupBy(rule.dates, (date) => date.slice(0, 7));
  const dated = [...byMonth].map(([month, dates]) => ({
    times,
    days: dates.map((date) => Number(date.slice(8))),
    months: [Number(month.slice(5))],
    weekdays: null,
    year: Number(month.slice(0, 4)),
  }));
  return [...pattern, ...dated];
}

const dayWords = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const monthWords = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** "At 07:00 and 18:30, Monday and Friday, on day 1 and the last day of the month, in March; also on 2026-12-24; not on 2026-12-25". */
export function calendarWords(rule: CalendarRule): string {
  const { weekdays, days, months, dates, except } = rule;
  const at = `At ${joined(rule.times.map((time) => `${two(Math.floor(time / 60))}:${two(time % 60)}`))}`;
  const parts = hasPattern(rule)
    ? [
        at,
        ...(weekdays === null ? [] : [joined(weekdays.map((day) => dayWords[day] ?? ''))]),
        ...(days === null ? [] : [`on ${joined(daysInWords(days))} of the month`]),
        ...(months === null ? [] : [`in ${joined(months.map((month) => monthWords[month - 1] ?? ''))}`]),
        ...(weekdays === null && days === null ? ['every day'] : []),
      ]
    : [`${at} on ${few(dates)}`];
  return [
    parts.join(', '),
    ...(hasPattern(rule) && dates.length > 0 ? [`also on ${few(dates)}`] : []),
    ...(except.length > 0 ? [`not on ${few(except)}`] : []),
  ].join('; ');
}

function daysInWords(days: number[]): string[] {
  const numbers = days.filter((day) => day > 0).map(String);
  return [...(numbers.length > 0 ? [`day ${joined(numbers)}`] : []), ...(days.includes(-1) ? ['the last day'] : [])];
}

const two = (value: number): string => String(value).padStart(2, '0');
const joined = (words: string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`);
const few = (dates: string[]): string => (dates.length <= 3 ? joined(dates) : `${dates.slice(0, 2).join(', ')} and ${dates.length - 2} other days`);
