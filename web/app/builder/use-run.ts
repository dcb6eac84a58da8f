/** A run on the canvas: read once, then again on each news of its live channel, at most every 300 ms. */
import type { NodeSummary, Run } from '@hub/contract';
import { useEffect } from 'react';
import { openSocket } from '../run/live.ts';
import { openChannel, paced } from '../run/live-channel.ts';
import { showToast } from '../ui/toast.tsx';
import { ApiFault, type Call } from './api.ts';
import { overlayOf, viewsOf } from './model/run-overlay.ts';
import type { BuilderStore } from './model/store.ts';

const paceMs = 300;

export function useRunOverlay(store: BuilderStore, call: Call, runId: string | null): void {
  useEffect(() => {
    if (runId === null) {
      store.getState().set({ run: null });
      return;
    }
    let stopped = false;
    const read = async (): Promise<void> => {
      try {
        const [run, summaries] = await Promise.all([
          call<Run>('GET', `/runs/${runId}`),
          call<{ items: NodeSummary[] }>('GET', `/runs/${runId}/node-summaries`),
        ]);
        if (stopped) return;
        const overlay = overlayOf(store.getState().definition, run, summaries.items);
        store.getState().set({ run: overlay });
        if (overlay.settled) channel.close();
      } catch (error) {
        if (!stopped && error instanceof ApiFault) showToast({ text: 'The run cannot be shown', more: error.problem.detail, tone: 'failed' });
      }
    };
    const again = paced(() => void read(), paceMs);
    const channel = openChannel({ open: (seq) => openSocket(runId, seq), lastSeq: 0, onNews: again.call, onState: () => undefined });
    again.call();
    // Steps that are renamed or added while a run is shown find their state by their id.
    const stop = store.subscribe((state, before) => {
      if (state.definition !== before.definition && state.run)
        state.set({ run: { ...state.run, views: viewsOf(state.definition, state.run.summaries, state.run.state) } });
    });
    const wake = (): void => channel.wake();
    window.addEventListener('online', wake);
    return () => {
      stopped = true;
      stop();
      again.stop();
      channel.close();
      window.removeEventListener('online', wake);
    };
  }, [store, call, runId]);
}
