/** Workflows, drafts, versions. */
import { z } from 'zod';
import { route } from '../route.ts';
import { id, idParams, listOf, maxInteger, page, versionNumber } from '../shapes/common.ts';
import { healthStates, workflowListItem, workflowSort } from '../shapes/authoring.ts';
import * as shape from '../shapes/workflow.ts';
import { exampleDefinition, exampleId, exampleListItem, exampleVersion, exampleWorkflow } from './examples.ts';

const params = { id: exampleId };
/** A definition of 1 MB with what stands around it, and some white space. */
const definitionBytes = 1_500_000;

/** The three status changes differ in a word only. */
function statusRoute<const A extends 'activate' | 'pause' | 'archive'>(action: A, summary: string, help: string) {
  return route({
    method: 'POST',
    path: `/api/v1/workflows/:id/${action}`,
    access: action === 'archive' ? 'workflow.write' : 'workflow.publish',
    tag: 'Workflows',
    summary,
    help,
    params: idParams,
    status: 200,
    answer: shape.workflow,
    example: { params, answer: exampleWorkflow },
  });
}

export const workflowRoutes = {
  listWorkflows: route({
    method: 'GET',
    path: '/api/v1/workflows',
    access: 'workflow.read',
    tag: 'Workflows',
    summary: 'List workflows',
    help: 'Each with its last 30 runs, health, next fire and cost this month. Archived ones come only when asked for with `status=archived`. `q` finds a part of name, description or tag.',
    query: z.strictObject({
      ...page,
      q: z.string().max(200).optional(),
      status: shape.workflowStatus.optional(),
      tag: z.string().max(50).optional(),
      trigger: z.string().max(40).optional().meta({ description: 'Has a trigger of this type.' }),
      owner: z
        .union([id, z.literal('me')])
        .optional()
        .meta({ description: 'Made by this person, or `me`.' }),
      health: z.enum(healthStates).optional(),
      sort: workflowSort.optional().meta({ description: 'created (default), updated, last_run: newest first; name: from a to z.' }),
    }),
    status: 200,
    answer: listOf(workflowListItem),
    example: { query: { status: 'active', limit: 20 }, answer: { items: [exampleListItem], nextCursor: null } },
  }),
  createWorkflow: route({
    method: 'POST',
    path: '/api/v1/workflows',
    access: 'workflow.write',
    tag: 'Workflows',
    summary: 'Create a workflow',
    help: "Saves a draft. Refuses only what is not of the definition's shape; unfinished config is refused later, at publish, all at once. An id in the body is not taken.",
    body: shape.workflowCreate,
    bodyBytes: definitionBytes,
    status: 201,
    answer: shape.workflow,
    example: { body: { name: 'Shout', definition: exampleDefinition }, answer: exampleWorkflow },
  }),
  getWorkflow: route({
    method: 'GET',
    path: '/api/v1/workflows/:id',
    access: 'workflow.read',
    tag: 'Workflows',
    summary: 'Read a workflow with its draft',
    help: 'The header `ETag` is the revision that an edit must send back in `If-Match`.',
    params: idParams,
    status: 200,
    answer: shape.workflow,
    example: { params, answer: exampleWorkflow },
  }),
  updateWorkflow: route({
    method: 'PATCH',
    path: '/api/v1/workflows/:id',
    access: 'workflow.write',
    tag: 'Workflows',
    summary: 'Change the draft, name or description',
    help: '`If-Match` must carry the revision last read: 428 without it, 412 when somebody else saved in between, with `current` (revision, when, who) in the problem. What changes nothing answers the same revision. Nothing published changes.',
    params: idParams,
    body: shape.workflowPatch,
    bodyBytes: definitionBytes,
    ifMatch: true,
    status: 200,
    answer: shape.workflow,
    example: { params, body: { name: 'Shout louder' }, answer: { ...exampleWorkflow, name: 'Shout louder', revision: 2 } },
  }),
  deleteWorkflow: route({
    method: 'DELETE',
    path: '/api/v1/workflows/:id',
    access: 'workflow.write',
    tag: 'Workflows',
    summary: 'Delete a workflow that never ran',
    help: 'A workflow with runs keeps its history: archive it instead (409 `workflow.has-runs`).',
    params: idParams,
    status: 204,
    answer: null,
    example: { params },
  }),
  validateWorkflow: route({
    method: 'POST',
    path: '/api/v1/workflows/:id/validate',
    access: 'workflow.read',
    tag: 'Workflows',
    summary: 'Check a draft as publishing would',
    help: 'Checks the stored draft, or the definition in the body. Changes nothing and calls nobody. All faults come at once, each with node and JSON pointer.',
    params: idParams,
    body: z.strictObject({ definition: shape.definitionInput.optional() }),
    bodyBytes: definitionBytes,
    status: 200,
    answer: shape.checked,
    example: { params, body: {}, answer: { ok: true, errors: [], warnings: [] } },
  }),
  publishWorkflow: route({
    method: 'POST',
    path: '/api/v1/workflows/:id/publish',
    access: 'workflow.publish',
    tag: 'Workflows',
    summary: 'Publish the draft as a version',
    help: 'Checks everything (422 with all faults), refuses secrets in the definition, freezes the plan. The first publish makes the workflow active. A draft equal to the latest version answers with that version. With `If-Match` only the draft of that revision is published, else 412: what was looked at is what goes out.',
    params: idParams,
    body: z.strictObject({ note: z.string().max(2_000).nullable().optional() }),
    ifMatch: 'optional',
    status: 201,
    answer: shape.published,
    example: { params, body: { note: 'First' }, answer: { ...exampleVersion, warnings: [] } },
  }),
  listVersions: route({
    method: 'GET',
    path: '/api/v1/workflows/:id/versions',
    access: 'workflow.read',
    tag: 'Workflows',
    summary: 'List versions',
    help: 'Newest first. Versions never change.',
    params: idParams,
    query: z.strictObject(page),
    status: 200,
    answer: listOf(shape.version),
    example: { params, answer: { items: [exampleVersion], nextCursor: null } },
  }),
  getVersion: route({
    method: 'GET',
    path: '/api/v1/workflows/:id/versions/:version',
    access: 'workflow.read',
    tag: 'Workflows',
    summary: 'Read a version with its definition',
    help: 'The definition exactly as it was published.',
    params: z.strictObject({ id, version: z.coerce.number().int().min(1).max(maxInteger) }),
    status: 200,
    answer: shape.versionDetail,
    example: { params: { ...params, version: '1' }, answer: { ...exampleVersion, definition: exampleDefinition } },
  }),
  rollbackWorkflow: route({
    method: 'POST',
    path: '/api/v1/workflows/:id/rollback',
    access: 'workflow.publish',
    tag: 'Workflows',
    summary: 'Publish an older version again',
    help: 'Its definition becomes the published one under the next number, so that the history of versions tells it; triggers are exactly those of that definition. New starts take it at once; running runs go on with theirs. The draft stays as it is.',
    params: idParams,
    body: z.strictObject({ version: versionNumber }),
    status: 200,
    answer: shape.workflow,
    example: { params, body: { version: 1 }, answer: { ...exampleWorkflow, status: 'active', publishedVersion: 3 } },
  }),
  activateWorkflow: statusRoute('activate', 'Take new starts again', 'Undoes pause. Refused for a workflow without a published version (409).'),
  pauseWorkflow: statusRoute(
    'pause',
    'Refuse new starts',
    'New starts answer 409, triggers and the queue are held, running runs go on; so do runs of other workflows that call it as a step.',
  ),
  archiveWorkflow: statusRoute(
    'archive',
    'Hide a workflow',
    'It leaves the lists and takes no starts; its runs stay readable. `activate` brings it back.',
  ),
};
