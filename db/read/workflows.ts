import type { Json } from '@hub/dag/planner';
import { asTeam, isUuid, readAsTeam, type Sql } from '../database.ts';
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
/** Null where the person is gone. */
export interface Who {
  id: string;
  name: string;
}
export interface WorkflowRead extends WorkflowSummaryRead {
  /** The draft. */
  definition: Json;
  definitionHash: string;
  publishedVersionId: string | null;
  maxConcurrentRuns: number;
  pins: Record<string, Json>;
  owner: Who | null;
  updatedBy: Who | null;
  /** Hash of the published version's definition. */
  publishedHash: string | null;
}
type Dated<T> = Omit<T, 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date };

const dated = <T extends { createdAt: Date; updatedAt: Date }>(row: T) => ({ ...row, createdAt: iso(row.createdAt), updatedAt: iso(row.updatedAt) });

export async function readWorkflow(sql: Sql, team: string, id: string): Promise<WorkflowRead | null> {
  if (!isUuid(id)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<Dated<WorkflowRead>[]>`
    select w.id, w.name, w.description, w.status, w.published_version as "publishedVersion", w.published_version_id as "publishedVersionId", w.revision, w.tags, w.definition_source as definition,
      w.definition_hash as "definitionHash", w.max_concurrent_runs as "maxConcurrentRuns", w.pins, w.created_at as "createdAt", w.updated_at as "updatedAt", v.hash as "publishedHash",
      case when o.id is not null then json_build_object('id', o.id, 'name', o.name) end as owner, case when b.id is not null then json_build_object('id', b.id, 'name', b.name) end as "updatedBy"
    from workflows w left join workflow_versions v on v.team_id = w.team_id and v.id = w.published_version_id
    left join users o on o.id = w.user_id left join users b on b.id = w.updated_by
    where w.team_id = ${team} and w.id = ${id}`,
  );
  return row === undefined ? null : dated(row);
}

/** Number of the published version, null before the first; undefined where there is no such workflow. */
export async function readPublishedVersion(sql: Sql, team: string, id: string): Promise<number | null | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await readAsTeam<{ version: number | null }>(
    sql,
    team,
    sql`select published_version as version from workflows where team_id = acting.team and id = ${id}::uuid`,
  );
  return row?.version;
}

export interface VersionRead {
  id: string;
  workflowId: string;
  version: number;
  hash: string;
  note: string;
  warnings: Json[];
  createdBy: string | null;
  /** Of `createdBy`; null where they have left. */
  createdByName: string | null;
  createdAt: string;
}

export async function listVersions(sql: Sql, team: string, workflowId: string, query: PageQuery = {}): Promise<Page<VersionRead>> {
  if (!isUuid(workflowId)) return { items: [], nextCursor: null };
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<VersionRead, 'createdAt'> & { createdAt: Date })[]>`
    select id, workflow_id as "workflowId", version, hash, note, warnings, created_by as "createdBy", (select u.name from users u where u.id = created_by) as "createdByName",
      created_at as "createdAt" from workflow_versions
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
    select id, workflow_id as "workflowId", version, hash, note, warnings, created_by as "createdBy", (select u.name from users u where u.id = created_by) as "createdByName",
      created_at as "createdAt", definition, plan from workflow_versions
    where team_id = ${team} and workflow_id = ${workflowId} and version = ${version}`,
  );
  return row === undefined ? null : { ...row, createdAt: iso(row.createdAt) };
}
