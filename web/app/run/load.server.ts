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
  return { nodeId, nodeType, path, iteration, attempt, status, port, startedAt, completedAt, tokens, costUsd, model, error, seeded, warnings: row.warnings.length };
}

/** All rows of a run (or of one node), without values. */
export async function lightRows(client: Client, runId: string, nodeId?: string): Promise<Rows<LightRow>> {
  const rows: LightRow[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: NodeRow[]; nextCursor: string | null } = await client.listRunNodes({
      params: { id: runId }, query: { limit: pageSize, values: 'false', ...(nodeId ? { nodeId } : {}), ...(cursor ? { cursor } : {}) },
    });
    rows.push(...page.items.map(lighten));
    cursor = page.nextCursor;
  } while (cursor && rows.length < mostRows);
  return { rows, cut: cursor !== null };
}

async function definitionOf(client: Client, workflowId: string, version: number | null): Promise<unknown> {
  if (version === null) return (await client.getWorkflow({ params: { id: workflowId } })).definition;
  return (await client.getVersion({ params: { id: workflowId, version } })).definition;
}

/** Run, graph, one view per node, strip. */
export async function loadRun(client: Client, runId: string) {
  const run = await client.getRun({ params: { id: runId } });
  const [definition, { rows, cut }] = await Promise.all([definitionOf(client, run.workflowId, run.version), lightRows(client, runId)]);
  const view = readDefinition(definition);
  const nodes = nodeViews(view, rows, toState(run.status));
  const { output: _output, input: _input, ...light } = run;
  return {
    run: light,
    settled: isSettled(toState(run.status)),
    nodes,
    edges: view.edges,
    boxes: layGraph(view),
    strip: stripOf(nodes, run.startedAt),
    cut,
    now: Date.now(),
  };
}
export type RunData = Awaited<ReturnType<typeof loadRun>>;
