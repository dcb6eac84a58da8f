/** Reads a run for its page. */
import type { Client, NodeRow, Run } from '@hub/contract';
import { tryRead } from '../api/hub.server.ts';
import { isSettled, toState } from '../ui/state.tsx';
import { type DefinitionView, readDefinition } from './definition.ts';
import { fieldFaultOf } from './fault.ts';
import { layGraph } from './graph-layout.server.ts';
import { nodeViews, type Row, stripOf } from './model.ts';

const pageSize = 200;
/** More rows than this are not gathered for one view; the page says so. */
const mostRows = 6000;
/** Undone steps shown at the head of a run; the rest stands in its events. */
const mostUndone = 50;

export interface Rows<R> {
  rows: R[];
  /** True where there are more. */
  cut: boolean;
}

type LightRow = Row & { nodeType: string; warnings: number; cached: NodeRow['cached'] | null };

function lighten(row: NodeRow): LightRow {
  const { nodeId, nodeType, path, iteration, attempt, status, port, startedAt, completedAt, tokens, costUsd, model, error } = row;
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
    seeded: row.seeded === true,
    warnings: row.warnings.length,
    cached: row.cached ?? null,
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

/** What the run asks people now; their loss must not take the page with it. */
async function openApprovals(client: Client, runId: string) {
  const { value } = await tryRead(client.listApprovals({ query: { runId, status: 'pending', limit: 20 } }));
  return (value?.items ?? []).map(({ answer: _none, ...approval }) => approval);
}

/** What to do about an error code, as the catalogue says; null where it says nothing. */
export async function remedyOf(client: Client, code: unknown): Promise<string | null> {
  if (typeof code !== 'string') return null;
  const codes = await client.listErrorCodes().catch(() => null);
  const entry = codes?.items.find(({ id }) => id === code);
  const remedy = entry?.['remedy'] ?? entry?.['help'];
  return typeof remedy === 'string' ? remedy : null;
}

/** Of a run that failed: which field is wrong, and whether a newer version is out to go on with. What cannot be read is left out. */
async function mendingOf(client: Client, run: Run, view: DefinitionView) {
  const { nodeId = null, path = null } = run.error ?? {};
  const node = view.nodes.find(({ id }) => id === nodeId);
  const [rows, workflow, remedy] = await Promise.all([
    node ? tryRead(client.listRunNodes({ params: { id: run.id }, query: { nodeId: node.id, status: 'failed', limit: 20, values: 'false' } })) : null,
    tryRead(client.getWorkflow({ params: { id: run.workflowId } })),
    remedyOf(client, run.error?.code),
  ]);
  const failed = rows?.value?.items ?? [];
  const row = failed.findLast((one) => one.path === path) ?? failed.at(-1);
  const { code, message, details } = row?.error ?? {};
  const failure = { code: String(code ?? ''), message: String(message ?? ''), details };
  const field =
    node && row
      ? fieldFaultOf(
          node.config,
          failure,
          row.warnings.map((warning) => warning.message),
        )
      : null;
  const published = workflow.value?.publishedVersion ?? null;
  return { remedy, field, newer: published !== null && run.version !== null && published > run.version ? published : null };
}

/** Run, graph, one view per node, strip. Three reads, whatever the run's size; a few more for a run that waits or failed. */
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
  const [approvals, mending, undone] = await Promise.all([
    nodes.some(({ state }) => state === 'waiting') ? openApprovals(client, runId) : [],
    run.error ? mendingOf(client, run, view) : null,
    run.undo ? tryRead(client.listCompensations({ params, query: { limit: mostUndone } })).then(({ value }) => value?.items ?? []) : [],
  ]);
  return {
    run: light,
    approvals,
    mending,
    undone,
    settled: isSettled(toState(run.status)),
    nodes,
    view,
    edges: view.edges,
    boxes: layGraph(view),
    strip: stripOf(nodes, run.startedAt),
    now: Date.now(),
  };
}
export type RunData = Omit<Awaited<ReturnType<typeof loadRun>>, 'view'>;
