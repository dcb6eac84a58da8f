/** The requests that came to webhooks and forms: kept 7 days, capped per trigger. Callers mask secrets first. */
import type { Json } from '@hub/dag/planner';
import { asTeam, one, type Sql } from '../database.ts';
import { cleanJson } from '../text.ts';

export type DeliveryOutcome = 'started' | 'repeated' | 'delivered' | 'held' | 'shown' | 'refused' | 'failed';

export interface NewDelivery {
  team: string;
  workflowId: string;
  triggerId: string;
  method: string;
  contentType: string | null;
  /** Secrets masked. */
  headers: Record<string, string>;
  /** Secrets masked. */
  query: Record<string, Json>;
  bytes: number;
  /** JSON text of the input it made, where it was taken; more than `maxInputBytes` is not kept. */
  inputText: string | null;
  outcome: DeliveryOutcome;
  /** What the caller got; 0 while it waits. */
  status: number;
  code: string | null;
  runId: string | null;
  ms: number;
  test: boolean;
  replayOf: string | null;
}

/** Newest kept per trigger: refused ones apart, so that a flood of forgeries pushes out nothing real. */
export const keptDeliveries = { taken: 200, refused: 100 } as const;
const maxInputBytes = 262_144;

export async function addDelivery(sql: Sql, given: NewDelivery): Promise<string> {
  const { team, workflowId, triggerId, outcome } = given;
  const input = given.inputText !== null && Buffer.byteLength(given.inputText) <= maxInputBytes ? given.inputText : null;
  const refused = outcome === 'refused';
  return asTeam(sql, team, async (tx) => {
    const row = one(
      await tx<{ id: string }[]>`
      insert into hook_deliveries (team_id, workflow_id, trigger_id, method, content_type, headers, query, bytes, input_text, outcome, status, code, run_id, ms, is_test, replay_of)
      values (${team}, ${workflowId}, ${triggerId}, ${given.method}, ${given.contentType}, ${tx.json(cleanJson(given.headers) as never)}, ${tx.json(cleanJson(given.query) as never)},
        ${given.bytes}, ${input}, ${outcome}, ${given.status}, ${given.code}, ${given.runId}, ${given.ms}, ${given.test}, ${given.replayOf}) returning id`,
    );
    // Now and then is enough: a trigger holds a few more than its cap for a moment.
    if (row.id.endsWith('0')) {
      await tx`
        delete from hook_deliveries where team_id = ${team} and id in (
          select id from hook_deliveries where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId} and (outcome = 'refused') = ${refused}
          order by id desc offset ${refused ? keptDeliveries.refused : keptDeliveries.taken})`;
    }
    return row.id;
  });
}

/** What the caller got in the end, where it waited for a result. */
export async function endDelivery(sql: Sql, { team, id, status, ms }: { team: string; id: string; status: number; ms: number }): Promise<void> {
  await asTeam(sql, team, (tx) => tx`update hook_deliveries set status = ${status}, ms = ${ms} where team_id = ${team} and id = ${id}`);
}
