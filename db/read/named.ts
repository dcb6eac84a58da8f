/** What the team calls the things that a definition names by id. */
import { asTeam, isUuid, type Sql } from '../database.ts';

export interface NamedThing {
  name: string;
  /** Of a credential. */
  credentialKind: string | null;
}

/** By `<kind> <id>`; what is not the team's, or is revoked, is missing. One statement. */
export async function readNamed(
  sql: Sql,
  team: string,
  ids: { credentials: string[]; workflows: string[]; files: string[] },
): Promise<Map<string, NamedThing>> {
  const [credentials, workflows, files] = [ids.credentials.filter(isUuid), ids.workflows.filter(isUuid), ids.files.filter(isUuid)];
  if (credentials.length + workflows.length + files.length === 0) return new Map();
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<{ key: string; name: string; kind: string | null }[]>`
    select 'credential ' || id as key, name, connector_type as kind from connector_credentials where team_id = ${team} and id = any(${credentials}::uuid[]) and status <> 'revoked'
    union all select 'workflow ' || id, name, null from workflows where team_id = ${team} and id = any(${workflows}::uuid[])
    union all select 'file ' || id, name, null from files where team_id = ${team} and id = any(${files}::uuid[])`,
  );
  return new Map(rows.map(({ key, name, kind }) => [key, { name, credentialKind: kind }]));
}

/** Kinds of the credentials that can be used now. */
export async function readCredentialKinds(sql: Sql, team: string): Promise<Set<string>> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<{ kind: string }[]>`select distinct connector_type as kind from connector_credentials where team_id = ${team} and status = 'active'`,
  );
  return new Set(rows.map(({ kind }) => kind));
}
