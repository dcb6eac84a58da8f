/** The team of a throw-away hub's API key, the only one that its seed made; and another team beside it. */
import type { Json } from '@hub/dag/planner';
import { asTeam, openDatabase, type Sql } from '@hub/db';

/** Its id, by the role of sign-in, which sees teams. */
export async function demoTeam(env: Record<string, string>): Promise<string> {
  const sql = openDatabase({ url: env['DATABASE_AUTH_URL'] ?? '', applicationName: 'proof-team', max: 1 });
  try {
    const [row] = await sql<{ id: string }[]>`select id from teams order by created_at limit 1`;
    if (row === undefined) throw new Error('The hub has no team: was it seeded?');
    return row.id;
  } finally {
    await sql.end();
  }
}

/** Definition and plan of the only version of a workflow: another team's workflow can run by them. */
export async function publishedPlan(ownerSql: Sql, team: string, workflow: string): Promise<{ definition: Json; plan: Json }> {
  return asTeam(ownerSql, team, async (tx) => {
    const [row] = await tx<
      { definition: Json; plan: Json }[]
    >`select definition, plan from workflow_versions where team_id = ${team} and workflow_id = ${workflow}`;
    if (row === undefined) throw new Error('There is no published version.');
    return row;
  });
}
