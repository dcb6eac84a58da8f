/**
 * Undoing what a run did (03, Meaning 6, `compensate`): once nothing is in flight and before the run ends, in rounds. What is undone, in which order and how
 * it went stands in the database; here is only that it is being done.
 */
import type { RunState } from './state.ts';
import type { Command, Plan } from './types.ts';

/** The first round where a run that is to end in `status` undoes its actions; null where it does not, or has done so. A run out of time counts as failed. */
export function firstUndo(plan: Plan, state: RunState, status: Extract<Command, { kind: 'finish' }>['status']): Command | null {
  if (state.undo !== undefined || status === 'completed') return null;
  const { compensate } = plan.settings;
  const wanted = status === 'cancelled' ? 'cancel' : 'failure';
  const isWanted = compensate === 'both' || compensate.split(' ').includes(wanted);
  if (!isWanted || !plan.nodes.some(({ type, disabled }) => type === 'action' && !disabled)) return null;
  state.undo = 1;
  return { kind: 'undo', path: '', round: 1 };
}

/** What follows from the end of a round: the next one, or null where all is done. `state` is the caller's own copy. */
export function undoEnded(state: RunState, round: number, more: boolean): Command | null {
  if (state.undo !== round) return null;
  state.undo = more ? round + 1 : 0;
  return more ? { kind: 'undo', path: '', round: round + 1 } : null;
}

/** True while a round is in flight: nothing else that comes changes anything any more. */
export function isUndoing({ undo }: RunState): boolean {
  return undo !== undefined && undo > 0;
}
