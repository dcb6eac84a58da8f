/** Reads what a page needs from a definition (03); tolerant, because an old or draft definition must still be drawn. Pure. */

export interface DefinitionNode {
  id: string;
  type: string;
  label: string;
  parent: string | null;
  disabled: boolean;
  config: Record<string, unknown>;
  /** Saved place on the canvas, where there is one. */
  place: { x: number; y: number } | null;
}

export interface DefinitionEdge {
  from: string;
  to: string;
  fromPort: string;
}

export interface DefinitionView {
  nodes: DefinitionNode[];
  edges: DefinitionEdge[];
  inputs: Record<string, unknown> | null;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `read_reviews` -> `Read reviews`: what a node is called that nobody named. */
export function wordsOfId(id: string): string {
  const words = id.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function placeOf(ui: unknown, id: string): { x: number; y: number } | null {
  const places = isObject(ui) && isObject(ui['nodes']) ? ui['nodes'] : {};
  const place = places[id];
  return isObject(place) && typeof place['x'] === 'number' && typeof place['y'] === 'number' ? { x: place['x'], y: place['y'] } : null;
}

/** Ports of every kind from top to bottom, as the builder draws them; the cases of a switch stand before these. */
const portOrder = ['true', 'approved', 'out', 'false', 'failed', 'rejected', 'timeout', 'default', 'error'];

/** Edges in the order of the steps they leave, and of each step's ports. */
function edgesInOrder(edges: readonly DefinitionEdge[], nodes: readonly DefinitionNode[]): DefinitionEdge[] {
  const places = new Map(
    nodes.map(({ id, config }, place) => [id, { place, ports: [...list(config['cases']).map(({ port }) => text(port)), ...portOrder] }]),
  );
  const portOf = ({ from, fromPort }: DefinitionEdge): number => places.get(from)?.ports.indexOf(fromPort) ?? 0;
  const placeOfStep = ({ from }: DefinitionEdge): number => places.get(from)?.place ?? 0;
  return edges.toSorted((a, b) => placeOfStep(a) - placeOfStep(b) || portOf(a) - portOf(b));
}

export function readDefinition(value: unknown): DefinitionView {
  const definition = isObject(value) ? value : {};
  const nodes = list(definition['nodes'])
    .filter((node) => text(node['id']))
    .map((node) => ({
      id: text(node['id']),
      type: text(node['type']),
      label: text(node['label']) || wordsOfId(text(node['id'])),
      parent: text(node['parent']) || null,
      disabled: node['disabled'] === true,
      config: isObject(node['config']) ? node['config'] : {},
      place: placeOf(definition['ui'], text(node['id'])),
    }));
  const known = new Set(nodes.map(({ id }) => id));
  const edges = list(definition['edges'])
    .map((edge) => ({ from: text(edge['from']), to: text(edge['to']), fromPort: text(edge['fromPort']) || 'out' }))
    .filter((edge) => known.has(edge.from) && known.has(edge.to));
  return { nodes, edges: edgesInOrder(edges, nodes), inputs: isObject(definition['inputs']) ? definition['inputs'] : null };
}

/** Names that are not written like their ids. */
const written: Record<string, string> = {
  http: 'HTTP',
  mysql: 'MySQL',
  hubspot: 'HubSpot',
  'google-sheets': 'Google Sheets',
  postgres: 'PostgreSQL',
};
const connectorWords = (id: unknown): string => written[text(id)] ?? wordsOfId(text(id));

const operators: Record<string, string> = {
  eq: 'is',
  ne: 'is not',
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
  contains: 'contains',
  not_contains: 'does not contain',
  starts_with: 'starts with',
  ends_with: 'ends with',
  matches: 'matches',
  in: 'is one of',
  not_in: 'is none of',
  is_empty: 'is empty',
  is_not_empty: 'is not empty',
  exists: 'exists',
  is_true: 'is true',
  is_false: 'is false',
};

/** An expression as a person reads it: `{{ nodes.score.output.score }}` -> `score.score`. */
export function shortExpression(value: unknown): string {
  if (typeof value !== 'string') return value === undefined ? '' : JSON.stringify(value);
  return value
    .replace(/\{\{\s*(.*?)\s*\}\}/gs, '$1')
    .replace(/\bnodes\.(\w+)\.output\b/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

function conditionWords(condition: Record<string, unknown>): string {
  if (Array.isArray(condition['all'])) return `all of ${condition['all'].length} conditions`;
  if (Array.isArray(condition['any'])) return `any of ${condition['any'].length} conditions`;
  if (isObject(condition['not'])) return `not: ${conditionWords(condition['not'])}`;
  if (typeof condition['expression'] === 'string') return shortExpression(condition['expression']);
  const op = text(condition['op']);
  const right = 'right' in condition ? ` ${shortExpression(condition['right'])}` : '';
  return `${shortExpression(condition['left'])} ${operators[op] ?? op}${right}`;
}

const each = (config: Record<string, unknown>, what: string): string =>
  'forEach' in config ? `${what} · for each of ${shortExpression(config['forEach'])}` : what;

const presets: Record<string, string> = {
  map: 'Maps fields',
  filter: 'Keeps some rows',
  sort: 'Sorts',
  aggregate: 'Aggregates',
  dedupe: 'Removes repeats',
  pick: 'Picks fields',
};

/** What each kind does, in the words of its config; a kind not listed says its name. */
const describe: Record<string, (config: Record<string, unknown>) => string> = {
  data_source: (config) => each(config, `${connectorWords(config['connector'])} · ${wordsOfId(text(config['action'])).toLowerCase()}`),
  action: (config) => each(config, `${connectorWords(config['connector'])} · ${wordsOfId(text(config['action'])).toLowerCase()}`),
  prompt: (config) => each(config, text(config['model']) || text(config['routerId']) || 'Model call'),
  transform: (config) => presets[text(config['preset'])] ?? shortExpression(config['expression']),
  code: () => 'JavaScript',
  condition: (config) => `If ${conditionWords(config)}`,
  switch: (config) => `${list(config['cases']).length} cases`,
  merge: (config) => `Joins branches · ${text(config['mode'])}`,
  loop: (config) =>
    config['mode'] === 'for_each'
      ? `For each of ${shortExpression(config['items'])}`
      : `${wordsOfId(text(config['mode']))} ${conditionWords(isObject(config['condition']) ? config['condition'] : {})}`,
  wait: (config) =>
    config['for']
      ? `For ${text(config['for'])}`
      : config['signal']
        ? `For the signal ${text(config['signal'])}`
        : `Until ${shortExpression(config['until'])}`,
  approval: (config) => shortExpression(config['title']),
  subworkflow: () => 'Another workflow',
  notify: (config) => wordsOfId(text(config['channel'])),
  output: (config) => `Gives ${text(config['name'])}`,
};

export function describeNode(node: DefinitionNode): string {
  return describe[node.type]?.(node.config) || wordsOfId(node.type);
}
