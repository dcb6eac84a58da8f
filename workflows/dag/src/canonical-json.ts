/** The text that a definition's hash is made from. */
import type { Definition } from './definition.ts';
import { sortedJson } from './pointer.ts';

/** JSON with sorted keys and without `ui`: equal for definitions that mean the same to the engine. The caller hashes it (SHA-256). */
export function canonicalJson(definition: Definition): string {
  const { ui: _ui, ...meaning } = definition;
  return sortedJson(meaning);
}
