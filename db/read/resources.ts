/** Files, variables, credentials, notices, people, keys, audit. */
import type { Json } from '@hub/dag/planner';
import { asTeam, isUuid, type Sql, type TeamSql } from '../database.ts';
import { afterOf, badCursor, iso, isoOrNull, limitOf, type Page, type PageQuery, pageOf } from './page.ts';

export interface FileRead {
  id: string;
  name: string;
  mime: string;
  bytes: number;
  sha256: string;
  runId: string | null;
  createdAt: string;
}

export async function listFiles(sql: Sql, team: string, query: PageQuery = {}): Promise<Page<FileRead>> {
  const after = afterOf(query);
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<FileRead, 'createdAt'> & { createdAt: Date })[]>`
    select id, name, mime, bytes, sha256, run_id as "runId", created_at as "createdAt" from files
    where team_id = ${team} and (${after}::uuid is null or id < ${after}::uuid) order by id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(
    rows,
    query,
    (row) => ({ ...row, createdAt: iso(row.createdAt) }),
    (row) => row.id,
  );
}

export interface VariableRead {
  id: string;
  name: string;
  value: Json;
  revision: number;
  updatedAt: string;
}

/** The newest first. */
export async function listVariables(sql: Sql, team: string, query: PageQuery = {}): Promise<Page<VariableRead>> {
  const after = afterOf(query);
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<VariableRead, 'updatedAt'> & { updatedAt: Date })[]>`
    select id, name, value, revision, updated_at as "updatedAt" from variables
    where team_id = ${team} and (${after}::uuid is null or id < ${after}::uuid) order by id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(
    rows,
    query,
    (row) => ({ ...row, updatedAt: iso(row.updatedAt) }),
    (row) => row.id,
  );
}

/** Never a value, nor its seal. */
export interface CredentialRead {
  id: string;
  name: string;
  kind: string;
  allowedHosts: string[];
  status: string;
  statusReason: string | null;
  rowVersion: number;
  account: string | null;
  scopes: string[];
  /** Of the access token; a refreshable one gets a new end by itself. */
  expiresAt: string | null;
  refreshable: boolean;
  /** When it ends for good, as its owner or the provider said. */
  endsAt: string | null;
  usableBy: string;
  users: string[];
  lastUsedAt: string | null;
  createdAt: string;
  updatedAt: string;
}
type CredentialTimes = 'lastUsedAt' | 'createdAt' | 'updatedAt' | 'expiresAt' | 'endsAt';
type CredentialRow = Omit<CredentialRead, CredentialTimes> & {
  lastUsedAt: Date | null;
  expiresAt: Date | null;
  endsAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
};
const credentialOf = (row: CredentialRow): CredentialRead => ({
  ...row,
  expiresAt: isoOrNull(row.expiresAt),
  endsAt: isoOrNull(row.endsAt),
  lastUsedAt: isoOrNull(row.lastUsedAt),
  createdAt: iso(row.createdAt),
  updatedAt: iso(row.updatedAt),
});

const credentialColumns = (tx: TeamSql) => tx`
    select id, name, connector_type as kind, allowed_hosts as "allowedHosts", status, status_reason as "statusReason", row_version as "rowVersion", account, oauth_scopes as scopes,
      oauth_token_expires_at as "expiresAt", ends_at as "endsAt", oauth_refresh_token_encrypted is not null as refreshable, usable_by as "usableBy", users,
      last_used_at as "lastUsedAt", created_at as "createdAt", updated_at as "updatedAt"`;

