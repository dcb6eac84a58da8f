/** What the worker runs for each action of the catalogue. A spec without its run does not compile. Code, and with it the vendor's SDK, is loaded at its first use. */
import { BugError, UserError } from '@hub/kit/errors';

import { type connectorManifests, findAction, findConnector } from './catalogue.ts';
import { redactedRun, redactedServices } from './redacted.ts';
import type { ActionRun, ActionSpec, ConnectorCode, ConnectorServices, RunsOf } from './types.ts';

type Manifests = typeof connectorManifests;

const loaders: { [Id in keyof Manifests]: () => Promise<{ actions: RunsOf<Manifests[Id]>; services?: ConnectorServices }> } = {
  airtable: () => import('./airtable/runs.ts'),
  data: () => import('./data/runs.ts'),
  email: () => import('./email/runs.ts'),
  file: () => import('./file/runs.ts'),
  'google-drive': () => import('./google-drive/runs.ts'),
  'google-sheets': () => import('./google-sheets/runs.ts'),
  http: () => import('./http/runs.ts'),
  hubspot: () => import('./hubspot/runs.ts'),
  mysql: () => import('./mysql/runs.ts'),
  notion: () => import('./notion/runs.ts'),
  postgres: () => import('./postgres/runs.ts'),
  salesforce: () => import('./salesforce/runs.ts'),
  slack: () => import('./slack/runs.ts'),
};

/** Code of a connector whose name the catalogue knows. Each run takes exactly what its spec's params give; the pairing is checked where `loaders` is declared. */
async function load(connector: string): Promise<ConnectorCode> {
  return (await loaders[connector as keyof Manifests]()) as unknown as ConnectorCode;
}

/**
 * The spec and run of `connector`.`action` in a version (absent: the newest).
 * @throws UserError `step.unknown-action`, `step.unknown-version`.
 */
export function actionFor(connector: string, action: string, version?: number): { spec: ActionSpec; run: ActionRun } {
  const spec = findAction(connector, action, version);
  if (spec !== null) return { spec, run: async (context) => redactedRun(await runOf(connector, spec))(context) };
  const known = findAction(connector, action);
  if (known === null)
    throw new UserError('step.unknown-action', `There is no action "${connector}.${action}".`.slice(0, 200), {
      remedy: 'Choose one of GET /api/v1/connectors.',
      status: 422,
    });
  throw new UserError('step.unknown-version', `"${connector}.${action}" has no version ${version}; the newest is ${known.version}.`.slice(0, 200), {
    remedy: 'Remove actionVersion from the step and publish again: it then takes the newest.',
    status: 422,
  });
}

async function runOf(connector: string, spec: ActionSpec): Promise<ActionRun> {
  const code = await load(connector);
  const newest = findAction(connector, spec.id)?.version === spec.version;
  const run = newest ? code.actions[spec.id] : code.earlier?.[spec.id]?.[spec.version];
  if (run === undefined) throw new BugError('step.unknown-version', `${connector}.${spec.id} version ${spec.version} has a spec and no run.`);
  return run;
}

/** What a connector tells forms and connection tests; null where it tells nothing. @throws UserError `connector.unknown`. */
export async function servicesFor(connector: string): Promise<ConnectorServices | null> {
  if (findConnector(connector) === null)
    throw new UserError('connector.unknown', `There is no connector "${connector}".`.slice(0, 200), {
      remedy: 'Choose one of GET /api/v1/connectors.',
      status: 404,
    });
  const { services } = await load(connector);
  return services === undefined ? null : redactedServices(services);
}
