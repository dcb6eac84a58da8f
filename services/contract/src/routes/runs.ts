/** Runs and what happened in them. */
import { z } from 'zod';
import { route } from '../route.ts';
import { id, idParams, jsonValue, listOf, page } from '../shapes/common.ts';
import * as shape from '../shapes/run.ts';
import { exampleDefinition, exampleId, exampleRun, exampleRunId, exampleTime } from './examples.ts';

const params = { id: exampleRunId };
const exampleRow = {
  nodeId: 'upper', nodeType: 'transform', path: 'upper', iteration: null, attempt: 1, status: 'completed', port: 'out', startedAt: exampleTime,
  completedAt: exampleTime, input: null, output: 'HELLO', error: null, tokens: null, costUsd: null, model: null, warnings: [],
};

export const runRoutes = {
  startRun: route({
    method: 'POST', path: '/api/v1/workflows/:id/runs', access: 'run.start', tag: 'Runs', summary: 'Start a run',
    help: 'Answers 202 once the run is stored; it then runs even if this server dies. The input gets the defaults of `inputs` and is checked (422 with `errors[].path`). 409 where the workflow is a draft, paused or archived. Send `Idempotency-Key` to be able to repeat safely.',
    params: idParams, body: shape.runStart, status: 202, answer: shape.runStarted, rate: 'run-start',
    example: { params: { id: exampleId }, body: { input: { text: 'hello' } }, answer: { id: exampleRunId, status: 'queued' } },
  }),
  listRuns: route({
    method: 'GET', path: '/api/v1/runs', access: 'run.read', tag: 'Runs', summary: 'List runs',
    help: 'Newest first, of the team or of one workflow, of all or one status. `include=strip` adds the spans of each run\'s nodes.',
    query: z.strictObject({ ...page, workflowId: id.optional(), status: shape.runStatus.optional(), include: z.enum(['strip']).optional() }), status: 200, answer: listOf(shape.runSummary),
    example: { query: { status: 'failed' }, answer: { items: [exampleRun], nextCursor: null } },
  }),
  getRun: route({
    method: 'GET', path: '/api/v1/runs/:id', access: 'run.read', tag: 'Runs', summary: 'Read a run',
    help: 'With `wait=30` the answer is held until the run is settled, at most that many seconds. An output over 1 MB comes as `outputRef`.',
    params: idParams, query: z.strictObject({ wait: z.coerce.number().int().min(0).max(60).optional() }), status: 200, answer: shape.run,
    example: { params, query: { wait: 30 }, answer: exampleRun },
  }),
  getRunOutput: route({
    method: 'GET', path: '/api/v1/runs/:id/output', access: 'run.read', tag: 'Runs', summary: 'Read a run\'s whole output',
    help: 'The JSON text as the run gave it, of any size.',
    params: idParams, status: 200, answer: jsonValue, answerType: 'bytes', example: { params, answer: { text: 'HELLO' } },
  }),
  listRunNodes: route({
    method: 'GET', path: '/api/v1/runs/:id/nodes', access: 'run.read', tag: 'Runs', summary: 'List node rows of a run',
    help: 'One row per attempt and iteration, in order of path; skipped nodes too, as attempt 0. Values over 1 MB come as `outputRef`.',
    params: idParams, query: z.strictObject({ ...page, nodeId: z.string().max(63).optional(), iteration: z.coerce.number().int().min(0).optional(), status: shape.nodeStatus.optional(), values: z.enum(['true', 'false']).optional().meta({ description: '`false` leaves input and output out.' }) }),
    status: 200, answer: listOf(shape.nodeRow), example: { params, answer: { items: [exampleRow], nextCursor: null } },
  }),
  getNodeOutput: route({
    method: 'GET', path: '/api/v1/runs/:id/nodes/:nodeId/output', access: 'run.read', tag: 'Runs', summary: 'Read a node\'s output',
    help: 'The JSON text as the step gave it. `path` names one iteration (`loop[2].node`); without it the node\'s own row.',
    params: z.strictObject({ id, nodeId: z.string().max(63) }), query: z.strictObject({ path: z.string().max(500).optional() }), status: 200, answer: jsonValue, answerType: 'bytes',
    example: { params: { ...params, nodeId: 'upper' }, answer: 'HELLO' },
  }),
  summarizeRunNodes: route({
    method: 'GET', path: '/api/v1/runs/:id/node-summaries', access: 'run.read', tag: 'Runs', summary: 'Sum up a run per node',
    help: 'One line per node of the definition: last status, iterations, attempts, tokens, cost. For runs with many iterations.',
    params: idParams, status: 200, answer: listOf(shape.nodeSummary),
    example: { params, answer: { items: [{ nodeId: 'upper', nodeType: 'transform', status: 'completed', counts: { completed: 1 }, items: null, attempts: 1, startedAt: exampleTime, completedAt: exampleTime, tokens: 0, costUsd: 0, model: null }], nextCursor: null } },
  }),
  getRunDefinition: route({
    method: 'GET', path: '/api/v1/runs/:id/definition', access: 'run.read', tag: 'Runs', summary: 'Read the definition a run executes',
    help: 'Frozen when the run was made; later edits do not change it.',
    params: idParams, status: 200, answer: shape.runDefinition,
    example: { params, answer: { workflowId: exampleId, workflowName: 'Shout', version: 1, definition: exampleDefinition } },
  }),
  listRunEvents: route({
    method: 'GET', path: '/api/v1/runs/:id/events', access: 'run.read', tag: 'Runs', summary: 'List events of a run',
    help: 'The append-only log that the live channel sends, in order of `seq`, those after `after`.',
    params: idParams, query: z.strictObject({ after: z.coerce.number().int().min(0).optional(), limit: page.limit }), status: 200, answer: listOf(shape.runEvent),
    example: { params, query: { after: 0 }, answer: { items: [{ seq: 1, at: exampleTime, type: 'run.queued', path: null, iteration: null, refs: {} }], nextCursor: null } },
  }),
  cancelRun: route({
    method: 'POST', path: '/api/v1/runs/:id/cancel', access: 'run.cancel', tag: 'Runs', summary: 'Cancel a run',
    help: 'A queued run ends at once; a running one is told, stops its steps and ends within seconds. Cancelling a settled run answers 409 `run.settled`.',
    params: idParams, status: 202, answer: shape.runStarted, example: { params, answer: { id: exampleRunId, status: 'cancelled' } },
  }),
};
