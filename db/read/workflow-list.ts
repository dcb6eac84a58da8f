/** The list of workflows, each with how it does: one statement, whatever the page's size. */
import { asTeam, isUuid, type Sql, type TeamSql } from '../database.ts';
import { badCursor, firstIdOf, iso, isoOrNull, likeOf, limitOf, type Page, type PageQuery, pageOf } from './page.ts';
import type { WorkflowSummaryRead } from './workflows.ts';

/** How many of its last runs a workflow's strip and health look at. */
const recentRuns = 30;

export interface RecentRunRead {
  id: string;
  status: string;
  createdAt: string;
  startedAt: string | null;
  durationMs: number | null;
}
export interface WorkflowListRead extends WorkflowSummaryRead {
  owner: { id: string; name: string } | null;
  /** Of the published version, else of the draft. */
  triggerTypes: string[];
  /** At most 30, newest first, without test runs. */
  recentRuns: RecentRunRead[];
  /** Of these, ended; and of the ended ones, failed or timed out. */
  settled: number;
  failed: number;
  openRuns: number;
  nextFireAt: string | null;
  costThisMonthUsd: number;
}
export type HealthState = 'none' | 'healthy' | 'unsteady' | 'failing';
export type WorkflowSort = 'created' | 'updated' | 'name' | 'last_run';
export interface WorkflowFilter extends PageQuery {
  /** Absent: all but archived ones. */
  status?: string | undefined;
  search?: string | undefined;
  tag?: string | undefined;
  trigger?: string | undefined;
  owner?: string | undefined;
  health?: HealthState | undefined;
  sort?: WorkflowSort | undefined;
}

/** healthy: at most 5% of the ended runs failed (the product's own measure); unsteady: at most half. */
export function healthOf(settled: number, failed: number): HealthState {
  if (settled === 0) return 'none';
  if (failed * 20 <= settled) return 'healthy';
  return failed * 2 <= settled ? 'unsteady' : 'failing';
}

interface Row extends Omit<WorkflowListRead, 'createdAt' | 'updatedAt' | 'nextFireAt' | 'recentRuns'> {
  createdAt: Date;
  updatedAt: Date;
  nextFireAt: Date | null;
  recentRuns: (Omit<RecentRunRead, 'createdAt' | 'startedAt'> & { createdAt: string; startedAt: string | null })[] | null;
  ownerName: string | null;
  userId: string | null;
  sortKey: string;
}

/** What a key of each order looks like, so that a cursor of another order is refused as one. */
const keyForms: Record<WorkflowSort, RegExp> = {
  created: /^[0-9a-f-]{36}$/,
  last_run: /^[0-9a-f-]{36}$/,
  updated: /^\d{4}-\d\d-\d\d [0-9:.+-]+$/,
  name: /^/,
};

