/** Names of nodes: the label people read, the id that expressions read. Pure. */
import { isId, type Definition } from '@hub/dag';

/** `Classify each review!` -> `classify_each_review`: an id, or null where nothing is left. */
export function slug(label: string): string | null {
  const text = label
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 50)
    .replace(/_+$/, '');
  if (text === '') return null;
  return isId(text) ? text : `step_${text}`;
}

/** Ids in use: nodes and triggers share one space. */
export function idsOf(definition: Definition): Set<string> {
  return new Set([...definition.nodes, ...(definition.triggers ?? [])].map(({ id }) => id));
}

/** The id itself where it is free, else with the first free number. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const base = wanted.replace(/_\d+$/, '');
  for (let n = 2; ; n++) if (!taken.has(`${base}_${n}`)) return `${base}_${n}`;
}

/** `Ask a model` -> `Ask a model 2` where one has that label. */
export function freeLabel(wanted: string, definition: Definition): string {
  const taken = new Set(definition.nodes.map(({ label }) => label));
  if (!taken.has(wanted)) return wanted;
  const base = wanted.replace(/ \d+$/, '');
  for (let n = 2; ; n++) if (!taken.has(`${base} ${n}`)) return `${base} ${n}`;
}
