/** The database of the hub: connections, the worker's stores, live notices, the boot check. Queries are behind ./read and ./write. */
export { checkBoot } from './boot-check.ts';
export { asTeam, type DatabaseOptions, isUuid, openDatabase, type Sql, type TeamSql } from './database.ts';
export { createRunNotifier, liveListener, type RunNotice, type RunNotifier } from './live/notifier.ts';
export { createFileStore, type HubFileStore } from './stores/file-store.ts';
export { createRunStore, type RunStoreOptions } from './stores/run-store.ts';
export { createUndoStore } from './stores/undo-store.ts';
export { createWaitStore, type WaitStoreOptions } from './stores/wait-store.ts';
export { createStepCache } from './stores/step-cache.ts';
export { createStartReader, type RunStart } from './write/start-reader.ts';
export { cleanJson, inlineLimitBytes, previewOf } from './text.ts';
