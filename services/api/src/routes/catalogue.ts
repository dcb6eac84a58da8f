/** What can be built with: models, connectors, node kinds, error codes. The same for every team, but for the keys of models. */
import { type ConnectorManifest, connectorManifests, errorCodes as activityErrorCodes, modelCatalogue } from '@hub/activities/catalogue';
import { errorCodes as apiErrorCodes, routes } from '@hub/contract';
import { errorCodes as dagErrorCodes, nodeKinds, triggerTypes } from '@hub/dag/catalogue';
import { errorCodes as databaseErrorCodes } from '@hub/db/error-codes';
import { readCredentialKinds } from '@hub/db/read';
import { errorCodes as kitErrorCodes } from '@hub/kit/error-codes';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { RouteContext } from '../http/context.ts';
import { handle } from '../http/route.ts';

interface Entry {
  id: string;
  [field: string]: unknown;
}
const all = (items: Entry[]) => ({ items, nextCursor: null });

/** Connectors with their params as JSON Schema, made once. */
const connectors: Entry[] = (Object.values(connectorManifests) as ConnectorManifest[]).map(({ earlier: _earlier, ...manifest }) => ({
  ...manifest,
  ...(manifest.push === undefined ? {} : { push: { actions: manifest.push.actions, help: manifest.push.help } }),
  actions: Object.values(manifest.actions).map(({ compensation, ...action }) => ({
    ...action,
    ...(compensation === undefined ? {} : { compensation: { action: compensation.action, help: compensation.help } }),
    idempotent: action.idempotent === true,
    params: z.toJSONSchema(action.params, { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' }),
  })),
}));

const errorCodes = { ...kitErrorCodes, ...databaseErrorCodes, ...activityErrorCodes, ...dagErrorCodes, ...apiErrorCodes };

/** Registers them. */
export function catalogueRoutes(app: FastifyInstance, { deps }: RouteContext): void {
  handle(app, 'listModels', routes.listModels, async ({ team }) => {
    const stored = await readCredentialKinds(deps.sql, team.id);
    const keyOf = (provider: string): string => {
      if (provider === 'demo') return 'not-needed';
      if (deps.settings.modelKeys.includes(provider)) return 'operator';
      return stored.has(provider) ? 'credential' : 'missing';
    };
    return all(modelCatalogue.map((model) => ({ ...model, key: keyOf(model.provider) })));
  });
  handle(app, 'listConnectors', routes.listConnectors, async () => all(connectors));
  handle(app, 'listNodeKinds', routes.listNodeKinds, async () => all(nodeKinds.map((kind) => ({ id: kind.type, ...kind }))));
  handle(app, 'listTriggerTypes', routes.listTriggerTypes, async () => all(triggerTypes.map((trigger) => ({ id: trigger.type, ...trigger }))));
  handle(app, 'listErrorCodes', routes.listErrorCodes, async () => all(Object.entries(errorCodes).map(([code, help]) => ({ id: code, ...help }))));
}
