/** What can be put on the canvas: node kinds by family, each action of a connector and each preset as an entry of its own, with a first config that fits the place. Pure. */
import { kinds } from '@hub/dag';
import type { Place } from './size.ts';

export interface ConnectorEntry {
  id: string;
  title: string;
  help: string;
  actions: {
    id: string;
    title: string;
    help: string;
    kind: string;
    params: Record<string, unknown>;
    example: { params: unknown; output?: unknown };
    credentialKinds: string[];
    literalParams?: string[];
  }[];
  /** Whose polls run at once, because the vendor tells of changes. */
  push?: { actions: string[]; help: string };
}

export interface PickEntry {
  key: string;
  type: string;
  label: string;
  help: string;
  family: string;
  /** Words it is found by, beside label and help. */
  words: string;
  config: Record<string, unknown>;
  /** False: may be drawn, not published yet. */
  runs: boolean;
}

/** Where a new node comes: at a place, after a port, on an edge, in a loop. */
export interface PickPlace {
  at: Place;
  from?: { id: string; port: string };
  edge?: { from: string; fromPort?: string; to: string };
  parent?: string;
}

export const families = ['Data', 'Models', 'Reshape', 'Flow', 'People', 'Results'] as const;

const familyOf: Record<string, (typeof families)[number]> = {
  data_source: 'Data',
  action: 'Data',
  prompt: 'Models',
  batch_prompt: 'Models',
  evaluate: 'Models',
  transform: 'Reshape',
  code: 'Reshape',
  merge: 'Reshape',
  condition: 'Flow',
  switch: 'Flow',
  loop: 'Flow',
  subworkflow: 'Flow',
  wait: 'Flow',
  approval: 'People',
  notify: 'People',
  respond: 'Results',
  output: 'Results',
};

const presets: [preset: string, label: string, help: string, config: Record<string, unknown>][] = [
  ['filter', 'Filter rows', 'Keeps the rows for which a condition holds.', { where: { left: '{{ item.field }}', op: 'exists' } }],
  ['map', 'Map fields', 'Makes a new object from each row.', { fields: {} }],
  ['sort', 'Sort rows', 'By one or more fields.', { by: [{ field: '', dir: 'asc' }] }],
  ['aggregate', 'Group and count', 'Groups rows and counts, sums or averages them.', { groupBy: [], measures: { count: { op: 'count' } } }],
  ['dedupe', 'Remove repeats', 'Keeps the first of rows that are alike.', {}],
  ['pick', 'Pick fields', 'Keeps some fields of each row.', { fields: [] }],
];

const words: Record<string, string> = {
  prompt: 'llm ai gpt claude openai anthropic chat completion agent generate classify summarise extract',
  condition: 'if else branch when filter',
  switch: 'route case branch',
  loop: 'for each iterate repeat while until batch',
  code: 'javascript function script js',
  transform: 'jsonata expression set edit fields map',
  merge: 'join combine append union',
  wait: 'sleep delay pause timer',
  approval: 'human review approve',
  notify: 'email slack message alert',
  respond: 'webhook answer http',
  output: 'result return end',
  subworkflow: 'child call workflow execute',
};

const plain: Record<string, Record<string, unknown>> = {
  data_source: { connector: 'file', action: 'read-rows', params: {} },
  action: { connector: 'http', action: 'request', params: { method: 'POST' } },
  prompt: { model: 'demo/rules', messages: [{ role: 'user', content: '' }] },
  batch_prompt: { model: 'demo/rules', messages: [{ role: 'user', content: '' }] },
  transform: { expression: 'input' },
  code: { source: 'return ctx.input;' },
  condition: { left: '', op: 'exists' },
  switch: { cases: [{ port: 'first', when: { left: '', op: 'exists' } }] },
  merge: { mode: 'append' },
  loop: { mode: 'for_each', items: '' },
  subworkflow: { workflowId: '', version: 'published', input: {} },
  wait: { for: '5m' },
  approval: { title: '' },
  evaluate: { scorers: [{ type: 'length', max: 200 }] },
  notify: { channel: 'email', to: [], subject: '' },
  respond: { status: 200, body: {} },
  output: { name: 'result', value: '' },
};

