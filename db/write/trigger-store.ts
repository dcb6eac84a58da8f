/** The trigger outbox as a dispatcher to Temporal asks it (@hub/kit/temporal, `TriggerStore`): the same for every process that dispatches. */
import type { Sql } from '../database.ts';
import { type DesiredTrigger, readDesiredTrigger } from '../read/triggers.ts';
import { allTriggers, type ClaimedTrigger, claimTriggers, delayTrigger, noteTrigger, noteTriggerState, releaseTrigger } from './triggers.ts';

interface Place {
  team: string;
  workflowId: string;
  triggerId: string;
}
/** As much of what should stand in Temporal as the outbox keeps. */
type Side = { kind: 'none' | 'series' } | { kind: 'schedule'; nextFireAt: Date | null };

/** `farSide` says what should stand in Temporal for a trigger's row (null: there is none); `leaseMs` is how long a claim holds. */
export function createTriggerStore<Far extends Side>(sql: Sql, farSide: (row: DesiredTrigger | null, now: Date) => Far, { leaseMs = 30_000 } = {}) {
  return {
    claim: (workflowId: string | null) => claimTriggers(sql, { workflowId, leaseMs }),
    desired: async (place: Place): Promise<Far> => farSide(await readDesiredTrigger(sql, place), new Date()),
    applied: (place: Place, side: Side): Promise<void> =>
      side.kind === 'schedule' ? noteTriggerState(sql, place, { nextFireAt: side.nextFireAt }) : Promise.resolve(),
    release: (claim: ClaimedTrigger) => releaseTrigger(sql, claim),
    delay: (claim: ClaimedTrigger) => delayTrigger(sql, claim),
    all: (after: string | null) => allTriggers(sql, after),
    note: (place: Place) => noteTrigger(sql, place),
  };
}
