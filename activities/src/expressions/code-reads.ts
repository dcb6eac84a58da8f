/** What the JavaScript of a `code` step reads, and whether it is JavaScript at all. It is parsed, never run (05, rule 4). */
import { parse } from 'acorn';
import type { Node } from 'acorn';

import { limits } from './names.ts';
import type { ExpressionFault, ParsedExpression } from './parse.ts';

/** Parses the body of `async (ctx) => …`. Any use of `ctx` that is not `ctx.<name>` or `ctx.nodes.<id>` makes it `dynamic`. Never throws. */
export function parseCode(source: string): ParsedExpression | ExpressionFault {
  if (new TextEncoder().encode(source).length > limits.codeBytes)
    return { ok: false, code: 'code.too-long', message: `Code is at most ${limits.codeBytes} bytes`, position: 0 };
  try {
    const tree = parse(source, { ecmaVersion: 2023, sourceType: 'script', allowAwaitOutsideFunction: true, allowReturnOutsideFunction: true });
    const facts = { reads: new Set<string>(), names: new Set<string>(), dynamic: false };
    collect(tree, facts);
    return { ok: true, reads: [...facts.reads].sort(), names: [...facts.names].sort(), dynamic: facts.dynamic };
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, code: 'expression.too-deep', message: 'The code is nested too deeply', position: 0 };
    const { message, pos } = error as { message?: string; pos?: number };
    return { ok: false, code: 'code.syntax', message: message ?? 'The code does not parse', position: pos ?? 0 };
  }
}

interface Facts {
  reads: Set<string>;
  names: Set<string>;
  dynamic: boolean;
}
type Tree = Node & Record<string, unknown>;

function collect(node: Node, facts: Facts): void {
  const tree = node as Tree;
  if (tree.type === 'MemberExpression') {
    const name = memberName(tree);
    const object = tree['object'] as Tree;
    if (isContext(object)) {
      if (name === null) facts.dynamic = true;
      else facts.names.add(name);
      // `ctx.nodes` that is not followed by an id is caught here; one that is, below.
      if (name === 'nodes') facts.dynamic = true;
      if (tree['computed'] === true) collect(tree['property'] as Tree, facts);
      return;
    }
    if (object.type === 'MemberExpression' && isContext(object['object'] as Tree) && memberName(object) === 'nodes' && name !== null) {
      facts.names.add('nodes');
      facts.reads.add(name);
      return;
    }
  }
  if (isContext(tree)) {
    facts.dynamic = true;
    return;
  }
  // In `{ ctx: 1 }` and `x.ctx` the word is a key.
  const keys = Object.entries(tree).filter(([key]) => !(isKey(tree) && key === (tree.type === 'MemberExpression' ? 'property' : 'key')));
  for (const [, child] of keys) {
    for (const part of Array.isArray(child) ? (child as unknown[]) : [child]) if (isNode(part)) collect(part, facts);
  }
}

function isKey(tree: Tree): boolean {
  if (tree['computed'] === true || tree['shorthand'] === true) return false;
  return tree.type === 'MemberExpression' || tree.type === 'Property' || tree.type === 'MethodDefinition' || tree.type === 'PropertyDefinition';
}

function isContext(tree: Tree): boolean {
  return tree.type === 'Identifier' && tree['name'] === 'ctx';
}

/** The name in `x.name` or `x['name']`; null where it is computed. */
function memberName(tree: Tree): string | null {
  const property = tree['property'] as Tree;
  if (tree['computed'] !== true) return property.type === 'Identifier' ? String(property['name']) : null;
  return property.type === 'Literal' && typeof property['value'] === 'string' ? property['value'] : null;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
