/** Runs: start, read, wait, cancel, and what happened in them. */
import { routes } from '@hub/contract';
import type { Sql } from '@hub/db';
import {
  listRunNodes,
  listRuns,
  readNodeOutput,
  readRun,
  readRunEvents,
  readRunGraph,
  readRunOutput,
  readRunStrips,
  summarizeRunNodes,
} from '@hub/db/read';
import { cancelRun, createRun, monthlyRuns, noteRun, readStarted } from '@hub/db/write';
import type { NewRun, RunRef } from '@hub/db/write';
import type { Definition } from '@hub/dag';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { conflict, notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { isSettled, waitSettled } from '../live/wait.ts';
import type { Caller, TeamAccess } from '../plugins/app/caller.ts';
import { idempotencyKey, keyReused, requestHash } from '../plugins/app/idempotency.ts';
import { checkInput } from '@hub/activities/run-input';
import { withGrant } from '../workflows/grants.ts';
import { monthIsFull } from '../workflows/plan-limits.ts';
import { nodeRowShape, runShape, runSummaryShape, shownStatus } from '../runs/shapes.ts';
import { createStartables } from '../runs/startable.ts';
import { testStart } from '../runs/test-run.ts';

/** Tells Temporal what the database decided. A failure is only logged: the sweep repairs starts, the reconciler cancels. */
export async function carryOut(context: RouteContext, start: RunRef[], cancel: RunRef[] = []): Promise<void> {
  const { deps, notifier } = context;
  for (const { team, run } of [...start, ...cancel]) notifier.note(team, run);
  const tried = await Promise.allSettled([
    ...(start.length > 0 ? [deps.starter.start(start)] : []),
    ...cancel.map(({ run }) => deps.temporal.cancel(run)),
  ]);
  for (const one of tried)
    if (one.status === 'rejected')
      deps.log.warn({ err: one.reason as unknown }, 'a run could not be started or cancelled at once; the sweep tries again');
}

const refusals: Record<string, () => UserError> = {
  'not-found': () => notFound('workflow'),
  'not-published': () => conflict('workflow.not-published', 'The workflow has no published version yet.', 'Publish it first.'),
  'no-such-version': () =>
    new UserError('workflow.no-such-version', 'There is no such version.', {
      status: 422,
      details: [{ path: '/version', code: 'workflow.no-such-version', message: 'is not a version of this workflow' }],
    }),
  paused: () => conflict('workflow.paused', 'The workflow is paused and takes no starts.', 'Activate it.'),
  archived: () => conflict('workflow.archived', 'The workflow is archived and takes no starts.', 'Activate it.'),
  busy: () => conflict('workflow.busy', 'The workflow is running and its overlap is set to skip.'),
  'key-reused': keyReused,
};

/** Why a start was not taken; null: it was. */
export function startRefusal(outcome: string, plan: string): UserError | null {
  return outcome === 'month-full' ? monthIsFull(plan) : (refusals[outcome]?.() ?? null);
}

/** A test runs what nobody has published: that is for those who may write it. @throws UserError 403 */
export async function testerOf(sql: Sql, caller: Caller, team: TeamAccess, workflow: string): Promise<TeamAccess> {
  const held = team.permissions.has('workflow.write') ? team : await withGrant(sql, caller, team, { workflow });
  if (held.permissions.has('workflow.write')) return held;
  throw new UserError('auth.not-allowed', 'Testing a draft needs the permission workflow.write.', {
    status: 403,
    remedy: 'Ask an admin of the team.',
  });
}

/**
 * The run that was started under this key, whatever became of the workflow since: it may be paused by now, or take another input.
 * @throws UserError 422 `request.key-reused`
 */
async function startedBefore(
  context: RouteContext,
  given: { team: TeamAccess; workflow: string; key: string; bodyHash: Buffer },
): Promise<{ id: string; status: 'queued' } | null> {
  const { team, workflow, key, bodyHash } = given;
  const known = await readStarted(context.deps.sql, team.id, workflow, key);
  if (known === null) return null;
  if (known.bodyHash?.equals(bodyHash) !== true) throw keyReused();
  // Whoever made it may have died after the commit: starting twice is one start.
  if (known.status === 'starting') void carryOut(context, [{ team: team.id, run: known.run }]);
  return { id: known.run, status: 'queued' };
}

function startRoute(app: FastifyInstance, context: RouteContext): void {
  const { deps } = context;
  const startable = createStartables(deps.sql);
  handle(app, 'startRun', routes.startRun, async ({ params, body, team, caller, request }) => {
    const key = idempotencyKey(request);
    const bodyHash = requestHash(request);
    const known = key === null ? null : await startedBefore(context, { team, workflow: params.id, key, bodyHash });
    if (known !== null) return known;
    const test = body.draft === true ? await testStart(deps.sql, await testerOf(deps.sql, caller, team, params.id), params.id, body) : null;
    const { definition, version } =
      test === null ? await startable(team.id, params.id, body.version) : { definition: test.definition, version: null };
    const trigger = pickTrigger(definition, body.trigger, caller.kind === 'person');
    const input = test === null ? checkInput(definition.inputs, body.input) : test.input;
    const made = await createRun(
      deps.sql,
      { blobKey: deps.settings.blobKey },
      {
        team: team.id,
        workflowId: params.id,
        version,
        ...test?.run,
        triggeredBy: caller.kind === 'person' ? 'manual' : 'api',
        triggerId: trigger.id,
        trigger: { type: trigger.type, id: trigger.id, at: new Date().toISOString() },
        userId: caller.userId,
        inputText: JSON.stringify(input),
        idempotencyKey: key,
        bodyHash,
        monthlyRuns,
        ...(trigger.overlap === null || test !== null ? {} : { overlap: trigger.overlap }),
        ...(body.priority === undefined ? {} : { priority: body.priority }),
      },
    );
    const refusal = startRefusal(made.outcome, team.plan);
    if (refusal !== null) throw refusal;
    if (!('run' in made)) throw conflict('run.refused', 'The run was not taken.');
    // After the commit: 202 promises the run, whatever happens to this process now.
    context.notifier.note(team.id, made.run);
    void carryOut(context, made.start, made.cancel);
    return { id: made.run, status: 'queued' as const };
  });
}

/** A manual start counts as the first manual or api trigger, else the first trigger, unless one is named (03). */
function pickTrigger(
  definition: Pick<Definition, 'triggers'>,
  named: string | undefined,
  isPerson: boolean,
): { id: string | null; type: string; overlap: Overlap | null } {
  const triggers = definition.triggers ?? [];
  if (named !== undefined) {
    const found = triggers.find((one) => one.id === named);
    if (!found)
      throw new UserError('workflow.no-such-trigger', 'The workflow has no trigger of this id.', {
        status: 422,
        details: [{ path: '/trigger', code: 'workflow.no-such-trigger', message: 'is not a trigger of this version' }],
      });
    return { id: found.id, type: found.type, overlap: overlapOf(found.config) };
  }
  const usual = triggers.find((one) => one.type === 'manual' || one.type === 'api') ?? triggers[0];
  return usual
    ? { id: usual.id, type: usual.type, overlap: overlapOf(usual.config) }
    : { id: null, type: isPerson ? 'manual' : 'api', overlap: null };
}

type Overlap = NonNullable<NewRun['overlap']>;
/** A trigger's own rule wins over that of the workflow (03). */
function overlapOf(config: unknown): Overlap | null {
  const given = (config as { overlap?: unknown } | undefined)?.overlap;
  return given === 'queue' || given === 'skip' || given === 'cancel_older' ? given : null;
}

/** A fused group's steps begin a moment before the row that tells of the run's start; only what was kept of an earlier run truly did. */
function sinceStart<T extends { startMs: number | null; endMs: number | null; kept: boolean }>(part: T): T {
  if (part.kept) return part;
  return { ...part, startMs: part.startMs === null ? null : Math.max(0, part.startMs), endMs: part.endMs === null ? null : Math.max(0, part.endMs) };
}

function readRoutes(app: FastifyInstance, context: RouteContext): void {
  const { deps, feed } = context;
  handle(app, 'listRuns', routes.listRuns, async ({ query, team }) => {
    const { include, test, ...filter } = query;
    const { items, nextCursor } = await listRuns(deps.sql, team.id, { ...filter, ...(test === undefined ? {} : { isTest: test === 'true' }) });
    const strips =
      include === 'strip'
        ? await readRunStrips(
            deps.sql,
            team.id,
            items.map((row) => row.id),
          )
        : null;
    return {
      items: items.map((row) => ({ ...runSummaryShape(row), ...(strips ? { strip: (strips.get(row.id) ?? []).map(sinceStart) } : {}) })),
      nextCursor,
    };
  });
  handle(app, 'getRun', routes.getRun, async ({ params, query, team, reply }) => {
    const read = async () => {
      const row = await readRun(deps.sql, team.id, params.id);
      if (row === null) throw notFound('run');
      return row;
    };
    if (query.wait === undefined || query.wait <= 0) return runShape(await read(), deps.settings);
    const end = feed.waitEnd(team.id, params.id);
    try {
      const row = await read();
      if (isSettled(shownStatus(row.status))) return runShape(row, deps.settings);
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort());
      await waitSettled(end, query.wait, gone.signal);
      return runShape(await read(), deps.settings);
    } finally {
      end.stop();
    }
  });
  handle(app, 'getRunOutput', routes.getRunOutput, async ({ params, team, reply }) => {
    const found = await readRunOutput(deps.sql, team.id, params.id);
    if (found === null) throw notFound('run');
    return reply.type('application/json; charset=utf-8').header('content-security-policy', "default-src 'none'").send(found.text);
  });
  handle(app, 'getRunDefinition', routes.getRunDefinition, async ({ params, team }) => {
    const graph = await readRunGraph(deps.sql, team.id, params.id);
    if (graph === null) throw notFound('run');
    return { workflowId: graph.workflowId, workflowName: graph.workflowName, version: graph.version, definition: graph.definition };
  });
  handle(app, 'listRunEvents', routes.listRunEvents, async ({ params, query, team }) => {
    if ((await readRun(deps.sql, team.id, params.id)) === null) throw notFound('run');
    const { events } = await readRunEvents(deps.sql, team.id, params.id, { after: query.after ?? 0, limit: query.limit ?? 200 });
    return { items: events, nextCursor: null };
  });
}

