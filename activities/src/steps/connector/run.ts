/** data_source and action: one action of a connector. */
import type { Json } from '@hub/dag/planner';
import { UserError } from '@hub/kit/errors';

import { isIdempotent, parseParams } from '../../connectors/params.ts';
import type { ActivityDeps } from '../../deps.ts';
import type { LiveCredential, Warning } from '../../ports.ts';
import { toJsonText } from '../../values/json.ts';
import type { OutwardInput, OutwardOutcome, OutwardStep } from '../outward-step.ts';

export const connectorStep: OutwardStep = {
  toFill: (config, deps) => {
    const { spec } = actionOf(config, deps);
    return { value: config['params'] ?? {}, literal: spec.literalParams.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`) };
  },
  isIdempotent: (config, filled, deps) => {
    const { spec } = actionOf(config, deps);
    return isIdempotent(spec, parseParams(spec, filled));
  },
  run: runAction,
};

type Action = ReturnType<ActivityDeps['connectors']>;
/** Where an action is performed: the step whose credential it takes. */
export type ActionPlace = Pick<OutwardInput, 'node' | 'path' | 'facts' | 'signal' | 'deps' | 'idempotencyKey'>;

async function runAction(input: OutwardInput): Promise<OutwardOutcome> {
  const action = actionOf(input.node.config, input.deps);
  return { ...(await performAction(action, input, parseParams(action.spec, input.filled))), port: 'out' };
}

/** One call of an action with the credential of its step; `params` are checked. */
export async function performAction(
  { spec, run }: Action,
  place: ActionPlace,
  params: ReturnType<typeof parseParams>,
): Promise<Pick<OutwardOutcome, 'outputText' | 'warnings'>> {
  const { facts, deps, signal, idempotencyKey, path } = place;
  const credential = await useCredential(place);
  if (credential !== null && !spec.credentialKinds.includes(credential.kind)) {
    throw new UserError(
      'credential.wrong-kind',
      `${spec.id} takes a credential of kind ${spec.credentialKinds.join(' or ') || 'none'}, not ${credential.kind}`,
    );
  }
  const { team } = facts;
  const log = (message: string, more: Record<string, unknown> = {}): void => deps.log.info({ team, run: facts.run, path, ...more }, message);
  const warnings: Warning[] = [];
  const warn = (code: string, message: string): void => void warnings.push({ code, message });
  const renew = credential === null ? {} : { renew: () => deps.credentials.renew(team, credential) };
  const result = await run({
    ...renew,
    params,
    credential,
    http: deps.http,
    files: deps.files,
    signal,
    idempotencyKey,
    team,
    run: facts.run,
    log,
    warn,
  });
  const { text, cleaned } = toJsonText(result.output, 'The answer');
  if (cleaned) warn('value.cleaned', 'Characters that cannot be stored (U+0000, lone surrogates) were replaced');
  return { outputText: text, warnings };
}

/** The action that a step's config names. @throws UserError where it is not there. */
export function actionOf(config: Record<string, Json>, deps: ActivityDeps): Action {
  const version = config['actionVersion'];
  return deps.connectors(String(config['connector']), String(config['action']), typeof version === 'number' ? version : undefined);
}

async function useCredential({ node, facts, deps }: ActionPlace): Promise<LiveCredential | null> {
  const id = node.config['credentialId'];
  return typeof id === 'string' ? await deps.credentials.use(facts.team, id, { run: facts.run, nodeId: node.id }) : null;
}
