/**
 * Brings Temporal to where the triggers' rows are: makes, changes, pauses and removes Schedules, wakes drivers of continuous triggers. Every step may be
 * done twice and a crash between any two is repaired by the next claim: what stands in Temporal carries a hash of what was wanted.
 */
import { createHash } from 'node:crypto';
import type { Client, ScheduleOptions } from '@temporalio/client';
import { ScheduleAlreadyRunning, ScheduleNotFoundError, WorkflowNotFoundError } from '@temporalio/client';
import type { Logger } from '../log.ts';

/** One trigger of one workflow; `triggerId` as in the definition. */
export interface TriggerPlace {
  team: string;
  workflowId: string;
  triggerId: string;
}
export interface TriggerClaim extends TriggerPlace {
  seq: number;
  tries: number;
}

/** What should stand in Temporal for a trigger; `none` where nothing should. */
export type FarSide =
  | { kind: 'none' }
  | {
      kind: 'schedule';
      spec: object;
      catchUpMs: number;
      overlap: 'ALLOW_ALL' | 'SKIP';
      /** Its fires ask nothing outside, so they are done within the workflow task. */
      local: boolean;
      paused: boolean;
      summary: string;
      nextFireAt: Date | null;
    }
  | { kind: 'series'; running: boolean };

/** The database's side, as `@hub/db` and `@hub/activities/schedules` give it. */
export interface TriggerStore {
  claim: (workflowId: string | null) => Promise<TriggerClaim[]>;
  desired: (place: TriggerPlace) => Promise<FarSide>;
  /** Told after Temporal has it. */
  applied: (place: TriggerPlace, farSide: FarSide) => Promise<void>;
  release: (claim: TriggerClaim) => Promise<void>;
  delay: (claim: TriggerClaim) => Promise<void>;
  /** All triggers that may have something in Temporal, by pages. */
  all: (after: string | null) => Promise<(TriggerPlace & { id: string })[]>;
  note: (place: TriggerPlace) => Promise<void>;
}

export interface TriggerDispatcher {
  /** Works off all that is due; answers how many triggers were looked at. One pass at a time in a process. */
  dispatch: (workflowId?: string) => Promise<number>;
  /** After a commit: dispatches soon, without being waited for. */
  nudge: () => void;
  /** Compares Temporal's own list with the rows and notes what differs. Answers how many. */
  reconcile: () => Promise<number>;
  /** Waits for what is under way. */
  close: () => Promise<void>;
}

const callMs = 10_000;
const taskQueue = 'hub';
const prefix = 'hub/';
/** A row that changes faster than we can write is left to the next claim. */
const mostRounds = 5;

/** Id of the Schedule of a trigger. */
export function scheduleIdOf({ team, workflowId, triggerId }: TriggerPlace): string {
  return `${prefix}${team}/${workflowId}/${triggerId}`;
}

/** Workflow id of the driver of a continuous trigger. */
export function seriesIdOf({ team, workflowId, triggerId }: TriggerPlace): string {
  return `hub-series/${team}/${workflowId}/${triggerId}`;
}

/** Makes the dispatcher of a process. */
export function createTriggerDispatcher({
  client,
  store,
  log,
  sealedBy = () => null,
}: {
  client: Client;
  store: TriggerStore;
  log: Pick<Logger, 'warn'>;
  /** Id of the key that seals what is written now; null: none. A Schedule that another one sealed is written anew, so that the old key can go. */
  sealedBy?: () => string | null;
}): TriggerDispatcher {
  const bounded = <T>(work: () => Promise<T>): Promise<T> => client.connection.withDeadline(Date.now() + callMs, work);

  /** Applies until the row says the same before and after: a change in between is not lost to a slower writer. */
  async function settle(place: TriggerPlace): Promise<void> {
    let wanted = await store.desired(place);
    for (let round = 0; round < mostRounds; round += 1) {
      await bounded(() => applyFarSide(client, place, wanted, sealedBy()));
      await store.applied(place, wanted);
      const now = await store.desired(place);
      if (keyOf(now) === keyOf(wanted)) return;
      wanted = now;
    }
  }

  async function work(claim: TriggerClaim): Promise<void> {
    try {
      await settle(claim);
      await store.release(claim);
    } catch (error) {
      log.warn({ err: error, workflowId: claim.workflowId, trigger: claim.triggerId }, 'a trigger did not reach Temporal; tried again soon');
      await store.delay(claim).catch(() => undefined);
    }
  }

  async function pass(workflowId: string | null): Promise<number> {
    let done = 0;
    for (;;) {
      const claims = await store.claim(workflowId);
      if (claims.length === 0) return done;
      for (let i = 0; i < claims.length; i += lanes) await Promise.all(claims.slice(i, i + lanes).map(work));
      done += claims.length;
    }
  }

  let running: Promise<unknown> = Promise.resolve();
  let planned = false;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = running.then(
      () => work(),
      () => work(),
    );
    running = turn.catch(() => undefined);
    return turn;
  };
  return {
    dispatch: (workflowId) => inTurn(() => pass(workflowId ?? null)),
    nudge() {
      if (planned) return;
      planned = true;
      void inTurn(() => {
        planned = false;
        return pass(null);
      }).catch((error: unknown) => log.warn({ err: error }, 'triggers were not dispatched at once; the next sweep does it'));
    },
    reconcile: () => reconcile({ client, store, sealedBy: sealedBy() }, bounded),
    async close() {
      await running;
    },
  };
}