function nodeRoutes(app: FastifyInstance, { deps }: RouteContext): void {
  handle(app, 'listRunNodes', routes.listRunNodes, async ({ params, query, team }) => {
    const { values, ...filter } = query;
    const found = await listRunNodes(deps.sql, team.id, params.id, filter);
    if (found.items.length === 0 && (await readRun(deps.sql, team.id, params.id)) === null) throw notFound('run');
    return { items: found.items.map((row) => nodeRowShape(row, params.id, values !== 'false')), nextCursor: found.nextCursor };
  });
  handle(app, 'summarizeRunNodes', routes.summarizeRunNodes, async ({ params, team }) => {
    if ((await readRun(deps.sql, team.id, params.id)) === null) throw notFound('run');
    return { items: await summarizeRunNodes(deps.sql, team.id, params.id), nextCursor: null };
  });
  handle(app, 'getNodeOutput', routes.getNodeOutput, async ({ params, query, team, reply }) => {
    const found = await readNodeOutput(deps.sql, team.id, params.id, params.nodeId, query.path === undefined ? {} : { path: query.path });
    if (found === null || found.text === null) throw new UserError('node.no-output', 'This node has no output in this run.', { status: 404 });
    return reply.type('application/json; charset=utf-8').send(found.text);
  });
}

