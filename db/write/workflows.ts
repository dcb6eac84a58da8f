/** Workflows and their versions. A save changes the draft only; publishing freezes it. */
import type { Json } from '@hub/dag/planner';
import { asTeam, callOnce, isUuid, one, type Sql, type TeamSql } from '../database.ts';
import { cleanJson } from '../text.ts';
import { giveTriggerTokens, type NewToken, type TokenKind } from './hooks.ts';
import { refs, type RunRef } from './slots.ts';
import { applyTriggers, type NewTrigger } from './triggers.ts';

/** A row of workflow_nodes, derived from the draft. */
export interface DerivedNode {
  nodeId: string;
  nodeType: string;
  config: Json;
  position: { x: number; y: number } | null;
  dependsOn: string[];
}

/** As text: a jsonb parameter would lose the order of keys. */
function ordered(definition: Json): string {
  return JSON.stringify(cleanJson(definition));
}

export interface NewWorkflow {
  team: string;
  userId: string | null;
  name: string;
  description?: string | null;
  definition: Json;
  hash: string;
  nodes: DerivedNode[];
  tags?: string[];
  pins?: Record<string, Json>;
}

export async function createWorkflow(sql: Sql, given: NewWorkflow): Promise<{ id: string; revision: number }> {
  const { team, userId, name, description = null, hash, tags = [], pins = {} } = given;
  return asTeam(sql, team, async (tx) => {
    const row = one(
      await tx<{ id: string }[]>`
      insert into workflows (team_id, user_id, updated_by, name, description, definition, definition_source, definition_hash, tags, pins)
      values (${team}, ${userId}, ${userId}, ${name}, ${description}, ${tx.json(cleanJson(given.definition) as never)}, ${ordered(given.definition)}::text::json, ${hash}, ${tags}::text[],
        ${tx.json(cleanJson(pins) as never)}) returning id`,
    );
    await writeNodes(tx, team, row.id, given.nodes);
    return { id: row.id, revision: 1 };
  });
}

export interface WorkflowChange {
  team: string;
  id: string;
  userId: string | null;
  /** The revision the change was made on (If-Match); null: whatever it is. */
  ifMatch: number | null;
  name?: string;
  description?: string | null;
  tags?: string[];
  definition?: Json;
  hash?: string;
  nodes?: DerivedNode[];
}

/** What is stored when somebody else saved first. */
export interface StaleDraft {
  outcome: 'stale';
  revision: number;
  updatedAt: string;
  updatedBy: { id: string; name: string } | null;
}
/**
 * `changed: 'nothing'`: the row stays as it is, with its revision; `'layout'`: the draft means the same as before. `continued`: the same person saved it
 * a moment ago, so this is one piece of work.
 */
export type UpdateResult =
  | { outcome: 'ok'; revision: number; changed: 'nothing' | 'layout' | 'meaning'; continued: boolean }
  | StaleDraft
  | { outcome: 'not-found' };

/** Saves of one person with less than this between them are one piece of work. */
const oneSittingMs = 600_000;

/** Saves what differs. An editor saves every few seconds, so what changes nothing writes nothing, and a moved node does not write all nodes anew. */
export async function updateWorkflow(sql: Sql, change: WorkflowChange): Promise<UpdateResult> {
  const { team, id, ifMatch } = change;
  if (!isUuid(id)) return { outcome: 'not-found' };
  const source = change.definition === undefined ? null : ordered(change.definition);
  return asTeam(sql, team, async (tx) => {
    const [now] = await tx<
      {
        revision: number;
        updated_at: Date;
        updated_by: string | null;
        updater: string | null;
        same: boolean;
        same_hash: boolean;
        same_rest: boolean;
      }[]
    >`
      select w.revision, w.updated_at, w.updated_by, (select u.name from users u where u.id = w.updated_by) as updater,
        coalesce(w.definition_source::text = ${source}, true) as same, coalesce(w.definition_hash = ${change.hash ?? null}, true) as same_hash,
        (w.name = coalesce(${change.name ?? null}, w.name) and (${change.description === undefined} or w.description is not distinct from ${change.description ?? null})
          and w.tags = coalesce(${change.tags ?? null}::text[], w.tags)) as same_rest
      from workflows w where w.team_id = ${team} and w.id = ${id} for update of w`;
    if (now === undefined) return { outcome: 'not-found' };
    if (ifMatch !== null && ifMatch !== now.revision) {
      const updatedBy = now.updated_by === null || now.updater === null ? null : { id: now.updated_by, name: now.updater };
      return { outcome: 'stale', revision: now.revision, updatedAt: now.updated_at.toISOString(), updatedBy };
    }
    const continued = now.updated_by !== null && now.updated_by === change.userId && Date.now() - now.updated_at.getTime() < oneSittingMs;
    if (now.same && now.same_rest) return { outcome: 'ok', revision: now.revision, changed: 'nothing', continued };
    const definition = change.definition === undefined ? null : tx.json(cleanJson(change.definition) as never);
    const row = one(
      await tx<{ revision: number }[]>`
      update workflows set
        name = coalesce(${change.name ?? null}, name), description = case when ${change.description !== undefined} then ${change.description ?? null} else description end,
        tags = coalesce(${change.tags ?? null}::text[], tags), definition = coalesce(${definition}::jsonb, definition),
        definition_source = coalesce(${source}::text::json, definition_source), definition_hash = coalesce(${change.hash ?? null}, definition_hash),
        updated_by = ${change.userId}, revision = revision + 1, updated_at = now()
      where team_id = ${team} and id = ${id} returning revision`,
    );
    if (change.nodes !== undefined) await (now.same_hash ? moveNodes : writeNodes)(tx, team, id, change.nodes);
    return { outcome: 'ok', revision: row.revision, changed: now.same_hash && now.same_rest ? 'layout' : 'meaning', continued };
  });
}

