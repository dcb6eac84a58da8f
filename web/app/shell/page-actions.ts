/** What can be done on the page at hand: for the palette, the list of keys, and the keys themselves. Pages add theirs while they are shown. */
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { typingIn } from '../ui/keys.ts';

export interface PageAction {
  /** Verb and object: "Publish version 7". */
  label: string;
  /** As in `Kbd`: `p`, `mod+S`, `shift+R`. Left out: palette only. */
  keys?: string;
  /** Why it cannot be done now. */
  why?: string | null | undefined;
  run: () => void;
}

let sets: readonly (readonly PageAction[])[] = [];
let all: readonly PageAction[] = [];
const none: readonly PageAction[] = [];
const listeners = new Set<() => void>();

function change(next: typeof sets): void {
  sets = next;
  all = next.flat();
  for (const each of listeners) each();
}

/** Does this key press mean these keys? Single letters never while somebody types; `mod` is Cmd on Apple, Ctrl elsewhere. */
export function pressed(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.toLowerCase().split('+');
  const key = parts.at(-1) ?? '';
  const mod = parts.includes('mod');
  if (mod !== (event.metaKey || event.ctrlKey) || event.altKey) return false;
  if (!mod && typingIn(event)) return false;
  if (parts.length > 1 && parts.includes('shift') !== event.shiftKey) return false;
  return event.key.toLowerCase() === key;
}

/** Adds actions while the component is on the page, and listens for their keys. Give a stable or a fresh list; the newest `run` is called. */
export function usePageActions(actions: readonly PageAction[]): void {
  const look = JSON.stringify(actions.map(({ label, keys, why }) => [label, keys, why]));
  const now = useEffectEvent((index: number) => {
    const action = actions[index];
    if (action && !action.why) action.run();
  });
  useEffect(() => {
    const told = (JSON.parse(look) as [string, string | null, string | null][]).map(
      ([label, keys, why], index): PageAction => ({ label, ...(keys ? { keys } : {}), ...(why ? { why } : {}), run: () => now(index) }),
    );
    change([...sets, told]);
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('[role="dialog"]')) return;
      const found = told.find(({ keys }) => keys !== undefined && pressed(event, keys));
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      change(sets.filter((each) => each !== told));
    };
  }, [look]);
}

/** Actions of everything that is shown now. */
export function useActions(): readonly PageAction[] {
  return useSyncExternalStore(
    (call) => {
      listeners.add(call);
      return () => listeners.delete(call);
    },
    () => all,
    () => none,
  );
}
