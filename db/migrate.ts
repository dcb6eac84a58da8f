/**
 * Applies the named SQL migrations of db/migrations as hub_owner. `node db/migrate.ts` (DATABASE_OWNER_URL) prints what it did.
 * A migration that was applied and has changed since is refused: write a new one.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BugError } from '@hub/kit/errors';
import postgres from 'postgres';
import { ownerUrl } from './env.ts';

const folder = join(import.meta.dirname, 'migrations');
/** Any number that no other program locks in this database. */
const lockNumber = 7_246_213_001;

/** A migration file; `sha256` is that of its text. */
export interface Migration {
  name: string;
  text: string;
  sha256: string;
}

/** All migrations in order of name. */
export function listMigrations(): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return names.map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
  });
}

/** One hash over all migrations: the same schema, the same hash. */
export function migrationsHash(): string {
  const hash = createHash('sha256');
  for (const { name, sha256 } of listMigrations()) hash.update(`${name} ${sha256}\n`);
  return hash.digest('hex');
}

/**
 * Brings the database up to date, each migration in a transaction of its own. Processes that come together wait for each other.
 * @throws BugError `db.migration-changed`, `db.migration-unknown` (the database is newer than this code)
 */
export async function migrate(ownerSql: postgres.Sql): Promise<{ applied: string[]; already: number }> {
  const wanted = listMigrations();
  const applied: string[] = [];
  for (;;) {
    const { name, already } = await applyNext(ownerSql, wanted);
    if (name === null) return { applied, already: already - applied.length };
    applied.push(name);
  }
}

/** One transaction: the lock, the history, and the first migration that is missing. */
async function applyNext(sql: postgres.Sql, wanted: Migration[]): Promise<{ name: string | null; already: number }> {
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${lockNumber}::bigint)`;
    await tx`create table if not exists migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`;
    const done = new Map((await tx<{ name: string; sha256: string }[]>`select name, sha256 from migrations`).map((row) => [row.name, row.sha256]));
    checkHistory(done, wanted);
    const next = wanted.find(({ name }) => !done.has(name));
    if (next === undefined) return { name: null, already: done.size };
    try {
      await tx.unsafe(next.text);
    } catch (error) {
      throw new BugError('db.migration-failed', `The migration ${next.name} failed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
    await tx`insert into migrations (name, sha256) values (${next.name}, ${next.sha256})`;
    return { name: next.name, already: done.size };
  });
}

function checkHistory(done: Map<string, string>, wanted: Migration[]): void {
  for (const { name, sha256 } of wanted) {
    const was = done.get(name);
    if (was !== undefined && was !== sha256)
      throw new BugError(
        'db.migration-changed',
        `The migration ${name} was applied with another text. Put the old text back and write a new migration.`,
      );
  }
  const known = new Set(wanted.map(({ name }) => name));
  const unknown = [...done.keys()].filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new BugError(
      'db.migration-unknown',
      `The database has migrations this version does not know (${unknown.join(', ')}): it is newer than this code.`,
    );
}

if (import.meta.main) {
  const sql = postgres(ownerUrl(), { max: 1, fetch_types: false, onnotice: () => {}, connection: { application_name: 'hub-migrate' } });
  try {
    const { applied, already } = await migrate(sql);
    for (const name of applied) console.log(`migrated ${name}`);
    console.log(
      applied.length === 0
        ? `database up to date (${already} migrations)`
        : `database up to date (${already + applied.length} migrations, ${applied.length} new)`,
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await sql.end();
  }
}
