/** What the worker runs for each action of the catalogue. A spec without its run does not compile. */
import { UserError } from '@hub/kit/errors';

import type { connectorManifests } from './catalogue.ts';
import { findAction } from './catalogue.ts';
import { fileRuns } from './file/runs.ts';
import { httpRuns } from './http/runs.ts';
import type { ActionRun, ActionSpec, RunsOf } from './types.ts';

const runs: { [Id in keyof typeof connectorManifests]: RunsOf<(typeof connectorManifests)[Id]> } = {
  file: fileRuns,
  http: httpRuns,
};

/**
 * The spec and run of `connector`.`action`.
 * @throws UserError `step.unknown-action`.
 */
export function actionFor(connector: string, action: string): { spec: ActionSpec; run: ActionRun } {
  const spec = findAction(connector, action);
  if (spec === null) {
    throw new UserError('step.unknown-action', `There is no action "${connector}.${action}".`.slice(0, 200), {
      remedy: 'Choose one of GET /api/v1/connectors.',
      status: 422,
    });
  }
  // Each run takes exactly what its spec's params give; the pairing is checked where `runs` is declared.
  const ofConnector = runs[connector as keyof typeof runs] as Record<string, ActionRun>;
  return { spec, run: ofConnector[action] as ActionRun };
}
