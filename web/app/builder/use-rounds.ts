/** Reads what the steps of a loop did for the item that is looked at. */
import type { NodeRow } from '@hub/contract';
import { useEffect } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Call } from './api.ts';
import { usePickOf } from './context.tsx';
import { roundViews } from './model/rounds.ts';
import type { BuilderStore } from './model/store.ts';

const mostRows = 200;

export function useRounds(store: BuilderStore, call: Call): void {
  const { rounds, runId, completedAt } = usePickOf(
    store,
    useShallow((state) => ({ rounds: state.rounds, runId: state.run?.id ?? null, completedAt: state.run?.completedAt ?? null })),
  );
  useEffect(() => {
    const stop = new AbortController();
    const { definition, run, set } = store.getState();
    const loops = Object.entries(rounds).filter(([id]) => definition.nodes.some((node) => node.id === id && node.type === 'loop'));
    if (runId === null || !run || loops.length === 0) {
      if (store.getState().roundViews.size > 0) set({ roundViews: new Map() });
      return;
    }
    void Promise.all(
      loops.map(async ([loop, iteration]) => {
        const { items } = await call<{ items: NodeRow[] }>('GET', `/runs/${runId}/nodes?iteration=${iteration}&values=false&limit=${mostRows}`, {
          signal: stop.signal,
        });
        return [...roundViews(store.getState().definition, loop, items, run.state)];
      }),
    )
      .then((found) => {
        if (!stop.signal.aborted) store.getState().set({ roundViews: new Map(found.flat()) });
      })
      .catch(() => undefined);
    return () => stop.abort();
  }, [store, call, rounds, runId, completedAt]);
}