async function moveNodes(tx: TeamSql, team: string, workflow: string, nodes: DerivedNode[]): Promise<void> {
  await tx`
    update workflow_nodes w set position = n.position
    from jsonb_to_recordset(${tx.json(cleanJson(nodes) as never)}::jsonb) as n("nodeId" text, position jsonb)
    where w.team_id = ${team} and w.workflow_id = ${workflow} and w.node_id = n."nodeId" and w.position is distinct from n.position`;
}

async function writeNodes(tx: TeamSql, team: string, workflow: string, nodes: DerivedNode[]): Promise<void> {
  await tx`delete from workflow_nodes where team_id = ${team} and workflow_id = ${workflow}`;
  if (nodes.length === 0) return;
  await tx`
    insert into workflow_nodes (team_id, workflow_id, node_id, node_type, config, position, depends_on)
    select ${team}, ${workflow}, n."nodeId", n."nodeType", n.config, n.position, n."dependsOn"
    from jsonb_to_recordset(${tx.json(cleanJson(nodes) as never)}::jsonb) as n("nodeId" text, "nodeType" text, config jsonb, position jsonb, "dependsOn" text[])
    on conflict (team_id, workflow_id, node_id) do nothing`;
}

export interface NewVersion {
  team: string;
  id: string;
  userId: string | null;
  note: string;
  definition: Json;
  hash: string;
  plan: Json;
  warnings: Json[];
  triggers: NewTrigger[];
  /** Makes the token of a webhook or form that has none yet; absent: they get none. */
  makeToken?: (kind: TokenKind) => NewToken;
  settings: { maxConcurrentRuns: number; timeoutMs: number; overlap: 'queue' | 'skip' | 'cancel_older'; priority: number; tags?: string[] };
  ifMatch?: number | null;
  /** Active workflows that the team may have; null or absent: any number. */
  activeLimit?: number | null;
}

/** A token made by this publish: the only time a webhook's can be read. */
export type FreshToken = Awaited<ReturnType<typeof giveTriggerTokens>>[number];

export type PublishResult =
  | { outcome: 'ok'; version: number; versionId: string; changed: boolean; start: RunRef[]; tokens: FreshToken[] }
  | { outcome: 'stale'; revision: number }
  | { outcome: 'not-found' | 'too-many' };

/**
 * Freezes a definition as the next version and makes it the one that runs, with its triggers and limits, in one transaction. The definition that is
 * published already stays as it is (`changed: false`). Rolling back is publishing an old definition. A draft or paused workflow: a draft becomes active.
 */
export async function publishWorkflow(sql: Sql, given: NewVersion): Promise<PublishResult> {
  const { team, id } = given;
  if (!isUuid(id)) return { outcome: 'not-found' };
  return callOnce(() =>
    asTeam(sql, team, async (tx) => {
      await tx`select hub_lock_slots(${team}::uuid, ${id}::uuid)`;
      const [row] = await tx<
        { revision: number; version: number; published_version: number | null; published_version_id: string | null; hash: string | null }[]
      >`
      select w.revision, w.version, w.published_version, w.published_version_id, v.hash
      from workflows w left join workflow_versions v on v.team_id = w.team_id and v.id = w.published_version_id
      where w.team_id = ${team} and w.id = ${id} for update of w`;
      if (row === undefined) return { outcome: 'not-found' };
      if (given.ifMatch !== undefined && given.ifMatch !== null && given.ifMatch !== row.revision)
        return { outcome: 'stale', revision: row.revision };
      if (typeof given.activeLimit === 'number') {
        const { others } = one(await tx<{ others: number }[]>`select hub_other_active(${team}::uuid, ${id}::uuid) as others`);
        if (others >= given.activeLimit) return { outcome: 'too-many' };
      }
      const kept =
        row.hash === given.hash && row.published_version_id !== null && row.published_version !== null
          ? { versionId: row.published_version_id, version: row.published_version }
          : null;
      const { version, versionId } = kept ?? { version: row.version, versionId: await insertVersion(tx, given, row.version) };
      await applyVersion(tx, given, { version, versionId, next: kept ? row.version : row.version + 1 });
      const tokens = given.makeToken === undefined ? [] : await giveTriggerTokens(tx, team, id, given.makeToken);
      const filled = one(await tx<{ start: string[] }[]>`select hub_fill(${team}::uuid) as start`);
      return { outcome: 'ok', version, versionId, changed: kept === null, start: refs(team, filled.start), tokens };
    }),
  );
}