function noteRoute(app: FastifyInstance, { deps, audit }: RouteContext): void {
  handle(app, 'noteRun', routes.noteRun, async ({ params, body, team, caller, request }) => {
    if (!(await noteRun(deps.sql, team.id, params.id, body.note, caller.userId))) throw notFound('run');
    await audit(request, 'run.note', `run:${params.id}`, { taken: body.note === null });
    return body;
  });
}

/** Cancels one run, whatever its state. @throws UserError 404 | 409 `run.settled` */
export async function cancelOne(context: RouteContext, team: string, request: FastifyRequest, run: string): Promise<'cancelled' | 'running'> {
  const { deps, audit } = context;
  const { outcome, start } = await cancelRun(deps.sql, team, run, { userId: request.caller.userId });
  if (outcome === 'not-found') throw notFound('run');
  if (outcome === 'ended') throw conflict('run.settled', 'The run has ended already.');
  if (outcome === 'cancelled') context.notifier.noteEnd(team, run);
  else context.notifier.note(team, run);
  await carryOut(context, start, outcome === 'requested' ? [{ team, run }] : []);
  await audit(request, 'run.cancel', `run:${run}`);
  return outcome === 'cancelled' ? 'cancelled' : 'running';
}

function cancelRoute(app: FastifyInstance, context: RouteContext): void {
  handle(app, 'cancelRun', routes.cancelRun, async ({ params, team, request }) => ({
    id: params.id,
    status: await cancelOne(context, team.id, request, params.id),
  }));
}

/** Registers them. */
export function runRoutes(app: FastifyInstance, context: RouteContext): void {
  startRoute(app, context);
  readRoutes(app, context);
  nodeRoutes(app, context);
  noteRoute(app, context);
  cancelRoute(app, context);
}
