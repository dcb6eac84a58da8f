/** A test run of a draft: its frozen snapshot, what of it runs, and the outputs that stand in for the rest. */
import type { Fault } from '@hub/contract';
import { type Definition, type Graph, graphOf, sameJson } from '@hub/dag';
import type { Json } from '@hub/dag/planner';
import type { Sql } from '@hub/db';
import { readRunContext, readSettledValues, readWorkflow } from '@hub/db/read';
import type { NewRun } from '@hub/db/write';
import { UserError } from '@hub/kit/errors';
import { invalid, invalidDefinition, notFound } from '../http/answers.ts';
import type { TeamAccess } from '../plugins/app/caller.ts';
import { checkPorts, definitionHash, readDefinition, withActionVersions } from '../workflows/definition.ts';
import { credentialFaultsOf } from '../workflows/faults.ts';
import { checkInput } from '@hub/activities/run-input';
import { fittingPins, maxPinBytes, pathsToTake, pinFaults, planTest, runningNodes, type TestChoice } from './test-plan.ts';

interface TestRequest extends TestChoice {
  input?: unknown;
  pinned?: Record<string, unknown> | undefined;
  pinnedFromRun?: string | undefined;
}

/** What a test run adds to a start. */
export interface TestStart {
  definition: Definition;
  input: unknown;
  run: Pick<NewRun, 'snapshot' | 'test' | 'start' | 'pinned'>;
}

const refusedDraft = (faults: Fault[]): UserError => invalidDefinition('The draft cannot be run', faults);

/** @throws UserError 413 `pins.too-large` for more than 4 MB of outputs in all. */
export function checkPinSize(pins: unknown): void {
  if (Buffer.byteLength(JSON.stringify(pins)) > maxPinBytes) throw tooLarge();
}
const tooLarge = (): UserError =>
  new UserError('pins.too-large', 'Outputs that stand in for nodes are at most 4 MB together.', {
    status: 413,
    remedy: 'Pin a smaller sample, or let the node run.',
  });

/** Outputs of a past run for the nodes that do not run, and its input. */
async function fromRun(
  sql: Sql,
  team: string,
  workflowId: string,
  given: { run: string; graph: Graph; running: ReadonlySet<string>; pinned: ReadonlySet<string> },
) {
  const past = await readRunContext(sql, team, given.run);
  if (past === null || past.workflowId !== workflowId)
    throw invalid('run.not-found', 'pinnedFromRun is no run of this workflow.', [
      { path: '/pinnedFromRun', code: 'run.not-found', message: 'is no run of this workflow' },
    ]);
  const paths = pathsToTake(given.graph, given.running, given.pinned);
  const values = await readSettledValues(sql, team, given.run, [...paths.keys()], maxPinBytes);
  if (values === 'too-large') throw tooLarge();
  const taken: Record<string, Json> = {};
  for (const { path, outputText } of values) {
    const id = paths.get(path);
    if (id !== undefined && outputText !== null) taken[id] = JSON.parse(outputText) as Json;
  }
  return { taken: fittingPins(given.graph, taken), input: JSON.parse(past.inputText) as unknown };
}

/** The input of a test. A part of a workflow may be tried without the whole input: nothing was given, so nothing is demanded. */
function inputOf(definition: Definition, body: TestRequest, past: unknown): unknown {
  if (body.input !== undefined) return checkInput(definition.inputs, body.input);
  if (past !== undefined) return past;
  try {
    return checkInput(definition.inputs, undefined);
  } catch (error) {
    if (body.only === undefined) throw error;
    return {};
  }
}

/**
 * The whole draft as it is now, without its pins, as a run that continues another takes it. Where that one ran a published version, actions are named
 * with their versions as publish names them: else every connector step would look changed.
 * @throws UserError 404, 422 `definition.invalid` with every fault.
 */
export async function freezeDraft(
  sql: Sql,
  team: TeamAccess,
  workflowId: string,
  continued: Json,
): Promise<{ definition: Definition; snapshot: NonNullable<NewRun['snapshot']> }> {
  const row = await readWorkflow(sql, team.id, workflowId);
  if (row === null) throw notFound('workflow');
  const before = readDefinition(continued);
  const isVersioned = sameJson(before, withActionVersions(before));
  const drawn = readDefinition(row.definition);
  const definition = isVersioned ? withActionVersions(drawn) : drawn;
  const more = await credentialFaultsOf(sql, team, definition);
  const given = { running: null, pinned: {}, more, ports: checkPorts, workflowName: row.name, hash: definitionHash(definition) };
  const planned = planTest(definition, given);
  if (!planned.ok) throw refusedDraft(planned.faults);
  const { hash, plan } = planned.test;
  return { definition, snapshot: { definition: definition as unknown as Json, hash, plan: plan as unknown as Json } };
}

/**
 * Freezes the draft as it is now. Only what will run is checked.
 * @throws UserError 404, 422 `definition.invalid` | `run.invalid-input` with every fault, 413 `pins.too-large`.
 */
export async function testStart(sql: Sql, team: TeamAccess, workflowId: string, body: TestRequest): Promise<TestStart> {
  const row = await readWorkflow(sql, team.id, workflowId);
  if (row === null) throw notFound('workflow');
  const definition = readDefinition(row.definition);
  const graph = graphOf(definition);
  const { running, faults } = runningNodes(graph, body);
  const mistakes = [...faults, ...(body.pinned === undefined ? [] : pinFaults(graph, body.pinned, '/pinned'))];
  if (body.pinnedFromRun !== undefined && running === null)
    mistakes.push({
      path: '/pinnedFromRun',
      code: 'run.nothing-to-take',
      message: 'every node runs, so there is nothing to take of another run: send only or upTo as well',
    });
  if (mistakes.length > 0) throw refusedDraft(mistakes);
  const own = body.pinned === undefined ? fittingPins(graph, row.pins) : (body.pinned as Record<string, Json>);
  checkPinSize(own);
  const past =
    body.pinnedFromRun === undefined || running === null
      ? null
      : await fromRun(sql, team.id, workflowId, { run: body.pinnedFromRun, graph, running, pinned: new Set(Object.keys(own)) });
  const pinned = { ...past?.taken, ...own };
  const more = await credentialFaultsOf(sql, team, definition);
  const planned = planTest(definition, {
    running,
    alone: body.only !== undefined,
    pinned,
    more,
    ports: checkPorts,
    workflowName: row.name,
    hash: definitionHash(definition),
  });
  if (!planned.ok) throw refusedDraft(planned.faults);
  const { hash, plan, start } = planned.test;
  return {
    definition,
    input: inputOf(definition, body, past?.input),
    run: {
      snapshot: { definition: definition as unknown as Json, hash, plan: plan as unknown as Json },
      test: true,
      // The trigger is the start's own business.
      start: start as NonNullable<NewRun['start']>,
      pinned,
    },
  };
}
