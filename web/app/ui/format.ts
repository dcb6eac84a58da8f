/** How figures and times read, everywhere (10-visual, "Words"). Pure: the same on server and in browser, no locale of the machine. */

const trimmed = (value: number, digits: number): string => value.toFixed(digits).replace(/\.0+$/, '');
const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** `840 ms`, `12.4 s`, `3 min 05 s`, `2 h 05 min`, `3 d 04 h`. Negative counts as 0. */
export function formatDuration(ms: number): string {
  const value = Math.max(0, ms);
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 59_950) return `${(value / 1000).toFixed(1)} s`;
  const seconds = Math.round(value / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
  return `${Math.floor(seconds / 86_400)} d ${two(Math.floor((seconds % 86_400) / 3600))} h`;
}

/** `$0.0042`, `$12.40`; at least two significant digits, never `$0.00` for a cost above nothing. Exactly nothing is `$0`. */
export function formatMoney(usd: number): string {
  if (usd === 0) return '$0';
  const sign = usd < 0 ? '-' : '';
  const value = Math.abs(usd);
  if (value < 0.000_001) return `${sign}<$0.000001`;
  if (value >= 1) {
    const [whole = '0', cents = '00'] = value.toFixed(2).split('.');
    return `${sign}$${grouped(Number(whole))}.${cents}`;
  }
  const digits = Math.max(2, 1 - Math.floor(Math.log10(value)));
  return `${sign}$${value.toFixed(Math.min(digits, 7))}`;
}

/** `840`, `12.4k`, `1.2M`. The unit ("tokens") is the reader's: a header or a word behind. */
export function formatCount(count: number): string {
  if (count < 1000) return String(Math.round(count));
  if (count < 999_500) return `${trimmed(count / 1000, count < 99_950 ? 1 : 0)}k`;
  return `${trimmed(count / 1_000_000, 1)}M`;
}

/** `12,403`. */
export function formatWhole(count: number): string {
  return grouped(Math.round(count));
}

export function formatTokens(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'token' : 'tokens'}`;
}

/** `812 B`, `14.2 kB`, `3.1 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_950) return `${trimmed(bytes / 1000, 1)} kB`;
  if (bytes < 999_950_000) return `${trimmed(bytes / 1_000_000, 1)} MB`;
  return `${trimmed(bytes / 1_000_000_000, 1)} GB`;
}

const types: Record<string, string> = {
  'text/csv': 'CSV',
  'application/json': 'JSON',
  'text/plain': 'Text',
  'text/markdown': 'Markdown',
  'text/html': 'Web page',
  'application/pdf': 'PDF',
  'application/zip': 'ZIP archive',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'Excel',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word',
  'application/octet-stream': 'File',
};

/** What kind of file it is, in a word: `CSV`, `Image, PNG`; what is not known as it is written. */
export function formatType(mime: string): string {
  const bare = mime.split(';')[0]?.trim().toLowerCase() ?? '';
  const [family = '', rest = ''] = bare.split('/');
  if (types[bare] !== undefined) return types[bare];
  if (/^(image|audio|video)$/.test(family) && rest !== '')
    return `${family.charAt(0).toUpperCase()}${family.slice(1)}, ${rest.split('+')[0]?.toUpperCase()}`;
  return mime;
}

const spans: [limitS: number, unitS: number, word: string][] = [
  [60, 1, 's'],
  [3600, 60, 'min'],
  [86_400, 3600, 'h'],
  [604_800, 86_400, 'd'],
];

/** `just now`, `3 min ago`, `in 2 h`; past a week the day in that zone: `14 Nov`, with the year when it is another. */
export function formatAgo(at: number, now: number, timeZone = 'UTC'): string {
  const seconds = Math.round((now - at) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return 'just now';
  const span = spans.find(([limit]) => size < limit);
  if (!span) return formatDay(at, now, timeZone);
  const text = `${Math.floor(size / span[1])} ${span[2]}`;
  return seconds > 0 ? `${text} ago` : `in ${text}`;
}

function formatDay(at: number, now: number, timeZone: string): string {
  const parts = (instant: number): Intl.DateTimeFormatPart[] =>
    new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short', year: 'numeric' }).formatToParts(new Date(instant));
  const part = (of: Intl.DateTimeFormatPart[], type: string): string => of.find((each) => each.type === type)?.value ?? '';
  const then = parts(at);
  const day = `${part(then, 'day')} ${part(then, 'month').slice(0, 3)}`;
  const year = part(then, 'year');
  return year === part(parts(now), 'year') ? day : `${day} ${year}`;
}

/** `22 Nov 2026, 15:53:19 CET` in the given zone (the browser's own where none is given). */
export function formatExact(at: number, timeZone?: string): string {
  const zone = timeZone ? { timeZone } : {};
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...zone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  return parts.format(new Date(at));
}

/** `1 step`, `3 steps`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatWhole(count)} ${count === 1 ? one : many}`;
}
