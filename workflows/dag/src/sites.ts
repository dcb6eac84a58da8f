/** Where expressions stand in a config: found without evaluating or parsing them. */
import { textsIn } from './pointer.ts';
import { bareExpression, scanTemplate } from './scan-template.ts';

/** One expression in a config. */
export interface Site {
  /** Pointer below the node's config. */
  pointer: string;
  text: string;
  /** `result`: evaluated at the end of an iteration, so it also sees the loop's body. */
  sees: 'upstream' | 'result';
  /** True where `item` and `index` are given by the field itself (a preset's `fields`, `where`). */
  item: boolean;
  /** Set where the template does not even scan. */
  fault?: string;
}

/** Every `{{ }}` in the strings of a JSON value. */
export function templateSites(value: unknown, at: string, item = false, sees: Site['sees'] = 'upstream'): Site[] {
  const sites: Site[] = [];
  for (const { pointer, text } of textsIn(value, at)) {
    if (!text.includes('{{')) continue;
    const scanned = scanTemplate(text);
    if (!scanned.ok) sites.push({ pointer, text, sees, item, fault: scanned.message });
    else for (const part of scanned.parts) if (part.kind === 'expression') sites.push({ pointer, text: part.text, sees, item });
  }
  return sites;
}

/** A field that takes bare JSONata or exactly one `{{ }}`. */
export function bareSite(text: string, pointer: string, item = false): Site {
  return { pointer, text: bareExpression(text).text, sees: 'upstream', item };
}
