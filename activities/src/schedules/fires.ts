/** When a rule fires. Croner decides about cron, daylight saving included: a time that the clocks skip fires when they jump, one that comes twice fires once. */
import { nextCalendarTimes } from './calendar.ts';
import { compile, type ScheduleRule } from './rule.ts';

/** The next `count` times after `from` (not at it); fewer where a calendar is over. */
export function nextFires(rule: ScheduleRule, from: Date, count: number): Date[] {
  const { everyMs, calendar, timeZone } = rule;
  if (everyMs !== null) {
    const first = (Math.floor(from.getTime() / everyMs) + 1) * everyMs;
    return Array.from({ length: count }, (_, i) => new Date(first + i * everyMs));
  }
  if (calendar !== null) return nextCalendarTimes(calendar, timeZone, from, count);
  return compile(rule).nextRuns(count, from);
}

/** All times in the window, both ends included, but no more than `most` + 1: one over says that there are too many. */
export function firesBetween(rule: ScheduleRule, from: Date, to: Date, most: number): Date[] {
  const found: Date[] = [];
  let after = new Date(from.getTime() - 1);
  while (found.length <= most) {
    const page = nextFires(rule, after, Math.min(100, most + 1 - found.length));
    for (const at of page) {
      if (at > to) return found;
      found.push(at);
    }
    const last = page.at(-1);
    if (last === undefined) return found;
    after = last;
  }
  return found;
}

/** Is this one of the rule's times? Temporal's calendars fire at times around a change of clocks that are not. */
export function isFire(rule: ScheduleRule, at: Date): boolean {
  if (rule.everyMs !== null) return at.getTime() % rule.everyMs === 0;
  return nextFires(rule, new Date(at.getTime() - 1_000), 1)[0]?.getTime() === at.getTime();
}
