/** What a node is called and does, for cards, lists and screen readers. Pure. */
import { type Definition, type DefinitionNode, kindOf } from '@hub/dag';
import { describeNode, wordsOfId } from '../../run/definition.ts';

export function labelOf(node: DefinitionNode): string {
  return node.label?.trim() ? node.label : wordsOfId(node.id);
}

export function labelOfId(definition: Definition, id: string): string {
  const node = definition.nodes.find((each) => each.id === id);
  return node ? labelOf(node) : wordsOfId(id);
}

/** What it does, in the words of its config. */
export function wordsOf(node: DefinitionNode): string {
  try {
    return describeNode({ id: node.id, type: node.type, label: '', parent: null, disabled: false, config: node.config, place: null });
  } catch {
    return kindOf(node.type)?.label ?? node.type;
  }
}

export function kindLabel(type: string): string {
  return kindOf(type)?.label ?? wordsOfId(type);
}
