import type { Json } from '@hub/dag/planner';
import { asTeam, isUuid, type Sql } from '../database.ts';
import { afterOf, iso, limitOf, type Page, type PageQuery, pageOf } from './page.ts';

export interface WorkflowSummaryRead {
  id: string;
  name: string;
  description: string | null;
  status: 'draft' | 'active' | 'paused' | 'archived';
  publishedVersion: number | null;
  revision: number;
  tags: string[];
  createdAt: string;
  updatedAt: string;
}
export interface WorkflowRead extends WorkflowSummaryRead {
  /** The draft. */
  definition: Json;
  definitionHash: string;
  publishedVersionId: string | null;
  maxConcurrentRuns: number;
  pins: Record<string, Json>;
}
type Dated<T> = Omit<T, 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date };

const dated = <T extends { createdAt: Date; updatedAt: Date }>(row: T) => ({ ...row, createdAt: iso(row.createdAt), updatedAt: iso(row.updatedAt) });

/** Without a status: all but archived ones. */
export async function listWorkflows(
  sql: Sql,
  team: string,
  query: PageQuery & { status?: string | undefined; search?: string | undefined } = {},
): Promise<Page<WorkflowSummaryRead>> {
  const { status = null, search = null } = query;
  const like = search === null ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`;
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<Dated<WorkflowSummaryRead>[]>`
    select id, name, description, status, published_version as "publishedVersion", revision, tags, created_at as "createdAt", updated_at as "updatedAt" from workflows
    where team_id = ${team} and case when ${status}::text is null then status <> 'archived' else status = ${status} end
      and (${like}::text is null or name ilike ${like} or description ilike ${like}) and (${afterOf(query)}::uuid is null or id < ${afterOf(query)}::uuid)
    order by id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(rows, query, dated, (row) => row.id);
}

export async function readWorkflow(sql: Sql, team: string, id: string): Promise<WorkflowRead | null> {
  if (!isUuid(id)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<Dated<WorkflowRead>[]>`
    select id, name, description, status, published_version as "publishedVersion", published_version_id as "publishedVersionId", revision, tags, definition_source as definition, definition_hash as "definitionHash",
      max_concurrent_runs as "maxConcurrentRuns", pins, created_at as "createdAt", updated_at as "updatedAt"
    from workflows where team_id = ${team} and id = ${id}`,
  );
  return row === undefined ? null : dated(row);
}

export interface VersionRead {
  id: string;
  workflowId: string;
  version: number;
  hash: string;
  note: string;
  warnings: Json[];
  createdBy: string | null;
  createdAt: string;
}

export async function listVersions(sql: Sql, team: string, workflowId: string, query: PageQuery = {}): Promise<Page<VersionRead>> {
  if (!isUuid(workflowId)) return { items: [], nextCursor: null };
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<VersionRead, 'createdAt'> & { createdAt: Date })[]>`
    select id, workflow_id as "workflowId", version, hash, note, warnings, created_by as "createdBy", created_at as "createdAt" from workflow_versions
    where team_id = ${team} and workflow_id = ${workflowId} and version is not null and (${afterOf(query)}::uuid is null or id < ${afterOf(query)}::uuid)
    order by id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(
    rows,
    query,
    (row) => ({ ...row, createdAt: iso(row.createdAt) }),
    (row) => row.id,
  );
}

/** With definition and plan. */
export async function readVersion(
  sql: Sql,
  team: string,
  workflowId: string,
  version: number,
): Promise<(VersionRead & { definition: Json; plan: Json }) | null> {
  if (!isUuid(workflowId)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<VersionRead, 'createdAt'> & { createdAt: Date; definition: Json; plan: Json })[]>`
    select id, workflow_id as "workflowId", version, hash, note, warnings, created_by as "createdBy", created_at as "createdAt", definition, plan from workflow_versions
    where team_id = ${team} and workflow_id = ${workflowId} and version = ${version}`,
  );
  return row === undefined ? null : { ...row, createdAt: iso(row.createdAt) };
}

export interface TriggerRead {
  id: string;
  triggerId: string;
  type: string;
  config: Json;
  status: 'active' | 'removed';
  version: number | null;
  hasToken: boolean;
}

/** Of the published version and, as `removed`, of older ones. */
export async function listTriggers(sql: Sql, team: string, workflowId: string): Promise<TriggerRead[]> {
  if (!isUuid(workflowId)) return [];
  return asTeam(sql, team, async (tx) => [
    ...(await tx<TriggerRead[]>`
    select id, trigger_id as "triggerId", type, config, status, version, token_hash is not null as "hasToken" from triggers
    where team_id = ${team} and workflow_id = ${workflowId} order by status, trigger_id`),
  ]);
}
