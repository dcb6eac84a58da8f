/** A definition on its way in: shape at save, everything at publish, frozen plan. Pure but for the credentials' look-up; nothing is executed (05, rule 4). */
import { createHash } from 'node:crypto';
import { connectorManifests, checkDraftParams, findAction, isDraftIdempotent } from '@hub/activities/catalogue';
import { parseCode, parseExpression } from '@hub/activities/expressions';
import { modelWarning } from '@hub/activities/models';
import { patternFault } from '@hub/activities/patterns';
import type { Fault } from '@hub/contract';
import { type CheckPorts, type Checked, type Definition, canonicalJson, checkDefinition, compile, parseDefinition } from '@hub/dag';
import type { Json, Plan } from '@hub/dag/planner';
import type { DerivedNode } from '@hub/db/write';
import { invalid } from '../http/answers.ts';
import { inputsFault } from '@hub/activities/run-input';

/** What dag's check asks, answered from the catalogue of connectors and the expression parser. */
export const checkPorts: CheckPorts = {
  parseExpression,
  parseCode,
  connectors: () => Object.keys(connectorManifests),
  action(connector, action, version) {
    const spec = findAction(connector, action, version);
    if (spec === null) return undefined;
    return {
      kind: spec.kind,
      idempotent: (params: Json) => isDraftIdempotent(spec, params),
      literalParams: spec.literalParams,
      paramsFaults: (params: Json) => checkDraftParams(spec, params).map(({ path, message }) => ({ path, message })),
    };
  },
  schemaFault: (schema) => inputsFault(schema),
  modelWarning,
  patternFault,
};

/** As save takes it. @throws UserError 422 `definition.invalid` with every fault. */
export function readDefinition(json: unknown): Definition {
  const parsed = parseDefinition(json);
  if (parsed.ok) return parsed.definition;
  throw invalid(
    'definition.invalid',
    `The definition is not of format 1: ${parsed.faults[0]?.message ?? ''}`.slice(0, 500),
    parsed.faults.map((fault) => ({ ...fault, path: `/definition${fault.path === '/' ? '' : fault.path}` })),
  );
}

/** Everything publish would say, with nothing stored. */
export function check(definition: Definition): Checked {
  return checkDefinition(definition, checkPorts);
}

/** SHA-256 (hex) of the definition without `ui`: a change of layout alone is no new version. */
export function definitionHash(definition: Definition): string {
  return createHash('sha256').update(canonicalJson(definition)).digest('hex');
}

/**
 * The definition as it is published: each connector step names the version of its action, so that it stays with it whatever comes later.
 * A step that names one keeps it; the draft is left as it is.
 */
export function withActionVersions(definition: Definition): Definition {
  const nodes = definition.nodes.map((node) => {
    if ((node.type !== 'data_source' && node.type !== 'action') || node.config['actionVersion'] !== undefined) return node;
    const spec = findAction(String(node.config['connector']), String(node.config['action']));
    return spec === null ? node : { ...node, config: { ...node.config, actionVersion: spec.version } };
  });
  return { ...definition, nodes };
}

/** Of a draft: that of the version it would be published as, so that what publishing writes down by itself is no change. */
export function draftHash(definition: Definition): string {
  return definitionHash(withActionVersions(definition));
}

/** The definition with these tags in its settings; nothing else of it changes. */
export function withTags(definition: Definition, tags: string[]): Definition {
  return { ...definition, settings: { ...definition.settings, tags: [...new Set(tags)] } };
}

/** The frozen plan of a checked definition. */
export function freeze(definition: Definition, workflowName: string): { hash: string; plan: Plan } {
  const hash = definitionHash(definition);
  return { hash, plan: compile(definition, checkPorts, { workflowName, definitionHash: hash }) };
}

interface UiNode {
  x?: unknown;
  y?: unknown;
}

/** Rows of workflow_nodes, for querying only. */
export function derivedNodes(definition: Definition): DerivedNode[] {
  const places = new Map(Object.entries((definition.ui?.['nodes'] ?? {}) as Record<string, UiNode | null>));
  const edges = definition.edges ?? [];
  const seen = new Set<string>();
  return definition.nodes.flatMap((node) => {
    // A draft may still name two nodes alike; the table holds one of them.
    if (seen.has(node.id)) return [];
    seen.add(node.id);
    const at = places.get(node.id);
    const position = typeof at?.x === 'number' && typeof at.y === 'number' ? { x: at.x, y: at.y } : null;
    const dependsOn = [...new Set(edges.filter((edge) => edge.to === node.id).map((edge) => edge.from))];
    return [{ nodeId: node.id, nodeType: node.type, config: node.config as Json, position, dependsOn }];
  });
}

/** Every place where the definition names a credential. */
export function namedCredentials(definition: Definition): { path: string; id: unknown; nodeId: string | null }[] {
  const ofTriggers = (definition.triggers ?? []).flatMap((trigger, i) => {
    const { credentialId, verify } = (trigger.config ?? {}) as { credentialId?: unknown; verify?: { credentialId?: unknown } | null };
    const own = credentialId === undefined ? [] : [{ path: `/triggers/${i}/config/credentialId`, id: credentialId, nodeId: null }];
    const secret = verify?.credentialId;
    return secret === undefined ? own : [...own, { path: `/triggers/${i}/config/verify/credentialId`, id: secret, nodeId: null }];
  });
  const ofNodes = definition.nodes.flatMap((node, i) => {
    const id = node.config['credentialId'];
    return id === undefined || id === null ? [] : [{ path: `/nodes/${i}/config/credentialId`, id, nodeId: node.id }];
  });
  return [...ofNodes, ...ofTriggers];
}

/** Faults of credentials that are not the team's, and of a caller who may not use any (05, rule 8). */
export function credentialFaults(
  definition: Definition,
  teamCredentials: ReadonlyMap<string, { name: string; status: string; mine: boolean }>,
  mayUse: boolean,
): Fault[] {
  return namedCredentials(definition).flatMap(({ path, id, nodeId }) => {
    const found = typeof id === 'string' ? teamCredentials.get(id) : undefined;
    const fault = (code: string, message: string) => [{ path, nodeId, code, message }];
    if (found === undefined) return fault('credential.not-found', 'There is no such credential in this team.');
    if (!mayUse) return fault('credential.not-allowed', 'You may not use credentials: this needs the permission credential.use.');
    if (!found.mine) return fault('credential.not-yours', `"${found.name}" may be used by certain people only, and you are not one of them.`);
    return found.status === 'active' ? [] : fault('credential.not-connected', `"${found.name}" is not connected: open it under Connections.`);
  });
}
