/**
 * Live updates: after a commit somebody notifies run ids; we read `run_events` past the last sequence number and fan out. A watcher that
 * comes back with its `lastSeq` misses nothing (02, "Live updates"). Watched runs are read again every 5 s, for notices that died with their writer.
 */
import type { Sql } from '@hub/db';
import { liveListener } from '@hub/db';
import { readRunEvents } from '@hub/db/read';
import type { Logger } from '@hub/kit';
import { type RunEnd, RunEnds } from './ends.ts';

export interface FeedEvent {
  seq: number;
  at: string;
  type: string;
  path: string | null;
  iteration: number | null;
  refs: Record<string, unknown>;
}
/** Called with new events in order, without gaps, one call at a time. */
export type OnEvents = (events: FeedEvent[]) => Promise<void> | void;

interface Watcher {
  lastSeq: number;
  busy: boolean;
  again: boolean;
  onEvents: OnEvents;
  closed: boolean;
}
interface Watched {
  team: string;
  run: string;
  watchers: Set<Watcher>;
  /** The newest events read, so that many watchers cost one query. */
  ring: FeedEvent[];
  reading: boolean;
  /** Something was said since the last read began. */
  again: boolean;
}

export interface LiveFeed {
  /** Calls `onEvents` with every event after `lastSeq`, until the answer is called. The caller has checked that the run is the team's. */
  watch(team: string, run: string, lastSeq: number, onEvents: OnEvents): () => void;
  /** For who waits for nothing but a run's end: begin before reading the run. */
  waitEnd(team: string, run: string): RunEnd;
  watchedRuns(): number;
  close(): Promise<void>;
}

const rereadMs = 5_000;
const ringSize = 500;
const pageSize = 500;

/** Starts listening on a connection of its own. */
export async function createLiveFeed(sql: Sql, log: Logger): Promise<LiveFeed> {
  const runs = new Map<string, Watched>();
  const ends = new RunEnds();
  const listener = await liveListener(sql, (notices) => {
    for (const notice of notices) {
      const watched = runs.get(notice.run);
      if (watched) void refresh(sql, watched, log);
      ends.hear(notice);
    }
  });
  const timer = setInterval(() => {
    for (const watched of runs.values()) void refresh(sql, watched, log);
    ends.look(sql).catch((error: unknown) => log.warn({ err: error }, 'ends of runs could not be read; next try in 5 s'));
  }, rereadMs);
  timer.unref();
  return {
    watch(team, run, lastSeq, onEvents) {
      const watched = runs.get(run) ?? { team, run, watchers: new Set<Watcher>(), ring: [], reading: false, again: false };
      runs.set(run, watched);
      const watcher: Watcher = { lastSeq, busy: false, again: false, onEvents, closed: false };
      watched.watchers.add(watcher);
      void refresh(sql, watched, log);
      return () => {
        watcher.closed = true;
        watched.watchers.delete(watcher);
        if (watched.watchers.size === 0 && runs.get(run) === watched) runs.delete(run);
      };
    },
    waitEnd: (team, run) => ends.wait(team, run),
    watchedRuns: () => runs.size,
    async close() {
      clearInterval(timer);
      runs.clear();
      await listener.close();
    },
  };
}

/** Reads what is new into the ring and hands it on. One read at a time; however many notices come during it cause one more. */
async function refresh(sql: Sql, watched: Watched, log: Logger): Promise<void> {
  watched.again = true;
  if (watched.reading) return;
  watched.reading = true;
  try {
    while (watched.again) {
      watched.again = false;
      await readOnce(sql, watched, log);
    }
  } catch (error) {
    log.warn({ err: error, run: watched.run }, 'live events could not be read; next try in 5 s');
  } finally {
    watched.reading = false;
  }
}

async function readOnce(sql: Sql, watched: Watched, log: Logger): Promise<void> {
  const newest = watched.ring.at(-1)?.seq ?? Math.min(...[...watched.watchers].map((watcher) => watcher.lastSeq));
  if (!Number.isFinite(newest)) return;
  const { events } = await readRunEvents(sql, watched.team, watched.run, { after: newest, limit: pageSize });
  watched.ring.push(...(events as FeedEvent[]));
  if (watched.ring.length > ringSize) watched.ring.splice(0, watched.ring.length - ringSize);
  // Nobody waits for another: one who reads the run's row holds up neither the rest nor the next events.
  for (const watcher of watched.watchers)
    pump(sql, watched, watcher).catch((error: unknown) =>
      log.warn({ err: error, run: watched.run }, 'live events could not be handed on; next try in 5 s'),
    );
  if (events.length === pageSize) watched.again = true;
}

/** Brings one watcher up to the newest event: from the ring where it reaches back far enough, else from the database. */
async function pump(sql: Sql, watched: Watched, watcher: Watcher): Promise<void> {
  if (watcher.busy) {
    watcher.again = true;
    return;
  }
  watcher.busy = true;
  try {
    do {
      watcher.again = false;
      for (;;) {
        const oldest = watched.ring[0]?.seq;
        const reaches = oldest !== undefined && oldest <= watcher.lastSeq + 1;
        const events = reaches
          ? watched.ring.filter((event) => event.seq > watcher.lastSeq)
          : ((await readRunEvents(sql, watched.team, watched.run, { after: watcher.lastSeq, limit: pageSize })).events as FeedEvent[]);
        const last = events.at(-1);
        if (watcher.closed || !last) break;
        watcher.lastSeq = last.seq;
        await watcher.onEvents(events);
      }
    } while (watcher.again && !watcher.closed);
  } finally {
    watcher.busy = false;
  }
}