/** A cursor of a sorted list: the last row's key and id. */
function afterRow(cursor: string | undefined, sort: WorkflowSort): { key: string; id: string } | null {
  if (cursor === undefined) return null;
  try {
    const [key, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    if (typeof key === 'string' && isUuid(id) && keyForms[sort].test(key)) return { key, id };
  } catch {
    // Not one of ours.
  }
  throw badCursor();
}

const noRun = '00000000-0000-0000-0000-000000000000';

/** How rows are ordered: the key's expression, its type, and whether it rises. Ties go by id, in the same direction. */
function orderOf(tx: TeamSql, sort: WorkflowSort) {
  if (sort === 'name') return { key: tx`lower(w.name)`, of: (text: string) => tx`${text}::text`, rising: true };
  if (sort === 'updated') return { key: tx`w.updated_at`, of: (text: string) => tx`${text}::timestamptz`, rising: false };
  if (sort === 'last_run')
    return {
      key: tx`coalesce((select r.id from workflow_executions r where r.team_id = w.team_id and r.workflow_id = w.id and not r.is_test order by r.id desc limit 1), ${noRun}::uuid)`,
      of: (text: string) => tx`${text}::uuid`,
      rising: false,
    };
  return { key: tx`w.id::uuid`, of: (text: string) => tx`${text}::uuid`, rising: false };
}

const settledStatuses = ['completed', 'failed', 'cancelled', 'timed_out'];

/** The last runs of `w`, summed up: 30 rows of an index at most. */
const lastRuns = (tx: TeamSql) => tx`
  select jsonb_agg(jsonb_build_object('id', r.id, 'status', r.status, 'createdAt', r.created_at, 'startedAt', r.started_at, 'durationMs', r.execution_time_ms) order by r.id desc) as runs,
    count(*) filter (where r.status = any(${settledStatuses}::text[]))::int as settled, count(*) filter (where r.status in ('failed', 'timed_out'))::int as failed
  from (
    select x.id, x.status, x.created_at, x.started_at, x.execution_time_ms from workflow_executions x
    where x.team_id = w.team_id and x.workflow_id = w.id and not x.is_test order by x.id desc limit ${recentRuns}) r`;

function filters(tx: TeamSql, team: string, filter: WorkflowFilter) {
  const { status, search, tag, trigger, owner, health } = filter;
  const like = search === undefined ? null : likeOf(search);
  const drafts = JSON.stringify({ triggers: [{ type: trigger ?? '' }] });
  return tx`
    w.team_id = ${team} and ${status === undefined ? tx`w.status <> 'archived'` : tx`w.status = ${status}`}
    ${like === null ? tx`` : tx`and (w.name ilike ${like} or w.description ilike ${like} or exists (select from unnest(w.tags) g where g ilike ${like}))`}
    ${tag === undefined ? tx`` : tx`and w.tags @> array[${tag}]::text[]`}
    ${owner === undefined ? tx`` : tx`and w.user_id = ${owner}::uuid`}
    ${
      trigger === undefined
        ? tx``
        : tx`and (exists (select from triggers t where t.team_id = w.team_id and t.workflow_id = w.id and t.status = 'active' and t.type = ${trigger})
          or (w.published_version is null and w.definition @> ${drafts}::text::jsonb))`
    }
    ${
      health === undefined
        ? tx``
        : tx`and (select case when s.settled = 0 then 'none' when s.failed * 20 <= s.settled then 'healthy' when s.failed * 2 <= s.settled then 'unsteady' else 'failing' end
            from (${lastRuns(tx)}) s) = ${health}`
    }`;
}

/** A page of workflows with strip, health, open runs, next fire and this month's cost (UTC). `now` is the instant the month is taken from. */
export async function listWorkflows(sql: Sql, team: string, filter: WorkflowFilter = {}, now: Date = new Date()): Promise<Page<WorkflowListRead>> {
  const sort = filter.sort ?? 'created';
  const after = afterRow(filter.cursor, sort);
  const monthStart = firstIdOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const rows = await asTeam(sql, team, (tx) => {
    const { key, of, rising } = orderOf(tx, sort);
    const direction = rising ? tx`asc` : tx`desc`;
    const beyond =
      after === null
        ? tx``
        : rising
          ? tx`and (${key}, w.id) > (${of(after.key)}, ${after.id}::uuid)`
          : tx`and (${key}, w.id) < (${of(after.key)}, ${after.id}::uuid)`;
    return tx<Row[]>`
    with picked as materialized (
      select w.*, ${key} as sort_key from workflows w where ${filters(tx, team, filter)} ${beyond} order by ${key} ${direction}, w.id ${direction} limit ${limitOf(filter) + 1})
    select w.id, w.name, w.description, w.status, w.published_version as "publishedVersion", w.revision, w.tags, w.created_at as "createdAt", w.updated_at as "updatedAt",
      w.sort_key::text as "sortKey", w.user_id as "userId", u.name as "ownerName",
      case when w.published_version is null
        then (select coalesce(array_agg(distinct d.value ->> 'type'), '{}') from jsonb_array_elements(coalesce(nullif(w.definition -> 'triggers', 'null'), '[]')) d where d.value ->> 'type' is not null)
        else coalesce(g.types, '{}') end as "triggerTypes",
      l.runs as "recentRuns", l.settled, l.failed, g.next as "nextFireAt",
      (select count(*)::int from workflow_executions r where r.team_id = w.team_id and r.workflow_id = w.id and r.status in ('starting', 'running', 'waiting'))
        + (select count(*)::int from workflow_executions r where r.team_id = w.team_id and r.workflow_id = w.id and r.status = 'queued' and r.slot = 'workflow') as "openRuns",
      (select coalesce(sum(r.total_cost_usd), 0)::float8 from workflow_executions r where r.team_id = w.team_id and r.workflow_id = w.id and r.id >= ${monthStart}::uuid) as "costThisMonthUsd"
    from picked w
    left join users u on u.id = w.user_id
    left join lateral (
      select array_agg(distinct t.type) as types, min(t.next_fire_at) as next from triggers t where t.team_id = w.team_id and t.workflow_id = w.id and t.status = 'active') g on true
    left join lateral (${lastRuns(tx)}) l on true
    order by w.sort_key ${direction}, w.id ${direction}`;
  });
  return pageOf(rows, filter, rowOf, (row) => Buffer.from(JSON.stringify([row.sortKey, row.id])).toString('base64url'));
}

function rowOf({ sortKey: _key, userId, ownerName, ...row }: Row): WorkflowListRead {
  return {
    ...row,
    owner: userId === null || ownerName === null ? null : { id: userId, name: ownerName },
    recentRuns: (row.recentRuns ?? []).map((run) => ({ ...run, createdAt: iso(run.createdAt), startedAt: isoOrNull(run.startedAt) })),
    // A held workflow fires nothing, whatever is noted for its triggers.
    nextFireAt: row.status === 'active' ? isoOrNull(row.nextFireAt) : null,
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
  };
}

/** Tags of the workflows that are not archived, the most used first; at most 200. */
export async function listTags(sql: Sql, team: string): Promise<{ tag: string; workflows: number }[]> {
  return asTeam(sql, team, async (tx) => [
    ...(await tx<{ tag: string; workflows: number }[]>`
    select g as tag, count(*)::int as workflows from workflows w cross join unnest(w.tags) g where w.team_id = ${team} and w.status <> 'archived'
    group by g order by 2 desc, 1 limit 200`),
  ]);
}
