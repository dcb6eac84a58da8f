/** Schedules in words, both ways: a rule to a sentence, and common phrases to a rule. */
import cronstrue from 'cronstrue';
import { calendarWords } from './calendar.ts';
import { plainCron } from './cron.ts';
import { durationMs, type ScheduleRule } from './rule.ts';

const unitNames: [number, string][] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
];

/** "At 07:00, Europe/Berlin"; "Every 5 minutes". */
export function scheduleWords(rule: ScheduleRule): string {
  if (rule.everyMs !== null) return `Every ${lengthWords(rule.everyMs)}`;
  if (rule.calendar !== null) return `${calendarWords(rule.calendar)}, ${rule.timeZone}`;
  const said = cronstrue.toString(rule.cron ?? '', { use24HourTimeFormat: true, verbose: false });
  return `${said}, ${rule.timeZone}`;
}

function lengthWords(ms: number): string {
  const [size, name] = unitNames.find(([unit]) => ms % unit === 0) ?? [1_000, 'second'];
  const count = ms / size;
  return count === 1 ? name : `${count} ${name}s`;
}

const dayNumbers: Record<string, number> = {};
for (const [number, names] of [
  ['sunday', 'sun'],
  ['monday', 'mon'],
  ['tuesday', 'tue', 'tues'],
  ['wednesday', 'wed'],
  ['thursday', 'thu', 'thur', 'thurs'],
  ['friday', 'fri'],
  ['saturday', 'sat'],
].entries())
  for (const name of names) {
    dayNumbers[name] = number;
    dayNumbers[`${name}s`] = number;
  }
const fullDays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** What a phrase means: `{ cron }` or `{ every }`; null where it is none of the known forms. */
export function readPhrase(text: string): { cron: string } | { every: string } | null {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/[.!]+$/, '')
    .replace(/\s+/g, ' ');
  const every = /^(?:every |each )(?:(\d{1,5}|other) )?(second|minute|hour|day)s?$/.exec(words);
  if (every !== null) return interval(every[1], every[2] ?? '');
  const daily = /^(.*?) ?(?:\bat (.+))?$/.exec(words);
  const at = daily?.[2] === undefined ? { hour: 0, minute: 0 } : readTime(daily[2]);
  const days = readDays((daily?.[1] ?? '').trim());
  if (at === null || days === null) return null;
  return { cron: `${at.minute} ${at.hour} ${days}` };
}

function interval(count: string | undefined, unit: string): { cron: string } | { every: string } {
  const size = count === undefined ? 1 : count === 'other' ? 2 : Number(count);
  if (unit === 'day' && size === 1) return { cron: '0 0 * * *' };
  return { every: `${size}${unit[0] ?? 'm'}` };
}

/** Day of month, month and weekday of a cron, from the words before "at". */
function readDays(words: string): string | null {
  const plain = words.replace(/^(every|each|on) /, '').replace(/^on /, '');
  if (['day', 'daily', 'every day', 'everyday'].includes(plain)) return '* * *';
  if (['weekday', 'weekdays', 'workday', 'workdays', 'working day'].includes(plain)) return '* * 1-5';
  if (['weekend', 'weekends', 'weekend day'].includes(plain)) return '* * 0,6';
  const monthDay = /^(?:month|monthly)?(?: ?on)?(?: ?the)? ?(?:day )?(\d{1,2})(?:st|nd|rd|th)?(?: (?:day )?of (?:the|every|each) month)?$/.exec(
    plain,
  );
  if (monthDay !== null && Number(monthDay[1]) >= 1 && Number(monthDay[1]) <= 31) return `${Number(monthDay[1])} * *`;
  if (['month', 'monthly', 'first of the month', 'the first of the month', 'first day of the month'].includes(plain)) return '1 * *';
  const named = plain.split(/,? and |, ?/).map((name) => dayNumbers[name.trim()]);
  if (named.length === 0 || named.some((day) => day === undefined)) return null;
  return `* * ${[...new Set(named)].sort((a, b) => (a ?? 0) - (b ?? 0)).join(',')}`;
}

/** "9", "9:30", "9am", "9.30 pm", "noon", "midnight". */
function readTime(words: string): { hour: number; minute: number } | null {
  const text = words.trim();
  if (text === 'noon') return { hour: 12, minute: 0 };
  if (text === 'midnight') return { hour: 0, minute: 0 };
  const match = /^(\d{1,2})(?:[:.](\d{2}))?(?: ?(am|pm)| ?(?:o'clock|h|uhr))?$/.exec(text);
  if (match === null) return null;
  const half = match[3];
  const given = Number(match[1]);
  const minute = Number(match[2] ?? 0);
  if (minute > 59 || given > (half === undefined ? 23 : 12) || (half !== undefined && given === 0)) return null;
  return { hour: half === undefined ? given : (given % 12) + (half === 'pm' ? 12 : 0), minute };
}

/** A phrase that `readPhrase` reads back as this rule; null where there is none. */
export function phraseOf(rule: Pick<ScheduleRule, 'cron' | 'everyMs' | 'calendar'>): string | null {
  if (rule.calendar !== null) return null;
  if (rule.everyMs !== null) {
    const phrase = `every ${lengthWords(rule.everyMs)}`;
    const back = readPhrase(phrase);
    return back !== null && 'every' in back && durationMs(back.every) === rule.everyMs ? phrase : null;
  }
  const match = /^(\d{1,2}) (\d{1,2}) (\S+) \* (\S+)$/.exec(plainCron(rule.cron ?? ''));
  if (match === null) return null;
  const [, minute = '', hour = '', monthDay = '', weekday = ''] = match;
  const days = dayPhrase(monthDay, weekday);
  return days === null ? null : `${days} at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}

function dayPhrase(monthDay: string, weekday: string): string | null {
  if (monthDay === '*' && weekday === '*') return 'every day';
  if (monthDay === '*' && weekday === '1-5') return 'every weekday';
  if (monthDay === '*' && (weekday === '0,6' || weekday === '6,0')) return 'every weekend day';
  if (monthDay === '*' && /^[0-6](,[0-6])*$/.test(weekday)) {
    const names = weekday.split(',').map((day) => fullDays[Number(day)] ?? '');
    return `every ${names.length === 1 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`}`;
  }
  return weekday === '*' && /^\d{1,2}$/.test(monthDay) ? `every month on the ${monthDay}` : null;
}
