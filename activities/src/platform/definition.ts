/** The published definition as steps look at it. */
import type { Json, NodeType } from '@hub/dag/planner';
import { BugError, UserError } from '@hub/kit/errors';

import { isObject, own } from '../values/json.ts';

export interface NodeDefinition {
  id: string;
  type: NodeType;
  parent: string | null;
  config: Record<string, Json>;
  strict: boolean;
  /** `onError` is `branch`: its last failure takes the port `error`. */
  branches: boolean;
  /** JSON text of `onError.value`. */
  fallbackText: string | null;
  /** For how long its output may stand for the same input; null: it always runs. */
  cacheTtlMs: number | null;
}

export class DefinitionView {
  readonly #nodes = new Map<string, NodeDefinition>();
  readonly #raw = new Map<string, Record<string, Json>>();
  #waits: { id: string; loops: string[] }[] | null = null;
  readonly #edges: { from: string; to: string }[];

  constructor(definition: Json) {
    const nodes = own(definition, 'nodes');
    for (const node of Array.isArray(nodes) ? nodes : []) if (isObject(node)) this.#raw.set(String(node['id']), node);
    const edges = own(definition, 'edges');
    this.#edges = (Array.isArray(edges) ? edges : []).filter(isObject).map((edge) => ({ from: String(edge['from']), to: String(edge['to']) }));
  }

  /** Throws BugError `definition.unknown-node`: plan and definition were frozen together. */
  node(id: string): NodeDefinition {
    const known = this.#nodes.get(id);
    if (known !== undefined) return known;
    const raw = this.#raw.get(id);
    if (raw === undefined) throw new BugError('definition.unknown-node', `The definition has no node ${id}`);
    const made = toNode(id, raw);
    this.#nodes.set(id, made);
    return made;
  }

  all(): NodeDefinition[] {
    return [...this.#raw.keys()].map((id) => this.node(id));
  }

  /** Waits and approvals, with the loops around them, outermost first. */
  waits(): { id: string; loops: string[] }[] {
    this.#waits ??= [...this.#raw]
      .filter(([, node]) => node['type'] === 'wait' || node['type'] === 'approval')
      .map(([id]) => ({ id, loops: this.#loopsAround(id) }));
    return this.#waits;
  }

  #loopsAround(id: string): string[] {
    const loops: string[] = [];
    for (
      let parent = this.#raw.get(id)?.['parent'];
      typeof parent === 'string' && !loops.includes(parent);
      parent = this.#raw.get(parent)?.['parent']
    )
      loops.unshift(parent);
    return loops;
  }

  /** The body's only sink, null where there are several. */
  soleSink(loop: string): string | null {
    const body = [...this.#raw].filter(([, node]) => node['parent'] === loop).map(([id]) => id);
    const sinks = body.filter((id) => !this.#edges.some((edge) => edge.from === id && body.includes(edge.to)));
    return sinks.length === 1 ? (sinks[0] ?? null) : null;
  }
}

function toNode(id: string, raw: Record<string, Json>): NodeDefinition {
  const config = raw['config'];
  if (!isObject(config)) throw new UserError('step.invalid-config', `${id} has no config`);
  const onError = raw['onError'];
  const fallback = own(onError, 'mode') === 'fallback' ? JSON.stringify(own(onError, 'value') ?? null) : null;
  const type = raw['type'] as NodeType;
  const parent = typeof raw['parent'] === 'string' ? raw['parent'] : null;
  const ttl = own(raw['cache'], 'ttlMs');
  return {
    id,
    type,
    parent,
    config,
    strict: raw['strict'] === true,
    branches: own(onError, 'mode') === 'branch',
    fallbackText: fallback,
    cacheTtlMs: typeof ttl === 'number' ? ttl : null,
  };
}
