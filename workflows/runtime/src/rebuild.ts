/**
 * What a rebuild bundles: the interpreter itself, with somebody who listens. Replayed on a run's history it tells what the planner heard and said,
 * in the very order of then; nothing of it ever runs on a task queue.
 */
import type { Command, PlanEvent } from '@hub/dag/planner';
import { proxySinks, type Sinks } from '@temporalio/workflow';
import { interpret } from './hub-run.ts';
import type { RunInput } from './types.ts';

/** One turn of the planner. */
export interface Turn {
  /** When the workflow heard of it, in ms since the epoch. */
  at: number;
  /** Null: the first turn. */
  event: PlanEvent | null;
  commands: Command[];
}

export interface RebuildSinks extends Sinks {
  rebuild: { begin: (input: Pick<RunInput, 'team' | 'run' | 'plan'>) => void; turn: (turn: Turn) => void };
}

/** Under the name of the real one, which the history asks for. */
export function hubRun(input: RunInput): Promise<void> {
  const { rebuild } = proxySinks<RebuildSinks>();
  const { team, run, plan } = input;
  rebuild.begin({ team, run, plan });
  return interpret(input, (event, commands) => rebuild.turn({ at: Date.now(), event, commands }));
}
