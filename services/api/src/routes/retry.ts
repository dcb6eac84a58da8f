/** Continue a run that ended (03): plan it, start it. */
import { routes } from '@hub/contract';
import type { Fault, RetryPlanView, RetryRequest } from '@hub/contract';
import { type Definition, outputPort } from '@hub/dag';
import type { Json, Plan } from '@hub/dag/planner';
import { readPublishedVersion, readRetrySource, readVersion, type RetrySource } from '@hub/db/read';
import { monthlyRuns, type NewRun, retryRun } from '@hub/db/write';
import { errorCode, UserError } from '@hub/kit/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { conflict, invalid, notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { isSettled } from '../live/wait.ts';
import { idempotencyKey, requestHash } from '../plugins/app/idempotency.ts';
import type { TeamAccess } from '../plugins/app/caller.ts';
import { outermost, planRetry, type RetryPlan } from '../runs/retry-plan.ts';
import { freezeDraft } from '../runs/test-run.ts';
import { readDefinition } from '../workflows/definition.ts';
import { carryOut, startRefusal, testerOf } from './runs.ts';

interface Prepared {
  source: RetrySource;
  definition: Definition;
  version: number | null;
  /** What a test run freezes. */
  snapshot: NonNullable<NewRun['snapshot']> | null;
  plan: RetryPlan;
}

const fault = (path: string, code: string, message: string, nodeId?: string): Fault => ({
  path,
  code,
  message,
  ...(nodeId === undefined ? {} : { nodeId }),
});

/** What is wrong with the wish itself, all at once. `loops`: how many items they had, where that is known and still holds. */
function faultsOf(definition: Definition, loops: RetrySource['loops'], { fromNode, iteration, outputs = {} }: RetryRequest): Fault[] {
  const nodes = new Map(definition.nodes.map((node) => [node.id, node]));
  const faults: Fault[] = [];
  const named = fromNode === undefined ? undefined : nodes.get(fromNode);
  if (fromNode !== undefined && named === undefined)
    faults.push(fault('/fromNode', 'node.not-found', `There is no node "${fromNode}" in this version.`));
  if (iteration !== undefined && named !== undefined && named.parent === undefined)
    faults.push(fault('/iteration', 'run.no-iteration', `${named.id} is in no loop, so it has no iterations.`, named.id));
  const loop = named?.parent === undefined ? undefined : outermost(definition, named).id;
  const count = loop === undefined ? undefined : loops[loop];
  if (iteration !== undefined && count !== undefined && iteration >= count)
    faults.push(fault('/iteration', 'run.no-iteration', `${loop} had ${count} items; iterations count from 0.`, loop));
  for (const [id, value] of Object.entries(outputs)) {
    const node = nodes.get(id);
    if (node === undefined) faults.push(fault(`/outputs/${id}`, 'node.not-found', `There is no node "${id}" in this version.`));
    else if (node.parent !== undefined)
      faults.push(fault(`/outputs/${id}`, 'run.output-in-loop', 'An output can be set for a node outside of loops only. Set that of its loop.', id));
    else if (outputPort(node, value) === null) faults.push(fault(`/outputs/${id}`, 'pins.no-port', `This output takes no port of ${id}.`, id));
  }
  return faults;
}

/** @throws UserError 404 | 409 `run.not-settled` | 422 */
async function prepare(context: RouteContext, access: TeamAccess, run: string, body: RetryRequest): Promise<Prepared> {
  const { sql } = context.deps;
  const team = access.id;
  const source = await readRetrySource(sql, team, run);
  if (source === null) throw notFound('run');
  if (!isSettled(source.status)) throw conflict('run.not-settled', 'The run has not ended yet.', 'Wait for its end, or cancel it first.');
  const { definition, plan, version, snapshot } = await targetOf(context, access, source, body.version);
  const faults = faultsOf(definition, body.version === undefined ? source.loops : {}, body);
  if (faults.length > 0) throw invalid('run.invalid-retry', `The run cannot be continued so: ${faults[0]?.message ?? ''}`, faults);
  const earlier = new Set(startedWith(source).sameAs?.flatMap(({ nodes }) => nodes));
  const { fromNode, iteration, outputs = {} } = body;
  const choice = { fromNode, iteration, byHand: Object.keys(outputs), undone: source.undone, earlier, unsure: new Set(source.unsure) };
  const keyedItems = new Set(source.items.filter(({ keyed }) => keyed).map(({ nodeId }) => nodeId));
  const planned = planRetry(readDefinition(source.definition), definition, plan, source.states, choice, keyedItems);
  return { source, definition, version, snapshot, plan: planned };
}

