/**
 * A database of one's own for an int test, cloned from a migrated template in about 30 ms. Needs the servers of vitest's project `int`
 * (scripts/bootstrap/test-stack.mjs). Never imported by the product.
 */
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { openDatabase, type Sql } from '../database.ts';
import { migrate, migrationsHash } from '../migrate.ts';
import { testUrls } from './env.ts';

export { makeTeam, makeWorkflow, trivialDefinition, trivialPlan } from './make.ts';

export interface TestDatabase {
  ownerUrl: string;
  appUrl: string;
  authUrl: string;
  /** As the app (hub_app). */
  sql: Sql;
  authSql: Sql;
  ownerSql: Sql;
  /** Drops the database; throws when somebody else still has a connection to it: a leak. */
  close(): Promise<void>;
}

/** The lock under which a template is made: many test processes come at once. */
const lockNumber = 7_246_213_002;

/** A fresh, migrated, empty database. Close it in `afterAll`. */
export async function testDatabase(): Promise<TestDatabase> {
  const urls = testUrls();
  const name = `hub_test_${randomBytes(6).toString('hex')}`;
  const admin = postgres(urls.owner, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    const template = await ensureTemplate(admin, urls.owner);
    await admin.unsafe(`create database ${name} template ${template} strategy file_copy`);
    await admin.unsafe(`revoke all on database ${name} from public`);
    await admin.unsafe(`grant connect on database ${name} to hub_app, hub_auth`);
  } finally {
    await admin.end();
  }
  const [ownerUrl, appUrl, authUrl] = [withDatabase(urls.owner, name), withDatabase(urls.app, name), withDatabase(urls.auth, name)];
  const sql = openDatabase({ url: appUrl, applicationName: 'test-app' });
  const authSql = openDatabase({ url: authUrl, applicationName: 'test-auth' });
  const ownerSql = openDatabase({ url: ownerUrl, applicationName: 'test-owner' });
  return {
    ownerUrl,
    appUrl,
    authUrl,
    sql,
    authSql,
    ownerSql,
    async close() {
      await Promise.all([sql.end(), authSql.end(), ownerSql.end()]);
      await dropDatabase(urls.owner, name);
    },
  };
}

async function dropDatabase(url: string, name: string): Promise<void> {
  const admin = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    // A connection that was just ended may need a moment to leave the list: the drop itself waits up to 5 s for that.
    await admin.unsafe(`drop database ${name}`);
  } catch (error) {
    const left = await admin<
      { application_name: string; query: string }[]
    >`select application_name, left(query, 120) as query from pg_stat_activity where datname = ${name}`;
    // It stays: the test cluster goes as a whole.
    throw new Error(
      `The test leaks connections to its database: ${left.map((row) => `${row.application_name || 'unnamed'} (${row.query})`).join('; ')}`,
      { cause: error },
    );
  } finally {
    await admin.end();
  }
}

async function ensureTemplate(admin: postgres.Sql, url: string): Promise<string> {
  const template = `hub_template_${migrationsHash().slice(0, 16)}`;
  await admin`select pg_advisory_lock(${lockNumber})`;
  try {
    // A template whose making was killed has no mark and is made anew.
    const [found] = await admin<
      { ready: boolean }[]
    >`select shobj_description(oid, 'pg_database') = 'ready' as ready from pg_database where datname = ${template}`;
    if (found?.ready) return template;
    await admin.unsafe(`drop database if exists ${template} with (force)`);
    await admin.unsafe(`create database ${template}`);
    const owner = postgres(withDatabase(url, template), { max: 1, fetch_types: false, onnotice: () => {} });
    try {
      await migrate(owner);
    } finally {
      await owner.end();
    }
    await admin.unsafe(`comment on database ${template} is 'ready'`);
    return template;
  } finally {
    await admin`select pg_advisory_unlock(${lockNumber})`;
  }
}

function withDatabase(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}
