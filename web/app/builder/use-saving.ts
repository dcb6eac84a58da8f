/** Ties the saver to the API, the store and the browser: the draft is saved by itself, kept in the browser until it is, and sent as the page goes. */
import type { Workflow } from '@hub/contract';
import type { Definition } from '@hub/dag';
import { useEffect, useState } from 'react';
import { ApiFault, type Call } from './api.ts';
import { type Backup, createSaving, type SaveAnswer, type Saving } from './model/saving.ts';
import type { BuilderStore } from './model/store.ts';

const keyOf = (workflowId: string): string => `hub-draft:${workflowId}`;

/** What an earlier visit could not save; null where nothing is left. */
export function readBackup(workflowId: string): Backup | null {
  try {
    const found = JSON.parse(localStorage.getItem(keyOf(workflowId)) ?? 'null') as Backup | null;
    return found && typeof found.revision === 'number' && Array.isArray(found.definition?.nodes) ? found : null;
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

interface Stale {
  current?: { revision: number; updatedAt: string; updatedBy: { name: string } | null };
}

async function send(call: Call, workflowId: string, definition: Definition, revision: number, last: boolean): Promise<SaveAnswer> {
  try {
    // Browsers take at most 64 kB for a request that outlives its page.
    const keepalive = last && JSON.stringify(definition).length < 60_000;
    const { revision: next } = await call<Workflow>('PATCH', `/workflows/${workflowId}`, { body: { definition }, ifMatch: revision, keepalive });
    return { kind: 'saved', revision: next };
  } catch (error) {
    if (!(error instanceof ApiFault)) return { kind: 'offline' };
    const { problem } = error;
    if (problem.status === 412) {
      const { current } = problem as Stale;
      const theirs = current ?? (await call<Workflow>('GET', `/workflows/${workflowId}`).catch(() => null));
      if (!theirs) return { kind: 'offline' };
      return { kind: 'stale', revision: theirs.revision, by: theirs.updatedBy?.name ?? null, at: theirs.updatedAt };
    }
    if (problem.status >= 500 || problem.status === 429) return { kind: 'offline' };
    return { kind: 'refused', why: problem.errors[0]?.message ?? problem.detail };
  }
}

export function useSaving(store: BuilderStore, call: Call, workflowId: string, revision: number, atServer: Definition): Saving {
  const [saving] = useState(() =>
    createSaving({
      revision,
      saved: atServer,
      send: (definition, at, last) => send(call, workflowId, definition, at, last),
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