interface Target {
  definition: Definition;
  plan: Plan;
  version: number | null;
  snapshot: NonNullable<NewRun['snapshot']> | null;
}

/** The version that would run, or the draft as it is now. */
async function targetOf({ deps }: RouteContext, access: TeamAccess, source: RetrySource, wanted: RetryRequest['version']): Promise<Target> {
  const team = access.id;
  if (wanted === 'draft') {
    const { definition, snapshot } = await freezeDraft(deps.sql, access, source.workflowId, source.definition);
    return { definition, plan: snapshot.plan as unknown as Plan, version: null, snapshot };
  }
  const version = wanted === 'published' ? await readPublishedVersion(deps.sql, team, source.workflowId) : (wanted ?? source.version);
  if (version === undefined) throw notFound('workflow');
  if (version === null || version === source.version) {
    if (version === null && wanted === 'published')
      throw conflict('workflow.not-published', 'The workflow has no published version yet.', 'Publish it first.');
    const snapshot = { definition: source.definition, hash: source.hash, plan: source.plan as unknown as Json };
    return {
      definition: readDefinition(source.definition),
      plan: source.plan,
      version: source.version,
      snapshot: version === null ? snapshot : null,
    };
  }
  if (source.version === null)
    throw invalid('run.invalid-retry', 'A test run is continued on its own draft, or on the draft as it is now.', [
      fault('/version', 'run.test-version', 'leave it out for a test run, or send draft'),
    ]);
  const found = await readVersion(deps.sql, team, source.workflowId, version);
  if (found === null)
    throw new UserError('workflow.no-such-version', 'There is no such version.', {
      status: 422,
      details: [fault('/version', 'workflow.no-such-version', 'is not a version of this workflow')],
    });
  return { definition: readDefinition(found.definition), plan: found.plan as unknown as Plan, version, snapshot: null };
}

function viewOf({ source, definition, version, plan }: Prepared): RetryPlanView {
  const labels = new Map(definition.nodes.map((node) => [node.id, node.label ?? node.id]));
  const label = (id: string): string => labels.get(id) ?? id;
  const states = new Map(source.states.map((state) => [state.nodeId, state]));
  const bodyOf = (id: string): Set<string> => {
    const inside = new Set([id]);
    const inBody = ({ id: inner, parent }: { id: string; parent?: string }): boolean =>
      !inside.has(inner) && parent !== undefined && inside.has(parent);
    for (let next = definition.nodes.find(inBody); next !== undefined; next = definition.nodes.find(inBody)) inside.add(next.id);
    return inside;
  };
  const spent = (ids: ReadonlySet<string>): { tokens: number; costUsd: number } => {
    const parts = [...source.states.filter(({ nodeId }) => ids.has(nodeId)), ...source.items.filter(({ nodeId }) => ids.has(nodeId))];
    return { tokens: parts.reduce((sum, part) => sum + part.tokens, 0), costUsd: parts.reduce((sum, part) => sum + part.costUsd, 0) };
  };
  const whole = plan.kept.map(({ nodeId }) => ({ nodeId, label: label(nodeId), items: null, ...spent(bodyOf(nodeId)) }));
  const partly = plan.keptItems.flatMap(({ nodeId, except }) => {
    const index = except === null ? null : Number(/\[(\d+)\]/.exec(except)?.[1]);
    const parts = source.items.filter((item) => item.nodeId === nodeId && item.index !== index && item.count > 0);
    const items = parts.reduce((sum, item) => sum + item.count, 0);
    const sum = { tokens: parts.reduce((all, item) => all + item.tokens, 0), costUsd: parts.reduce((all, item) => all + item.costUsd, 0) };
    return items === 0 ? [] : [{ nodeId, label: label(nodeId), items, ...sum }];
  });
  const kept = [...whole, ...partly];
  const ran = (id: string): boolean => states.has(id) || source.items.some((item) => item.nodeId === id);
  const same = new Set(plan.same);
  const runs = plan.runs.map(({ nodeId, why }) => ({
    nodeId,
    label: label(nodeId),
    why: why === 'failed' && !ran(nodeId) ? ('not-run' as const) : why,
    ...spent(new Set([nodeId])),
    mayKeep: same.has(nodeId),
  }));
  return {
    version,
    kept,
    runs,
    saved: sumOf(kept),
    // Items that are kept although their loop runs are not paid again.
    cost: sumOf([...runs, ...partly.map(({ tokens, costUsd }) => ({ tokens: -tokens, costUsd: -costUsd }))]),
    mayBeSaved: sumOf(runs.filter(({ mayKeep }) => mayKeep)),
  };
}

