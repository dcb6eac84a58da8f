/** What a run undid, in the order of undoing. */
import { asTeam, isUuid, type Sql } from '../database.ts';
import { badCursor, isoOrNull, limitOf, type Page, type PageQuery, pageOf } from './page.ts';

export interface CompensationRead {
  n: number;
  nodeId: string;
  path: string;
  action: string;
  status: 'waiting' | 'running' | 'completed' | 'failed' | 'unknown';
  attempts: number;
  error: { code: string; message: string } | null;
  startedAt: string | null;
  completedAt: string | null;
}

type Row = Omit<CompensationRead, 'error' | 'startedAt' | 'completedAt'> & {
  code: string | null;
  message: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
};

/** Null where the team has no such run. */
export async function listCompensations(sql: Sql, team: string, run: string, query: PageQuery = {}): Promise<Page<CompensationRead> | null> {
  const after = query.cursor === undefined ? 0 : Number(query.cursor);
  if (!Number.isInteger(after) || after < 0 || after > 2_147_483_647) throw badCursor();
  if (!isUuid(run)) return null;
  return asTeam(sql, team, async (tx) => {
    const [there] = await tx`select 1 from workflow_executions where team_id = ${team} and id = ${run}`;
    if (there === undefined) return null;
    const rows = await tx<Row[]>`
      select n, node_id as "nodeId", path, action, status, attempt as attempts, error_code as code, error_message as message, started_at as "startedAt", completed_at as "completedAt"
      from compensations where team_id = ${team} and run_id = ${run} and n > ${after} order by n limit ${limitOf(query) + 1}`;
    return pageOf(
      rows,
      query,
      ({ code, message, startedAt, completedAt, ...row }) => ({
        ...row,
        error: code === null ? null : { code, message: message ?? '' },
        startedAt: isoOrNull(startedAt),
        completedAt: isoOrNull(completedAt),
      }),
      (row) => String(row.n),
    );
  });
}
