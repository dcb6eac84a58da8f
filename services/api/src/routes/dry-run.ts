/** Dry runs: the planner alone, with expressions evaluated in a child as everywhere (05). */
import { dryRun, type DryRun } from '@hub/activities/dry-run';
import { checkInput } from '@hub/activities/run-input';
import { type DryRunRequest, type DryRunView, routes } from '@hub/contract';
import { compile, type Definition, DefinitionError, graphOf, outputPort } from '@hub/dag';
import { type Json, type Plan, startTrigger } from '@hub/dag/planner';
import type { Sql } from '@hub/db';
import { readVersion, readWorkflow } from '@hub/db/read';
import { UserError } from '@hub/kit/errors';
import type { FastifyInstance } from 'fastify';
import { createLazyPool } from '../expressions/lazy-pool.ts';
import { teamVariables } from '../expressions/preview-data.ts';
import { invalid, invalidDefinition, notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';
import { fittingPins, pinFaults } from '../runs/test-plan.ts';
import { check, checkPorts, definitionHash, readDefinition } from '../workflows/definition.ts';

interface Subject {
  definition: Definition;
  workflowName: string;
  pins: Record<string, Json>;
}

/** @throws UserError 404 | 422 `workflow.no-such-version` */
async function subjectOf(sql: Sql, team: string, id: string, version: number | undefined): Promise<Subject> {
  const row = await readWorkflow(sql, team, id);
  if (row === null) throw notFound('workflow');
  if (version === undefined) {
    const definition = readDefinition(row.definition);
    return { definition, workflowName: row.name, pins: fittingPins(graphOf(definition), row.pins) };
  }
  const found = await readVersion(sql, team, id, version);
  if (found === null)
    throw new UserError('workflow.no-such-version', 'There is no such version.', {
      status: 422,
      details: [{ path: '/version', code: 'workflow.no-such-version', message: 'is not a version of this workflow' }],
    });
  return { definition: readDefinition(found.definition), workflowName: row.name, pins: {} };
}

/** Each node alone. What would not compile could not run either. @throws UserError 422 `definition.invalid` with every fault. */
function planOf({ definition, workflowName }: Subject): Plan {
  const faults = check(definition).faults.filter(({ path }) => path !== '/triggers' && !path.startsWith('/triggers/'));
  if (faults.length > 0) throw invalidDefinition('The draft cannot be run', faults);
  try {
    return compile(definition, checkPorts, { workflowName, definitionHash: definitionHash(definition), fuse: false });
  } catch (error) {
    if (error instanceof DefinitionError)
      throw invalid('definition.invalid', error.message, [{ path: '/nodes', code: error.code, message: error.message }]);
    throw error;
  }
}

function samplesOf({ definition, pins }: Subject, asked: DryRunRequest['samples'] = {}) {
  const graph = graphOf(definition);
  const faults = pinFaults(graph, asked, '/samples');
  if (faults.length > 0) throw invalidDefinition('A sample does not fit', faults);
  return Object.fromEntries(
    Object.entries({ ...pins, ...(asked as Record<string, Json>) }).flatMap(([id, value]) => {
      const node = graph.node.get(id);
      const port = node ? outputPort(node, value) : null;
      return port === null ? [] : [[id, { value, port }] as const];
    }),
  );
}

function viewOf({ nodes, ...said }: DryRun): DryRunView {
  return {
    ...said,
    nodes: nodes.map(({ outputText, ...node }) => ({ ...node, ...(outputText === null ? {} : { output: JSON.parse(outputText) as Json }) })),
  };
}

/** Registers it. */
export function dryRunRoutes(app: FastifyInstance, { deps }: RouteContext): void {
  const pool = createLazyPool();
  app.addHook('onClose', () => pool.close());
  handle(app, 'dryRun', routes.dryRun, async ({ params, body, team }) => {
    const subject = await subjectOf(deps.sql, team.id, params.id, body.version);
    const plan = planOf(subject);
    const samples = samplesOf(subject, body.samples);
    const trigger = startTrigger(plan.triggers, body.trigger);
    if (body.trigger !== undefined && trigger === null)
      throw invalid('workflow.no-such-trigger', 'The workflow has no trigger of this id.', [
        { path: '/trigger', code: 'workflow.no-such-trigger', message: 'is not a trigger of this version' },
      ]);
    const type = plan.triggers.find(({ id }) => id === trigger)?.type ?? 'manual';
    const found = await dryRun(
      {
        definition: subject.definition as unknown as Json,
        plan,
        input: checkInput(subject.definition.inputs, body.input) as Json,
        trigger,
        triggerFacts: { type, id: trigger, at: new Date().toISOString() },
        workflowName: subject.workflowName,
        vars: await teamVariables(deps.sql, team.id),
        samples,
      },
      pool,
    );
    return viewOf(found);
  });
}
