/** What the triggers of a worker are made of. */
import type { actionFor } from '@hub/activities';
import type { CredentialStore, FileStore } from '@hub/activities/ports';
import type { Sql } from '@hub/db';
import type { RunRef } from '@hub/db/write';
import type { Logger } from '@hub/kit';
import type { Outbound } from '@hub/kit/http';

export interface TriggerDeps {
  sql: Sql;
  blobKey: Buffer;
  http: Outbound;
  files: FileStore;
  credentials: CredentialStore;
  connectors: typeof actionFor;
  log: Logger;
  /** Starts what got a slot and cancels what gave way; what does not get through is the sweep's and the row's. */
  carryOut: (start: RunRef[], cancel: RunRef[]) => Promise<void>;
  /** Milliseconds since the epoch. */
  now?: () => number;
}
