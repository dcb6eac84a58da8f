/** The demo team of a first start: a person who can sign in, an API key, variables. Run again it changes nothing but a password that no longer fits. */
import { createHash } from 'node:crypto';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { one, openDatabase, type Sql, type TeamSql } from '../database.ts';

export interface SeedSettings {
  ownerUrl: string;
  email: string;
  password: string;
  /** `hub_` and 43 characters of base64url. */
  apiKey: string;
}

/** Fixed, so that a second run finds the first one's team. Enterprise: everything can be tried. */
export const demoTeam = { id: '019aa0de-0000-7000-8000-000000000001', name: 'Demo team', slug: 'workflow-hub-demo' };
const demoName = 'Demo Person';
const variables = { company_name: 'Acme', review_language: 'English' };

/** Answers what it made now, in words; nothing when all was there. */
export async function seed({ ownerUrl, email, password, apiKey }: SeedSettings): Promise<string[]> {
  const sql = openDatabase({ url: ownerUrl, max: 1, applicationName: 'hub-seed' });
  try {
    const hash = await freshHash(sql, email, password);
    return (await sql.begin(async (tx) => {
      await tx`select set_config('app.team', ${demoTeam.id}, true)`;
      const made: string[] = [];
      const user = await seedPerson(tx, email, hash, made);
      const team =
        await tx`insert into teams (id, name, slug, plan) values (${demoTeam.id}, ${demoTeam.name}, ${demoTeam.slug}, 'enterprise') on conflict (id) do nothing returning id`;
      if (team.length > 0) made.push(`team ${demoTeam.name} (Enterprise)`);
      await tx`insert into members (team_id, user_id, role) values (${demoTeam.id}, ${user}, 'owner') on conflict (team_id, user_id) do nothing`;
      await seedKey(tx, user, apiKey, made);
      for (const [name, value] of Object.entries(variables)) {
        await tx`insert into variables (team_id, name, value, updated_by) values (${demoTeam.id}, ${name}, ${tx.json(value)}, ${user}) on conflict (team_id, name) do nothing`;
      }
      return made;
    })) as string[];
  } finally {
    await sql.end();
  }
}

/** better-auth's own hash; null where the one in the database fits the password. scrypt takes a moment, so it is done outside the transaction. */
async function freshHash(sql: Sql, email: string, password: string): Promise<string | null> {
  const [row] = await sql<{ password: string | null }[]>`
    select a.password from accounts a join users u on u.id = a.user_id where u.email = ${email.toLowerCase()} and a.provider_id = 'credential'`;
  if (row?.password && (await verifyPassword({ hash: row.password, password }))) return null;
  return hashPassword(password);
}

async function seedPerson(tx: TeamSql, email: string, hash: string | null, made: string[]): Promise<string> {
  const fresh = await tx<
    { id: string }[]
  >`insert into users (name, email, email_verified) values (${demoName}, ${email.toLowerCase()}, true) on conflict (email) do nothing returning id`;
  if (fresh.length > 0) made.push(`person ${email}`);
  const { id } = one(await tx<{ id: string }[]>`select id from users where email = ${email.toLowerCase()}`);
  if (hash !== null) {
    const changed =
      await tx`update accounts set password = ${hash}, updated_at = now() where user_id = ${id} and provider_id = 'credential' returning id`;
    // better-auth's form of a password account: the account's id is the user's.
    if (changed.length === 0)
      await tx`insert into accounts (user_id, account_id, provider_id, password) values (${id}, ${id}, 'credential', ${hash})`;
    else made.push(`password of ${email}`);
  }
  return id;
}

async function seedKey(tx: TeamSql, user: string, apiKey: string, made: string[]): Promise<void> {
  const hash = createHash('sha256').update(apiKey).digest();
  const fresh = await tx`
    insert into api_keys (team_id, name, hash, prefix, scopes, created_by) values (${demoTeam.id}, 'Demo key (.data/demo.json)', ${hash}, ${apiKey.slice(0, 12)}, ${['*']}::text[], ${user})
    on conflict (hash) do nothing returning id`;
  if (fresh.length > 0) made.push('API key');
}
