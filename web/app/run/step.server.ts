/** Reads one step for the drawer: its items, its attempts, and the values of the one attempt that is looked at. */
import type { Client, NodeRow } from '@hub/contract';
import type { Json } from '../ui/json-path.ts';
import { tryRead } from '../api/hub.server.ts';
import { toState } from '../ui/state.tsx';
import { lightRows, remedyOf } from './load.server.ts';
import { lastAttempts, type Row } from './model.ts';

/** Values larger than this, as JSON, are shown in part. */
const mostBytes = 200_000;
const firstItems = 500;

export interface ShownValue {
  value: Json;
  /** Set where only the beginning is shown. */
  left: { bytes: number; href: string } | null;
}

/** Cuts a value to what a page can carry: the first rows of a list, else a part of its text. */
export function showValue(value: unknown, href: string): ShownValue {
  const text = JSON.stringify(value ?? null);
  if (text.length <= mostBytes) return { value: (value ?? null) as Json, left: null };
  if (Array.isArray(value)) {
    const shown: unknown[] = [];
    let bytes = 0;
    for (const item of value.slice(0, firstItems)) {
      bytes += JSON.stringify(item ?? null).length;
      if (bytes > mostBytes) break;
      shown.push(item);
    }
    return { value: shown as Json, left: { bytes: text.length, href } };
  }
  if (typeof value === 'object' && value !== null) {
    const shown = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, showValue(inner, href).value]));
    if (JSON.stringify(shown).length <= 2 * mostBytes) return { value: shown as Json, left: { bytes: text.length, href } };
  }
  return { value: `${text.slice(0, 2000)}…`, left: { bytes: text.length, href } };
}

/** The row with its values. */
async function wholeRow(client: Client, runId: string, { nodeId, path, attempt, iteration }: Row): Promise<NodeRow | null> {
  let cursor: string | null = null;
  do {
    const page: { items: NodeRow[]; nextCursor: string | null } = await client.listRunNodes({
      params: { id: runId },
      query: { nodeId, limit: iteration === null ? 5 : 50, ...(iteration === null ? {} : { iteration }), ...(cursor ? { cursor } : {}) },
    });
    const row = page.items.find((each) => each.path === path && each.attempt === attempt);
    if (row) return row;
    cursor = page.nextCursor;
  } while (cursor);
  return null;
}

/** What stood in the place of an output that a person set, and who that was; null where nobody did. */
async function byHandOf(client: Client, runId: string, row: NodeRow | null) {
  if (!row?.warnings.some(({ code }) => code === 'step.set-by-hand')) return null;
  const { retryOf, startedBy, createdAt } = await client.getRun({ params: { id: runId } });
  const { nodeId, path } = row;
  const earlier = retryOf ? await wholeOf(client, retryOf, nodeId, path) : null;
  const before =
    earlier?.output === undefined ? null : showValue(earlier.output, `/api/v1/runs/${retryOf ?? ''}/nodes/${encodeURIComponent(nodeId)}/output`);
  return { who: startedBy?.name ?? null, at: createdAt, from: retryOf ?? null, before };
}

/** The last row of a path, with its values. */
async function wholeOf(client: Client, runId: string, nodeId: string, path: string): Promise<NodeRow | null> {
  const { value } = await tryRead(client.listRunNodes({ params: { id: runId }, query: { nodeId, limit: 20 } }));
  return value?.items.findLast((row) => row.path === path) ?? null;
}

/** The drawer of node `nodeId`; `path` and `attempt` choose within it (default: the failed one, else the last). */
export async function loadStep(client: Client, runId: string, nodeId: string, wanted: { path: string | null; attempt: number | null }) {
  const { rows } = await lightRows(client, runId, nodeId);
  const last = lastAttempts(rows);
  const items = last
    .filter((row) => row.path.includes('['))
    .map(({ path, status, seeded }) => ({ path, state: seeded ? ('kept' as const) : toState(status) }))
    // The API orders paths as text; people count.
    .sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
  const own = last.find((row) => !row.path.includes('['));
  const chosen =
    last.find((row) => row.path === wanted.path) ??
    (own?.status === 'failed' ? last.find((row) => row.path.includes('[') && row.status === 'failed') : undefined) ??
    own ??
    last[0];
  if (!chosen) return { nodeId, items, path: null, hasOwn: false, attempts: [], row: null };
  const attempts = rows.filter((row) => row.path === chosen.path).sort((a, b) => a.attempt - b.attempt);
  const at = attempts.find((row) => row.attempt === wanted.attempt) ?? attempts.at(-1) ?? chosen;
  const whole = await wholeRow(client, runId, at);
  const href = `/api/v1/runs/${runId}/nodes/${encodeURIComponent(nodeId)}/output?path=${encodeURIComponent(at.path)}`;
  const ref = whole?.outputRef;
  return {
    nodeId,
    items,
    path: at.path,
    hasOwn: own !== undefined,
    attempts: attempts.map(({ attempt, status, startedAt, completedAt }) => ({ attempt, state: toState(status), startedAt, completedAt })),
    row: {
      ...at,
      warnings: whole?.warnings ?? [],
      input: whole?.input === undefined || whole.input === null ? null : showValue(whole.input, href),
      output: ref ? { value: null, left: { bytes: ref.bytes, href } } : whole?.output === undefined ? null : showValue(whole.output, href),
      remedy: await remedyOf(client, at.error?.['code']),
      byHand: await byHandOf(client, runId, whole),
    },
  };
}
export type StepData = Awaited<ReturnType<typeof loadStep>>;
