/** A draft, recognised without being kept: short, and the same for the same JSON whatever the order of its keys. Not made against who forges. */
import { type Definition, sortedJson } from '@hub/dag';

/** 53 bits and the length: among the few drafts of one sitting no two are mistaken for each other. */
export function printOf(definition: Definition): string {
  const text = sortedJson(definition);
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return `${text.length.toString(36)}-${(4294967296 * (2097151 & low) + (high >>> 0)).toString(36)}`;
}
