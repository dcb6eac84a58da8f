/**
 * A definition on its way out of a team and into another: what it names by id (credentials, workflows, files) becomes named placeholders, and back. Pure.
 */
import type { WorkflowFile } from '@hub/contract';
import type { Definition } from '@hub/dag';

export type PlaceholderKind = 'credential' | 'workflow' | 'file';
export type Placeholder = WorkflowFile['placeholders'][number];
/** One place of a definition that names something of a team. */
export interface Reference {
  kind: PlaceholderKind;
  /** The id, or the placeholder that stands for it. */
  value: string;
  /** JSON pointer into the definition. */
  path: string;
  /** '' in a trigger. */
  nodeId: string;
}

type Visit = (kind: PlaceholderKind, value: string, path: string) => string;
const kindOfKey: Record<string, PlaceholderKind> = { credentialId: 'credential', workflowId: 'workflow', $file: 'file' };

/** The value with every reference as `visit` gives it back. Keys keep their order. */
function walk(value: unknown, path: string, visit: Visit): unknown {
  if (Array.isArray(value)) return value.map((item, at) => walk(item, `${path}/${at}`, visit));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]: [string, unknown]) => {
      const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const kind = Object.hasOwn(kindOfKey, key) ? kindOfKey[key] : undefined;
      // Filled in at run time: not a thing of a team.
      return [key, kind !== undefined && typeof child === 'string' && !child.includes('{{') ? visit(kind, child, at) : walk(child, at, visit)];
    }),
  );
}

/** Configs of nodes and triggers; layout is left alone. */
function mapReferences(definition: Definition, visit: (reference: Reference) => string): Definition {
  return {
    ...definition,
    nodes: definition.nodes.map((node, at) => ({
      ...node,
      config: walk(node.config, `/nodes/${at}/config`, (kind, value, path) => visit({ kind, value, path, nodeId: node.id })) as typeof node.config,
    })),
    ...(definition.triggers === undefined
      ? {}
      : {
          triggers: definition.triggers.map((trigger, at) =>
            trigger.config === undefined
              ? trigger
              : {
                  ...trigger,
                  config: walk(trigger.config, `/triggers/${at}/config`, (kind, value, path) =>
                    visit({ kind, value, path, nodeId: '' }),
                  ) as typeof trigger.config,
                },
          ),
        }),
  };
}

/** Everything of a team that the definition names. */
export function referencesOf(definition: Definition): Reference[] {
  const found: Reference[] = [];
  mapReferences(definition, (reference) => {
    found.push(reference);
    return reference.value;
  });
  return found;
}

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60) || 'unnamed';

/** `names`: what the team calls these ids; an id that is nobody's any more is called unknown. The sample input of a template stays behind: its files are the team's. */
export function toPortable(
  definition: Definition,
  names: (kind: PlaceholderKind, id: string) => { name: string; credentialKind?: string | null } | null,
): { definition: Definition; placeholders: Placeholder[] } {
  const byId = new Map<string, Placeholder>();
  const taken = new Set<string>();
  const placeholderOf = (kind: PlaceholderKind, id: string): string => {
    const known = byId.get(`${kind} ${id}`);
    if (known) return known.placeholder;
    // What was imported and never connected keeps the name it came with.
    const { name, credentialKind = null } = names(kind, id) ?? { name: id.startsWith(`${kind}:`) ? id.slice(kind.length + 1) : 'unknown' };
    let placeholder = `${kind}:${slugOf(name)}`;
    for (let n = 2; taken.has(placeholder); n += 1) placeholder = `${kind}:${slugOf(name)}-${n}`;
    taken.add(placeholder);
    byId.set(`${kind} ${id}`, { kind, placeholder, name, credentialKind });
    return placeholder;
  };
  const mapped = mapReferences(definition, ({ kind, value }) => placeholderOf(kind, value));
  const { sampleInput: _own, ...ui } = mapped.ui ?? {};
  return { definition: mapped.ui === undefined ? mapped : { ...mapped, ui }, placeholders: [...byId.values()] };
}

/** The definition with the placeholders that are connected replaced, and what is left to connect. */
export function fromPortable(
  definition: Definition,
  placeholders: readonly Placeholder[],
  connected: Readonly<Record<string, string>>,
): {
  definition: Definition;
  open: (Omit<Placeholder, 'credentialKind'> & { credentialKind: string | null; at: { nodeId: string; path: string }[] })[];
} {
  const open = new Map<string, { nodeId: string; path: string }[]>();
  const mapped = mapReferences(definition, ({ kind, value, path, nodeId }) => {
    const known = placeholders.find((one) => one.kind === kind && one.placeholder === value);
    if (known === undefined) return value;
    const id = Object.hasOwn(connected, value) ? connected[value] : undefined;
    if (id !== undefined) return id;
    open.set(value, [...(open.get(value) ?? []), { nodeId, path }]);
    return value;
  });
  const left = placeholders.filter(({ placeholder }) => open.has(placeholder));
  return {
    definition: mapped,
    open: left.map((one) => ({ ...one, credentialKind: one.credentialKind ?? null, at: open.get(one.placeholder) ?? [] })),
  };
}
