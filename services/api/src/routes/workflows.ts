/** Workflows: drafts with If-Match, checks, versions, status. */
import { routes } from '@hub/contract';
import type { Definition } from '@hub/dag';
import { settingsOf } from '@hub/dag';
import type { Json } from '@hub/dag/planner';
import { listVersions, listWorkflows, readVersion, readWorkflow } from '@hub/db/read';
import { deleteWorkflow, publishWorkflow, setWorkflowStatus, updateWorkflow } from '@hub/db/write';
import type { Sql } from '@hub/db';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { conflict, invalidDefinition, notFound, stale } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { makeWorkflow } from '../workflows/make.ts';
import type { TeamAccess } from '../plugins/app/caller.ts';
import { derivedNodes, draftHash, freeze, readDefinition, withActionVersions, withTags } from '../workflows/definition.ts';
import { faultsOf } from '../workflows/faults.ts';
import { withGrant } from '../workflows/grants.ts';
import { hookFaults } from '../hooks/faults.ts';
import { newTriggerToken, urlOfToken } from '../hooks/tokens.ts';
import { activeLimit, tooManyActive } from '../workflows/plan-limits.ts';
import { versionShape, workflowListShape, workflowShape } from '../workflows/shapes.ts';
import { carryOut } from './runs.ts';

/** An owner that no workflow has. */
const nobodysId = '00000000-0000-0000-0000-000000000000';

function draftRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps, audit } = context;
  const find = async (team: TeamAccess, id: string) => {
    const row = await readWorkflow(deps.sql, team.id, id);
    if (row === null) throw notFound('workflow');
    return workflowShape(row, team);
  };
  handle(app, 'listWorkflows', routes.listWorkflows, async ({ query, team, caller }) => {
    const { q, owner, ...filter } = query;
    // A key acts for the person who made it.
    const wanted = owner === 'me' ? (caller.userId ?? nobodysId) : owner;
    const { items, nextCursor } = await listWorkflows(deps.sql, team.id, {
      ...filter,
      ...(q === undefined ? {} : { search: q }),
      ...(wanted === undefined ? {} : { owner: wanted }),
    });
    return { items: items.map(workflowListShape), nextCursor };
  });
  handle(app, 'createWorkflow', routes.createWorkflow, async ({ body, team, caller, request, reply }) => {
    const definition = readDefinition(body.definition);
    const { name, description = null } = body;
    return makeWorkflow(context, { team, caller, request, reply }, { name, description, definition, how: 'create', details: { name } });
  });
  handle(app, 'getWorkflow', routes.getWorkflow, async ({ params, team, caller, reply }) => {
    const shape = await find(await withGrant(deps.sql, caller, team, { workflow: params.id }), params.id);
    reply.header('etag', `"${shape.revision}"`);
    return shape;
  });
  handle(app, 'updateWorkflow', routes.updateWorkflow, async ({ params, body, team, caller, ifMatch, request, reply }) => {
    const definition = await changedDefinition(deps.sql, team.id, params.id, body);
    const saved = await updateWorkflow(deps.sql, {
      team: team.id,
      id: params.id,
      userId: caller.userId,
      ifMatch,
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.description === undefined ? {} : { description: body.description }),
      ...(definition === null
        ? {}
        : {
            definition: definition as unknown as Json,
            hash: draftHash(definition),
            nodes: derivedNodes(definition),
            tags: settingsOf(definition.settings).tags,
          }),
    });
    if (saved.outcome === 'not-found') throw notFound('workflow');
    if (saved.outcome === 'stale') throw stale(saved);
    // An editor saves by itself: moved nodes, and every step of one person's work, are not what an audit log is read for.
    const told = body.name !== undefined || body.description !== undefined || body.tags !== undefined || !saved.continued;
    if (saved.changed === 'meaning' && told) await audit(request, 'workflow.update', `workflow:${params.id}`, { revision: saved.revision });
    reply.header('etag', `"${saved.revision}"`);
    return find(team, params.id);
  });
  handle(app, 'deleteWorkflow', routes.deleteWorkflow, async ({ params, team, request }) => {
    const outcome = await deleteWorkflow(deps.sql, team.id, params.id);
    if (outcome === 'not-found') throw notFound('workflow');
    if (outcome === 'has-runs') throw conflict('workflow.has-runs', 'The workflow has runs, which stay readable.', 'Archive it instead.');
    await audit(request, 'workflow.delete', `workflow:${params.id}`);
    return undefined;
  });
}

