/** The words record cases are written in. */

export interface RecordCase {
  name: string;
  definition: object;
  input?: object;
  /** Runs before the one that is recorded: by then the worker has learned which steps are quick. */
  warm?: { times: number; input: object };
  /** Cancel the run when this many calls are in flight at the stub. */
  cancelAt?: number;
  /** Said to the run, in order, each as soon as the run waits for `when`: a call below /runs/:id, as `:path` the first open approval's. */
  says?: { when: string; call: string; body?: object }[];
  /** Definitions that `{{child}}` in this one stands for, published first. */
  child?: object;
}

export const http = (id: string, url: string, more: object = {}): object => ({
  id,
  type: 'data_source',
  config: { connector: 'http', action: 'request', params: { method: 'GET', url } },
  ...more,
});
export const transform = (id: string, expression: string, more: object = {}): object => ({ id, type: 'transform', config: { expression }, ...more });
export const output = (id: string, value: unknown): object => ({ id, type: 'output', config: { name: id, value } });
export const chain = (...ids: string[]): object[] => ids.slice(1).map((to, n) => ({ from: ids[n], to }));
export const graph = (nodes: object[], edges: object[], settings: object = {}): object => ({
  schemaVersion: 1,
  nodes,
  edges,
  settings: { maxConcurrentRuns: 50, ...settings },
});