function sumOf(parts: readonly { tokens: number; costUsd: number }[]): { tokens: number; costUsd: number } {
  const all = parts.reduce((sum, part) => ({ tokens: sum.tokens + part.tokens, costUsd: sum.costUsd + part.costUsd }), { tokens: 0, costUsd: 0 });
  return { tokens: Math.max(0, all.tokens), costUsd: Math.max(0, all.costUsd) };
}

type Start = NonNullable<NewRun['start']>;

/** As `newRun` or a test run had started it. */
function startedWith({ start }: RetrySource): Partial<Start> {
  return start as Partial<Start>;
}

/** Runs that are looked through for an output made from the same: more are not, and their steps run. */
const mostEarlier = 20;

/** The run that is continued and, for what it did not come to, those that it had been told to look in itself. */
function sameIn(source: RetrySource, nodes: readonly string[]): NonNullable<Start['sameAs']> {
  const before = (startedWith(source).sameAs ?? []).map((one) => ({ run: one.run, nodes: one.nodes.filter((id) => nodes.includes(id)) }));
  return [{ run: source.run, nodes: [...nodes] }, ...before].filter((one) => one.nodes.length > 0).slice(0, mostEarlier);
}

/** Wishes of before that this one does not take the place of, and this one's; 0 becomes the chain's next number. */
function generationsOf(source: RetrySource, again: RetryPlan['again']): NonNullable<Start['generations']> {
  const isAgain = (nodeId: string, within: string | null): boolean => again.some((one) => one.nodeId === nodeId && one.within === within);
  const before = (startedWith(source).generations ?? []).filter(({ nodeId, within }) => !isAgain(nodeId, within));
  return [...before, ...again.map((one) => ({ ...one, n: 0 }))];
}

/** `nodes.<id>.error` of a kept node, where `onError` had completed it. */
function handledIn({ states }: RetrySource, nodeId: string): { error?: NonNullable<RetrySource['states'][number]['error']> } {
  const error = states.find((state) => state.nodeId === nodeId)?.error ?? null;
  return error === null ? {} : { error };
}

