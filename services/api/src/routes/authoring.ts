/** Building: tags, pins, differences, copies, rights on one workflow, changes of many. */
import { routes } from '@hub/contract';
import { type Definition, graphOf } from '@hub/dag';
import type { Json } from '@hub/dag/planner';
import { listTags, readVersion, readWorkflow } from '@hub/db/read';
import { deleteWorkflow, listWorkflowGrants, restoreDraft, setPins, setWorkflowGrants } from '@hub/db/write';
import { isHubError } from '@hub/kit/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { conflict, invalid, notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { problemOf } from '../http/problem.ts';
import { handle } from '../http/route.ts';
import type { TeamAccess } from '../plugins/app/caller.ts';
import { pinFaults } from '../runs/test-plan.ts';
import { checkPinSize } from '../runs/test-run.ts';
import { readDefinition } from '../workflows/definition.ts';
import { type VersionName, versionDiff } from '../workflows/diff.ts';
import { withGrant } from '../workflows/grants.ts';
import { makeWorkflow } from '../workflows/make.ts';
import { workflowShape } from '../workflows/shapes.ts';
import { changeStatus } from './workflows.ts';

async function workflowOf({ deps }: RouteContext, team: TeamAccess, id: string) {
  const row = await readWorkflow(deps.sql, team.id, id);
  if (row === null) throw notFound('workflow');
  return row;
}

function pinRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps, audit } = context;
  handle(app, 'listWorkflowTags', routes.listWorkflowTags, async ({ team }) => ({ items: await listTags(deps.sql, team.id), nextCursor: null }));
  handle(app, 'getPins', routes.getPins, async ({ params, team }) => (await workflowOf(context, team, params.id)).pins);
  handle(app, 'setPins', routes.setPins, async ({ params, body, team, request }) => {
    const row = await workflowOf(context, team, params.id);
    const faults = pinFaults(graphOf(readDefinition(row.definition)), body, '');
    if (faults.length > 0) throw invalid('pins.invalid', `These outputs cannot be pinned: ${faults[0]?.message ?? ''}`.slice(0, 500), faults);
    checkPinSize(body);
    if ((await setPins(deps.sql, team.id, params.id, body as Record<string, Json>)) === 'not-found') throw notFound('workflow');
    await audit(request, 'workflow.pin', `workflow:${params.id}`, { nodes: Object.keys(body) });
    return (await workflowOf(context, team, params.id)).pins;
  });
}

function versionRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  const definitionOf = async (
    team: TeamAccess,
    id: string,
    name: VersionName,
    draft: Json,
  ): Promise<{ name: VersionName; definition: Definition }> => {
    if (name === 'draft') return { name, definition: readDefinition(draft) };
    const version = await readVersion(deps.sql, team.id, id, name);
    if (version === null) throw notFound('version');
    return { name, definition: readDefinition(version.definition) };
  };
  handle(app, 'diffVersion', routes.diffVersion, async ({ params, query, team }) => {
    const row = await workflowOf(context, team, params.id);
    const earlier = params.version === 'draft' ? row.publishedVersion : params.version > 1 ? params.version - 1 : null;
    const against = query.against ?? earlier;
    const after = await definitionOf(team, params.id, params.version, row.definition);
    return versionDiff(against === null ? null : await definitionOf(team, params.id, against, row.definition), after);
  });
  handle(app, 'duplicateWorkflow', routes.duplicateWorkflow, async ({ params, body, team, caller, request, reply }) => {
    const row = await workflowOf(context, team, params.id);
    const definition = readDefinition(row.definition);
    const { description, pins } = row;
    const name = body.name ?? `${row.name.slice(0, 195)} copy`;
    const details = { from: params.id };
    return makeWorkflow(context, { team, caller, request, reply }, { name, description, definition, pins, how: 'duplicate', details });
  });
}

