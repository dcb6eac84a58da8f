/** Reads a run for its page. */
import type { Client, NodeRow } from '@hub/contract';
import { isSettled, toState } from '../ui/state.tsx';
import { readDefinition } from './definition.ts';
import { layGraph } from './graph-layout.server.ts';
import { nodeViews, type Row, stripOf } from './model.ts';

const pageSize = 200;
/** More rows than this are not gathered for one view; the page says so. */
const mostRows = 6000;

export interface Rows<R> {
  rows: R[];
  /** True where there are more. */
  cut: boolean;
}

type LightRow = Row & { nodeType: string; warnings: number };

function lighten(row: NodeRow): LightRow {
  const { nodeId, nodeType, path, iteration, attempt, status, port, startedAt, completedAt, tokens, costUsd, model, error } = row;
  const seeded = (row as { seeded?: boolean }).seeded === true;
  return {
    nodeId,
    nodeType,
    path,
    iteration,
    attempt,
    status,
    port,
    startedAt,
    completedAt,
    tokens,
    costUsd,
    model,
    error,
    seeded,
    warnings: row.warnings.length,
  };
}

/** All rows of a run (or of one node), without values. */
export async function lightRows(client: Client, runId: string, nodeId?: string): Promise<Rows<LightRow>> {
  const rows: LightRow[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: NodeRow[]; nextCursor: string | null } = await client.listRunNodes({
      params: { id: runId },
      query: { limit: pageSize, values: 'false', ...(nodeId ? { nodeId } : {}), ...(cursor ? { cursor } : {}) },
    });
    rows.push(...page.items.map(lighten));
    cursor = page.nextCursor;
  } while (cursor && rows.length < mostRows);
  return { rows, cut: cursor !== null };
}

/** Run, graph, one view per node, strip. Three reads, whatever the run's size. */
export async function loadRun(client: Client, runId: string) {
  const params = { id: runId };
  const [run, { definition }, summaries] = await Promise.all([
    client.getRun({ params }),
    client.getRunDefinition({ params }),
    client.summarizeRunNodes({ params }),
  ]);
  const view = readDefinition(definition);
  const nodes = nodeViews(view, summaries.items, toState(run.status));
  const { output: _output, input: _input, ...light } = run;
  return {
    run: light,
    settled: isSettled(toState(run.status)),
    nodes,
    edges: view.edges,
    boxes: layGraph(view),
    strip: stripOf(nodes, run.startedAt),
    now: Date.now(),
  };
}
export type RunData = Awaited<ReturnType<typeof loadRun>>;