/** Calls to Temporal side by side. */
const lanes = 8;

async function applyFarSide(client: Client, place: TriggerPlace, wanted: FarSide, sealedBy: string | null): Promise<void> {
  if (wanted.kind !== 'series') await wake(client, place, false);
  if (wanted.kind !== 'schedule') await removeSchedule(client, place);
  if (wanted.kind === 'schedule') await keepSchedule(client, place, wanted, sealedBy);
  if (wanted.kind === 'series') await wake(client, place, wanted.running);
}

async function keepSchedule(
  client: Client,
  place: TriggerPlace,
  wanted: Extract<FarSide, { kind: 'schedule' }>,
  sealedBy: string | null,
): Promise<void> {
  const options = optionsOf(place, wanted, sealedBy);
  const handle = client.schedule.getHandle(options.scheduleId);
  try {
    const { state } = await handle.describe();
    if (state.note === options.state?.note && state.paused === wanted.paused) return;
    await handle.update(
      () =>
        ({
          spec: options.spec,
          action: options.action,
          policies: options.policies ?? {},
          state: { ...options.state, paused: wanted.paused },
        }) as never,
    );
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    try {
      await client.schedule.create(options);
    } catch (failure) {
      // Another process made it this moment; the next round compares.
      if (!(failure instanceof ScheduleAlreadyRunning)) throw failure;
    }
  }
}

function optionsOf(place: TriggerPlace, wanted: Extract<FarSide, { kind: 'schedule' }>, sealedBy: string | null): ScheduleOptions {
  const scheduleId = scheduleIdOf(place);
  return {
    scheduleId,
    spec: wanted.spec as ScheduleOptions['spec'],
    action: {
      type: 'startWorkflow',
      workflowType: 'hubFire',
      workflowId: `hub-fire/${place.team}/${place.workflowId}/${place.triggerId}`,
      taskQueue,
      args: [{ team: place.team, workflowId: place.workflowId, triggerId: place.triggerId, local: wanted.local }],
      staticSummary: wanted.summary.slice(0, 200),
    },
    policies: { overlap: wanted.overlap, catchupWindow: wanted.catchUpMs, pauseOnFailure: false },
    // The hash stands in the note: of a Schedule's own texts it is the one that an update changes and the list shows.
    state: { paused: wanted.paused, note: noteOf(wanted, sealedBy) },
  };
}

function keyOf(farSide: FarSide): string {
  if (farSide.kind !== 'schedule') return JSON.stringify(farSide);
  const { nextFireAt: _, ...rest } = farSide;
  return JSON.stringify(rest);
}

function noteOf(wanted: Extract<FarSide, { kind: 'schedule' }>, sealedBy: string | null): string {
  const said = sealedBy === null ? keyOf(wanted) : `${keyOf(wanted)} ${sealedBy}`;
  return `hub ${createHash('sha256').update(said).digest('hex').slice(0, 24)}`;
}

async function removeSchedule(client: Client, place: TriggerPlace): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleIdOf(place)).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

/** A driver looks at its row when it is woken; one that should not run ends itself after the run in hand. */
async function wake(client: Client, place: TriggerPlace, running: boolean): Promise<void> {
  const workflowId = seriesIdOf(place);
  if (running) {
    await client.workflow.signalWithStart('hubSeries', {
      workflowId,
      taskQueue,
      args: [{ team: place.team, workflowId: place.workflowId, triggerId: place.triggerId }],
      signal: 'wake',
      signalArgs: [],
    });
    return;
  }
  try {
    await client.workflow.getHandle(workflowId).signal('wake');
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

interface Sides {
  client: Client;
  store: TriggerStore;
  sealedBy: string | null;
}

async function reconcile({ client, store, sealedBy }: Sides, bounded: <T>(work: () => Promise<T>) => Promise<T>): Promise<number> {
  const standing = new Map<string, string>();
  for await (const { scheduleId, state } of client.schedule.list({ pageSize: 500 }))
    if (scheduleId.startsWith(prefix)) standing.set(scheduleId, `${state.paused} ${state.note ?? ''}`);
  let differences = 0;
  for (let after: string | null = null; ; ) {
    const page: (TriggerPlace & { id: string })[] = await store.all(after);
    for (const place of page) {
      const wanted = await store.desired(place);
      const id = scheduleIdOf(place);
      const there = standing.get(id);
      standing.delete(id);
      if (
        wanted.kind === 'schedule'
          ? there === `${wanted.paused} ${noteOf(wanted, sealedBy)}`
          : await isAsWanted(client, place, wanted, there, bounded)
      )
        continue;
      differences += 1;
      await store.note(place);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  // What is left belongs to no row: a workflow deleted while nobody could reach Temporal.
  for (const id of standing.keys()) {
    const [team = '', workflowId = '', triggerId = ''] = id.slice(prefix.length).split('/');
    differences += 1;
    await store.note({ team, workflowId, triggerId });
  }
  return differences;
}

async function isAsWanted(
  client: Client,
  place: TriggerPlace,
  wanted: Exclude<FarSide, { kind: 'schedule' }>,
  there: string | undefined,
  bounded: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<boolean> {
  if (there !== undefined) return false;
  if (wanted.kind === 'none') return true;
  try {
    const { status } = await bounded(() => client.workflow.getHandle(seriesIdOf(place)).describe());
    return (status.name === 'RUNNING') === wanted.running;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return !wanted.running;
    throw error;
  }
}
