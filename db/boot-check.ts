/** Refuses to work behind a wall with a hole: every process of the app calls it once at its start. */
import { one, type Sql } from './database.ts';

/** Tables without a team; everything else is a tenant's. */
export const sharedTables = ['accounts', 'migrations', 'rate_limits', 'sessions', 'users', 'verifications'];

interface TableRow {
  name: string;
  enabled: boolean;
  forced: boolean;
  owner: string;
  /** Policies that hold for everybody, with both clauses, naming the team. */
  walls: number;
}

/** All faults of the wall, in words. Empty: it stands. */
export async function findBootFaults(sql: Sql): Promise<string[]> {
  const tables = await sql<TableRow[]>`
    select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner) as owner,
      (select count(*)::int from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname and p.permissive = 'PERMISSIVE' and p.cmd = 'ALL' and p.roles = '{public}'
        and p.qual like '%app.team%' and p.with_check like '%app.team%') as walls
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.relname`;
  const me = one(
    await sql<{ name: string; super: boolean; bypass: boolean; member: string[] }[]>`
    select rolname as name, rolsuper as super, rolbypassrls as bypass,
      array(select r.rolname::text from pg_roles r where r.rolname <> current_user and pg_has_role(current_user, r.oid, 'MEMBER')) as member
    from pg_roles where rolname = current_user`,
  );
  const views = await sql<{ name: string }[]>`
    select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
      and not coalesce('security_invoker=true' = any(c.reloptions), false)`;
  const definers = await sql<{ name: string }[]>`
    select p.proname as name from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
      and (pg_get_userbyid(p.proowner) <> 'hub_definer' or not exists (select from unnest(p.proconfig) s where s like 'search_path=%'))`;

  const faults: string[] = [];
  if (tables.length === 0) faults.push('there are no tables: the migrations have not run');
  if (me.super) faults.push(`the role ${me.name} is a superuser`);
  if (me.bypass) faults.push(`the role ${me.name} bypasses row-level security`);
  if (me.member.length > 0) faults.push(`the role ${me.name} is a member of ${me.member.join(', ')}`);
  for (const table of tables) {
    if (table.owner === me.name) faults.push(`${table.name}: owned by the role of the app`);
    if (sharedTables.includes(table.name)) continue;
    if (!table.enabled) faults.push(`${table.name}: row-level security is off`);
    if (!table.forced) faults.push(`${table.name}: row-level security is not forced`);
    if (table.walls === 0) faults.push(`${table.name}: no policy for the team with both clauses`);
  }
  for (const { name } of views) faults.push(`${name}: a view that reads as its owner (security_invoker is off)`);
  for (const { name } of definers) faults.push(`${name}(): a SECURITY DEFINER function without a fixed search_path or not owned by hub_definer`);
  return faults;
}

/** Throws one Error listing every fault. `sql` is the app's own login. */
export async function checkBoot(sql: Sql): Promise<void> {
  const faults = await findBootFaults(sql);
  if (faults.length > 0) throw new Error(`The database is not safe to work with:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}
