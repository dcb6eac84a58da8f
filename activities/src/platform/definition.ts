/** The published definition as steps look at it: nodes by id, and which names their configs read. */
import { UserError, BugError } from '@hub/kit/errors';
import { bareExpression, scanTemplate } from '@hub/dag/template';
import type { Json, NodeType } from '@hub/dag/planner';

import { parseCode, parseExpression } from '../expressions/index.ts';
import { expressionNames, isExpressionName } from '../expressions/names.ts';
import type { ExpressionName } from '../expressions/names.ts';
import type { RunFacts } from '../ports.ts';
import { isObject, own } from '../values/json.ts';

export interface NodeDefinition {
  id: string;
  type: NodeType;
  parent: string | null;
  config: Record<string, Json>;
  strict: boolean;
  /** JSON text of `onError.value`. */
  fallbackText: string | null;
  /** First names its config reads; all where that cannot be told. */
  names: ReadonlySet<ExpressionName>;
}

export class DefinitionView {
  readonly #nodes = new Map<string, NodeDefinition>();
  readonly #raw = new Map<string, Record<string, Json>>();
  readonly #edges: { from: string; to: string }[];

  constructor(facts: RunFacts) {
    const nodes = own(facts.definition, 'nodes');
    for (const node of Array.isArray(nodes) ? nodes : []) if (isObject(node)) this.#raw.set(String(node['id']), node);
    const edges = own(facts.definition, 'edges');
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
  return { id, type, parent, config, strict: raw['strict'] === true, fallbackText: fallback, names: namesIn(type, config) };
}

const everything: ReadonlySet<ExpressionName> = new Set(expressionNames);

/** Every name where one expression reaches the data in a way that cannot be told beforehand. */
function namesIn(type: NodeType, config: Record<string, Json>): ReadonlySet<ExpressionName> {
  const found = new Set<ExpressionName>();
  for (const parsed of type === 'code' ? [parseCode(String(config['source']))] : expressionsIn(config, '').map(parseExpression)) {
    if (!parsed.ok || parsed.dynamic) return everything;
    for (const name of parsed.names) if (isExpressionName(name)) found.add(name);
  }
  return found;
}

/** The text of every expression in a config. A template that does not scan gives itself, which parses as nothing. */
function expressionsIn(value: Json, key: string): string[] {
  if (typeof value === 'string') {
    if (key === 'expression') return [bareExpression(value).text];
    if (!value.includes('{{')) return [];
    const scanned = scanTemplate(value);
    return scanned.ok ? scanned.parts.flatMap((part) => (part.kind === 'expression' ? [part.text] : [])) : ['{{'];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => expressionsIn(child, name));
}