/** Revoked ones are not in the list. */
export async function listCredentials(sql: Sql, team: string, query: PageQuery = {}): Promise<Page<CredentialRead>> {
  const after = afterOf(query);
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<CredentialRow[]>`
    ${credentialColumns(tx)} from connector_credentials where team_id = ${team} and status <> 'revoked' and (${after}::uuid is null or id < ${after}::uuid) order by id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(rows, query, credentialOf, (row) => row.id);
}

export async function readCredential(sql: Sql, team: string, id: string): Promise<CredentialRead | null> {
  if (!isUuid(id)) return null;
  const [row] = await asTeam(
    sql,
    team,
    (tx) => tx<CredentialRow[]>`
    ${credentialColumns(tx)} from connector_credentials where team_id = ${team} and id = ${id} and status <> 'revoked'`,
  );
  return row === undefined ? null : credentialOf(row);
}

/** Live ones among `ids`, by id. */
export async function readCredentials(sql: Sql, team: string, ids: readonly string[]): Promise<Map<string, CredentialRead>> {
  const wanted = ids.filter(isUuid);
  if (wanted.length === 0) return new Map();
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<CredentialRow[]>`
    ${credentialColumns(tx)} from connector_credentials where team_id = ${team} and status <> 'revoked' and id = any(${wanted}::uuid[])`,
  );
  return new Map(rows.map((row) => [row.id, credentialOf(row)]));
}

export interface CredentialUseRead {
  workflowId: string;
  workflowName: string;
  nodeId: string;
  where: 'draft' | 'published' | 'trigger';
}

/** Where a credential is named: steps of drafts, steps of the versions in force, live triggers. In order of the workflows' names. */
export async function listCredentialUses(sql: Sql, team: string, id: string, query: PageQuery = {}): Promise<Page<CredentialUseRead>> {
  if (!isUuid(id)) return { items: [], nextCursor: null };
  const after = afterUse(query);
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<CredentialUseRead[]>`
    select * from (
      select n.workflow_id as "workflowId", w.name as "workflowName", n.node_id as "nodeId", 'draft' as "where" from workflow_nodes n
        join workflows w on w.team_id = n.team_id and w.id = n.workflow_id where n.team_id = ${team} and n.config ? 'credentialId' and n.config ->> 'credentialId' = ${id} and w.status <> 'archived'
      union all
      select w.id, w.name, n.node ->> 'id', 'published' from workflows w join workflow_versions v on v.team_id = w.team_id and v.id = w.published_version_id
        cross join lateral json_array_elements(v.definition -> 'nodes') n(node)
        where w.team_id = ${team} and w.status in ('active', 'paused') and n.node -> 'config' ->> 'credentialId' = ${id}
      union all
      select t.workflow_id, w.name, t.trigger_id, 'trigger' from triggers t join workflows w on w.team_id = t.team_id and w.id = t.workflow_id
        where t.team_id = ${team} and t.status = 'active' and ${id} in (t.config ->> 'credentialId', t.config -> 'verify' ->> 'credentialId')
    ) uses ${after === null ? tx`` : tx`where ("workflowName", "workflowId", "nodeId", "where") > (${after[0]}, ${after[1]}::uuid, ${after[2]}, ${after[3]})`}
    order by "workflowName", "workflowId", "nodeId", "where" limit ${limitOf(query) + 1}`,
  );
  const cursorOf = ({ workflowName, workflowId, nodeId, where }: CredentialUseRead): string =>
    Buffer.from(JSON.stringify([workflowName, workflowId, nodeId, where])).toString('base64url');
  return pageOf(rows, query, (row) => row, cursorOf);
}

/** @throws UserError `request.bad-cursor` */
function afterUse({ cursor }: PageQuery): [string, string, string, string] | null {
  if (cursor === undefined) return null;
  try {
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    if (
      Array.isArray(parts) &&
      parts.length === 4 &&
      parts.every((part) => typeof part === 'string' && !part.includes('\0')) &&
      isUuid(String(parts[1]))
    )
      return parts as [string, string, string, string];
  } catch {
    // Falls through to the refusal.
  }
  throw badCursor();
}

export interface NoticeRead {
  id: string;
  kind: string;
  title: string;
  body: string;
  link: string | null;
  readAt: string | null;
  createdAt: string;
}

/** One person's inbox in this team, with the number of unread ones. */
export async function listNotices(
  sql: Sql,
  team: string,
  userId: string,
  query: PageQuery & { unreadOnly?: boolean | undefined } = {},
): Promise<Page<NoticeRead> & { unread: number }> {
  if (!isUuid(userId)) return { items: [], nextCursor: null, unread: 0 };
  const after = afterOf(query);
  return asTeam(sql, team, async (tx) => {
    const [rows, counts] = await Promise.all([
      tx<(Omit<NoticeRead, 'readAt' | 'createdAt'> & { readAt: Date | null; createdAt: Date })[]>`
        select id, kind, title, body, link, read_at as "readAt", created_at as "createdAt" from notices
        where team_id = ${team} and user_id = ${userId} and (not ${query.unreadOnly ?? false} or read_at is null) and (${after}::uuid is null or id < ${after}::uuid)
        order by id desc limit ${limitOf(query) + 1}`,
      tx<{ unread: number }[]>`select count(*)::int as unread from notices where team_id = ${team} and user_id = ${userId} and read_at is null`,
    ]);
    const page = pageOf(
      rows,
      query,
      (row) => ({ ...row, readAt: isoOrNull(row.readAt), createdAt: iso(row.createdAt) }),
      (row) => row.id,
    );
    return { ...page, unread: counts[0]?.unread ?? 0 };
  });
}

export interface MemberRead {
  id: string;
  userId: string;
  name: string;
  email: string;
  role: string;
  createdAt: string;
}

/** All members, in order of joining (at most 500 join). */
export async function listMembers(sql: Sql, team: string): Promise<Page<MemberRead>> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<MemberRead, 'createdAt'> & { createdAt: Date })[]>`
    select m.id, m.user_id as "userId", u.name, u.email, m.role, m.created_at as "createdAt" from members m join users u on u.id = m.user_id where m.team_id = ${team} order by m.created_at, m.id`,
  );
  return { items: rows.map((row) => ({ ...row, createdAt: iso(row.createdAt) })), nextCursor: null };
}

export interface InvitationRead {
  id: string;
  email: string;
  role: string;
  status: string;
  expiresAt: string;
  createdAt: string;
}

/** Those that can still be accepted. */
export async function listInvitations(sql: Sql, team: string): Promise<InvitationRead[]> {
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<InvitationRead, 'expiresAt' | 'createdAt'> & { expiresAt: Date; createdAt: Date })[]>`
    select id, email, role, status, expires_at as "expiresAt", created_at as "createdAt" from invitations where team_id = ${team} and status = 'pending' and expires_at > now() order by id desc`,
  );
  return rows.map((row) => ({ ...row, expiresAt: iso(row.expiresAt), createdAt: iso(row.createdAt) }));
}

export interface TeamOfUser {
  id: string;
  name: string;
  slug: string;
  plan: string;
  role: string;
  createdAt: string;
}

/** As hub_auth: at sign-in there is no team yet. Oldest membership first. */
export async function listTeamsOfUser(authSql: Sql, userId: string): Promise<TeamOfUser[]> {
  if (!isUuid(userId)) return [];
  const rows = await authSql<(Omit<TeamOfUser, 'createdAt'> & { createdAt: Date | string })[]>`
    select t.id, t.name, t.slug, t.plan, m.role, t.created_at as "createdAt" from members m join teams t on t.id = m.team_id where m.user_id = ${userId} order by m.created_at, t.id`;
  return rows.map((row) => ({ ...row, createdAt: iso(row.createdAt) }));
}

export interface ApiKeyRead {
  id: string;
  name: string;
  prefix: string;
  scopes: string[] | null;
  expiresAt: string | null;
  lastUsedAt: string | null;
  createdAt: string;
  /** Who made it; null where they have left. */
  createdBy: { id: string; name: string } | null;
}

/** Revoked ones are not in the list. */
export async function listApiKeys(sql: Sql, team: string, query: PageQuery = {}): Promise<Page<ApiKeyRead>> {
  const after = afterOf(query);
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<ApiKeyRead, 'expiresAt' | 'lastUsedAt' | 'createdAt'> & { expiresAt: Date | null; lastUsedAt: Date | null; createdAt: Date })[]>`
    select id, name, prefix, scopes, expires_at as "expiresAt", last_used_at as "lastUsedAt", created_at as "createdAt",
      (select json_build_object('id', u.id, 'name', u.name) from users u where u.id = created_by) as "createdBy" from api_keys
    where team_id = ${team} and revoked_at is null and (${after}::uuid is null or id < ${after}::uuid) order by id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(
    rows,
    query,
    (row) => ({ ...row, expiresAt: isoOrNull(row.expiresAt), lastUsedAt: isoOrNull(row.lastUsedAt), createdAt: iso(row.createdAt) }),
    (row) => row.id,
  );
}

