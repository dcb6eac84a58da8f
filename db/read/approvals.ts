/** Approvals: the inbox, one of them, and the one behind a link. */
import type { Json } from '@hub/dag/planner';
import { asTeam, callOnce, isUuid, type Sql, type TeamSql } from '../database.ts';
import { afterOf, iso, isoOrNull, limitOf, type Page, type PageQuery, pageOf } from './page.ts';

export interface ApprovalRead {
  id: string;
  runId: string;
  workflowId: string;
  workflowName: string;
  nodeId: string;
  path: string;
  status: 'pending' | 'approved' | 'rejected' | 'expired' | 'cancelled';
  title: string;
  body: string | null;
  form: Json;
  approvers: string[];
  requestedAt: string;
  expiresAt: string | null;
  decidedBy: string | null;
  decidedAt: string | null;
  formData: Json;
}

export interface ApprovalQuery extends PageQuery {
  status?: ApprovalRead['status'] | undefined;
  runId?: string | undefined;
  /** Only those that this person, with this role, is asked for; `any`: they may answer what names nobody. */
  asked?: { email: string; role: string; any: boolean } | undefined;
}

type Row = Omit<ApprovalRead, 'requestedAt' | 'expiresAt' | 'decidedAt'> & { requestedAt: Date; expiresAt: Date | null; decidedAt: Date | null };

const columns = (tx: TeamSql) => tx`
  a.id, a.run_id as "runId", r.workflow_id as "workflowId", w.name as "workflowName", a.node_id as "nodeId", a.path, a.status, a.title, a.body, a.form, a.approvers,
  a.requested_at as "requestedAt", a.expires_at as "expiresAt", a.decided_by as "decidedBy", a.decided_at as "decidedAt", a.form_data as "formData"
  from approvals a join workflow_executions r on r.team_id = a.team_id and r.id = a.run_id join workflows w on w.team_id = r.team_id and w.id = r.workflow_id`;

export async function listApprovals(sql: Sql, team: string, query: ApprovalQuery = {}): Promise<Page<ApprovalRead>> {
  const after = afterOf(query);
  const { status = null, runId = null, asked } = query;
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<Row[]>`
    select ${columns(tx)}
    where a.team_id = ${team} and (${after}::uuid is null or a.id < ${after}::uuid) and (${status}::text is null or a.status = ${status})
      and (${runId}::uuid is null or a.run_id = ${runId}::uuid)
      and (${asked === undefined} or (cardinality(a.approvers) = 0 and ${asked?.any ?? false})
        or ${asked?.role ?? ''} = any(a.approvers) or exists (select from unnest(a.approvers) e where lower(e) = lower(${asked?.email ?? ''})))
    order by a.id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(rows, query, shape, (row) => row.id);
}

export async function readApproval(sql: Sql, team: string, id: string): Promise<ApprovalRead | null> {
  if (!isUuid(id)) return null;
  const [row] = await asTeam(sql, team, (tx) => tx<Row[]>`select ${columns(tx)} where a.team_id = ${team} and a.id = ${id}`);
  return row === undefined ? null : shape(row);
}

/** The open approval of a node (at `path`), null where there is none or several. */
export async function readApprovalOf(sql: Sql, team: string, run: string, nodeId: string, path: string | undefined): Promise<ApprovalRead | null> {
  if (!isUuid(run)) return null;
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<Row[]>`
    select ${columns(tx)} where a.team_id = ${team} and a.run_id = ${run} and a.node_id = ${nodeId} and (${path ?? null}::text is null or a.path = ${path ?? null})
    order by a.status = 'pending' desc, a.id desc limit 2`,
  );
  const [first, second] = rows;
  return first === undefined || (second?.status === 'pending' && first.status === 'pending') ? null : shape(first);
}

/** The approval behind a link: by its id and the hash of the link's token. */
export async function readLinkedApproval(sql: Sql, id: string, tokenHash: Buffer): Promise<(ApprovalRead & { team: string }) | null> {
  const [place] = await callOnce(() => sql<{ team: string; run: string; path: string }[]>`select team, run, path from hub_find_wait(${tokenHash})`);
  if (place === undefined) return null;
  const found = await readApproval(sql, place.team, id);
  return found !== null && found.runId === place.run && found.path === place.path ? { ...found, team: place.team } : null;
}

function shape(row: Row): ApprovalRead {
  return { ...row, requestedAt: iso(row.requestedAt), expiresAt: isoOrNull(row.expiresAt), decidedAt: isoOrNull(row.decidedAt) };
}

/** A node of the definition that a run executes; null where there is none. */
export async function readRunDefinitionNode(sql: Sql, team: string, run: string, nodeId: string): Promise<Json | null> {
  if (!isUuid(run)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<{ node: Json }[]>`
    select d.value as node from workflow_executions r join workflow_versions v on v.team_id = r.team_id and v.id = r.version_id, json_array_elements(v.definition -> 'nodes') as d(value)
    where r.team_id = ${team} and r.id = ${run} and d.value ->> 'id' = ${nodeId}`,
  );
  return row?.node ?? null;
}
