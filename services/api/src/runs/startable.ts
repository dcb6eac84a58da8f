/** The definition a start would run. Versions never change, so the newest used are kept, bounded in number and bytes (05, rule 36). */
import type { Definition } from '@hub/dag';
import type { Sql } from '@hub/db';
import { readPublishedVersion, readVersion } from '@hub/db/read';
import { UserError } from '@hub/kit/errors';
import { conflict, notFound } from '../http/answers.ts';

export interface Startable {
  definition: Definition;
  version: number;
}

const maxKeptBytes = 20_000_000;

/**
 * Gives the version that a start of a workflow takes: the published one, or the one named.
 * @throws UserError 404 | 409 `workflow.not-published` | 422 `workflow.no-such-version`.
 */
export function createStartables(sql: Sql): (team: string, workflowId: string, wanted: number | undefined) => Promise<Startable> {
  const kept = new Map<string, { definition: Definition; bytes: number }>();
  let keptBytes = 0;
  const keep = (key: string, definition: Definition): void => {
    const bytes = JSON.stringify(definition).length;
    kept.set(key, { definition, bytes });
    keptBytes += bytes;
    for (const [oldest, entry] of kept) {
      if (keptBytes <= maxKeptBytes) break;
      kept.delete(oldest);
      keptBytes -= entry.bytes;
    }
  };
  return async (team, workflowId, wanted) => {
    const published = await readPublishedVersion(sql, team, workflowId);
    if (published === undefined) throw notFound('workflow');
    if (published === null) throw conflict('workflow.not-published', 'The workflow has no published version yet.', 'Publish it first.');
    const version = wanted ?? published;
    // The workflow was just read as this team's, so the key cannot reach another team's version.
    const key = `${workflowId}/${version}`;
    const known = kept.get(key);
    if (known) return { definition: known.definition, version };
    const found = await readVersion(sql, team, workflowId, version);
    if (found === null) {
      throw new UserError('workflow.no-such-version', 'There is no such version.', {
        status: 422,
        details: [{ path: '/version', code: 'workflow.no-such-version', message: 'is not a version of this workflow' }],
      });
    }
    keep(key, found.definition as unknown as Definition);
    return { definition: found.definition as unknown as Definition, version };
  };
}
