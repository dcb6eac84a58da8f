/** The hub's public HTTP API as the proofs use it: like any client, with an API key. */
import { setTimeout as delay } from 'node:timers/promises';

export interface RunView {
  id: string;
  status: string;
  output: unknown;
  error: { code: string; message: string; nodeId: string | null; path: string | null } | null;
  startedAt: string | null;
  completedAt: string | null;
  totals: { nodes: number; completed: number; failed: number; skipped: number; steps: number; tokens: number; costUsd: number };
}

export interface NodeRow {
  nodeId: string;
  path: string;
  iteration: number | null;
  attempt: number;
  status: string;
  startedAt: string | null;
  completedAt: string | null;
}

const settled = new Set(['completed', 'failed', 'cancelled', 'timed_out']);

export interface HubClient {
  call: <T>(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<T>;
  /** Creates and publishes; answers the workflow's id. */
  publish: (name: string, definition: unknown) => Promise<string>;
  start: (workflowId: string, input: unknown, idempotencyKey?: string) => Promise<string>;
  /** Waits until the run has ended, through the API's own long poll; at most `limitMs`. */
  settled: (run: string, limitMs?: number) => Promise<RunView>;
  nodes: (run: string) => Promise<NodeRow[]>;
}

/** Throws with the problem's text on any answer that is not 2xx. */
export function hubClient(url: string, apiKey: string): HubClient {
  const call = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 600)}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  };
  return {
    call,
    async publish(name, definition) {
      const { id } = await call<{ id: string }>('POST', '/workflows', { name, definition });
      await call('POST', `/workflows/${id}/publish`, { note: 'proof' });
      return id;
    },
    async start(workflowId, input, idempotencyKey) {
      const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
      return (await call<{ id: string }>('POST', `/workflows/${workflowId}/runs`, { input }, headers)).id;
    },
    async settled(run, limitMs = 600_000) {
      const end = Date.now() + limitMs;
      for (;;) {
        const view = await call<RunView>('GET', `/runs/${run}?wait=30`);
        if (settled.has(view.status)) return view;
        if (Date.now() > end) throw new Error(`The run ${run} is still ${view.status} after ${limitMs} ms.`);
        await delay(20);
      }
    },
    async nodes(run) {
      const rows: NodeRow[] = [];
      let cursor: string | null = null;
      do {
        const page: { items: NodeRow[]; nextCursor: string | null } = await call(
          'GET',
          `/runs/${run}/nodes?limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        rows.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return rows;
    },
  };
}

/** Runs `work` for 0..count-1 with at most `width` at a time. */
export async function inParallel<T>(count: number, width: number, work: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const n = next;
      next += 1;
      results[n] = await work(n);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
  return results;
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