/** What starts the new run like the old one, its kept nodes completed. */
function newRun(
  { source, definition, version, snapshot, plan }: Prepared,
  outputs: Record<string, unknown>,
): Pick<NewRun, 'workflowId' | 'version' | 'snapshot' | 'test' | 'pinned' | 'rootRun' | 'start' | 'inputText' | 'trigger' | 'triggerId'> {
  const byHand = definition.nodes.flatMap((node) =>
    Object.hasOwn(outputs, node.id) ? [{ nodeId: node.id, port: outputPort(node, outputs[node.id]) ?? 'out', as: 'row' as const }] : [],
  );
  const earlier = startedWith(source);
  const generations = generationsOf(source, plan.again);
  return {
    workflowId: source.workflowId,
    version,
    ...(snapshot === null ? {} : { snapshot, test: true }),
    pinned: source.pinned,
    rootRun: source.rootRun,
    triggerId: source.triggerId === '' ? null : source.triggerId,
    trigger: source.trigger,
    inputText: source.inputText,
    start: {
      trigger: earlier.trigger ?? null,
      ...(earlier.only === undefined ? {} : { only: earlier.only, ...(earlier.alone ? { alone: true } : {}) }),
      given: [...plan.kept.map((node) => ({ ...node, as: 'row' as const, ...handledIn(source, node.nodeId) })), ...byHand],
      ...(generations.length > 0 ? { generations } : {}),
      ...(plan.same.length > 0 ? { sameAs: sameIn(source, plan.same) } : {}),
    },
  };
}

/** As `retryRun`. @throws UserError 404 where retention removed the run since it was read. */
async function continued(...given: Parameters<typeof retryRun>): ReturnType<typeof retryRun> {
  try {
    return await retryRun(...given);
  } catch (error) {
    throw errorCode(error) === 'run.gone' ? notFound('run') : error;
  }
}

/** Who continues a run, and under which key. */
export interface Retrier {
  team: TeamAccess;
  request: FastifyRequest;
  key: string | null;
  bodyHash: ReturnType<typeof requestHash>;
}

/** Continues one run; answers the new one. @throws UserError as `prepare`, and 409 where it was not taken. */
export async function retryOne(context: RouteContext, { team, request, key, bodyHash }: Retrier, run: string, body: RetryRequest): Promise<string> {
  const { deps, audit } = context;
  const { caller } = request;
  const prepared = await prepare(context, team, run, body);
  if (body.version === 'draft') await testerOf(deps.sql, caller, team, prepared.source.workflowId);
  const outputs = body.outputs ?? {};
  const given = newRun(prepared, outputs);
  const byHand = prepared.definition.nodes.flatMap((node) =>
    Object.hasOwn(outputs, node.id)
      ? [{ nodeId: node.id, nodeType: node.type, port: outputPort(node, outputs[node.id]) ?? 'out', value: outputs[node.id] as Json }]
      : [],
  );
  const made = await continued(
    deps.sql,
    { blobKey: deps.settings.blobKey },
    {
      ...given,
      team: team.id,
      triggeredBy: caller.kind === 'person' ? 'manual' : 'api',
      userId: caller.userId,
      idempotencyKey: key,
      bodyHash,
      overlap: 'queue',
      monthlyRuns,
    },
    { from: run, paths: prepared.plan.kept.map(({ nodeId }) => nodeId), items: prepared.plan.keptItems, byHand, unsure: prepared.plan.unsure },
  );
  const refusal = startRefusal(made.outcome, team.plan);
  if (refusal) throw refusal;
  if (!('run' in made)) throw conflict('run.refused', 'The run was not taken.');
  // Both values stand in the rows: that of before in the run it came from, the one set by hand in this one.
  if (made.outcome === 'created') await audit(request, 'run.retry', `run:${made.run}`, { of: run, outputsSet: byHand.map(({ nodeId }) => nodeId) });
  context.notifier.note(team.id, made.run);
  void carryOut(context, made.start, made.cancel);
  return made.run;
}

export function retryRoutes(app: FastifyInstance, context: RouteContext): void {
  handle(app, 'planRetry', routes.planRetry, async ({ params, body, team }) => viewOf(await prepare(context, team, params.id, body)));
  handle(app, 'retryRun', routes.retryRun, async ({ params, body, team, request }) => {
    const retrier = { team, request, key: idempotencyKey(request), bodyHash: requestHash(request) };
    return { id: await retryOne(context, retrier, params.id, body), status: 'queued' as const };
  });
}
