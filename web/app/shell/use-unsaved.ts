/** Work that is not saved is never lost by leaving: a question in the page, and the browser's own before it closes. */
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { type Blocker, useBlocker } from 'react-router';

export interface Leaving {
  /** What would be lost: "your changes to the draft". */
  what: string;
  stay: () => void;
  leave: () => void;
  /** Saves, then leaves; null where only leaving is possible. */
  saveAndLeave: (() => Promise<void>) | null;
}

let leaving: Leaving | null = null;
const listeners = new Set<() => void>();
function tell(next: Leaving | null): void {
  leaving = next;
  for (const each of listeners) each();
}

/** The question to ask now; null where nobody leaves anything. */
export function useLeaving(): Leaving | null {
  return useSyncExternalStore(
    (call) => {
      listeners.add(call);
      return () => listeners.delete(call);
    },
    () => leaving,
    () => null,
  );
}

export interface UnsavedOptions {
  what: string;
  /** Saves; answers whether it worked. Where it did not, one stays. */
  save?: () => Promise<boolean>;
}

/**
 * While `unsaved`, leaving asks first: save and leave, leave, or stay. Moving within the same page (tabs, search) is no leaving.
 * Where a page saves by itself in the background, call it only while something is still on its way.
 */
export function useUnsaved(unsaved: boolean, { what, save }: UnsavedOptions): void {
  const blocker = useBlocker(({ currentLocation, nextLocation }) => unsaved && currentLocation.pathname !== nextLocation.pathname);
  const ask = useEffectEvent((blocked: Blocker) => {
    const done = (go: boolean): void => {
      tell(null);
      if (go) blocked.proceed?.();
      else blocked.reset?.();
    };
    tell({
      what,
      stay: () => done(false),
      leave: () => done(true),
      saveAndLeave: save
        ? async () => {
            done(await save());
          }
        : null,
    });
  });
  useEffect(() => {
    if (blocker.state === 'blocked') ask(blocker);
  }, [blocker]);
  useEffect(() => {
    if (!unsaved) return;
    const onLeave = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', onLeave);
    return () => window.removeEventListener('beforeunload', onLeave);
  }, [unsaved]);
}
