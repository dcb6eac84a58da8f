/**
 * Tells the API processes which runs moved. Never in a step's transaction (NOTIFY takes an instance-wide commit lock): ids are sent as one
 * message of its own, at once after a pause, and gathered to one message every 50 ms while more come.
 */
import type { Sql } from '../database.ts';

export const runsChannel = 'hub_runs';
const gatherMs = 50;
/** Ids per message: 8,000 bytes is PostgreSQL's limit, two ids with signs are 75. */
const perMessage = 95;

/** A run that moved. */
export interface RunNotice {
  team: string;
  run: string;
  /** It has ended. */
  ended: boolean;
}

export interface RunNotifier {
  /** Call after the commit. Returns at once; a lost message is made good by the readers, which look again every 5 s. */
  note(team: string, run: string): void;
  /** As `note`, for the commit that ended the run: whoever waits for its end reads only then. */
  noteEnd(team: string, run: string): void;
  /** Sends what is gathered and stops. */
  close(): Promise<void>;
}

/** One per process. `onError` hears of messages that could not be sent (default: nobody). */
export function createRunNotifier(sql: Sql, onError: (error: unknown) => void = () => {}): RunNotifier {
  let gathered = new Map<string, boolean>();
  let timer: NodeJS.Timeout | null = null;
  let sending = Promise.resolve();
  let sentAt = -Infinity;

  function send(): void {
    timer = null;
    sentAt = performance.now();
    const ids = [...gathered].map(([id, ended]) => (ended ? `${id}!` : id));
    gathered = new Map();
    sending = sending
      .then(async () => {
        for (let at = 0; at < ids.length; at += perMessage) {
          await sql`select pg_notify(${runsChannel}, ${ids.slice(at, at + perMessage).join(' ')})`;
        }
      })
      .catch(onError);
  }

  function gather(id: string, ended: boolean): void {
    gathered.set(id, ended || gathered.get(id) === true);
    // After a pause at once: whoever looks at a single run does not wait for others to move.
    timer ??= setTimeout(send, Math.max(0, sentAt + gatherMs - performance.now()));
  }

  return {
    note: (team, run) => gather(`${team}/${run}`, false),
    noteEnd: (team, run) => gather(`${team}/${run}`, true),
    async close() {
      if (timer !== null) {
        clearTimeout(timer);
        send();
      }
      await sending;
    },
  };
}

/**
 * Listens for runs that moved. Listens again by itself after a lost connection; what was told in between is not repeated, so readers also look
 * by themselves (`readRunEvents` since their last number).
 */
export async function liveListener(sql: Sql, heard: (notices: RunNotice[]) => void): Promise<{ close(): Promise<void> }> {
  const subscription = await sql.listen(runsChannel, (message) => {
    heard(message.split(' ').map((id) => ({ team: id.slice(0, 36), run: id.slice(37, 73), ended: id.endsWith('!') })));
  });
  return { close: () => subscription.unlisten() };
}
