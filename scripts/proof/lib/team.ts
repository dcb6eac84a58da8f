/** The team of a throw-away hub's API key: the only one that its seed made. */
import { openDatabase } from '@hub/db';

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
