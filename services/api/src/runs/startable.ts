/** The definition a start would run. */
import type { Definition } from '@hub/dag';
import type { Sql } from '@hub/db';
import { readVersion, readWorkflow } from '@hub/db/read';
import { UserError } from '@hub/kit/errors';
import { conflict, notFound } from '../http/answers.ts';

/**
 * The version that a start of the workflow takes: the published one, or the one named.
 * @throws UserError 404 | 409 `workflow.not-published` | 422 `workflow.no-such-version`.
 */
export async function startable(
  sql: Sql,
  team: string,
  workflowId: string,
  wanted: number | undefined,
): Promise<{ definition: Definition; version: number }> {
  const workflow = await readWorkflow(sql, team, workflowId);
  if (workflow === null) throw notFound('workflow');
  if (workflow.publishedVersion === null) throw conflict('workflow.not-published', 'The workflow has no published version yet.', 'Publish it first.');
  const version = wanted ?? workflow.publishedVersion;
  const found = await readVersion(sql, team, workflowId, version);
  if (found === null) {
    throw new UserError('workflow.no-such-version', 'There is no such version.', {
      status: 422,
      details: [{ path: '/version', code: 'workflow.no-such-version', message: 'is not a version of this workflow' }],
    });
  }
  return { definition: found.definition as unknown as Definition, version };
}
