/** Ties the saver to the API, the store and the browser: the draft is saved by itself, kept in the browser until it is, and sent as the page goes. */
import { type Definition, sameJson } from '@hub/dag';
import { useEffect, useState } from 'react';
import type { Call } from './api.ts';
import { type Backup, createSaving, type Saving } from './model/saving.ts';
import { createSending } from './model/sending.ts';
import type { BuilderStore } from './model/store.ts';

const keyOf = (workflowId: string): string => `hub-draft:${workflowId}`;

/** What an earlier visit could not save; null where nothing is left, or where its last request did arrive after all. */
export function readBackup(workflowId: string, atServer: Definition): Backup | null {
  try {
    const found = JSON.parse(localStorage.getItem(keyOf(workflowId)) ?? 'null') as Backup | null;
    if (!found || typeof found.revision !== 'number' || !Array.isArray(found.definition?.nodes)) return null;
    if (!sameJson(found.definition, atServer)) return found;
    keepBackup(workflowId, null);
    return null;
  } catch {
    return null;
  }
}

function keepBackup(workflowId: string, backup: Backup | null): void {
  try {
    if (backup) localStorage.setItem(keyOf(workflowId), JSON.stringify(backup));
    else localStorage.removeItem(keyOf(workflowId));
  } catch {
    // A full or closed store: the server still gets it.
  }
}

/** `earlier`: what was brought back from an earlier visit, and what that one was sending. */
export function useSaving(
  store: BuilderStore,
  call: Call,
  workflowId: string,
  revision: number,
  atServer: Definition,
  earlier: readonly Definition[],
): Saving {
  const [saving] = useState(() =>
    createSaving({
      revision,
      saved: atServer,
      send: createSending(call, workflowId, earlier),
      keep: (backup) => keepBackup(workflowId, backup),
      onState: (save) => store.getState().set({ save }),
    }),
  );
  useEffect(() => {
    const now = store.getState().definition;
    if (now !== atServer) saving.changed(now);
    const stop = store.subscribe((state, before) => {
      if (state.definition !== before.definition) saving.changed(state.definition);
    });
    const online = (): void => saving.retry();
    const leave = (): void => saving.leave();
    window.addEventListener('online', online);
    window.addEventListener('pagehide', leave);
    return () => {
      stop();
      window.removeEventListener('online', online);
      window.removeEventListener('pagehide', leave);
      saving.leave();
    };
  }, [store, saving, atServer]);
  return saving;
}
