/** What every part of the open builder shares: the store, the saver, the API. */
import type { Workflow } from '@hub/contract';
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Call } from './api.ts';
import type { Library } from './library.ts';
import type { BuilderState, BuilderStore } from './model/store.ts';
import type { Saving } from './model/saving.ts';

export interface Builder {
  store: BuilderStore;
  saving: Saving;
  call: Call;
  library: Library;
  /** Reads the library once more: something was added to it elsewhere. */
  readLibrary: () => void;
  workflow: Omit<Workflow, 'definition'>;
  may: { write: boolean; publish: boolean; run: boolean };
}

const BuilderContext = createContext<Builder | null>(null);
export const BuilderProvider = BuilderContext.Provider;

export function useBuilder(): Builder {
  const builder = useContext(BuilderContext);
  if (!builder) throw new Error('useBuilder outside the builder');
  return builder;
}

/** Reads the builder's state; draws again only when what was picked changes. */
export function usePick<T>(pick: (state: BuilderState) => T): T {
  return useStore(useBuilder().store, pick);
}

/** As `usePick`, where the store is at hand and its provider is not yet. */
export function usePickOf<T>(store: BuilderStore, pick: (state: BuilderState) => T): T {
  return useStore(store, pick);
}