export interface AuditRead {
  id: string;
  userId: string | null;
  apiKeyId: string | null;
  action: string;
  target: string | null;
  from: string | null;
  details: Json;
  at: string;
}

export interface AuditFilter extends PageQuery {
  /** A whole action (`run.cancel`) or its subject (`run`). */
  action?: string | undefined;
  userId?: string | undefined;
  target?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export async function listAudit(sql: Sql, team: string, query: AuditFilter = {}): Promise<Page<AuditRead>> {
  const after = afterOf(query);
  const { action, userId, target, from, to } = query;
  const rows = await asTeam(
    sql,
    team,
    (tx) => tx<(Omit<AuditRead, 'at'> & { at: Date })[]>`
    select id, user_id as "userId", api_key_id as "apiKeyId", action, target, from_address as "from", details, at from audit_log
    where team_id = ${team} and (${after}::uuid is null or id < ${after}::uuid)
      ${action === undefined ? tx`` : tx`and (action = ${action} or starts_with(action, ${`${action}.`}))`}
      ${userId === undefined ? tx`` : tx`and user_id = ${userId}`}
      ${target === undefined ? tx`` : tx`and target = ${target}`}
      ${from === undefined ? tx`` : tx`and at >= ${from}`}
      ${to === undefined ? tx`` : tx`and at < ${to}`}
    order by id desc limit ${limitOf(query) + 1}`,
  );
  return pageOf(
    rows,
    query,
    (row) => ({ ...row, at: iso(row.at) }),
    (row) => row.id,
  );
}
