/** Triggers in words: their states, what became of a fire or a request, and when they fire next. Pure. */
import type { Delivery, Trigger, TriggerEvent } from '@hub/contract';
import { formatDuration } from '../ui/format.ts';
import type { State } from '../ui/state.tsx';

const names: Record<string, string> = {
  manual: 'By hand',
  api: 'API',
  schedule: 'Schedule',
  webhook: 'Webhook',
  form: 'Form',
  continuous: 'Without end',
  poll: 'Poll',
  event: 'After a workflow',
};

export const triggerName = (type: string): string => (Object.hasOwn(names, type) ? (names[type] ?? type) : type);

const plainWords: Record<string, string> = {
  manual: 'Somebody presses Run.',
  api: 'A program starts it over HTTP.',
  webhook: 'A request to its own secret address.',
  form: 'Somebody fills in its form.',
  continuous: 'Starts again after each run.',
  poll: 'Asks a connector for new items.',
  event: 'Another workflow ends.',
};

/** What makes it fire. A schedule brings its own words. */
export function whenWords({ type, words, config }: Pick<Trigger, 'type' | 'words' | 'config'>): string {
  if (words) return words;
  const pause = typeof config === 'object' && config !== null && 'pauseMs' in config ? Number(config['pauseMs']) : Number.NaN;
  if (type === 'continuous' && pause >= 0) return `Starts again ${pause === 0 ? 'at once' : formatDuration(pause)} after each run.`;
  return plainWords[type] ?? '';
}

/** How a poll hears of changes beside its interval; null: by its interval alone, as any other. */
export function pushWords({ push, enabled }: Pick<Trigger, 'push' | 'enabled'>): string | null {
  if (push === null || (!enabled && push.problem === null)) return null;
  if (push.problem !== null) return `By its interval only. ${push.problem}`;
  return push.until === null ? 'Asks the service to tell of changes.' : 'Also at once, when the service tells of a change.';
}

const statuses: Record<Trigger['status'], string> = {
  active: 'Fires',
  paused: 'Paused',
  stopped: 'Stopped after failures',
  held: 'Held: the workflow takes no starts',
  removed: 'Removed by a newer version',
};
export const statusWords = (status: Trigger['status']): string => statuses[status];

/** Those that a person can pause one by one. */
export const canPause = (type: string): boolean => type !== 'manual' && type !== 'api';

interface Outcome {
  words: string;
  state: State;
}
const fires: Record<TriggerEvent['outcome'], Outcome> = {
  started: { words: 'Started a run', state: 'completed' },
  repeated: { words: 'Had its run already', state: 'skipped' },
  skipped: { words: 'Skipped: a run was going on', state: 'skipped' },
  missed: { words: 'Missed: too late to catch up', state: 'timed_out' },
  held: { words: 'Held: the workflow was paused', state: 'skipped' },
  failed: { words: 'Failed', state: 'failed' },
  refused: { words: 'Refused', state: 'failed' },
};
export const fireOutcome = (outcome: TriggerEvent['outcome']): Outcome => fires[outcome];

const requests: Record<Delivery['outcome'], Outcome> = {
  started: { words: 'Started a run', state: 'completed' },
  repeated: { words: 'Came before', state: 'skipped' },
  delivered: { words: 'Woke a waiting run', state: 'completed' },
  held: { words: 'Kept for a run to come', state: 'waiting' },
  shown: { words: 'Test event', state: 'completed' },
  refused: { words: 'Refused', state: 'failed' },
  failed: { words: 'Failed on our side', state: 'failed' },
};
export const requestOutcome = (outcome: Delivery['outcome']): Outcome => requests[outcome];

/** `Mon 23 Nov, 07:00` in the zone given, in the browser's own without one. */
export function formatFire(at: string, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(timeZone ? { timeZone } : {}),
  }).formatToParts(new Date(at));
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('weekday')} ${part('day')} ${part('month')}, ${part('hour')}:${part('minute')}`;
}

/** `1:59`; never below nothing. */
export function formatLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
