/** States of runs and steps: glyph, words, colour class. One meaning everywhere; a state never shows without its glyph. */
import clsx from 'clsx';

export const states = ['queued', 'running', 'waiting', 'completed', 'failed', 'timed_out', 'cancelled', 'skipped', 'lost', 'kept'] as const;
export type State = (typeof states)[number];

const words: Record<State, string> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Waiting',
  completed: 'Completed',
  failed: 'Failed',
  timed_out: 'Timed out',
  cancelled: 'Cancelled',
  skipped: 'Skipped',
  lost: 'Lost with its worker',
  kept: 'Kept from an earlier run',
};

export function stateWord(state: State): string {
  return words[state];
}

/** Reads a state from the wire; one this page does not know yet counts as queued. */
export function toState(value: string): State {
  return (states as readonly string[]).includes(value) ? (value as State) : 'queued';
}

export function isSettled(state: State): boolean {
  return state !== 'queued' && state !== 'running' && state !== 'waiting';
}

const paper = 'var(--paper)';

function Shape({ state, still }: { state: State; still: boolean }) {
  switch (state) {
    case 'queued':
      return <circle cx="7" cy="7" r="5.25" fill="none" strokeWidth="1.5" className="state-stroke" />;
    case 'running':
      return (
        <>
          <circle cx="7" cy="7" r="5.25" fill="none" strokeWidth="1.5" className="state-stroke" opacity="0.3" />
          <circle
            cx="7"
            cy="7"
            r="5.25"
            fill="none"
            strokeWidth="2"
            strokeDasharray="11 22"
            strokeLinecap="round"
            className={still ? 'state-stroke' : 'state-stroke glyph-turn'}
          />
        </>
      );
    case 'waiting':
      return (
        <>
          <circle cx="7" cy="7" r="6" className="state-fill" />
          <path d="M5.25 4.5v5M8.75 4.5v5" stroke="var(--on-waiting)" strokeWidth="1.5" />
        </>
      );
    case 'completed':
      return (
        <>
          <circle cx="7" cy="7" r="6" className="state-fill" />
          <path d="m4.25 7.25 2 2 3.5-4" fill="none" stroke={paper} strokeWidth="1.5" />
        </>
      );
    case 'failed':
      return (
        <>
          <circle cx="7" cy="7" r="6" className="state-fill" />
          <path d="m4.75 4.75 4.5 4.5m0-4.5-4.5 4.5" stroke={paper} strokeWidth="1.5" />
        </>
      );
    case 'timed_out':
      return (
        <>
          <circle cx="7" cy="7" r="6" className="state-fill" />
          <path d="M7 3.75V7l2.25 1.5" fill="none" stroke={paper} strokeWidth="1.5" />
        </>
      );
    case 'cancelled':
      return <rect x="2" y="2" width="10" height="10" rx="1.5" className="state-fill" />;
    case 'skipped':
      return <circle cx="7" cy="7" r="5.25" fill="none" strokeWidth="1.5" strokeDasharray="2.2 2" className="state-stroke" />;
    case 'lost':
      return <path d="M3 3l8 8M3 11l2.5-2.5M11 3 8.5 5.5" fill="none" strokeWidth="1.5" className="state-stroke" />;
    case 'kept':
      return (
        <>
          <circle cx="7" cy="7" r="5.25" fill="none" strokeWidth="1.5" className="state-stroke" />
          <path d="M3.5 8.5 8.5 3.5M4 11l7-7M7.5 11.5l4-4" strokeWidth="1.25" className="state-stroke" />
        </>
      );
  }
}

/** The 14 px mark of a state. Silent for screen readers: words stand beside it, or pass `label`. `still`: of the past, so it does not turn. */
export function StateGlyph({ state, label, still, className }: { state: State; label?: boolean; still?: boolean; className?: string }) {
  return (
    <svg
      viewBox="0 0 14 14"
      width="14"
      height="14"
      className={clsx('shrink-0', `s-${state}`, className)}
      {...(label ? { role: 'img', 'aria-label': words[state] } : { 'aria-hidden': true })}
    >
      {label && <title>{words[state]}</title>}
      <Shape state={state} still={still ?? false} />
    </svg>
  );
}

/** Glyph and word; `note` says why (of a waiting run: what it waits for). */
export function StateLabel({ state, note, className }: { state: State; note?: string | null | undefined; className?: string }) {
  return (
    <span className={clsx('inline-flex items-center gap-8 whitespace-nowrap', className)}>
      <StateGlyph state={state} />
      <span className={`s-${state} state-text font-medium`}>{words[state]}</span>
      {note && <span className="text-muted">{note}</span>}
    </span>
  );
}
