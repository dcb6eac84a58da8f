/** Replays a run's history on the engine itself and takes down what the planner heard and said. */
import { fileURLToPath } from 'node:url';
import type { Plan } from '@hub/dag/planner';
import type { RebuildSinks, Turn } from '@hub/runtime/rebuild';
import { bundleWorkflowCode, type InjectedSinks, type ReplayWorkerOptions, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { History } from './history.ts';

export interface Replayed {
  team: string;
  run: string;
  plan: Plan;
  turns: Turn[];
}

const say = (): void => undefined;
const quiet = { log: say, trace: say, debug: say, info: say, warn: console.warn, error: console.error };

/** Bundles the interpreter that tells what it does. */
export function bundleRebuild(): Promise<WorkflowBundle> {
  return bundleWorkflowCode({ workflowsPath: fileURLToPath(import.meta.resolve('@hub/runtime/rebuild')), logger: quiet });
}

/**
 * All turns of the run, from its first execution on.
 * @throws the replay's own error where today's engine does not read this history
 */
export async function replayRun(
  bundle: WorkflowBundle,
  histories: History[],
  options: Pick<ReplayWorkerOptions, 'dataConverter'> = {},
): Promise<Replayed> {
  const replayed: Replayed = { team: '', run: '', plan: { nodes: [] } as unknown as Plan, turns: [] };
  const sinks: InjectedSinks<RebuildSinks> = {
    rebuild: {
      begin: { fn: (_, begun) => void Object.assign(replayed, begun), callDuringReplay: true },
      turn: { fn: (_, turn) => void replayed.turns.push(turn), callDuringReplay: true },
    },
  };
  for (const history of histories) await Worker.runReplayHistory({ workflowBundle: bundle, sinks, ...options }, history);
  return replayed;
}
