/** A step's state drawn from the event that tells it, before the page has read its data again. Items of loops are not told apart here: their sums come with the next reading. Pure. */
import type { LiveFrame } from '@hub/contract';
import { isSettled, type State, toState } from '../ui/state.tsx';
import type { NodeView } from './model.ts';

export type LiveEvent = Extract<LiveFrame, { type: 'event' }>;

/** The newest event of each step's own path. */
export type Fresh = Readonly<Record<string, LiveEvent>>;

const states: ReadonlySet<string> = new Set(['running', 'waiting', 'completed', 'failed', 'skipped', 'cancelled']);

/** Adds an event; the same object where it says nothing of a step as a whole. */
export function withEvent(fresh: Fresh, event: LiveEvent): Fresh {
  if (event.nodeId === null || event.path !== event.nodeId || !event.event.startsWith('step.') || !states.has(event.status)) return fresh;
  const before = fresh[event.nodeId];
  return before && before.seq >= event.seq ? fresh : { ...fresh, [event.nodeId]: event };
}

function patched(view: NodeView, event: LiveEvent | undefined): NodeView {
  if (!event) return view;
  const state: State = toState(event.status);
  // What was read may be newer than the event: a settled step runs again only with another attempt.
  if (state === view.state || (isSettled(view.state) && (event.attempt ?? 0) <= view.attempts)) return view;
  const { port } = event.refs as { port?: unknown };
  return {
    ...view,
    state,
    idle: state === 'skipped' && view.idle,
    attempts: Math.max(view.attempts, event.attempt ?? 0),
    startedAt: view.startedAt ?? (state === 'skipped' ? null : event.at),
    completedAt: isSettled(state) ? event.at : null,
    port: typeof port === 'string' ? port : view.port,
  };
}

/** The steps as the events say; the same list where they say nothing new. */
export function patchViews(views: NodeView[], fresh: Fresh): NodeView[] {
  let changed = false;
  const next = views.map((view) => {
    const now = patched(view, fresh[view.id]);
    changed ||= now !== view;
    return now;
  });
  return changed ? next : views;
}
