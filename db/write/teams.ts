import { asTeam, type Sql } from '../database.ts';

/** The plan decides what the API allows (01, Plans). Only the app can set it; sign-in cannot. */
export async function setTeamPlan(sql: Sql, team: string, plan: 'free' | 'teams' | 'enterprise'): Promise<boolean> {
  const rows = await asTeam(sql, team, (tx) => tx`update teams set plan = ${plan}, updated_at = now() where id = ${team} returning id`);
  return rows.length > 0;
}
