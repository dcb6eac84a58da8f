import type { Json } from '@hub/dag/planner';
import { asTeam, type Sql } from '../database.ts';
import { cleanJson } from '../text.ts';

/** Sets a variable of the team; runs see the value as it was at their start. JSON's null is a value, which the driver's own json() would make SQL's. */
export async function setVariable(
  sql: Sql,
  { team, name, value, userId }: { team: string; name: string; value: Json; userId: string | null },
): Promise<void> {
  await asTeam(
    sql,
    team,
    (tx) => tx`
    insert into variables (team_id, name, value, updated_by) values (${team}, ${name}, ${JSON.stringify(cleanJson(value))}::text::jsonb, ${userId})
    on conflict (team_id, name) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = now()`,
  );
}

/** False: there was none. */
export async function deleteVariable(sql: Sql, team: string, name: string): Promise<boolean> {
  const gone = await asTeam(sql, team, (tx) => tx`delete from variables where team_id = ${team} and name = ${name} returning id`);
  return gone.length > 0;
}
