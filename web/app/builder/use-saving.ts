/** Ties the saver to the API, the store and the browser: the draft is saved by itself, kept in the browser until it is, and sent as the page goes. */
import { type Definition, sameJson } from '@hub/dag';
import { useEffect, useState } from 'react';
import type { Call } from './api.ts';
import { printOf } from './model/print.ts';
import { type Backup, createSaving, type Saving } from './model/saving.ts';
import { createSending } from './model/sending.ts';
import type { BuilderStore } from './model/store.ts';

const keyOf = (workflowId: string): string => `hub-draft:${workflowId}`;
/** The draft saved last in this tab. */
const savedKey = 'hub-saved';

/** A draft as it is opened. */
export interface Opening {
  /** What the server has, as far as this browser knows. */
  definition: Definition;
  revision: number;
  /** What an earlier visit could not save, and goes on here; null where nothing is left. */
  backup: Definition | null;
  /** Prints of what the server may hold as one's own. */
  mine: readonly string[] | undefined;
}

interface Saved {
  id: string;
  revision: number;
  definition: Definition;
}

/**
 * What to open: the draft that the server gave, or the one that this tab saved while the server was still reading the older one; and what an earlier visit left unsaved.
 */
export function openDraft(id: string, read: { definition: Definition; revision: number }, mayWrite: boolean): Opening {
  const saved = readJson<Saved>(() => sessionStorage.getItem(savedKey));
  const isNewer = saved?.id === id && saved.revision > read.revision && Array.isArray(saved.definition?.nodes);
  const { definition, revision } = isNewer ? saved : read;
  const backup = mayWrite ? readBackup(id, definition) : null;
  if (backup === null) return { definition, revision, backup: null, mine: undefined };
  // What stands there is one's own: the draft goes on from it, and nobody is asked.
  const isMine = backup.mine.includes(printOf(definition));
  return { definition, revision: isMine ? revision : backup.revision, backup: backup.definition, mine: backup.mine };
}

/** Null where nothing is left, or where its last request did arrive after all. */
function readBackup(workflowId: string, atServer: Definition): Backup | null {
  const found = readJson<Backup>(() => localStorage.getItem(keyOf(workflowId)));
  if (!found || typeof found.revision !== 'number' || !Array.isArray(found.definition?.nodes)) return null;
  if (!sameJson(found.definition, atServer)) return { ...found, mine: Array.isArray(found.mine) ? found.mine : [] };
  keepBackup(workflowId, null);
  return null;
}

function readJson<T>(read: () => string | null): T | null {
  try {
    return JSON.parse(read() ?? 'null') as T | null;
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

function keepSaved(saved: Saved): void {
  try {
    sessionStorage.setItem(savedKey, JSON.stringify(saved));
  } catch {
    // As above; the page is then as new as the server read it.
  }
}

/** Of each workflow, the one that saves: that of a page which was left may still be sending when the page is opened again. */
const savers = new Map<string, Saving>();

export function useSaving(store: BuilderStore, call: Call, { id, me, opening }: { id: string; me: string | null; opening: Opening }): Saving {
  const [saving] = useState(() =>
    createSaving({
      revision: opening.revision,
      saved: opening.definition,
      earlier: opening.mine,
      send: createSending(call, id, me),
      keep: (backup) => keepBackup(id, backup),
      onSaved: (definition, revision) => keepSaved({ id, revision, definition }),
      onState: (save) => store.getState().set({ save }),
    }),
  );
  useEffect(() => {
    const before = savers.get(id);
    if (before !== saving) before?.stop();
    savers.set(id, saving);
    const now = store.getState().definition;
    if (now !== opening.definition) saving.changed(now);
    const stop = store.subscribe((state, last) => {
      if (state.definition !== last.definition) saving.changed(state.definition);
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
  }, [store, saving, id, opening]);
  return saving;
}
