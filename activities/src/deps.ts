/** What the worker injects. Activities reach nothing of the outside by any other way. */
import type { Logger } from '@hub/kit';
import type { Outbound } from '@hub/kit/http';

import type { actionFor } from './connectors/registry.ts';
import type { ExpressionPool } from './expressions/pool/index.ts';
import type { AttemptContext } from './platform/attempt-context.ts';
import type { AnswerStore, CredentialStore, FileStore, MailPort, RunStarter, RunStore, StepCacheStore } from './ports.ts';
import type { UndoStore } from './undo-ports.ts';
import type { ChildRuns, ResumeLinks, WaitStore } from './wait-ports.ts';
import type { PromptModels } from './steps/prompt/models.ts';

export interface ActivityDeps {
  runs: RunStore;
  files: FileStore;
  credentials: CredentialStore;
  waits: WaitStore;
  undo: UndoStore;
  children: ChildRuns;
  links: ResumeLinks;
  starter: RunStarter;
  /** Closed with the activities. */
  pool: ExpressionPool;
  /** The guarded client; connectors and models have no other. */
  http: Outbound;
  /** `actionFor` of the connector registry. */
  connectors: typeof actionFor;
  models: PromptModels;
  /** Where respond steps leave their answer; absent: they fail. */
  answers?: AnswerStore;
  /** Absent: `cache` of a step has no effect. */
  stepCache?: StepCacheStore;
  /** Absent: notify steps by e-mail fail. */
  mail?: MailPort;
  log: Logger;
  /** Tells whoever started the run that it failed; dedupes by itself. */
  noticeFailure?: (team: string, run: string) => Promise<unknown>;
  /** Milliseconds since the epoch. */
  now?: () => number;
  /** Stands in for Temporal's context in tests. */
  context?: () => AttemptContext;
  /** A step that may be done twice and ends sooner has its row written once, when it ends (default 250; infra/decisions/011). */
  quietMs?: number;
  /** How long a step may take as a local activity (default 1,000; infra/decisions/014). */
  tryMs?: number;
  /** For how long one round of undoing begins new calls (default 60,000). */
  undoRoundMs?: number;
}
