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

async function runAction(input: OutwardInput): Promise<OutwardOutcome> {
  const { node, facts, deps, filled, signal, idempotencyKey, path } = input;
  const { spec, run } = actionOf(node.config, deps);
  const params = parseParams(spec, filled);
  const credential = await useCredential(input);
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
  return { outputText: text, port: 'out', warnings };
}

function actionOf(config: Record<string, Json>, deps: ActivityDeps): ReturnType<ActivityDeps['connectors']> {
  const version = config['actionVersion'];
  return deps.connectors(String(config['connector']), String(config['action']), typeof version === 'number' ? version : undefined);
}

async function useCredential({ node, facts, deps }: OutwardInput): Promise<LiveCredential | null> {
  const id = node.config['credentialId'];
  return typeof id === 'string' ? await deps.credentials.use(facts.team, id, { run: facts.run, nodeId: node.id }) : null;
}
