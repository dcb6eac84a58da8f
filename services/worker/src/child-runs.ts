/** Child runs of subworkflow steps (03, rule 12): made once per step, started at once, without a slot. */
import type { ChildRuns } from '@hub/activities/wait-ports';
import { checkInput } from '@hub/activities/run-input';
import type { Sql } from '@hub/db';
import { readVersion, readWorkflow } from '@hub/db/read';
import { cancelRun, createRun, readRunDepth, type RunRef } from '@hub/db/write';
import type { Json } from '@hub/dag/planner';
import { startTrigger } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

/** Runs above a run, at most. */
const maxDepth = 10;

export interface ChildOptions {
  sql: Sql;
  blobKey: Uint8Array;
  /** Starts and cancels in Temporal; never throws. */
  carryOut: (start: RunRef[], cancel: RunRef[]) => Promise<void>;
}

const refusals: Partial<Record<string, string>> = {
  'not-found': 'There is no such workflow in this team',
  'not-published': 'The workflow has no published version',
  'no-such-version': 'The workflow has no such version',
  archived: 'The workflow is archived',
};

export function createChildRuns({ sql, blobKey, carryOut }: ChildOptions): ChildRuns {
  return {
    async start({ team, parent, path, workflowId, version, input, key }) {
      const depth = await readRunDepth(sql, team, parent);
      if (depth + 1 > maxDepth)
        throw new UserError(
          'subworkflow.too-deep',
          `Runs start each other at most ${maxDepth} deep. Look for a workflow that runs itself, straight or by way of others.`,
        );
      const definition = await definitionOf(sql, team, workflowId, version);
      const checked = checkInput(definition['inputs'], input ?? undefined);
      const triggerId = startTrigger((definition['triggers'] ?? []) as unknown as { id: string; type: string }[]);
      const made = await createRun(
        sql,
        { blobKey },
        {
          team,
          workflowId,
          version,
          triggeredBy: 'subworkflow',
          triggerId,
          // The parent is told of the end at `path`; without one it does not wait.
          trigger: { type: 'subworkflow', id: triggerId, at: new Date().toISOString(), runId: parent, ...(path === null ? {} : { path }) },
          inputText: JSON.stringify(checked),
          idempotencyKey: key,
          parentRun: parent,
        },
      );
      if (!('run' in made)) throw notStartable(refusals[made.outcome] ?? `The workflow took no run (${made.outcome})`);
      await carryOut(made.start, made.cancel);
      return { run: made.run };
    },

    async cancel(team, run) {
      const { outcome, start } = await cancelRun(sql, team, run);
      await carryOut(start, outcome === 'requested' ? [{ team, run }] : []);
    },
  };
}

async function definitionOf(sql: Sql, team: string, workflowId: string, version: number | null): Promise<Record<string, Json>> {
  const workflow = await readWorkflow(sql, team, workflowId);
  if (workflow === null) throw notStartable('There is no such workflow in this team');
  const wanted = version ?? workflow.publishedVersion;
  if (wanted === null) throw notStartable('The workflow has no published version');
  const found = await readVersion(sql, team, workflowId, wanted);
  if (found === null) throw notStartable(`The workflow has no version ${wanted}`);
  return found.definition as Record<string, Json>;
}

function notStartable(why: string): UserError {
  return new UserError('subworkflow.not-startable', `${why}. Choose another workflow or publish it.`);
}
