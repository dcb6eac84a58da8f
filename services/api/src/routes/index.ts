/** Registration list: one line per group of routes. */
import type { FastifyInstance } from 'fastify';
import type { RouteContext } from '../http/context.ts';
import { accountRoutes } from './account.ts';
import { apiKeyRoutes } from './api-keys.ts';
import { auditRoutes } from './audit.ts';
import { authoringRoutes } from './authoring.ts';
import { authRoutes } from './auth.ts';
import { bulkRoutes } from './bulk.ts';
import { catalogueRoutes } from './catalogue.ts';
import { codecRoutes } from './codec.ts';
import { connectionRoutes } from './connections.ts';
import { connectorRoutes } from './connectors.ts';
import { credentialRoutes } from './credentials.ts';
import { dryRunRoutes } from './dry-run.ts';
import { fileRoutes } from './files.ts';
import { formRoutes } from './forms.ts';
import { hookRoutes } from './hooks.ts';
import { pushRoutes } from './push.ts';
import { liveRoutes } from './live.ts';
import { momentRoutes } from './moments.ts';
import { noticeRoutes } from './notices.ts';
import { previewRoutes } from './preview.ts';
import { retryRoutes } from './retry.ts';
import { runRoutes } from './runs.ts';
import { stepCacheRoutes } from './step-cache.ts';
import { systemRoutes } from './system.ts';
import { teamRoutes } from './teams.ts';
import { templateRoutes } from './templates.ts';
import { triggerRoutes } from './triggers.ts';
import { undoRoutes } from './undo.ts';
import { variableRoutes } from './variables.ts';
import { workflowFileRoutes } from './workflow-files.ts';
import { waitRoutes } from './waits.ts';
import { workflowRoutes } from './workflows.ts';

const groups = [
  systemRoutes,
  codecRoutes,
  authRoutes,
  accountRoutes,
  teamRoutes,
  apiKeyRoutes,
  workflowRoutes,
  authoringRoutes,
  previewRoutes,
  dryRunRoutes,
  workflowFileRoutes,
  templateRoutes,
  stepCacheRoutes,
  triggerRoutes,
  runRoutes,
  momentRoutes,
  retryRoutes,
  undoRoutes,
  bulkRoutes,
  hookRoutes,
  pushRoutes,
  formRoutes,
  waitRoutes,
  fileRoutes,
  variableRoutes,
  credentialRoutes,
  connectionRoutes,
  catalogueRoutes,
  connectorRoutes,
  noticeRoutes,
  auditRoutes,
  liveRoutes,
];

/** Registers every route of the API. */
export function registerRoutes(app: FastifyInstance, context: RouteContext): void {
  for (const register of groups) register(app, context);
}
