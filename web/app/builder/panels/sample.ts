/** The run whose values stand in as samples: the one on the canvas, else the last that ended well. Outputs are read once per run. */
import type { NodeRow, Run, RunSummary } from '@hub/contract';
import { useEffect, useState } from 'react';
import { create } from 'zustand';
import type { Json } from '../../ui/json-path.ts';
import { useBuilder, usePick } from '../context.tsx';
import type { Call } from '../api.ts';

export interface Sample {
  runId: string | null;
  /** Output of each node's own row; of a loop's body that of its first item. */
  outputs: Record<string, Json>;
  errors: Record<string, string>;
  input: Json | undefined;
  loading: boolean;
}

const none: Sample = { runId: null, outputs: {}, errors: {}, input: undefined, loading: false };
const mostRows = 600;

/** One sample at a time for all panels of the page. */
const useShared = create<{ sample: Sample; chosen: string | null }>(() => ({ sample: none, chosen: null }));

/** Chooses a past run by hand; null: the last again. */
export function chooseSample(id: string | null): void {
  useShared.setState({ chosen: id });
}

async function readSample(call: Call, runId: string, signal: AbortSignal): Promise<Sample> {
  const run = await call<Run>('GET', `/runs/${runId}`, { signal });
  const outputs: Record<string, Json> = {};
  const errors: Record<string, string> = {};
  let cursor: string | null = null;
  let rows = 0;
  do {
    const page: { items: NodeRow[]; nextCursor: string | null } = await call(
      'GET',
      `/runs/${runId}/nodes?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      { signal },
    );
    for (const row of page.items) {
      const first = outputs[row.nodeId] === undefined || row.path === row.nodeId;
      if (row.output !== undefined && row.status === 'completed' && first) outputs[row.nodeId] = row.output as Json;
      if (row.error && typeof row.error['message'] === 'string') errors[row.nodeId] = row.error['message'];
    }
    rows += page.items.length;
    cursor = page.nextCursor;
  } while (cursor && rows < mostRows);
  return { runId, outputs, errors, input: run.input as Json, loading: false };
}

/** Keeps the sample up to date; once per page, in the inspector's tabs. */
export function useSample(): Sample {
  const { call, workflow } = useBuilder();
  const shown = usePick((state) => state.run?.id ?? null);
  const settled = usePick((state) => state.run?.settled ?? true);
  const { sample, chosen } = useShared();
  const wanted = chosen ?? shown;
  useEffect(() => {
    const { sample: now } = useShared.getState();
    if (wanted !== null && now.runId === wanted && settled) return;
    if (wanted === null && now.runId !== null) return;
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      const id = wanted ?? (await lastRun(call, workflow.id, stop.signal));
      if (id === null || stop.signal.aborted) return;
      const next = await readSample(call, id, stop.signal);
      if (!stop.signal.aborted) useShared.setState({ sample: next });
    };
    read().catch(() => undefined);
    return () => stop.abort();
  }, [call, workflow.id, wanted, settled]);
  return sample;
}

async function lastRun(call: Call, workflowId: string, signal: AbortSignal): Promise<string | null> {
  const { items } = await call<{ items: RunSummary[] }>('GET', `/runs?workflowId=${workflowId}&limit=10`, { signal });
  return (items.find(({ status }) => status === 'completed') ?? items[0])?.id ?? null;
}

/** The runs one may choose from. */
export function useRuns(): RunSummary[] {
  const { call, workflow } = useBuilder();
  const shown = usePick((state) => state.run?.id ?? null);
  const [runs, setRuns] = useState<RunSummary[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    call<{ items: RunSummary[] }>('GET', `/runs?workflowId=${workflow.id}&limit=20`, { signal: stop.signal })
      .then(({ items }) => setRuns(items))
      .catch(() => undefined);
    return () => stop.abort();
  }, [call, workflow.id, shown]);
  return runs;
}
