/** A cron of five fields as sets of numbers: what Temporal's calendars take, and faults in words with the field at fault. */

export interface CronFields {
  minute: number[];
  hour: number[];
  dayOfMonth: number[];
  month: number[];
  /** 0 is Sunday. */
  dayOfWeek: number[];
  /** Both day fields are restricted: a day that fits either is meant, as cron has it. */
  eitherDay: boolean;
  anyDayOfMonth: boolean;
  anyDayOfWeek: boolean;
}

export interface CronFault {
  field: string;
  message: string;
}

const nicknames: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

interface FieldSpec {
  name: 'minute' | 'hour' | 'day of month' | 'month' | 'weekday';
  min: number;
  max: number;
  /** Names from `min` on. */
  names: string[];
}
const specs: FieldSpec[] = [
  { name: 'minute', min: 0, max: 59, names: [] },
  { name: 'hour', min: 0, max: 23, names: [] },
  { name: 'day of month', min: 1, max: 31, names: [] },
  { name: 'month', min: 1, max: 12, names: months },
  { name: 'weekday', min: 0, max: 7, names: days },
];

/** The five fields in plain form: nicknames written out, blanks single, names in lower case. */
export function plainCron(cron: string): string {
  const text = cron.trim().toLowerCase().replace(/\s+/g, ' ');
  return nicknames[text] ?? text;
}

/** Reads a cron. Faults name the field; an empty list means `fields` is there. */
export function parseCron(cron: string): { fields: CronFields | null; faults: CronFault[] } {
  const parts = plainCron(cron).split(' ');
  if (parts[0]?.startsWith('@') === true)
    return { fields: null, faults: [{ field: 'cron', message: `${parts[0]} is not known; there are ${Object.keys(nicknames).join(', ')}` }] };
  if (parts.length !== 5) {
    const message = `wants five fields (minute, hour, day of month, month, weekday), not ${parts[0] === '' ? 0 : parts.length}${parts.length === 6 ? '; for seconds use every' : ''}`;
    return { fields: null, faults: [{ field: 'cron', message }] };
  }
  const faults: CronFault[] = [];
  const sets = specs.map((spec, i) => {
    const found = readField(parts[i] ?? '', spec);
    if (typeof found === 'string') faults.push({ field: spec.name, message: found });
    return typeof found === 'string' ? [] : found;
  });
  if (faults.length > 0) return { fields: null, faults };
  const [minute = [], hour = [], dayOfMonth = [], month = [], weekday = []] = sets;
  const dayOfWeek = sorted(weekday.map((day) => day % 7));
  const anyDayOfMonth = isAny(parts[2]);
  const anyDayOfWeek = isAny(parts[4]);
  if (!month.some((one) => dayOfMonth.some((day) => day <= daysIn(one))) && anyDayOfWeek)
    return { fields: null, faults: [{ field: 'day of month', message: 'is in none of these months, so this would never fire' }] };
  return {
    fields: { minute, hour, dayOfMonth, month, dayOfWeek, eitherDay: !anyDayOfMonth && !anyDayOfWeek, anyDayOfMonth, anyDayOfWeek },
    faults,
  };
}

function isAny(part: string | undefined): boolean {
  return part?.startsWith('*') === true || part === '?';
}

function daysIn(month: number): number {
  return month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function readField(text: string, spec: FieldSpec): number[] | string {
  const all = new Set<number>();
  for (const item of text.split(',')) {
    const found = readItem(item, spec);
    if (typeof found === 'string') return found;
    for (const value of found) all.add(value);
  }
  return sorted([...all]);
}

function readItem(item: string, spec: FieldSpec): number[] | string {
  const [range = '', step, ...rest] = item.split('/');
  const by = step === undefined ? 1 : /^\d{1,2}$/.test(step) ? Number(step) : 0;
  if (by < 1 || rest.length > 0) return `"${item}" is no step; write */15 or 10-40/5`;
  const ends =
    range === '*' || (range === '?' && !spec.name.startsWith('m'))
      ? [spec.min, spec.name === 'weekday' ? 6 : spec.max]
      : bounds(range, step !== undefined, spec);
  if (typeof ends === 'string') return ends;
  const [from = 0, to = 0] = ends;
  const values: number[] = [];
  for (let value = from; value <= to; value += by) values.push(value);
  return values;
}

function bounds(range: string, open: boolean, spec: FieldSpec): number[] | string {
  const [first = '', last, ...rest] = range.split('-');
  const from = numberOf(first, spec);
  const to = last === undefined ? (open ? spec.max : from) : numberOf(last, spec);
  if (from === null || to === null || rest.length > 0)
    return `"${range}" is not a ${spec.name} (${spec.min} to ${spec.max}${spec.names.length > 0 ? `, or ${spec.names.slice(0, 3).join(', ')} …` : ''})`;
  if (from > to) return `"${range}" goes backwards; write the two parts with a comma`;
  return [from, to];
}

function numberOf(text: string, spec: FieldSpec): number | null {
  const named = spec.names.indexOf(text);
  if (named >= 0) return named + (spec.name === 'month' ? 1 : 0);
  if (!/^\d{1,2}$/.test(text)) return null;
  const value = Number(text);
  return value >= spec.min && value <= spec.max ? value : null;
}

function sorted(values: number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
