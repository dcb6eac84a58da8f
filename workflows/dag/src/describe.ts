/** A node in a few words, for lists, diffs and screen readers. */
import type { DefinitionNode } from './definition.ts';
import { kindOf } from './kinds/index.ts';

/** `Ask a model: demo/echo per item (disabled)`. Works for unfinished nodes and unknown types too. */
export function describeNode(node: DefinitionNode): string {
  const kind = kindOf(node.type);
  const what = kind ? `${kind.label}: ${kind.describe(node.config)}` : `Unknown type ${node.type}`;
  return node.disabled ? `${what} (disabled)` : what;
}
