/** What data_source and action share: a connector's action and its params. */
import { z } from 'zod';
import type { Json } from '../planner/types.ts';
import { isRecord, own, pointer, textsIn, type JsonObject } from '../pointer.ts';
import { templateSites, type Site } from '../sites.ts';
import { forEachFields, name, textOf, type CheckPorts, type KindFault } from './kind.ts';

export const connectorSchema = z.strictObject({
  connector: name,
  action: name,
  actionVersion: z.int().min(1).max(10_000).optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  credentialId: name.optional(),
  ...forEachFields,
});

/** All strings but names; params that are literal are found by the check, which knows the action. */
export function connectorSites(raw: JsonObject): Site[] {
  return ['params', 'forEach'].flatMap((key) => templateSites(own(raw, key), pointer(key)));
}

/** Unknown connector or action, a reader where a writer is meant, wrong params, templates where nothing is filled. */
export function connectorCheck(wants: 'read' | 'write'): (raw: JsonObject, ports: CheckPorts) => KindFault[] {
  return (raw, ports) => {
    const [connector, action] = [own(raw, 'connector'), own(raw, 'action')];
    if (typeof connector !== 'string' || typeof action !== 'string') return [];
    const version = own(raw, 'actionVersion');
    const facts = ports.action(connector, action, typeof version === 'number' ? version : undefined);
    if (!facts)
      return [
        typeof version === 'number' && ports.action(connector, action)
          ? unknownVersion(connector, action, version)
          : unknownAction(connector, action, ports),
      ];
    const other = wants === 'read' ? 'action' : 'data_source';
    if (facts.kind !== 'either' && facts.kind !== wants) {
      const does = facts.kind === 'read' ? 'reads' : 'writes';
      return [{ path: '/action', code: 'node.wrong-kind', message: `${connector}.${action} ${does}: use it in a node of type ${other}.` }];
    }
    const params = own(raw, 'params') ?? {};
    if (!isRecord(params)) return [];
    const literal = facts.literalParams.flatMap((key) => [...textsIn(params[key], pointer(key), key)]).filter(({ text }) => text.includes('{{'));
    return [
      ...facts.paramsFaults(params as JsonObject).map(({ path, message }) => ({ path: `/params${path}`, code: 'node.params', message })),
      ...literal.map(({ pointer: at }) => ({
        path: `/params${at}`,
        code: 'node.template-in-literal',
        message: 'This parameter is sent exactly as written, so {{ }} is not filled here. Put values into its parameter list instead.',
      })),
    ];
  };
}

function unknownVersion(connector: string, action: string, version: number): KindFault {
  return {
    path: '/actionVersion',
    code: 'node.unknown-version',
    message: `${connector}.${action} has no version ${version}. Leave the version out to take the newest.`,
  };
}

function unknownAction(connector: string, action: string, ports: CheckPorts): KindFault {
  const known = ports.connectors();
  if (!known.includes(connector)) {
    return {
      path: '/connector',
      code: 'node.unknown-connector',
      message: `There is no connector "${connector}". Known: ${known.join(', ') || 'none'}.`,
    };
  }
  return { path: '/action', code: 'node.unknown-action', message: `The connector ${connector} has no action "${action}". See its list of actions.` };
}

export function connectorIdempotent(raw: JsonObject, ports: CheckPorts): boolean {
  const version = own(raw, 'actionVersion');
  const facts = ports.action(textOf(raw, 'connector', ''), textOf(raw, 'action', ''), typeof version === 'number' ? version : undefined);
  return facts?.idempotent((own(raw, 'params') ?? {}) as Json) ?? false;
}

export function connectorWords(raw: JsonObject): string {
  return `${textOf(raw, 'connector')} ${textOf(raw, 'action')}${Object.hasOwn(raw, 'forEach') ? ' per item' : ''}`;
}
