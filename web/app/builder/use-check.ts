/** Checks the draft in the browser a moment after each change; never while something is dragged. */
import { useEffect } from 'react';
import type { BuilderStore } from './model/store.ts';

const restMs = 250;

export function useCheck(store: BuilderStore): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    let checked: unknown = null;
    const look = (): void => {
      const { definition, moving } = store.getState();
      if (moving || definition === checked) return;
      const checking = import('./model/check.ts').then(async ({ check }) => check(definition));
      void checking.then(({ faults, warnings }) => {
        if (stopped || store.getState().definition !== definition) return;
        checked = definition;
        store.getState().set({ faults, warnings });
      });
    };
    const later = (): void => {
      clearTimeout(timer);
      timer = setTimeout(look, restMs);
    };
    later();
    const stop = store.subscribe((state, before) => {
      if (state.definition !== before.definition || (before.moving && !state.moving)) later();
    });
    return () => {
      stopped = true;
      clearTimeout(timer);
      stop();
    };
  }, [store]);
}