/** The draft that a PATCH makes; null where it leaves it alone. Tags live in the draft's settings. */
async function changedDefinition(
  sql: Sql,
  team: string,
  id: string,
  body: { definition?: unknown; tags?: string[] | undefined },
): Promise<Definition | null> {
  const given = body.definition === undefined ? null : readDefinition(body.definition);
  if (body.tags === undefined) return given;
  const row = given === null ? await readWorkflow(sql, team, id) : null;
  if (given === null && row === null) throw notFound('workflow');
  return withTags(given ?? readDefinition(row?.definition), body.tags);
}

/** All that publishing would refuse, the secrets of webhooks among it. */
async function publishFaults({ deps }: RouteContext, team: TeamAccess, definition: Definition) {
  const { errors, warnings } = await faultsOf(deps.sql, team, definition);
  const ofHooks = await hookFaults({ sql: deps.sql, credentialKeys: deps.settings.credentialKeys.current() }, team.id, definition);
  return { errors: [...errors, ...ofHooks], warnings };
}

async function publish(
  context: RouteContext,
  given: { team: TeamAccess; userId: string | null; id: string; name: string; definition: Definition; note: string; ifMatch?: number | null },
) {
  const { deps } = context;
  const { team } = given;
  const definition = withActionVersions(given.definition);
  const { errors, warnings } = await publishFaults(context, team, definition);
  if (errors.length > 0) throw invalidDefinition('The definition cannot be published', errors);
  const { hash, plan } = freeze(definition, given.name);
  const settings = settingsOf(definition.settings);
  const result = await publishWorkflow(deps.sql, {
    team: team.id,
    id: given.id,
    userId: given.userId,
    note: given.note,
    ifMatch: given.ifMatch ?? null,
    definition: definition as unknown as Json,
    hash,
    plan: plan as unknown as Json,
    warnings: warnings as unknown as Json[],
    makeToken: newTriggerToken,
    activeLimit: activeLimit(team.plan),
    triggers: (definition.triggers ?? []).map((trigger) => ({ triggerId: trigger.id, type: trigger.type, config: (trigger.config ?? {}) as Json })),
    settings: {
      maxConcurrentRuns: settings.maxConcurrentRuns,
      timeoutMs: settings.timeoutMs,
      overlap: settings.overlap,
      priority: settings.priority,
      tags: settings.tags,
    },
  });
  if (result.outcome === 'too-many') throw tooManyActive(team.plan);
  if (result.outcome === 'stale') throw stale(result);
  if (result.outcome !== 'ok') throw notFound('workflow');
  await carryOut(context, result.start);
  const urls = result.tokens.map(({ triggerId, type, token }) => ({ triggerId, type, url: urlOfToken(deps.settings.url, token) }));
  return { ...result, warnings, urls };
}

function versionRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps, audit } = context;
  handle(app, 'validateWorkflow', routes.validateWorkflow, async ({ params, body, team }) => {
    const row = await readWorkflow(deps.sql, team.id, params.id);
    if (row === null) throw notFound('workflow');
    const definition = readDefinition(body.definition ?? row.definition);
    const { errors, warnings } = await publishFaults(context, team, definition);
    return { ok: errors.length === 0, errors, warnings };
  });
  handle(app, 'publishWorkflow', routes.publishWorkflow, async ({ params, body, team, caller, ifMatch, request }) => {
    const row = await readWorkflow(deps.sql, team.id, params.id);
    if (row === null) throw notFound('workflow');
    if (ifMatch !== null && ifMatch !== row.revision) throw stale({ revision: row.revision, updatedAt: row.updatedAt, updatedBy: row.updatedBy });
    const made = await publish(context, {
      team,
      userId: caller.userId,
      id: params.id,
      name: row.name,
      definition: readDefinition(row.definition),
      note: body.note ?? '',
      ifMatch,
    });
    if (made.changed) await audit(request, 'workflow.publish', `workflow:${params.id}`, { version: made.version });
    const version = await readVersion(deps.sql, team.id, params.id, made.version);
    if (version === null) throw notFound('version');
    return { ...versionShape(version), warnings: made.warnings, urls: made.urls };
  });
  handle(app, 'listVersions', routes.listVersions, async ({ params, query, team }) => {
    if ((await readWorkflow(deps.sql, team.id, params.id)) === null) throw notFound('workflow');
    const { items, nextCursor } = await listVersions(deps.sql, team.id, params.id, query);
    return { items: items.map(versionShape), nextCursor };
  });
  handle(app, 'getVersion', routes.getVersion, async ({ params, team }) => {
    const version = await readVersion(deps.sql, team.id, params.id, params.version);
    if (version === null) throw notFound('version');
    return { ...versionShape(version), definition: version.definition };
  });
  handle(app, 'rollbackWorkflow', routes.rollbackWorkflow, async ({ params, body, team, caller, request }) => {
    const row = await readWorkflow(deps.sql, team.id, params.id);
    if (row === null) throw notFound('workflow');
    const old = await readVersion(deps.sql, team.id, params.id, body.version);
    if (old === null)
      throw new UserError('workflow.no-such-version', 'There is no such version.', {
        status: 422,
        details: [{ path: '/version', code: 'workflow.no-such-version', message: 'is not a version of this workflow' }],
      });
    const definition = readDefinition(old.definition);
    const made = await publish(context, {
      team,
      userId: caller.userId,
      id: params.id,
      name: row.name,
      definition,
      note: `Rolled back to version ${body.version}`,
    });
    await audit(request, 'workflow.rollback', `workflow:${params.id}`, { to: body.version, version: made.version });
    const now = await readWorkflow(deps.sql, team.id, params.id);
    if (now === null) throw notFound('workflow');
    return workflowShape(now, team);
  });
}

/** Pause, activate, archive: of one workflow, by its own route or among many. @throws UserError 404 | 409 `workflow.not-published` | 403 `plan.limit` */
export async function changeStatus(
  context: RouteContext,
  team: TeamAccess,
  request: FastifyRequest,
  id: string,
  status: 'active' | 'paused' | 'archived',
): Promise<void> {
  const { deps, audit } = context;
  const { outcome, start } = await setWorkflowStatus(deps.sql, { team: team.id, id, status, activeLimit: activeLimit(team.plan) });
  if (outcome === 'too-many') throw tooManyActive(team.plan);
  if (outcome === 'not-found') throw notFound('workflow');
  if (outcome === 'not-published') throw conflict('workflow.not-published', 'The workflow has no published version yet.', 'Publish it first.');
  await carryOut(context, start);
  await audit(request, `workflow.${status}`, `workflow:${id}`);
}

function statusRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  const change = async (team: TeamAccess, request: FastifyRequest, id: string, status: 'active' | 'paused' | 'archived') => {
    await changeStatus(context, team, request, id, status);
    const row = await readWorkflow(deps.sql, team.id, id);
    if (row === null) throw notFound('workflow');
    return workflowShape(row, team);
  };
  handle(app, 'activateWorkflow', routes.activateWorkflow, async ({ params, team, request }) => change(team, request, params.id, 'active'));
  handle(app, 'pauseWorkflow', routes.pauseWorkflow, async ({ params, team, request }) => change(team, request, params.id, 'paused'));
  handle(app, 'archiveWorkflow', routes.archiveWorkflow, async ({ params, team, request }) => change(team, request, params.id, 'archived'));
}

/** Registers them. */
export function workflowRoutes(app: FastifyInstance, context: RouteContext): void {
  draftRoutes(app, context);
  versionRoutes(app, context);
  statusRoutes(app, context);
}