function grantRoutes(app: FastifyInstance, { deps, audit, notify }: RouteContext): void {
  const shown = (grants: NonNullable<Awaited<ReturnType<typeof listWorkflowGrants>>>) => ({
    items: grants.map(({ userId, name, email, level, grantedAt }) => ({ user: { id: userId, name, email }, level, grantedAt })),
    nextCursor: null,
  });
  handle(app, 'listWorkflowPermissions', routes.listWorkflowPermissions, async ({ params, team }) => {
    const grants = await listWorkflowGrants(deps.sql, team.id, params.id);
    if (grants === null) throw notFound('workflow');
    return shown(grants);
  });
  handle(app, 'setWorkflowPermissions', routes.setWorkflowPermissions, async ({ params, body, team, caller, request }) => {
    const seen = new Set<string>();
    const twice = body.items.flatMap(({ userId }, at) => {
      const known = seen.has(userId);
      seen.add(userId);
      return known ? [{ path: `/items/${at}/userId`, code: 'member.twice', message: 'is named twice' }] : [];
    });
    if (twice.length > 0) throw invalid('member.twice', 'A person is named twice.', twice);
    const before = new Map((await listWorkflowGrants(deps.sql, team.id, params.id))?.map((grant) => [grant.userId, grant.level]));
    const set = await setWorkflowGrants(deps.sql, { team: team.id, workflowId: params.id, by: caller.userId, grants: body.items });
    if (set.outcome === 'not-found') throw notFound('workflow');
    if (set.outcome === 'strangers')
      throw invalid(
        'member.not-found',
        'Rights on a workflow are for members of the team.',
        body.items.flatMap(({ userId }, at) =>
          set.strangers.includes(userId) ? [{ path: `/items/${at}/userId`, code: 'member.not-found', message: 'is no member of the team' }] : [],
        ),
      );
    await audit(request, 'workflow.permissions', `workflow:${params.id}`, { people: body.items.length });
    const name = (await readWorkflow(deps.sql, team.id, params.id))?.name ?? '';
    for (const { userId, email, level } of set.grants) {
      if (before.get(userId) === level || userId === caller.userId) continue;
      const title = `You can do more with ${name}`;
      const body = `You are now ${level} of this workflow, on top of your role in the team.`;
      await notify({ team: team.id, userId, email, kind: 'workflow-permission', title, body, link: `/workflows/${params.id}` });
    }
    return shown(set.grants);
  });
}

type Bulk = 'activate' | 'pause' | 'archive' | 'unarchive' | 'delete';
const wanted = { activate: 'active', pause: 'paused', archive: 'archived' } as const;

async function unarchive(context: RouteContext, team: TeamAccess, request: FastifyRequest, id: string): Promise<void> {
  const row = await workflowOf(context, team, id);
  if (row.status !== 'archived') return;
  if (row.publishedVersion === null) {
    await restoreDraft(context.deps.sql, team.id, id);
    await context.audit(request, 'workflow.unarchive', `workflow:${id}`);
  } else await changeStatus(context, team, request, id, 'paused');
}

/** One change as its own route would do it, with its permission. */
async function changeOne(context: RouteContext, team: TeamAccess, request: FastifyRequest, id: string, action: Bulk): Promise<void> {
  const needs = action === 'activate' || action === 'pause' ? 'workflow.publish' : 'workflow.write';
  const allowed = await withGrant(context.deps.sql, request.caller, team, { workflow: id });
  if (!allowed.permissions.has(needs)) throw conflict('auth.not-allowed', `This needs the permission ${needs}.`);
  if (action === 'unarchive') return unarchive(context, team, request, id);
  if (action === 'delete') {
    const outcome = await deleteWorkflow(context.deps.sql, team.id, id);
    if (outcome === 'not-found') throw notFound('workflow');
    if (outcome === 'has-runs') throw conflict('workflow.has-runs', 'The workflow has runs, which stay readable.', 'Archive it instead.');
    return context.audit(request, 'workflow.delete', `workflow:${id}`);
  }
  await changeStatus(context, team, request, id, wanted[action]);
}

function bulkRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  handle(app, 'unarchiveWorkflow', routes.unarchiveWorkflow, async ({ params, team, request }) => {
    await unarchive(context, team, request, params.id);
    return workflowShape(await workflowOf(context, team, params.id), team);
  });
  handle(app, 'bulkWorkflows', routes.bulkWorkflows, async ({ body, team, request }) => {
    const items = [];
    for (const id of new Set(body.ids)) {
      try {
        await changeOne(context, team, request, id, body.action);
        const now = await readWorkflow(deps.sql, team.id, id);
        items.push({ id, ok: true, status: now?.status ?? null, error: null });
      } catch (error) {
        // What is nobody's mistake ends the whole: the rest would fail alike.
        if (!isHubError(error) || error.kind !== 'user') throw error;
        const { code, detail } = problemOf(error);
        items.push({ id, ok: false, status: null, error: { code, detail } });
      }
    }
    return { items };
  });
}

/** Registers them. */
export function authoringRoutes(app: FastifyInstance, context: RouteContext): void {
  pinRoutes(app, context);
  versionRoutes(app, context);
  grantRoutes(app, context);
  bulkRoutes(app, context);
}
