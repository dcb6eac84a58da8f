/** What changed between two definitions, by node, for history and review. */
import type { Definition, DefinitionEdge, DefinitionNode } from './definition.ts';
import { sameJson } from './pointer.ts';

export interface DefinitionDiff {
  nodes: { added: string[]; removed: string[]; changed: { id: string; fields: string[] }[] };
  edges: { added: DefinitionEdge[]; removed: DefinitionEdge[] };
  triggers: { added: string[]; removed: string[]; changed: string[] };
  /** Names of the settings that differ. */
  settings: string[];
  inputs: boolean;
  /** Layout, notes, groups: no change of meaning. */
  ui: boolean;
}

/** Structural difference; field names of a node's config are `config.<key>`. Order of nodes does not count, order of edges neither. */
export function diffDefinitions(before: Definition, after: Definition): DefinitionDiff {
  const [oldNodes, newNodes] = [byId(before.nodes), byId(after.nodes)];
  const [oldTriggers, newTriggers] = [byId(before.triggers ?? []), byId(after.triggers ?? [])];
  const changed = [...newNodes].flatMap(([id, node]) => {
    const old = oldNodes.get(id);
    const fields = old ? nodeFields(old, node) : [];
    return fields.length > 0 ? [{ id, fields }] : [];
  });
  return {
    nodes: { added: missing(newNodes, oldNodes), removed: missing(oldNodes, newNodes), changed },
    edges: { added: missingEdges(after, before), removed: missingEdges(before, after) },
    triggers: {
      added: missing(newTriggers, oldTriggers),
      removed: missing(oldTriggers, newTriggers),
      changed: [...newTriggers].filter(([id, trigger]) => oldTriggers.has(id) && !sameJson(oldTriggers.get(id), trigger)).map(([id]) => id),
    },
    settings: fieldsThatDiffer(before.settings ?? {}, after.settings ?? {}),
    inputs: !sameJson(before.inputs ?? null, after.inputs ?? null),
    ui: !sameJson(before.ui ?? {}, after.ui ?? {}),
  };
}

function nodeFields(old: DefinitionNode, now: DefinitionNode): string[] {
  const { config: oldConfig, ...oldRest } = old;
  const { config, ...rest } = now;
  return [...fieldsThatDiffer(oldRest, rest), ...fieldsThatDiffer(oldConfig, config).map((key) => `config.${key}`)];
}

function fieldsThatDiffer(a: object, b: object): string[] {
  const [old, now] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => !sameJson(old[key], now[key])).sort();
}

function byId<T extends { id: string }>(list: T[]): Map<string, T> {
  return new Map(list.map((one) => [one.id, one]));
}

function missing(from: Map<string, unknown>, inside: Map<string, unknown>): string[] {
  return [...from.keys()].filter((id) => !inside.has(id));
}

function missingEdges(from: Definition, inside: Definition): DefinitionEdge[] {
  const key = (edge: DefinitionEdge): string => JSON.stringify([edge.from, edge.fromPort ?? 'out', edge.to]);
  const known = new Set((inside.edges ?? []).map(key));
  return (from.edges ?? []).filter((edge) => !known.has(key(edge)));
}
