interface Continued {
  id: string;
  status: string;
  retryOf?: string | null | undefined;
}

/** Failed runs that were continued to their end, however many tries that took: they need nobody any more. Of the runs given. */
export function mendedRuns(runs: readonly Continued[]): Set<string> {
  const before = new Map(runs.map(({ id, retryOf }) => [id, retryOf]));
  const mended = new Set<string>();
  for (const { status, retryOf } of runs) {
    if (status !== 'completed') continue;
    for (let run = retryOf ?? null; run !== null && !mended.has(run); run = before.get(run) ?? null) mended.add(run);
  }
  return mended;
}
