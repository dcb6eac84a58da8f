/** The structural difference of two definitions, with the values that a page shows beside each other. Pure. */
import type { VersionDiff } from '@hub/contract';
import { type Definition, type DefinitionNode, diffDefinitions } from '@hub/dag';

type Named = VersionDiff['nodes']['added'][number];
type Field = VersionDiff['settings'][number];
export type VersionName = number | 'draft';

const nothing: Definition = { schemaVersion: 1, nodes: [] } as unknown as Definition;

function named(definition: Definition, id: string): Named {
  const node = definition.nodes.find((one) => one.id === id);
  return { id, type: node?.type ?? '', label: node?.label ?? id };
}

/** A value by the name that dag's diff gives: `label`, or `config.<key>` (a key may have dots of its own). */
function valueAt(of: object | undefined, name: string): unknown {
  if (of === undefined) return undefined;
  const record = of as Record<string, unknown>;
  if (!name.startsWith('config.')) return record[name];
  return (record['config'] as Record<string, unknown> | undefined)?.[name.slice('config.'.length)];
}

function field(before: object | undefined, after: object | undefined, name: string): Field {
  const [old, now] = [valueAt(before, name), valueAt(after, name)];
  return { name, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) };
}

const edgeOf = ({ from, fromPort, to }: { from: string; fromPort?: string | undefined; to: string }) => ({ from, fromPort: fromPort ?? 'out', to });

/** What changed from `before` (null: there was nothing) to `after`. */
export function versionDiff(
  before: { name: VersionName; definition: Definition } | null,
  after: { name: VersionName; definition: Definition },
): VersionDiff {
  const [old, now] = [before?.definition ?? nothing, after.definition];
  const diff = diffDefinitions(old, now);
  const nodeOf = (of: Definition, id: string): DefinitionNode | undefined => of.nodes.find((node) => node.id === id);
  const triggerOf = (of: Definition, id: string) => of.triggers?.find((trigger) => trigger.id === id);
  const triggerFields = (id: string): Field[] => {
    const [a, b] = [triggerOf(old, id), triggerOf(now, id)];
    const names = new Set(['type', 'label', ...[a, b].flatMap((trigger) => Object.keys(trigger?.config ?? {}).map((key) => `config.${key}`))]);
    return [...names].map((name) => field(a, b, name)).filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.after));
  };
  const { nodes, edges, triggers, settings, inputs, ui } = diff;
  const count = [nodes.added, nodes.removed, nodes.changed, edges.added, edges.removed, triggers.added, triggers.removed, triggers.changed, settings];
  return {
    before: before?.name ?? null,
    after: after.name,
    same: !inputs && count.every((list) => list.length === 0),
    nodes: {
      added: nodes.added.map((id) => named(now, id)),
      removed: nodes.removed.map((id) => named(old, id)),
      changed: nodes.changed.map(({ id, fields }) => ({
        ...named(now, id),
        fields: fields.map((name) => field(nodeOf(old, id), nodeOf(now, id), name)),
      })),
    },
    edges: { added: edges.added.map(edgeOf), removed: edges.removed.map(edgeOf) },
    triggers: { added: triggers.added, removed: triggers.removed, changed: triggers.changed.map((id) => ({ id, fields: triggerFields(id) })) },
    settings: settings.map((name) => field(old.settings, now.settings, name)),
    inputs: inputs ? field(old, now, 'inputs') : null,
    ui,
  };
}
