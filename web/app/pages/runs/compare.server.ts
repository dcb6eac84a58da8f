/** Two runs side by side: what each of their steps did, took and cost. */
import type { Client, NodeSummary } from '@hub/contract';
import { tryRead } from '../../api/hub.server.ts';
import { readDefinition } from '../../run/definition.ts';
import { type State, toState } from '../../ui/state.tsx';

/** What a step did, took and cost in its own run: nothing where it was kept. */
export interface Side {
  state: State;
  ms: number | null;
  tokens: number;
  costUsd: number;
}
export interface ComparedStep {
  id: string;
  label: string;
  /** null: that run's definition does not have it. */
  a: Side | null;
  b: Side | null;
}

function sideOf(summary: NodeSummary | undefined): Side | null {
  if (summary === undefined) return null;
  const { status, startedAt, completedAt, tokens, costUsd, kept } = summary;
  // Its figures are those of the run that paid.
  if (kept) return { state: 'kept', ms: null, tokens: 0, costUsd: 0 };
  const ms = startedAt && completedAt ? Math.max(0, Date.parse(completedAt) - Date.parse(startedAt)) : null;
  return { state: toState(status), ms, tokens, costUsd: costUsd ?? 0 };
}

async function sideRun(client: Client, id: string) {
  const params = { id };
  const [run, { definition }, { items }] = await Promise.all([
    client.getRun({ params }),
    client.getRunDefinition({ params }),
    client.summarizeRunNodes({ params }),
  ]);
  const { input, output, outputRef, ...light } = run;
  return { run: light, input, output, large: outputRef !== undefined, view: readDefinition(definition), items };
}

/** The step's own output; undefined where it has none, or one too large for a page. */
async function outputOf(client: Client, id: string, nodeId: string): Promise<unknown> {
  const { value } = await tryRead(client.listRunNodes({ params: { id }, query: { nodeId, status: 'completed', limit: 1 } }));
  return value?.items[0]?.output;
}

/** Reads both; with `step` its two outputs as well. */
export async function readPair(client: Client, a: string, b: string, step: string | null) {
  const [left, right] = await Promise.all([sideRun(client, a), sideRun(client, b)]);
  const labels = new Map([...left.view.nodes, ...right.view.nodes].map(({ id, label }) => [id, label]));
  const steps: ComparedStep[] = [...labels].map(([id, label]) => ({
    id,
    label,
    a: sideOf(left.items.find(({ nodeId }) => nodeId === id)),
    b: sideOf(right.items.find(({ nodeId }) => nodeId === id)),
  }));
  const outputs = step === null ? null : await Promise.all([outputOf(client, a, step), outputOf(client, b, step)]);
  const of = ({ run, input, output, large }: typeof left) => ({ run, input, output, large });
  return {
    a: of(left),
    b: of(right),
    steps,
    step: outputs && step ? { id: step, label: labels.get(step) ?? step, a: outputs[0], b: outputs[1] } : null,
  };
}
