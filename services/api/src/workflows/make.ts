/** The one way a workflow comes to be: its draft with what is derived of it, the audit entry, and where it is. */
import { type Definition, settingsOf } from '@hub/dag';
import type { Json } from '@hub/dag/planner';
import { readWorkflow } from '@hub/db/read';
import { createWorkflow } from '@hub/db/write';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../http/answers.ts';
import type { RouteContext } from '../http/context.ts';
import type { Caller, TeamAccess } from '../plugins/app/caller.ts';
import { derivedNodes, draftHash } from './definition.ts';
import { workflowShape } from './shapes.ts';

/** As a route is called. */
interface Call {
  team: TeamAccess;
  caller: Caller;
  request: FastifyRequest;
  reply: FastifyReply;
}

export interface NewWorkflow {
  name: string;
  description: string | null;
  definition: Definition;
  pins?: Record<string, Json>;
  /** What the audit log says: how it was made, and of what. */
  how: 'create' | 'duplicate' | 'import' | 'from-template';
  details: Record<string, Json>;
}

/** Makes it, sets `location` and `etag` of the answer, and answers its shape. */
export async function makeWorkflow({ deps, audit }: RouteContext, { team, caller, request, reply }: Call, given: NewWorkflow) {
  const { name, description, definition, pins, how, details } = given;
  const made = await createWorkflow(deps.sql, {
    team: team.id,
    userId: caller.userId,
    name,
    description,
    definition: definition as unknown as Json,
    hash: draftHash(definition),
    nodes: derivedNodes(definition),
    tags: settingsOf(definition.settings).tags,
    ...(pins === undefined ? {} : { pins }),
  });
  await audit(request, `workflow.${how}`, `workflow:${made.id}`, details);
  reply.header('location', `/api/v1/workflows/${made.id}`).header('etag', `"${made.revision}"`);
  const row = await readWorkflow(deps.sql, team.id, made.id);
  if (row === null) throw notFound('workflow');
  return workflowShape(row, team);
}
