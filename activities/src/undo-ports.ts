/** What undoing needs from the outside (see ports.ts): its rows. */
import type { PendingRow } from '@hub/dag/planner';

/** A node whose completed steps have something that undoes them. */
export interface Undoable {
  nodeId: string;
  /** The action that undoes, `slack.delete-message`. */
  action: string;
  /** Its steps are items of its own loop (`forEach`); the node's own row is no step. */
  items: boolean;
}

/** One completed step that is being undone. */
export interface UndoStep {
  /** Its place in the order of undoing, from 1. */
  n: number;
  nodeId: string;
  path: string;
  /** This attempt, from 1. */
  attempt: number;
  /** Earlier attempts that failed. */
  failed: number;
  /** Earlier attempts whose worker was lost in the middle. */
  lost: number;
  /** JSON texts of what the step had been given and gave. */
  inputText: string;
  outputText: string;
}

export interface EndUndo {
  n: number;
  attempt: number;
  /** `waiting`: this attempt failed, and another follows. `unknown`: whether it was undone is not known, and it is not tried again. `left`: as if it had not begun. */
  status: 'completed' | 'failed' | 'unknown' | 'waiting' | 'left';
  error: { code: string; message: string } | null;
}

export interface UndoStore {
  /**
   * Notes once per run what is to be undone, the last completed first: completed steps of these nodes whose effect is this chain of retries' own and stands
   * alone on it. Says how many are left.
   * @throws UserError `run.gone`
   */
  open(team: string, run: string, nodes: Undoable[], rows: PendingRow[]): Promise<number>;
  /** Begins the next one; null where none is left. One that had begun and not ended counts as lost. */
  next(team: string, run: string): Promise<UndoStep | null>;
  /** Changes nothing where a later attempt has begun. */
  end(team: string, run: string, end: EndUndo): Promise<void>;
}
