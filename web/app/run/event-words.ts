/** Events of a run in words. Unknown types read as their own words, so that a new one is never blank. Pure. */
import { type State, states } from '../ui/state.tsx';

const words: Record<string, string> = {
  'run.queued': 'Run queued',
  'run.started': 'Run began',
  'run.running': 'Run began',
  'run.completed': 'Run completed',
  'run.failed': 'Run failed',
  'run.cancelled': 'Run cancelled',
  'run.timed_out': 'Run timed out',
  'run.cancel-requested': 'Cancel asked for',
  'run.waiting': 'Run waits',
  'run.input-cleaned': 'Characters of the input that cannot be stored were replaced',
  'step.started': 'Step began',
  'step.running': 'Step began',
  'step.completed': 'Step completed',
  'step.failed': 'Step failed',
  'step.skipped': 'Step skipped',
  'step.cancelled': 'Step cancelled',
  'step.lost': 'Attempt lost with its worker',
  'step.waiting': 'Step waits',
  'undo.started': 'Undoing began',
  'undo.running': 'Undoing a step',
  'undo.completed': 'Step undone',
  'undo.failed': 'Step could not be undone',
  'undo.waiting': 'Undoing failed, will be tried again',
  'undo.unknown': 'Not known whether the step was undone',
};

/** Words, state and node of an event; `l[2].b` belongs to node `b`. */
export function eventWords(type: string, path: string | null): { words: string; state: State | null; nodeId: string | null } {
  const [subject = '', verb = ''] = type.split('.');
  const known = verb === 'started' ? 'running' : verb;
  const state = (states as readonly string[]).includes(known) ? (known as State) : null;
  const plain = `${subject} ${verb}`.replace(/[-_]/g, ' ').trim();
  const last =
    path
      ?.split('.')
      .at(-1)
      ?.replace(/\[\d+\]$/, '') ?? null;
  return { words: words[type] ?? plain.charAt(0).toUpperCase() + plain.slice(1), state, nodeId: last || null };
}
