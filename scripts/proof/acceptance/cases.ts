/** What an acceptance case is: a sentence of the definition format, a small definition, and what 03 says must come of it. Written before anything was run. */

export interface Expected {
  status?: string;
  /** The run's output: every name given must be equal; others may be there unless `exact`. */
  output?: Record<string, unknown>;
  exact?: boolean;
  error?: { code?: string; nodeId?: string; path?: string };
  /** The last state of each node named (top level: path of one part). */
  nodes?: Record<string, string>;
  /** Attempts that ran per node. */
  attempts?: Record<string, number>;
  /** Nodes whose row carries a warning. */
  warned?: string[];
}

export interface RunCase {
  name: string;
  definition: object;
  input?: unknown;
  /** Further fields of the start, e.g. `{ draft: true }`; a draft is not published first. */
  start?: Record<string, unknown>;
  expect: Expected;
}

/** A definition that publish refuses: for each fault the node (or null) and the pointer it must begin with. */
export interface RefusedCase {
  name: string;
  definition: object;
  refused: { node?: string; path: string; code?: string }[];
}

/** A definition that is not of the shape: save itself answers 4xx with problem+json. */
export interface ShapeCase {
  name: string;
  definition: unknown;
}

type Part = Record<string, unknown>;
export const node = (id: string, type: string, config: Part, more: Part = {}): Part => ({ id, type, config, ...more });
export const calc = (id: string, expression: string, more: Part = {}): Part => node(id, 'transform', { expression }, more);
export const code = (id: string, source: string, more: Part = {}): Part => node(id, 'code', { source }, more);
export const out = (id: string, value: unknown, more: Part = {}): Part => node(id, 'output', { name: id, value }, more);
/** Fails for good on its first attempt. */
export const broken = (id: string, more: Part = {}): Part => code(id, `throw new Error('planned')`, more);
export const check = (id: string, expression: string, more: Part = {}): Part => node(id, 'condition', { expression }, more);
export const http = (id: string, url: string, more: Part = {}, params: Part = {}): Part =>
  node(id, 'data_source', { connector: 'http', action: 'request', params: { method: 'GET', url, ...params } }, more);
export const chain = (...ids: string[]): Part[] => ids.slice(1).map((to, at) => ({ from: ids[at], to }));
export const edge = (from: string, fromPort: string, to: string): Part => ({ from, fromPort, to });
export const graph = (nodes: Part[], edges: Part[] = [], more: Part = {}): Part => ({
  schemaVersion: 1,
  nodes,
  edges,
  ...more,
  settings: { maxConcurrentRuns: 50, ...(more['settings'] as Part | undefined) },
});

/** One definition with an output node per row: what each value comes to. */
export function table(name: string, rows: [value: unknown, expected: unknown][], input: unknown, more: Part = {}): RunCase {
  const nodes = rows.map(([value], at) => out(`v${at}`, value));
  const output = Object.fromEntries(rows.map(([, expected], at) => [`v${at}`, expected]));
  return { name, definition: graph(nodes, [], more), input, expect: { status: 'completed', output } };
}

/** One definition with a condition per row and an output that tells all results as one object. */
export function truths(name: string, rows: [condition: Part, expected: boolean][], input: unknown = {}): RunCase {
  const nodes = rows.map(([condition], at) => node(`c${at}`, 'condition', condition));
  const shown = Object.fromEntries(rows.map((_, at) => [`c${at}`, `{{ nodes.c${at}.output.result }}`]));
  const edges = rows.flatMap((_, at) => [edge(`c${at}`, 'true', 'all'), edge(`c${at}`, 'false', 'all')]);
  const expected = Object.fromEntries(rows.map(([, truth], at) => [`c${at}`, truth]));
  return { name, definition: graph([...nodes, out('all', shown)], edges), input, expect: { status: 'completed', output: { all: expected } } };
}
export const op = (left: unknown, name: string, right?: unknown): Part => ({ left, op: name, ...(right === undefined ? {} : { right }) });
