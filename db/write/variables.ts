import type { Json } from '@hub/dag/planner';
import { asTeam, type Sql } from '../database.ts';
import { cleanJson } from '../text.ts';

export type VariableSet = { outcome: 'ok' | 'stale'; revision: number };

/**
 * Sets a variable of the team; runs see the value as it was at their start. `ifRevision`: only over that revision (0: only where there is none yet), else
 * `stale` with the one that stands. JSON's null is a value, which the driver's own json() would make SQL's.
 */
export async function setVariable(
  sql: Sql,
  { team, name, value, userId, ifRevision = null }: { team: string; name: string; value: Json; userId: string | null; ifRevision?: number | null },
): Promise<VariableSet> {
  const text = JSON.stringify(cleanJson(value));
  return asTeam(sql, team, async (tx) => {
    const [done] = await tx<{ revision: number }[]>`
      insert into variables as v (team_id, name, value, updated_by)
      select ${team}, ${name}, ${text}::text::jsonb, ${userId}::uuid
      where coalesce(${ifRevision}::int, 0) = 0 or exists (select from variables x where x.team_id = ${team} and x.name = ${name})
      on conflict (team_id, name) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = now(), revision = v.revision + 1
      where ${ifRevision}::int is null or v.revision = ${ifRevision}::int
      returning v.revision`;
    if (done !== undefined) return { outcome: 'ok', revision: done.revision };
    const [now] = await tx<{ revision: number }[]>`select revision from variables where team_id = ${team} and name = ${name}`;
    return { outcome: 'stale', revision: now?.revision ?? 0 };
  });
}

/** False: there was none. */
export async function deleteVariable(sql: Sql, team: string, name: string): Promise<boolean> {
  const gone = await asTeam(sql, team, (tx) => tx`delete from variables where team_id = ${team} and name = ${name} returning id`);
  return gone.length > 0;
}
