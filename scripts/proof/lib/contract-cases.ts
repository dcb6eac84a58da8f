/** Runs contract cases and says which did not hold. A case that does not end is one that does not hold. */
import { setTimeout as pause } from 'node:timers/promises';

const caseLimitMs = 30_000;

/** The name of a case, and whether it holds. */
export interface CaseResult {
  action: string;
  name: string;
  ok: boolean;
}

/** In the given order, one at a time. */
export async function runCases(
  cases: readonly { action: string; name: string; run: () => Promise<void> }[],
  log: (line: string) => void,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const { action, name, run } of cases) {
    const fault = await withinLimit(run()).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (fault !== null) log(`${action}: ${name}: ${fault}`);
    results.push({ action, name, ok: fault === null });
  }
  return results;
}

async function withinLimit(run: Promise<void>): Promise<void> {
  const stop = new AbortController();
  const late = pause(caseLimitMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`not ended after ${caseLimitMs / 1_000} s`);
  });
  await Promise.race([run, late]).finally(() => stop.abort());
}
