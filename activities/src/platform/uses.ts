/** What a part of a config reads, so that a step is given that and nothing more. */
import type { Json } from '@hub/dag/planner';
import { bareExpression, scanTemplate } from '@hub/dag/template';

import { parseCode, parseExpression } from '../expressions/index.ts';
import type { ExpressionName } from '../expressions/names.ts';
import { expressionNames, isExpressionName } from '../expressions/names.ts';
import type { NodeDefinition } from './definition.ts';

export interface Uses {
  names: ReadonlySet<ExpressionName>;
  /** Ids in `nodes.<id>`; null: any. */
  nodes: ReadonlySet<string> | null;
}

/** Everything, where an expression reaches the data in a way that cannot be told beforehand. */
const everything: Uses = { names: new Set(expressionNames), nodes: null };

const known = new WeakMap<NodeDefinition, Map<string, Uses>>();

/** Of a value out of a node's config; remembered under `part`. */
export function usesOf(node: NodeDefinition, part: string, value: Json): Uses {
  const parts = known.get(node) ?? new Map<string, Uses>();
  known.set(node, parts);
  const uses = parts.get(part) ?? parsedUses(part === 'code' ? [parseCode(String(value))] : expressionsIn(value, '').map(parseExpression));
  parts.set(part, uses);
  return uses;
}

export function joined(all: readonly Uses[]): Uses {
  const names = new Set(all.flatMap((uses) => [...uses.names]));
  if (all.some((uses) => uses.nodes === null)) return { names, nodes: null };
  return { names, nodes: new Set(all.flatMap((uses) => [...(uses.nodes ?? [])])) };
}

function parsedUses(all: ReturnType<typeof parseExpression>[]): Uses {
  const names = new Set<ExpressionName>();
  const nodes = new Set<string>();
  for (const parsed of all) {
    if (!parsed.ok || parsed.dynamic) return everything;
    for (const name of parsed.names) if (isExpressionName(name)) names.add(name);
    for (const id of parsed.reads) nodes.add(id);
  }
  return { names, nodes };
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