async function insertVersion(
  tx: TeamSql,
  { team, id, userId, note, definition, hash, plan, warnings }: NewVersion,
  version: number,
): Promise<string> {
  const row = one(
    await tx<{ id: string }[]>`
    insert into workflow_versions (team_id, workflow_id, version, definition, hash, plan, note, warnings, created_by)
    values (${team}, ${id}, ${version}, ${ordered(definition)}::text::json, ${hash}, ${tx.json(cleanJson(plan) as never)}, ${note}, ${tx.json(cleanJson(warnings) as never)}, ${userId})
    returning id`,
  );
  return row.id;
}

async function applyVersion(
  tx: TeamSql,
  given: NewVersion,
  { version, versionId, next }: { version: number; versionId: string; next: number },
): Promise<void> {
  const { team, id, settings } = given;
  await tx`
    update workflows set published_version = ${version}, published_version_id = ${versionId}, version = ${next}, status = case when status in ('draft', 'archived') then 'active' else status end,
      max_concurrent_runs = ${settings.maxConcurrentRuns}, timeout_seconds = ${Math.ceil(settings.timeoutMs / 1000)}, overlap = ${settings.overlap}, priority = ${settings.priority},
      execution_mode = ${executionMode(given.triggers)}, updated_at = now()
    where team_id = ${team} and id = ${id}`;
  await applyTriggers(tx, { team, workflowId: id, version }, given.triggers);
}

/** The first plan's word for how a workflow starts. */
function executionMode(triggers: NewTrigger[]): string {
  const types = new Set(triggers.map(({ type }) => type));
  if (types.has('continuous')) return 'continuous';
  if (types.has('schedule')) return 'scheduled';
  return ['webhook', 'form', 'poll', 'event'].some((type) => types.has(type)) ? 'triggered' : 'manual';
}

/** Pause holds new starts and the queue; activate drains it; archive hides. */
export async function setWorkflowStatus(
  sql: Sql,
  { team, id, status, activeLimit = null }: { team: string; id: string; status: 'active' | 'paused' | 'archived'; activeLimit?: number | null },
): Promise<{ outcome: 'ok' | 'not-found' | 'not-published' | 'too-many'; start: RunRef[] }> {
  if (!isUuid(id)) return { outcome: 'not-found', start: [] };
  const row = one(
    await callOnce(
      () => sql<{ answer: { outcome: 'ok' | 'not-found' | 'not-published' | 'too-many'; start: string[] } }[]>`
    select hub_set_workflow_status(${team}::uuid, ${id}::uuid, ${status}, ${activeLimit}::int) as answer`,
    ),
  );
  return { outcome: row.answer.outcome, start: refs(team, row.answer.start) };
}

/** Takes a workflow that was never published out of the archive. One that was is set to paused instead, by the caller. */
export async function restoreDraft(sql: Sql, team: string, id: string): Promise<'ok' | 'not-found' | 'published'> {
  if (!isUuid(id)) return 'not-found';
  return asTeam(sql, team, async (tx) => {
    const [row] = await tx<{ published: boolean }[]>`
      select published_version is not null as published from workflows where team_id = ${team} and id = ${id} for update`;
    if (row === undefined) return 'not-found';
    if (row.published) return 'published';
    await tx`update workflows set status = 'draft', updated_at = now() where team_id = ${team} and id = ${id} and status = 'archived'`;
    return 'ok';
  });
}

/** Removes a workflow that never ran; one with runs is archived instead, by the caller's choice. */
export async function deleteWorkflow(sql: Sql, team: string, id: string): Promise<'ok' | 'not-found' | 'has-runs'> {
  if (!isUuid(id)) return 'not-found';
  return asTeam(sql, team, async (tx) => {
    const [runs] = await tx`select 1 from workflow_executions where team_id = ${team} and workflow_id = ${id} limit 1`;
    if (runs !== undefined) return 'has-runs';
    const gone = await tx`delete from workflows where team_id = ${team} and id = ${id} returning id`;
    return gone.length > 0 ? 'ok' : 'not-found';
  });
}

/** Pinned outputs of the draft, by node id; replaces all. */
export async function setPins(sql: Sql, team: string, id: string, pins: Record<string, Json>): Promise<'ok' | 'not-found'> {
  if (!isUuid(id)) return 'not-found';
  return asTeam(sql, team, async (tx) => {
    const rows = await tx`update workflows set pins = ${tx.json(cleanJson(pins) as never)} where team_id = ${team} and id = ${id} returning id`;
    return rows.length > 0 ? 'ok' : 'not-found';
  });
}
