/** Webhooks and forms as people see them: addresses, deliveries, windows that listen. */
import type { Json } from '@hub/dag/planner';
import { asTeam, isUuid, type Sql } from '../database.ts';
import type { DeliveryOutcome } from '../write/deliveries.ts';
import { afterOf, iso, isoOrNull, limitOf, type Page, type PageQuery, pageOf } from './page.ts';

export interface TriggerAddressRead {
  triggerId: string;
  type: string;
  config: Record<string, Json>;
  status: string;
  hint: string | null;
  formToken: string | null;
  lastFiredAt: string | null;
}

/** A published webhook or form, or one that was; null: there is none. */
export async function readTriggerAddress(sql: Sql, team: string, workflowId: string, triggerId: string): Promise<TriggerAddressRead | null> {
  if (!isUuid(workflowId)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<TriggerAddressRead, 'lastFiredAt'> & { lastFiredAt: Date | null })[]>`
    select trigger_id as "triggerId", type, config, status, token_hint as hint, form_token as "formToken", last_fired_at as "lastFiredAt" from triggers
    where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId} and type in ('webhook', 'form')`,
  );
  return row === undefined ? null : { ...row, lastFiredAt: isoOrNull(row.lastFiredAt) };
}

export interface DeliveryRead {
  id: string;
  workflowId: string;
  triggerId: string;
  at: string;
  method: string;
  contentType: string | null;
  bytes: number;
  outcome: DeliveryOutcome;
  status: number;
  code: string | null;
  runId: string | null;
  ms: number;
  test: boolean;
  replayOf: string | null;
  /** Its input is kept and it was not refused. */
  replayable: boolean;
}
export interface DeliveryDetailRead extends DeliveryRead {
  headers: Record<string, string>;
  query: Record<string, Json>;
  inputText: string | null;
}
type Dated<T> = Omit<T, 'at'> & { at: Date };

export async function listDeliveries(
  sql: Sql,
  team: string,
  query: PageQuery & { workflowId: string; triggerId: string; outcome?: DeliveryOutcome | undefined },
): Promise<Page<DeliveryRead>> {
  if (!isUuid(query.workflowId)) return { items: [], nextCursor: null };
  const outcome = query.outcome ?? null;
  const after = afterOf(query);
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<Dated<DeliveryRead>[]>`
    select ${columns(tx)} from hook_deliveries
    where team_id = ${team} and workflow_id = ${query.workflowId} and trigger_id = ${query.triggerId} and at > now() - interval '7 days'
      and (${outcome}::text is null or outcome = ${outcome}) and (${after}::uuid is null or id < ${after}::uuid)
    order by id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(
    rows,
    query,
    (row) => ({ ...row, at: iso(row.at) }),
    (row) => row.id,
  );
}

/** One request with its headers and what it made; null: there is none. */
export async function readDelivery(sql: Sql, team: string, id: string): Promise<DeliveryDetailRead | null> {
  if (!isUuid(id)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<Dated<DeliveryDetailRead>[]>`
    select ${columns(tx)}, headers, query, input_text as "inputText" from hook_deliveries where team_id = ${team} and id = ${id}`,
  );
  return row === undefined ? null : { ...row, at: iso(row.at) };
}

function columns(tx: { (strings: TemplateStringsArray): unknown }) {
  return tx`id, workflow_id as "workflowId", trigger_id as "triggerId", at, method, content_type as "contentType", bytes, outcome, status, code, run_id as "runId", ms,
    is_test as test, replay_of as "replayOf", input_text is not null and outcome not in ('refused', 'failed') as replayable` as never;
}

export interface ListeningRead {
  id: string;
  status: 'waiting' | 'received' | 'expired';
  expiresAt: string;
  deliveryId: string | null;
  runId: string | null;
  problem: string | null;
}

export async function readListening(
  sql: Sql,
  team: string,
  { workflowId, triggerId, id }: { workflowId: string; triggerId: string; id: string },
): Promise<ListeningRead | null> {
  if (!isUuid(id) || !isUuid(workflowId)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<ListeningRead, 'expiresAt'> & { expiresAt: Date })[]>`
    select id, case when status = 'waiting' and expires_at <= clock_timestamp() then 'expired' else status end as status, expires_at as "expiresAt", delivery_id as "deliveryId",
      run_id as "runId", problem
    from hook_listens where team_id = ${team} and workflow_id = ${workflowId} and trigger_id = ${triggerId} and id = ${id}`,
  );
  return row === undefined ? null : { ...row, expiresAt: iso(row.expiresAt) };
}
