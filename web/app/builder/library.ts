/** What can be built with, read once when the builder opens: connectors, models, the team's credentials and files. */
import { useCallback, useEffect, useState } from 'react';
import type { Call } from './api.ts';
import { type ConnectorEntry, pickEntries, type PickEntry } from './model/catalogue.ts';

export interface ModelChoice {
  id: string;
  title: string;
  help: string;
  provider: string;
  demo: boolean;
  inputUsdPerMTok: number | null;
  outputUsdPerMTok: number | null;
}
export interface CredentialChoice {
  id: string;
  name: string;
  kind: string;
  allowedHosts: string[];
  status: string;
}
export interface FileChoice {
  $file: string;
  name: string;
  mime: string;
  bytes: number;
  sha256: string;
}

export interface Library {
  entries: PickEntry[];
  connectors: ConnectorEntry[];
  models: ModelChoice[];
  credentials: CredentialChoice[];
  files: FileChoice[];
  workflows: { id: string; name: string }[];
  /** Not here yet: forms show their bones. */
  loading: boolean;
  /** What could not be read. */
  missing: string[];
}

const empty: Library = {
  entries: pickEntries([]),
  connectors: [],
  models: [],
  credentials: [],
  files: [],
  workflows: [],
  loading: true,
  missing: [],
};

interface Items<T> {
  items: T[];
}

/** Reads the lists side by side; what fails is named and left empty. */
export function useLibrary(call: Call): { library: Library; again: () => void } {
  const [library, setLibrary] = useState<Library>(empty);
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const missing: string[] = [];
    const list = async <T>(name: string, path: string): Promise<T[]> => {
      try {
        return (await call<Items<T>>('GET', path, { signal: stop.signal })).items;
      } catch {
        missing.push(name);
        return [];
      }
    };
    void Promise.all([
      list<ConnectorEntry>('connectors', '/connectors'),
      list<ModelChoice>('models', '/models'),
      list<CredentialChoice>('credentials', '/credentials?limit=200'),
      list<FileChoice>('files', '/files?limit=100'),
      list<{ id: string; name: string }>('workflows', '/workflows?limit=100'),
    ]).then(([connectors, models, credentials, files, workflows]) => {
      if (stop.signal.aborted) return;
      setLibrary({ entries: pickEntries(connectors), connectors, models, credentials, files, workflows, loading: false, missing });
    });
    return () => stop.abort();
  }, [call, round]);
  const again = useCallback(() => setRound((now) => now + 1), []);
  return { library, again };
}
