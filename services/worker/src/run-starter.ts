/** From a run's row to its Temporal workflow: what the worker needs to hand a slot on. */
import type { RunStarter } from '@hub/activities/ports';
import type { Sql } from '@hub/db';
import { createStartReader } from '@hub/db/write';
import { createRunStarter } from '@hub/kit/temporal';
import type { RunInput } from '@hub/runtime/types';
import type { Client } from '@temporalio/client';

/** Idempotent: a run that already has its workflow counts as started; one that has ended is left alone. */
export function createStarter(sql: Sql, client: Client, hubUrl: string): RunStarter {
  const readStarts = createStartReader(sql);
  return createRunStarter<RunInput>({
    client,
    async loadStart(team, run) {
      const [found] = await readStarts([{ team, run }]);
      if (found === undefined) return null;
      const { rootRun, versionId, workflowId, version, plan, start, workflowName, triggerType, priority } = found;
      const input: RunInput = { team, run, rootRun, versionId, workflowId, version, plan, start, runUrl: `${hubUrl}/runs/${run}` };
      return { input, team, workflowId, workflowName, version, trigger: triggerType, priority };
    },
  });
}