/** Every entry of the picker, in order of families. */
export function pickEntries(connectors: readonly ConnectorEntry[]): PickEntry[] {
  const kindEntries = Object.values(kinds).flatMap((kind): PickEntry[] => {
    const base = { type: kind.type, family: familyOf[kind.type] ?? 'Flow', runs: kind.runs };
    const own: PickEntry = {
      ...base,
      key: kind.type,
      label: kind.label,
      help: kind.help,
      words: words[kind.type] ?? '',
      config: plain[kind.type] ?? {},
    };
    if (kind.type === 'transform')
      return [
        own,
        ...presets.map(([preset, label, help, config]) => ({
          ...base,
          key: `transform.${preset}`,
          label,
          help,
          words: 'transform rows list data',
          config: { preset, source: '', ...config },
        })),
      ];
    return kind.type === 'data_source' || kind.type === 'action' ? actionEntries(connectors, kind.type, base) : [own];
  });
  return families.flatMap((family) => kindEntries.filter((entry) => entry.family === family));
}

function actionEntries(
  connectors: readonly ConnectorEntry[],
  type: 'data_source' | 'action',
  base: Pick<PickEntry, 'type' | 'family' | 'runs'>,
): PickEntry[] {
  const wants = type === 'data_source' ? 'read' : 'write';
  const ordered = connectors.toSorted((a, b) => rankOf(a.id) - rankOf(b.id));
  return ordered.flatMap((connector) =>
    connector.actions
      .filter((action) => action.kind === wants || (action.kind === 'either' && (type === 'data_source' || hasMethod(action))))
      .map((action) => ({
        ...base,
        key: `${type}.${connector.id}.${action.id}`,
        // One action for both ways is told apart by the way it is put on the canvas.
        label: hasMethod(action)
          ? `${connector.title}: ${type === 'data_source' ? 'get data' : 'send data'}`
          : `${connector.title}: ${lower(action.title)}`,
        help: action.help,
        words: `${connector.id} ${action.title} ${type === 'data_source' ? 'read get fetch load' : 'write send post save'}`,
        config: {
          connector: connector.id,
          action: action.id,
          params: hasMethod(action) ? { method: type === 'data_source' ? 'GET' : 'POST' } : {},
        },
      })),
  );
}

/** What works without an account of anybody comes first. */
const first = ['http', 'file', 'data'];
const rankOf = (connector: string): number => (first.includes(connector) ? first.indexOf(connector) : first.length);

/** An action that reads or writes by its method, as HTTP does. */
function hasMethod({ kind, params }: ConnectorEntry['actions'][number]): boolean {
  const { properties } = params as { properties?: object };
  return kind === 'either' && properties !== undefined && 'method' in properties;
}

/** A title inside a sentence; capitals of names stay (SQL, HTTP). */
export const lower = (text: string): string => (/^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);

/** Entries that hold all the words, best first: where the label begins with them. */
export function findEntries(entries: readonly PickEntry[], sought: string): PickEntry[] {
  const parts = sought.toLowerCase().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return [...entries];
  const score = (entry: PickEntry): number => {
    const label = entry.label.toLowerCase();
    const all = `${label} ${entry.words} ${entry.type} ${entry.help.toLowerCase()} ${entry.family.toLowerCase()}`;
    if (!parts.every((part) => all.includes(part))) return 0;
    if (label.startsWith(parts.join(' '))) return 4;
    if (parts.every((part) => label.includes(part))) return 3;
    return parts.every((part) => entry.words.includes(part)) ? 2 : 1;
  };
  return entries
    .map((entry) => ({ entry, points: score(entry) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ entry }) => entry);
}

/** The fields that take what came before, by kind. */
const wired: Record<string, string> = {
  transform: 'source',
  loop: 'items',
  output: 'value',
  condition: 'left',
  batch_prompt: 'items',
  respond: 'body',
  subworkflow: 'input',
};

/** The first config of an entry, reading the output of the step before it where there is one, else what the place begins with: `input`, in a loop over items `item`. */
export function wiredConfig(entry: PickEntry, before: string | null, begins: 'input' | 'item' = 'input'): Record<string, unknown> {
  const config = structuredClone(entry.config);
  const name = before === null ? begins : `nodes.${before}.output`;
  const read = `{{ ${name} }}`;
  if (entry.type === 'prompt') return { ...config, messages: [{ role: 'user', content: read }] };
  if (entry.type === 'transform' && 'expression' in config) return { expression: name };
  const field = wired[entry.type];
  if (field !== undefined && (config[field] === '' || entry.type === 'respond' || entry.type === 'subworkflow')) return { ...config, [field]: read };
  if (entry.type === 'code' && name !== 'input') return { source: `return ctx.${name};` };
  return config;
}
