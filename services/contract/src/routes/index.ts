/** The route table: registration list, one line per group. */
import { accountRoutes } from './account.ts';
import { apiKeyRoutes, auditRoutes, authRoutes, teamRoutes } from './access.ts';
import { authoringRoutes, templateRoutes } from './authoring.ts';
import { codecRoutes } from './codec.ts';
import { connectorRoutes } from './connectors.ts';
import { credentialRoutes } from './credentials.ts';
import { catalogueRoutes, fileRoutes, noticeRoutes, variableRoutes } from './resources.ts';
import { dryRunRoutes } from './dry-run.ts';
import { formRoutes } from './forms.ts';
import { hookRoutes } from './hooks.ts';
import { momentRoutes } from './moments.ts';
import { retryRoutes } from './retry.ts';
import { runRoutes } from './runs.ts';
import { stepCacheRoutes } from './step-cache.ts';
import { systemRoutes } from './system.ts';
import { triggerRoutes } from './triggers.ts';
import { undoRoutes } from './undo.ts';
import { waitRoutes } from './waits.ts';
import { workflowRoutes } from './workflows.ts';

/** Every HTTP route of the hub by operation id. The live WebSocket (`/api/v1/live`) is `liveFrame`'s. */
export const routes = {
  ...workflowRoutes,
  ...triggerRoutes,
  ...authoringRoutes,
  ...templateRoutes,
  ...dryRunRoutes,
  ...stepCacheRoutes,
  ...runRoutes,
  ...momentRoutes,
  ...retryRoutes,
  ...undoRoutes,
  ...waitRoutes,
  ...hookRoutes,
  ...formRoutes,
  ...fileRoutes,
  ...variableRoutes,
  ...credentialRoutes,
  ...catalogueRoutes,
  ...connectorRoutes,
  ...noticeRoutes,
  ...authRoutes,
  ...accountRoutes,
  ...teamRoutes,
  ...apiKeyRoutes,
  ...auditRoutes,
  ...systemRoutes,
  ...codecRoutes,
};
export type Routes = typeof routes;
export type OperationId = keyof Routes;
