/** What the step cache holds of a workflow. */
import { asTeam, isUuid, type Sql } from '../database.ts';
import { afterOf, iso, limitOf, type Page, type PageQuery, pageOf } from './page.ts';

export interface CacheEntryRead {
  id: string;
  nodeId: string;
  /** Whose step made it; the run may be gone. */
  runId: string;
  bytes: number;
  tokens: number | null;
  costUsd: number | null;
  /** How often it stood for a step. */
  uses: number;
  createdAt: string;
  expiresAt: string;
}

/** Newest first; without what is too old. */
export async function listCacheEntries(
  sql: Sql,
  team: string,
  workflowId: string,
  query: PageQuery & { nodeId?: string | undefined } = {},
): Promise<Page<CacheEntryRead>> {
  if (!isUuid(workflowId)) return { items: [], nextCursor: null };
  const { nodeId = null } = query;
  type Row = Omit<CacheEntryRead, 'createdAt' | 'expiresAt'> & { createdAt: Date; expiresAt: Date };
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<Row[]>`
    select id, node_id as "nodeId", run_id as "runId", output_bytes as bytes, tokens_used as tokens, cost_usd as "costUsd", uses, created_at as "createdAt", expires_at as "expiresAt"
    from step_cache
    where team_id = ${team} and workflow_id = ${workflowId} and expires_at > clock_timestamp() and (${nodeId}::text is null or node_id = ${nodeId})
      and (${afterOf(query)}::uuid is null or id < ${afterOf(query)}::uuid)
    order by id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(
    rows,
    query,
    (row) => ({ ...row, createdAt: iso(row.createdAt), expiresAt: iso(row.expiresAt) }),
    (row) => row.id,
  );
}
